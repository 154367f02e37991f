"""A clock that jumps, or a house that was shut: no step of the ladder is made twice, and none is missed unrecorded."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from conduct.calendar import seed
from conduct.clock import moment
from findings.actions import ladder
from findings.models import Finding, Supervision
from findings.rules.ladder import Step
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line

pytestmark = pytest.mark.django_db
HOUR, LONG = timedelta(hours=1), timedelta(days=400)
# Nine o'clock of working days from the yellow light to the red card.
MORNINGS = [
    moment(day) + timedelta(hours=9)
    for day in (date(2026, 3, 16) + timedelta(days=n) for n in range(30))
    if day.weekday() < 5 and day != date(2026, 4, 6)
]


@pytest.fixture
def finding(cast: Cast) -> Finding:
    seed.ship(at=AT)
    return Line(cast).received()


def walk(moments: list[datetime]) -> Counter[Step]:
    for at in moments:
        ladder.climb(at=at)
    return Counter(Step(row.step) for row in Supervision.objects.all())


def through(highest: Step) -> dict[Step, int]:
    return {step: 1 for step in Step if step <= highest}


@pytest.mark.parametrize("jump", [-HOUR, HOUR, LONG], ids=["hour back", "hour on", "400 days on"])
@pytest.mark.parametrize("day", [0, 5, 8, 15])
def test_over_a_jump_and_back_each_step_is_made_or_recorded_once(
    finding: Finding, jump: timedelta, day: int
) -> None:
    jumped = [*MORNINGS[: day + 1], MORNINGS[day] + jump, *MORNINGS[day:]]

    made = walk(jumped)

    assert made == (through(Step.CASE) if jump == LONG else through(Step.RED))


def test_after_three_days_shut_the_highest_is_drafted_and_the_skipped_are_on_record(finding: Finding) -> None:
    # Shut from the reminder to the day of the yellow card.
    made = walk([*MORNINGS[:6], *MORNINGS[10:]])

    assert made == through(Step.RED)
    skipped = Supervision.objects.filter(state=Supervision.State.SKIPPED).values_list("step", flat=True)
    assert sorted(skipped) == [Step.REMIND, Step.LETTER]
