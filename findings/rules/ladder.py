"""The ladder (督办): which step is due of an overdue matter, and when the next one comes. No clock, no database.

Source: DOMAIN §2.6, §4.4; days are the office's to change, route by route.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import IntEnum

from conduct.calendar.rules import WorkCalendar, after_working_days, working_days_between


class Step(IntEnum):
    """The rungs, from the bottom up."""

    WARN = 1
    DUE = 2
    REMIND = 3
    LETTER = 4
    YELLOW = 5
    TALK = 6
    RED = 7
    CASE = 8


NAMES: dict[Step, str] = {
    Step.WARN: "临期黄灯",
    Step.DUE: "到期提醒",
    Step.REMIND: "逾期催办",
    Step.LETTER: "督办函",
    Step.YELLOW: "黄牌警告",
    Step.TALK: "约谈主要负责人",
    Step.RED: "红牌通报",
    Step.CASE: "追责建议",
}
# What the office signs; the steps below it the house makes by itself, the one above is a proposal.
PAPERS = (Step.LETTER, Step.YELLOW, Step.TALK, Step.RED)
REMINDERS = (Step.WARN, Step.DUE, Step.REMIND)
# Working days: before the term ends for the first, after it for the others. None leaves a step out.
Days = Mapping[Step, int | None]
SHIPPED: dict[Step, int] = {
    Step.WARN: 3,
    Step.REMIND: 1,
    Step.LETTER: 3,
    Step.YELLOW: 5,
    Step.TALK: 10,
    Step.RED: 15,
    Step.CASE: 20,
}
MOST_DAYS = 250


def steps_of(days: Days) -> list[Step]:
    """The steps a route takes, from the bottom up; the due day itself is always one."""
    return [step for step in Step if step == Step.DUE or days.get(step) is not None]


def objection_to_days(days: Days) -> str:
    """Against these days for a route; nothing when each step comes after the one before it."""
    before, at = "", 0
    for step in steps_of(days):
        number = days.get(step)
        if number is None:
            continue
        if not 1 <= number <= MOST_DAYS:
            return f"“{NAMES[step]}”须是 1 至 {MOST_DAYS} 个工作日；不用这一步的，请留空。"
        if step == Step.WARN:
            continue
        if number <= at:
            return f"“{NAMES[step]}”须晚于“{before}”（逾期第 {at} 个工作日）。请改正后再保存。"
        before, at = NAMES[step], number
    return ""


def latest_start(*, step: Step, days: Days, today: date, book: WorkCalendar) -> date:
    """The latest day a term may have ended, or will end, for the step to be due today.

    today: a working day
    """
    if step == Step.DUE:
        return today
    number = days[step]
    if number is None:
        raise ValueError(f"step {step!r} is left out of this route")
    if step == Step.WARN:
        return after_working_days(start=today, working_days=number + 1, book=book).day - timedelta(days=1)
    day, left = today + timedelta(days=1), number
    while left:
        day -= timedelta(days=1)
        left -= book.is_working(day)
    return day - timedelta(days=1)


def day_of(*, step: Step, days: Days, start: date, book: WorkCalendar) -> date:
    """The first working day on which the step is due for a term that ends, or is counted from, this day."""
    number = days.get(step)
    if step == Step.DUE or number is None:
        return _working(start, book)
    if step != Step.WARN:
        return after_working_days(start=start, working_days=number, book=book).day
    day = start
    while working_days_between(start=day - timedelta(days=1), end=start, book=book) <= number:
        day -= timedelta(days=1)
    return _working(day, book)


def made_of(reached: list[Step]) -> tuple[list[Step], list[Step]]:
    """What is made of steps that became due together: the highest, and a proposal beside it; the others are skipped.

    reached: from the bottom up, at least one
    """
    below = [step for step in reached if step != Step.CASE]
    made = [*below[-1:], *(step for step in reached if step == Step.CASE)]
    return made, [step for step in reached if step not in made]


def resumed_from(*, counted_from: date, stopped_on: date, resumes_on: date, book: WorkCalendar) -> date:
    """From when overdue days count on after the clock stood still past the term: days it stood do not press.

    counted_from: from when they counted before
    """
    overdue = working_days_between(start=counted_from, end=stopped_on, book=book)
    day, left = resumes_on, overdue
    while left > 0:
        left -= book.is_working(day)
        day -= timedelta(days=1)
    return max(day, counted_from)


def _working(day: date, book: WorkCalendar) -> date:
    while not book.is_working(day):
        day += timedelta(days=1)
    return day
