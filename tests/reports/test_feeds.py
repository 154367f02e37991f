"""The calendar feed: a token opens one person's deadlines as they stand now, and nothing else."""

from __future__ import annotations

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from conduct import clock
from findings.models import Revisit
from people.models import User
from reports.actions import feeds
from reports.models import FeedToken
from reports.queries import feeds as query
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def address(token: str) -> str:
    return reverse("reports:feed", args=[token])


def opened(user: User) -> str:
    return address(feeds.renew(by=user, at=AT))


def events(body: bytes) -> list[icalendar.Component]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def test_it_tells_what_to_do_which_unit_and_by_when_without_signing_in(cast: Cast) -> None:
    finding = Line(cast).rectifying(title="三号窗口丁某某离岗")

    answer = Client().get(opened(cast.east_head))

    (event,) = events(answer.content)
    assert answer["Content-Type"].startswith("text/calendar")
    assert str(event["summary"]) == "提交整改报告（东区）"
    assert event.decoded("dtstart") == finding.due_on
    assert reverse("findings:rectify", args=[finding.pk]) in str(event["url"])
    assert "丁某某" not in answer.content.decode()
    assert not answer.cookies


def test_a_second_look_is_told_to_its_keeper_alone_and_in_no_feed(cast: Cast) -> None:
    Line(cast).closed()
    row = Revisit.objects.get()
    Revisit.objects.update(on_day=AT.date())

    told = query.of_person(user=row.keeper, today=AT.date())

    assert [item.verb for item in told] == []
    assert query.home.due_items(row.keeper, AT.date())[0].verb == "安排回头看"


@pytest.mark.parametrize("token", ["x", "a" * 43, "%E4%B8%AD"])
def test_a_token_nobody_has_opens_nothing(cast: Cast, token: str) -> None:
    assert Client().get(f"/feed/{token}.ics").status_code == 404


def test_the_account_closed_the_feed_is_dead(cast: Cast) -> None:
    there = opened(cast.east_head)
    User.objects.filter(pk=cast.east_head.pk).update(is_active=False)

    assert Client().get(there).status_code == 404


def test_the_post_ended_the_feed_is_empty(cast: Cast) -> None:
    Line(cast).rectifying()
    there = opened(cast.east_head)
    cast.east_head.posts.update(until=AT.date().replace(day=1))

    assert events(Client().get(there).content) == []


def test_a_new_address_closes_the_old_one_and_is_shown_once(cast: Cast) -> None:
    old = opened(cast.east_head)
    client = signed_in(cast.east_head)
    page = reverse("reports:feed_settings")

    shown = client.post(page).content.decode()

    (new,) = {part.split('"')[0] for part in shown.split("http://testserver")[1:] if "/feed/" in part}
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert new not in client.get(page).content.decode()
    assert new.split("/")[-1].removesuffix(".ics") not in str(FeedToken.objects.values_list("digest").get())


def test_it_is_taken_back(cast: Cast) -> None:
    there = opened(cast.east_head)

    signed_in(cast.east_head).post(reverse("reports:feed_settings"), {"act": "revoke"})

    assert Client().get(there).status_code == 404
    assert FeedToken.objects.count() == 0


def test_what_has_not_changed_is_not_sent_again(cast: Cast) -> None:
    Line(cast).rectifying()
    there = opened(cast.east_head)
    tag = Client().get(there)["ETag"]

    again = Client().get(there, headers={"If-None-Match": tag})
    FeedToken.objects.update(asked=0)
    Line(cast).assigned()

    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(there, headers={"If-None-Match": tag}).status_code == 200


def test_asked_too_often_it_asks_to_wait(cast: Cast) -> None:
    there = opened(cast.east_head)

    codes = [Client().get(there).status_code for _ in range(feeds.MOST_A_MINUTE + 1)]

    assert codes == [200] * feeds.MOST_A_MINUTE + [429]
