"""Sittings: how long they last, what ends them at once, and the list of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as house
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conduct.models import AuditEntry
from people.actions import accounts
from people.models import Post, Sitting, User
from people.roles import Role
from people.tasks import clear_doors
from tests.factories.cast import AT, PASSWORD, Cast, give_post
from tests.factories.signing import sitting_key
from tests.people.granting import end, give

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


def come_in(user: User, *, agent: str = DESK, address: str = "203.0.113.7") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("password_change_done")).status_code == 200


def pass_time(client: Client, **span: float) -> None:
    """Nothing happens in this sitting for so long; afterwards, the day is as old as it is."""
    ago = timezone.now() - timedelta(**span)
    Sitting.objects.filter(pk=sitting_key(client)).update(seen_at=ago)


def grow_old(client: Client, **span: float) -> None:
    ago = timezone.now() - timedelta(**span)
    Sitting.objects.filter(pk=sitting_key(client)).update(started_at=ago)


# Limits


@pytest.mark.parametrize(
    ("who", "minutes", "stays"),
    [
        ("clerk", 29, True),
        ("clerk", 30, False),
        ("east_head", 29, True),
        ("east_head", 30, False),
        ("system_admin", 14, True),
        ("system_admin", 15, False),
        ("security_admin", 15, False),
        ("auditor", 15, False),
    ],
)
def test_a_sitting_left_alone_ends(cast: Cast, who: str, minutes: int, stays: bool) -> None:
    client = come_in(getattr(cast, who))

    pass_time(client, minutes=minutes, seconds=1)

    assert is_in(client) is stays


def test_a_sitting_in_use_goes_on(cast: Cast) -> None:
    client = come_in(cast.clerk)
    for _ in range(3):
        pass_time(client, minutes=20)
        assert is_in(client)


@pytest.mark.parametrize(("hours", "stays"), [(11.9, True), (12, False)])
def test_no_sitting_is_longer_than_twelve_hours(cast: Cast, hours: float, stays: bool) -> None:
    client = come_in(cast.clerk)

    grow_old(client, hours=hours)

    assert is_in(client) is stays


def test_a_new_password_does_not_lengthen_the_day(cast: Cast) -> None:
    client = come_in(cast.clerk)
    grow_old(client, hours=11)
    fresh = "石桥-风车-2027"
    client.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh},
    )
    assert is_in(client)

    assert timezone.now() - Sitting.objects.get(pk=sitting_key(client)).started_at > timedelta(hours=10)


def test_a_page_that_asks_by_itself_keeps_nobody_in(cast: Cast) -> None:
    client = come_in(cast.system_admin)
    pass_time(client, minutes=10)

    client.get(reverse("people:jobs"), headers={"hx-request": "true", "hx-trigger": "job-7"})

    assert timezone.now() - Sitting.objects.get(pk=sitting_key(client)).seen_at > timedelta(minutes=9)


def test_why_a_sitting_ended_is_known(cast: Cast) -> None:
    client = come_in(cast.clerk)
    pass_time(client, minutes=31)
    key = sitting_key(client)

    is_in(client)

    assert Sitting.objects.get(pk=key).ended_why == Sitting.End.IDLE


def test_an_ended_sitting_does_not_come_back(cast: Cast) -> None:
    client = come_in(cast.clerk)
    cookie = client.cookies[house.SESSION_COOKIE_NAME].value
    client.post(reverse("logout"))

    thief = Client()
    thief.cookies[house.SESSION_COOKIE_NAME] = cookie

    assert not is_in(thief)


def test_signing_in_takes_a_fresh_cookie(cast: Cast) -> None:
    """A cookie planted before the sign-in is worth nothing after it."""
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies[house.SESSION_COOKIE_NAME].value

    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert client.cookies[house.SESSION_COOKIE_NAME].value != planted


def test_the_table_of_sittings_opens_nothing(cast: Cast) -> None:
    client = come_in(cast.clerk)
    stored = Sitting.objects.get(user=cast.clerk).session_key

    thief = Client()
    thief.cookies[house.SESSION_COOKIE_NAME] = stored

    assert stored != client.cookies[house.SESSION_COOKIE_NAME].value
    assert not is_in(thief)


# What ends them at once


def test_a_post_given_ends_every_sitting(cast: Cast) -> None:
    clients = [come_in(cast.clerk), come_in(cast.clerk, agent=PHONE)]

    give(cast, user=cast.clerk, unit=cast.west)

    assert not any(is_in(client) for client in clients)


def test_a_post_ended_ends_every_sitting(cast: Cast) -> None:
    client = come_in(cast.clerk)

    end(cast, cast.clerk.posts.get(), at=timezone.now())

    assert not is_in(client)


def test_nobody_elses_sitting_ends_with_it(cast: Cast) -> None:
    client = come_in(cast.leader)

    end(cast, cast.clerk.posts.get(), at=timezone.now())

    assert is_in(client)


def test_closing_an_account_ends_its_sittings_for_good(cast: Cast) -> None:
    client = come_in(cast.clerk)

    accounts.disable(user=cast.clerk, reason="借调", by=cast.system_admin, at=AT)
    accounts.enable(user=cast.clerk, reason="返回", by=cast.system_admin, at=AT)

    assert not is_in(client)


def test_a_request_under_way_does_not_bring_an_ended_sitting_back(cast: Cast) -> None:
    client = come_in(cast.clerk)
    session = client.session
    session["late"] = True
    Sitting.objects.update(ended_at=timezone.now())

    with pytest.raises(UpdateError):
        session.save()
    assert not is_in(client)


# The list of one's own


def test_the_list_tells_device_address_and_time(cast: Cast) -> None:
    come_in(cast.clerk, agent=PHONE, address="198.51.100.9")
    client = come_in(cast.clerk)

    page = client.get(reverse("people:sittings")).content.decode()

    assert "您的账号在 2 处登录" in page
    assert "安卓手机 · Chrome 浏览器" in page
    assert "198.51.100.9" in page
    assert "Windows 电脑 · Edge 浏览器（本机）" in page


def test_the_list_shows_only_ones_own_and_only_those_that_answer(cast: Cast) -> None:
    come_in(cast.leader)
    pass_time(come_in(cast.clerk, agent=PHONE), minutes=31)
    client = come_in(cast.clerk)

    assert [row.pk for row in client.get(reverse("people:sittings")).context["rows"]] == [sitting_key(client)]


def test_one_sitting_is_ended_from_the_list(cast: Cast) -> None:
    lost, client = come_in(cast.clerk, agent=PHONE), come_in(cast.clerk)

    client.post(reverse("people:sittings"), {"sitting": sitting_key(lost)})

    assert not is_in(lost)
    assert is_in(client)
    assert AuditEntry.objects.filter(verb="people.sittings_ended", actor_id=str(cast.clerk.pk)).exists()


def test_all_others_are_ended_at_once(cast: Cast) -> None:
    others = [come_in(cast.clerk), come_in(cast.clerk, agent=PHONE)]
    client = come_in(cast.clerk)

    client.post(reverse("people:sittings"))

    assert not any(is_in(other) for other in others)
    assert is_in(client)


def test_nobody_ends_the_sitting_of_another(cast: Cast) -> None:
    victim, client = come_in(cast.leader), come_in(cast.clerk)

    client.post(reverse("people:sittings"), {"sitting": sitting_key(victim)})

    assert is_in(victim)


def test_going_out_is_written_down(cast: Cast) -> None:
    come_in(cast.clerk).post(reverse("logout"))

    assert AuditEntry.objects.get(verb="people.signed_out").actor_name == "经办甲"


# What it costs


def test_a_request_asks_once_for_the_sitting_and_writes_nothing_within_a_minute(cast: Cast) -> None:
    client = come_in(cast.clerk)
    client.get(reverse("password_change_done"))

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("password_change_done"))

    about = [one["sql"] for one in queries if "people_sitting" in one["sql"]]
    assert len(about) == 1
    assert about[0].startswith("SELECT")


def test_the_presence_is_noted_at_most_once_a_minute(cast: Cast) -> None:
    client = come_in(cast.clerk)
    pass_time(client, seconds=61)

    written = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("password_change_done"))
        written.append(len([one for one in queries if one["sql"].startswith('UPDATE "people_sitting"')]))

    assert written == [1, 0, 0]


def test_sittings_long_over_are_removed(cast: Cast) -> None:
    gone, kept = come_in(cast.clerk), come_in(cast.leader)
    Sitting.objects.filter(pk=sitting_key(gone)).update(ended_at=timezone.now() - timedelta(hours=25))
    Sitting.objects.filter(pk=sitting_key(kept)).update(ended_at=timezone.now() - timedelta(hours=23))

    clear_doors(run=None)

    assert [sitting.user for sitting in Sitting.objects.filter(user__isnull=False)] == [cast.leader]


def test_a_post_that_runs_out_takes_its_shorter_limit_along(cast: Cast) -> None:
    """An administrator's quarter of an hour hangs on the post of today."""
    Post.objects.filter(user=cast.system_admin).update(until=AT.date())
    give_post(cast.system_admin, cast.city, Role.OFFICE_CLERK)
    client = come_in(cast.system_admin)

    pass_time(client, minutes=20)

    assert is_in(client)
