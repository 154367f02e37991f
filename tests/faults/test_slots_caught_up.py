"""After an outage every periodic slot that was missed is opened, once, by however many schedulers come back."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.models import JobRun
from reports import tasks
from reports.models import Bulletin, ReportSchedule
from tests.conftest import Crew, wait_until
from tests.factories.cast import Cast
from tests.faults.test_concurrent_moves import at_once

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "reports.draft_bulletin"
SCHEDULERS = 4
THURSDAY = datetime(2026, 11, 19, 18, 0, tzinfo=clock.SHANGHAI)


def arrange(cast: Cast, *, kind: str, day: int, since: date) -> None:
    ReportSchedule.objects.create(office=cast.city, kind=kind, day=day, at_time=time(9), since=since)


def slots() -> list[str]:
    return sorted(
        key.rsplit(":", 1)[1] for key in JobRun.objects.filter(job=DRAFT).values_list("slot", flat=True)
    )


def schedule_at(at: datetime, opened: list[int]) -> None:
    opened.append(jobs.open_slots(at=at, by=SystemActor()))


def come_back(at: datetime) -> list[int]:
    """Several schedulers look at the same moment; returns how many slots each opened."""
    opened: list[int] = []
    outcomes = at_once(*([lambda: schedule_at(at, opened)] * SCHEDULERS))
    assert outcomes == [None] * SCHEDULERS
    return opened


@pytest.fixture
def only_bulletins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SCHEDULES", [tasks.bulletins_due])


@pytest.mark.usefixtures("only_bulletins")
def test_after_three_days_down_what_fell_due_meanwhile_is_opened_once(cast: Cast) -> None:
    arrange(cast, kind="weekly", day=6, since=date(2026, 11, 9))
    arrange(cast, kind="monthly", day=20, since=date(2026, 11, 9))
    come_back(THURSDAY)
    before = slots()

    opened = come_back(THURSDAY + timedelta(days=3))

    assert before == ["2026-11-02"]
    assert slots() == ["2026-10-01", "2026-11-02", "2026-11-09"]
    assert sum(opened) == 2


@pytest.mark.usefixtures("only_bulletins")
def test_after_two_months_down_every_week_and_month_is_opened_once(cast: Cast) -> None:
    arrange(cast, kind="weekly", day=1, since=date(2026, 9, 28))
    arrange(cast, kind="monthly", day=3, since=date(2026, 9, 28))

    opened = [come_back(THURSDAY + timedelta(minutes=turn)) for turn in range(3)]

    weeks = [date(2026, 9, 21) + timedelta(weeks=number) for number in range(8)]
    months = [date(2026, 9, 1), date(2026, 10, 1)]
    assert slots() == sorted(day.isoformat() for day in [*weeks, *months])
    assert [sum(turn) for turn in opened] == [len(weeks) + len(months), 0, 0]


@pytest.mark.usefixtures("only_bulletins")
def test_a_clock_put_back_and_forth_opens_no_slot_twice(cast: Cast) -> None:
    arrange(cast, kind="weekly", day=4, since=date(2026, 11, 19))

    for hours in (0, -1, 1, -10, 0, 10):
        come_back(THURSDAY + timedelta(hours=hours))

    assert slots() == ["2026-11-09"]


@pytest.mark.redis
def test_two_relays_catch_up_five_weeks_and_each_bulletin_is_drafted_once(cast: Cast, crew: Crew) -> None:
    today = clock.day_of(clock.now())
    monday = today - timedelta(days=today.weekday())
    arrange(cast, kind="weekly", day=1, since=monday - timedelta(weeks=5))
    # Late on a Monday morning this week's is due as well; both counts below follow the rows.
    for _ in range(2):
        crew.start_relay()
    crew.start_worker()

    wait_until(lambda: len(slots()) >= 5, seconds=90)
    wait_until(lambda: not JobRun.objects.filter(job=DRAFT).exclude(state="done").exists(), seconds=120)

    drafted = Counter(Bulletin.objects.values_list("period_from", flat=True))
    assert sorted(day.isoformat() for day in drafted) == slots()
    assert set(drafted.values()) == {1}
    assert {monday - timedelta(weeks=number) for number in range(2, 7)} <= set(drafted)
