"""Bulletins on the schedule and at the push of a button: drafted in the background, once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.models import AuditEntry, JobRun, Office
from people.models import User
from reports import tasks
from reports.actions import orders, schedules
from reports.models import Bulletin, ReportSchedule
from reports.rules import periods
from reports.rules.periods import Period
from tests.factories.cast import AT, Cast

pytestmark = pytest.mark.django_db

HOUSE = SystemActor()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=clock.SHANGHAI)
WEEK = Period(date(2026, 2, 16), date(2026, 2, 22))


@pytest.fixture(autouse=True)
def no_other_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the ground does every night is told elsewhere."""
    monkeypatch.setattr(jobs, "SCHEDULES", [tasks.bulletins_due])


def arranged(
    cast: Cast, *, kind: str = "weekly", on: date = date(2026, 11, 16), **options: object
) -> ReportSchedule:
    facts = {"office": cast.city, "kind": kind, "day": 1, "at_time": time(9), "since": on}
    return ReportSchedule.objects.create(**(facts | options))


def order(
    cast: Cast, *, key: str = "k1", period: Period = WEEK, kind: str = "weekly", by: User | None = None
) -> JobRun:
    return orders.place(kind=kind, office=cast.city, period=period, made_key=key, by=by or cast.clerk, at=AT)


def work_off() -> None:
    for run in jobs.take_to_send(at=clock.now()):
        jobs.perform(str(run.pk))


def test_on_monday_at_nine_last_week_is_drafted(cast: Cast) -> None:
    arranged(cast, on=date(2026, 11, 23))

    jobs.open_slots(at=MONDAY, by=HOUSE)
    work_off()

    bulletin = Bulletin.objects.get()
    assert (bulletin.period_from, bulletin.period_to) == (date(2026, 11, 16), date(2026, 11, 22))
    assert bulletin.made_key == f"weekly:{cast.city.pk}:2026-11-16"
    assert bulletin.author is None


def test_a_minute_earlier_nothing_is_due(cast: Cast) -> None:
    arranged(cast, on=date(2026, 11, 23))

    assert jobs.open_slots(at=MONDAY - timedelta(minutes=1), by=HOUSE) == 0


def test_two_schedulers_open_one_slot(cast: Cast) -> None:
    arranged(cast, on=date(2026, 11, 23))

    opened = [jobs.open_slots(at=MONDAY, by=HOUSE) for _ in range(2)]

    assert opened == [1, 0]


def test_a_missed_week_is_caught_up(cast: Cast) -> None:
    arranged(cast, on=date(2026, 11, 16))

    jobs.open_slots(at=MONDAY, by=HOUSE)

    assert sorted(JobRun.objects.values_list("slot", flat=True)) == [
        f"weekly:{cast.city.pk}:2026-11-09",
        f"weekly:{cast.city.pk}:2026-11-16",
    ]


def test_a_monthly_bulletin_is_drafted_for_the_month_before(cast: Cast) -> None:
    arranged(cast, kind="monthly", on=date(2026, 11, 1), day=20)

    jobs.open_slots(at=MONDAY, by=HOUSE)
    work_off()

    assert Bulletin.objects.get().title == "关于2026年10月明察暗访情况的通报"


def test_what_is_switched_off_is_not_drafted(cast: Cast) -> None:
    arranged(cast, is_on=False)

    assert jobs.open_slots(at=MONDAY, by=HOUSE) == 0


def test_a_run_done_twice_drafts_once(cast: Cast) -> None:
    run = order(cast)
    work_off()
    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.SENT)

    jobs.perform(str(run.pk))

    run.refresh_from_db()
    assert (Bulletin.objects.count(), run.state) == (1, JobRun.State.DONE)


def test_the_run_tells_how_far_it_is(cast: Cast) -> None:
    run = order(cast)

    work_off()

    run.refresh_from_db()
    assert (run.done_units, run.total_units, run.percent) == (3, 3, 100)


def test_the_same_click_twice_is_one_run(cast: Cast) -> None:
    assert order(cast).pk == order(cast).pk
    assert JobRun.objects.count() == 1


def test_a_week_the_schedule_has_drafted_is_not_drafted_again_by_hand(cast: Cast) -> None:
    arranged(cast, on=date(2026, 11, 23))
    jobs.open_slots(at=MONDAY, by=HOUSE)
    orders.place(
        kind="weekly",
        office=cast.city,
        period=Period(date(2026, 11, 16), date(2026, 11, 22)),
        made_key="hand",
        by=cast.clerk,
        at=MONDAY,
    )

    work_off()

    assert Bulletin.objects.count() == 1
    assert set(JobRun.objects.values_list("state", flat=True)) == {JobRun.State.DONE}


def test_a_run_that_cannot_be_done_says_why_and_is_done_when_tried_again(cast: Cast) -> None:
    house = Office.objects.get()
    Office.objects.all().delete()
    run = order(cast)
    work_off()
    run.refresh_from_db()
    assert (run.state, "通报代字还没有设置" in run.problem) == (JobRun.State.FAILED, True)

    house.save()
    orders.retry(run=run, office=cast.city, by=cast.clerk, at=AT)
    work_off()

    run.refresh_from_db()
    assert (run.state, Bulletin.objects.count()) == (JobRun.State.DONE, 1)


@pytest.mark.parametrize(
    ("kind", "first", "last", "sentence"),
    [
        (periods.AD_HOC, date(2026, 3, 1), date(2026, 3, 3), "不能晚于今天"),
        (periods.AD_HOC, date(2020, 1, 1), date(2026, 3, 1), "最长三年"),
        (periods.WEEKLY, date(2026, 2, 17), date(2026, 2, 23), "从周一到周日"),
        (periods.MONTHLY, date(2026, 2, 1), date(2026, 2, 27), "从当月第一天到最后一天"),
    ],
)
def test_a_period_no_bulletin_can_speak_about_is_refused(
    cast: Cast, kind: str, first: date, last: date, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        order(cast, kind=kind, period=Period(first, last))

    assert JobRun.objects.count() == 0


@pytest.mark.parametrize("person", ["inspector", "east_head", "reader", "auditor"])
def test_who_does_not_draft_orders_nothing(cast: Cast, person: str) -> None:
    with pytest.raises(Forbidden):
        order(cast, by=getattr(cast, person))


def arrange(
    cast: Cast, *, expected: int, by: User | None = None, at: datetime = AT, **options: object
) -> ReportSchedule:
    facts = {"office": cast.city, "kind": "weekly", "is_on": True, "day": 5, "at_time": time(17)}
    return schedules.arrange(**(facts | options), expected=expected, by=by or cast.clerk, at=at)


def test_the_office_sets_its_own_schedule(cast: Cast) -> None:
    schedule = arrange(cast, expected=0)

    assert (schedule.day, schedule.since) == (5, date(2026, 3, 2))
    assert AuditEntry.objects.filter(verb="reports.arrange_schedule").count() == 1


def test_switched_on_again_it_begins_anew(cast: Cast) -> None:
    arrange(cast, expected=0)
    arrange(cast, expected=1, is_on=False)

    again = arrange(cast, expected=2, at=AT + timedelta(days=30))

    assert again.since == date(2026, 4, 1)


def test_a_new_hour_does_not_forget_since_when_it_runs(cast: Cast) -> None:
    arrange(cast, expected=0)

    changed = arrange(cast, expected=1, at_time=time(8), at=AT + timedelta(days=30))

    assert changed.since == date(2026, 3, 2)


@pytest.mark.parametrize("expected", [0, 7])
def test_the_second_to_change_a_schedule_is_told(cast: Cast, expected: int) -> None:
    arrange(cast, expected=0)

    with pytest.raises(MovedMeanwhile):
        arrange(cast, expected=expected, day=1)


def test_who_does_not_draft_sets_no_schedule(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        arrange(cast, expected=0, by=cast.reader)
