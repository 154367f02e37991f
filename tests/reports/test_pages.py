"""The pages of reports: what each person sees, orders, writes and signs."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conduct import clock, jobs
from conduct.models import CalendarYear, JobRun, Office
from people.models import User
from reports.actions import bulletins
from reports.gather import drawing
from reports.models import Bulletin, ReportSchedule
from reports.rules.periods import year_to
from tests.factories.cast import AT, Cast, make_user
from tests.factories.reports import TODAY, S, make_finding
from tests.reports.browsing import page, see, send

pytestmark = pytest.mark.django_db

YEAR = year_to(TODAY)
B = Bulletin.State


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world's clock stands at the cast's Monday."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def ordered(client: Client, cast: Cast, **facts: object) -> Any:
    wish = {
        "kind": "weekly",
        "first": "2026-02-23",
        "last": "2026-03-01",
        "office": cast.city.pk,
        "most_cases": 500,
        "made_key": uuid.UUID(int=7),
    }
    return send(client, cast.clerk, "bulletin_new", **(wish | facts))


def test_the_order_form_proposes_last_week(client: Client, cast: Cast) -> None:
    text = page(see(client, cast.clerk, "bulletin_new"))

    assert 'value="2026-02-23"' in text
    assert 'value="2026-03-01"' in text


def test_an_order_is_worked_off_and_leads_to_its_bulletin(client: Client, cast: Cast) -> None:
    url = ordered(client, cast).url
    assert "排队等候" in page(client.get(url))

    (run,) = jobs.take_to_send(at=AT)
    jobs.perform(str(run.pk))

    bulletin = Bulletin.objects.get()
    assert reverse("reports:bulletin_detail", args=[bulletin.pk]) in page(client.get(url))
    assert bulletin.author == cast.clerk


def test_a_double_click_orders_once(client: Client, cast: Cast) -> None:
    urls = {ordered(client, cast).url for _ in range(2)}

    assert len(urls) == 1
    assert JobRun.objects.count() == 1


def test_the_moving_part_alone_answers_when_the_page_asks_again(client: Client, cast: Cast) -> None:
    url = ordered(client, cast).url

    answer = client.get(url, headers={"HX-Request": "true"})

    assert page(answer).lstrip().startswith('<div class="job')


def test_a_failed_run_says_why_and_offers_to_try_again(client: Client, cast: Cast) -> None:
    url = ordered(client, cast).url
    house = Office.objects.get()
    Office.objects.all().delete()
    jobs.perform(str(jobs.take_to_send(at=AT)[0].pk))
    house.save()

    text = page(client.get(url))

    assert "通报代字还没有设置" in text
    assert "重新办理" in text
    run = JobRun.objects.get()
    assert send(client, cast.clerk, "job_retry", run.pk).url == url
    run.refresh_from_db()
    assert run.state == JobRun.State.WAITING


def test_a_failed_run_is_seen_in_the_list(client: Client, cast: Cast) -> None:
    ordered(client, cast)
    JobRun.objects.update(state=JobRun.State.FAILED, problem="磁盘已满。")

    assert "没有完成：磁盘已满。" in page(see(client, cast.clerk, "bulletin_list"))


def test_what_was_typed_is_kept_when_an_order_is_refused(client: Client, cast: Cast) -> None:
    answer = ordered(client, cast, first="2026-02-24", last="2026-03-02")

    assert answer.status_code == 422
    assert "周报须从周一到周日" in page(answer)
    assert 'value="2026-02-24"' in page(answer)


def draft(cast: Cast, *, by: User | None = None, key: str = "k") -> Bulletin:
    return bulletins.draft(
        kind="ad_hoc", office=cast.city, period=YEAR, by=by or cast.clerk, at=AT, made_key=key
    )


def issued(cast: Cast) -> Bulletin:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.clerk, at=AT)
    return bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)


def test_the_text_between_the_figures_is_saved(client: Client, cast: Cast) -> None:
    bulletin = draft(cast)

    send(client, cast.clerk, "bulletin_detail", bulletin.pk, narrative="总体平稳。", version=1)

    bulletin.refresh_from_db()
    assert bulletin.narrative == "总体平稳。"


def test_who_comes_second_sees_both_texts_and_can_save_again(client: Client, cast: Cast) -> None:
    bulletin = draft(cast)
    send(client, cast.clerk, "bulletin_detail", bulletin.pk, narrative="先写的。", version=1)

    answer = send(client, cast.second_clerk, "bulletin_detail", bulletin.pk, narrative="后写的。", version=1)

    assert answer.status_code == 409
    assert "先写的。" in page(answer)
    assert "后写的。" in page(answer)
    assert 'name="version" value="2"' in page(answer)


def test_too_long_a_text_is_refused_with_its_length(client: Client, cast: Cast) -> None:
    answer = send(client, cast.clerk, "bulletin_detail", draft(cast).pk, narrative="长" * 20_001, version=1)

    assert answer.status_code == 422
    assert "现在是 20,001 个字" in page(answer)


def test_the_whole_way_by_its_buttons(client: Client, cast: Cast) -> None:
    bulletin = draft(cast)
    send(client, cast.clerk, "bulletin_move", bulletin.pk, "submit", version=1)
    send(client, cast.leader, "bulletin_move", bulletin.pk, "send_back", version=2, reason="补充情况")
    send(client, cast.clerk, "bulletin_move", bulletin.pk, "regather", version=3)
    send(client, cast.clerk, "bulletin_move", bulletin.pk, "submit", version=4)

    send(client, cast.leader, "bulletin_move", bulletin.pk, "sign", version=5)

    text = page(see(client, cast.clerk, "bulletin_detail", bulletin.pk))
    assert "安督通〔2026〕1号" in text
    assert "补充情况" in text


def test_nobody_signs_a_text_other_than_the_one_on_the_screen(client: Client, cast: Cast) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.clerk, at=AT)

    answer = send(client, cast.leader, "bulletin_move", bulletin.pk, "sign", version=1)

    assert answer.status_code == 409
    bulletin.refresh_from_db()
    assert bulletin.state == B.SUBMITTED


def test_the_author_is_offered_no_signing(client: Client, cast: Cast) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.leader, at=AT)

    assert "签发并编号" not in page(see(client, cast.leader, "bulletin_detail", bulletin.pk))


def test_the_clerk_is_offered_no_signing(client: Client, cast: Cast) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.clerk, at=AT)

    assert "签发并编号" not in page(see(client, cast.second_clerk, "bulletin_detail", bulletin.pk))


def test_an_unknown_step_does_not_exist(client: Client, cast: Cast) -> None:
    assert send(client, cast.clerk, "bulletin_move", draft(cast).pk, "burn", version=1).status_code == 404


def test_a_reading_leader_sees_what_is_issued_and_nothing_before(client: Client, cast: Cast) -> None:
    early = draft(cast, key="early")
    late = issued(cast)

    assert see(client, cast.reader, "bulletin_detail", early.pk).status_code == 404
    assert see(client, cast.reader, "bulletin_pdf", early.pk).status_code == 404
    assert see(client, cast.reader, "bulletin_detail", late.pk).status_code == 200
    assert [line.number for line in see(client, cast.reader, "bulletin_list").context["listing"].lines] == [
        "安督通〔2026〕1号"
    ]


def test_the_pdf_is_the_kept_paper_once_it_is_issued(client: Client, cast: Cast) -> None:
    bulletin = issued(cast)

    answer = see(client, cast.reader, "bulletin_pdf", bulletin.pk)

    assert bulletin.paper
    assert answer.content == drawing.draw(bulletin.paper.facts).pdf
    assert answer.headers["Content-Type"] == "application/pdf"


def test_the_draft_has_a_pdf_too(client: Client, cast: Cast) -> None:
    answer = see(client, cast.clerk, "bulletin_pdf", draft(cast).pk)

    assert answer.content.startswith(b"%PDF")


def test_the_schedule_is_set_on_its_page(client: Client, cast: Cast) -> None:
    facts = {"weekly-is_on": "on", "weekly-day": 5, "weekly-at_time": "17:30", "weekly-version": 0}

    send(client, cast.clerk, "schedules", kind="weekly", **facts)

    schedule = ReportSchedule.objects.get()
    assert (schedule.kind, schedule.day, schedule.at_time.hour, schedule.is_on) == ("weekly", 5, 17, True)


def test_a_schedule_without_an_hour_is_not_saved(client: Client, cast: Cast) -> None:
    facts = {"monthly-day": 3, "monthly-at_time": "spaet", "monthly-version": 0}

    answer = send(client, cast.clerk, "schedules", kind="monthly", **facts)

    assert (answer.status_code, "时间请写成" in page(answer)) == (422, True)
    assert not ReportSchedule.objects.exists()


def test_the_leader_finds_what_waits_for_a_signature(client: Client, cast: Cast) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.clerk, at=AT)

    desk = see(client, cast.leader, "home").context["desk"]

    assert [(line.verb, line.title) for line in desk.waiting] == [("签发通报", bulletin.title)]


def test_the_author_finds_what_was_sent_and_what_came_back(client: Client, cast: Cast) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.clerk, at=AT)
    assert [line.verb for line in see(client, cast.clerk, "home").context["desk"].sent] == ["等待签发"]

    bulletins.send_back(bulletin=bulletin, by=cast.leader, at=AT, reason="再核")

    assert [line.verb for line in see(client, cast.clerk, "home").context["desk"].waiting] == [
        "修改退回的通报"
    ]


def test_the_scheduled_draft_waits_for_every_clerk(client: Client, cast: Cast) -> None:
    bulletins.draft(kind="ad_hoc", office=cast.city, period=YEAR, by=None, at=AT, made_key="s")

    for clerk in (cast.clerk, cast.second_clerk):
        assert [line.verb for line in see(client, clerk, "home").context["desk"].waiting] == [
            "核对并送审通报"
        ]


def test_the_nearest_deadline_stands_first(client: Client, cast: Cast) -> None:
    for title, came_on in (("后到期", date(2026, 3, 2)), ("已逾期", date(2026, 2, 20))):
        make_finding(
            cast, cast.east, day=date(2026, 2, 1), state=S.SUBMITTED, handed_in_on=came_on, title=title
        )
    draft(cast, by=cast.second_clerk)

    answer = see(client, cast.second_clerk, "home")

    waiting = answer.context["desk"].waiting
    assert [line.title for line in waiting][:2] == ["已逾期", "后到期"]
    assert waiting[-1].lamp is None
    assert "3 件事等您办理，1 件已逾期" in page(answer)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("clerk", "没有等您研判、审核、验收或签发的事"),
        ("inspector", "没有等您出发、签名或复核的检查"),
        ("east_head", "本单位没有等待签收、陈述或整改的问题"),
        ("reader", "各项数据在驾驶舱里"),
    ],
)
def test_an_empty_desk_says_why_and_what_comes_next(
    client: Client, cast: Cast, person: str, sentence: str
) -> None:
    assert sentence in page(see(client, getattr(cast, person), "home"))


@pytest.mark.parametrize(
    ("person", "place"),
    [
        ("system_admin", "people:accounts"),
        ("security_admin", "people:posts"),
        ("auditor", "people:audit"),
    ],
)
def test_the_front_page_leads_an_administrator_to_the_own_work(
    client: Client, cast: Cast, person: str, place: str
) -> None:
    issued(cast)
    make_finding(cast, cast.east, day=date(2026, 2, 1), state=S.SUBMITTED)

    answer = see(client, getattr(cast, person), "home")

    assert (answer.status_code, answer.url) == (302, reverse(place))
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize(("person", "is_told"), [("clerk", True), ("leader", True), ("east_head", False)])
def test_the_office_is_reminded_of_a_year_without_holidays_where_it_begins(
    client: Client, cast: Cast, person: str, is_told: bool
) -> None:
    CalendarYear.objects.all().delete()

    assert ("放假安排还没有录入" in page(see(client, getattr(cast, person), "home"))) is is_told


def test_a_known_year_needs_no_reminder(client: Client, cast: Cast) -> None:
    for year in (clock.day_of(clock.now()).year, clock.day_of(clock.now()).year + 1):
        CalendarYear.objects.get_or_create(year=year, defaults={"source": "通知", "changed_at": AT})

    assert "放假安排还没有录入" not in page(see(client, cast.clerk, "home"))


def test_an_account_without_a_post_is_told_whom_to_ask(client: Client, cast: Cast) -> None:
    assert "请联系本单位安全管理员授予岗位" in page(see(client, make_user("new", "新人"), "home"))


def test_issued_bulletins_stand_among_the_recent_papers(client: Client, cast: Cast) -> None:
    issued(cast)

    assert [line.number for line in see(client, cast.reader, "home").context["desk"].papers] == [
        "安督通〔2026〕1号"
    ]


def test_the_list_of_bulletins_costs_the_same_however_many_there_are(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.clerk)
    url = reverse("reports:bulletin_list")
    draft(cast, key="0")
    client.get(url)
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for number in range(1, 6):
        draft(cast, key=str(number))

    with django_assert_max_num_queries(len(few)):
        client.get(url)
