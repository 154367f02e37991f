"""On which day which step of the ladder is due, counted in working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct.calendar.rules import WorkCalendar, working_days_between
from findings.rules import ladder
from findings.rules.ladder import SHIPPED, Step

# From Friday 1 May to Tuesday 5 May nobody works; Saturday 9 May is worked.
MAY = WorkCalendar(
    off=frozenset(date(2026, 5, day) for day in range(1, 6)),
    work=frozenset({date(2026, 5, 9)}),
    years=frozenset({2026}),
)
PLAIN = WorkCalendar()


@pytest.mark.parametrize(
    ("step", "day"),
    [
        (Step.WARN, date(2026, 4, 27)),
        (Step.DUE, date(2026, 4, 30)),
        (Step.REMIND, date(2026, 5, 6)),
        (Step.LETTER, date(2026, 5, 8)),
        (Step.YELLOW, date(2026, 5, 11)),
        (Step.TALK, date(2026, 5, 18)),
        (Step.RED, date(2026, 5, 25)),
        (Step.CASE, date(2026, 6, 1)),
    ],
)
def test_the_steps_of_a_term_that_ends_before_the_holidays(step: Step, day: date) -> None:
    assert ladder.day_of(step=step, days=SHIPPED, start=date(2026, 4, 30), book=MAY) == day


@given(
    step=st.sampled_from(Step),
    start=st.dates(date(2026, 3, 1), date(2026, 7, 1)),
    ahead=st.integers(-10, 45),
)
def test_a_step_is_due_from_its_day_on_and_not_before(step: Step, start: date, ahead: int) -> None:
    today = start + timedelta(days=ahead)
    if not MAY.is_working(today) or not MAY.is_working(start):
        return

    is_due = start <= ladder.latest_start(step=step, days=SHIPPED, today=today, book=MAY)

    assert is_due == (today >= ladder.day_of(step=step, days=SHIPPED, start=start, book=MAY))


@given(
    due=st.dates(date(2026, 3, 2), date(2026, 5, 20)),
    stopped=st.integers(1, 20),
    stood=st.integers(0, 30),
)
def test_days_on_which_the_clock_stood_still_do_not_press(due: date, stopped: int, stood: int) -> None:
    stopped_on = due + timedelta(days=stopped)
    resumes_on = stopped_on + timedelta(days=stood)

    start = ladder.resumed_from(counted_from=due, stopped_on=stopped_on, resumes_on=resumes_on, book=MAY)

    assert start >= due
    assert working_days_between(start=start, end=resumes_on, book=MAY) == working_days_between(
        start=due, end=stopped_on, book=MAY
    )


def test_of_steps_that_come_together_only_the_highest_is_made() -> None:
    reached = [Step.DUE, Step.REMIND, Step.LETTER, Step.YELLOW]

    assert ladder.made_of(reached) == ([Step.YELLOW], [Step.DUE, Step.REMIND, Step.LETTER])


def test_a_proposal_is_made_beside_the_highest_paper() -> None:
    assert ladder.made_of([Step.RED, Step.CASE]) == ([Step.RED, Step.CASE], [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({Step.YELLOW: 3}, "“黄牌警告”须晚于“督办函”（逾期第 3 个工作日）"),
        ({Step.YELLOW: None, Step.TALK: 2}, "“约谈主要负责人”须晚于“督办函”"),
        ({Step.CASE: 251}, "“追责建议”须是 1 至 250 个工作日"),
        ({Step.REMIND: 0}, "“逾期催办”须是 1 至 250 个工作日"),
    ],
)
def test_days_out_of_order_are_refused(changes: dict[Step, int | None], words: str) -> None:
    assert words in ladder.objection_to_days({**SHIPPED, **changes})


def test_a_step_may_be_left_out() -> None:
    days = {**SHIPPED, Step.TALK: None}

    assert ladder.objection_to_days(days) == ""
    assert Step.TALK not in ladder.steps_of(days)


def test_a_step_left_out_has_no_day() -> None:
    with pytest.raises(ValueError, match="left out"):
        ladder.latest_start(step=Step.TALK, days={Step.TALK: None}, today=date(2026, 5, 6), book=PLAIN)
