"""A period that is over is ended by the schedule, once, and told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from accountability import tasks
from accountability.actions import measures
from accountability.models import Measure
from accountability.queries import waiting
from conduct import audit, clock, jobs
from conduct.audit import SystemActor
from conduct.models import JobRun, Message
from findings.models import Finding
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line
from tests.factories.measures import measure_on, of_leader

pytestmark = pytest.mark.django_db
LAST = date(2026, 9, 2)


def on(day: date) -> datetime:
    return clock.moment(day) + timedelta(hours=9)


def end(day: date) -> int:
    return measures.end_due(by=SystemActor(), at=on(day))


def test_on_its_last_day_a_measure_has_effect(cast: Cast, finding: Finding) -> None:
    measure_on(cast, finding)

    assert end(LAST) == 0
    assert list(tasks.endings_due(on(LAST))) == []


def test_on_the_day_after_it_is_ended_by_the_house(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)

    assert end(LAST + timedelta(days=1)) == 1

    measure.refresh_from_db()
    assert (measure.state, measure.ended_at) == ("ended", on(LAST + timedelta(days=1)))
    last = audit.history_of(subject=measure).last()
    assert last and (last.actor_name, last.label) == ("系统", "影响期满")
    assert "2026年9月2日止" in last.reason


def test_the_clerks_of_the_office_are_told_and_the_message_names_nothing(
    cast: Cast, finding: Finding
) -> None:
    measure = measure_on(cast, finding)

    end(LAST + timedelta(days=1))
    end(LAST + timedelta(days=2))

    told = Message.objects.filter(kind="accountability.ended")
    clerks = (cast.clerk, cast.second_clerk, cast.third_clerk, cast.fourth_clerk)
    assert set(told.values_list("recipient", flat=True)) == {clerk.pk for clerk in clerks}
    assert told.count() == 4
    [words] = {f"{row.words} {row.unit}" for row in told}
    assert words == "一项登记的影响期已满，请查看。 东区"
    assert str(measure.pk) in told[0].path


def test_ended_twice_is_ended_once(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)
    later = LAST + timedelta(days=40)

    assert (end(later), end(later)) == (1, 0)
    assert audit.history_of(subject=measure).filter(label="影响期满").count() == 1


def test_the_schedule_opens_one_run_even_after_days_without_it(cast: Cast, finding: Finding) -> None:
    measure_on(cast, finding)
    at = on(LAST + timedelta(days=4))

    for _ in range(2):
        jobs.open_slots(at=at, by=SystemActor())

    assert JobRun.objects.filter(job=tasks.END_EFFECTS).count() == 1


def test_the_job_ends_what_is_due(cast: Cast, finding: Finding, monkeypatch: pytest.MonkeyPatch) -> None:
    measure_on(cast, finding)
    monkeypatch.setattr(clock, "now", lambda: on(LAST + timedelta(days=1)))

    tasks.end_effects(run=JobRun())

    assert Measure.objects.get().state == "ended"


@pytest.mark.parametrize("code", ["P-TALK", "Z-EXPEL"])
def test_what_has_no_last_day_is_never_ended(cast: Cast, finding: Finding, code: str) -> None:
    measure_on(cast, finding, code)

    assert end(date(2099, 1, 1)) == 0


def test_what_was_withdrawn_is_not_ended(cast: Cast, finding: Finding) -> None:
    measures.withdraw(measure=measure_on(cast, finding), reason="登记有误。", by=cast.clerk, at=AT)

    assert end(LAST + timedelta(days=1)) == 0


def test_the_end_of_a_period_is_on_the_desk_of_the_clerks_for_two_weeks(cast: Cast, finding: Finding) -> None:
    measure_on(cast, finding)
    end(LAST + timedelta(days=1))

    told = [
        [item.verb for item in waiting.for_user(cast.clerk, today=LAST + timedelta(days=days))]
        for days in (1, 15, 16)
    ]

    assert told == [["知悉影响期满"], ["知悉影响期满"], []]


def test_a_leader_to_be_held_waits_until_recorded(cast: Cast, finding: Finding) -> None:
    measure_on(cast, finding, leader_side="held", leader_reason="")
    assert [item.verb for item in waiting.for_user(cast.clerk, today=AT.date())] == ["登记对领导的处理"]

    measures.record(finding=finding, entry=of_leader(), by=cast.clerk, at=AT)

    assert waiting.for_user(cast.clerk, today=AT.date()) == []


def test_a_leader_to_be_held_for_facts_made_one_is_recorded_where_they_went(
    cast: Cast, finding: Finding
) -> None:
    other = Line(cast).confirmed()
    measure_on(cast, other, leader_side="held", leader_reason="")
    Finding.objects.filter(pk=other.pk).update(state="merged", merged_into=finding)

    [item] = waiting.for_user(cast.clerk, today=AT.date())
    assert str(finding.pk) in item.url

    measures.record(finding=finding, entry=of_leader(), by=cast.clerk, at=AT)
    assert waiting.for_user(cast.clerk, today=AT.date()) == []


@pytest.mark.parametrize("who", ["leader", "east_head", "reader", "inspector"])
def test_nobody_else_is_told(cast: Cast, finding: Finding, who: str) -> None:
    measure_on(cast, finding, leader_side="held", leader_reason="")
    end(LAST + timedelta(days=1))

    assert waiting.for_user(getattr(cast, who), today=LAST + timedelta(days=1)) == []


def test_an_ended_measure_can_still_be_withdrawn(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)
    end(LAST + timedelta(days=1))
    measure.refresh_from_db()

    measures.withdraw(measure=measure, reason="登记错了人。", by=cast.clerk, at=AT)

    assert measure.state == "withdrawn"
