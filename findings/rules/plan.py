"""Which matters need a plan and progress reports, by when, and what a plan must hold.

Source: DOMAIN §4.4; the terms the house chose: ADR 0032
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conduct.calendar.rules import Due, WorkCalendar, after_calendar_days
from conduct.dates import plain_date

# Ways of putting right that give more working days than this need a plan.
WITHOUT_PLAN = 15
PLAN_WORKING_DAYS = 5
PROGRESS_DAYS = 30
# So many days ahead a progress report is taken for the coming date.
EARLY_DAYS = 10
MOST_ITEMS = 30


@dataclass(frozen=True)
class Item:
    """One measure: what, whose post, by when."""

    what: str
    owner: str
    due_on: date


def needs_plan(*, working_days: int) -> bool:
    """Whether a term of that length needs a plan."""
    return working_days > WITHOUT_PLAN


def objection_to_handing_in(*, approach: str, items: Sequence[Item], until: date) -> str:
    """Against handing in the plan as it is. until: the unit's term to put the matter right."""
    if not approach.strip():
        return "请写明整改目标和总体安排，再提交整改方案。"
    if not items:
        return "请至少列一条整改措施，写明责任岗位和完成时限，再提交整改方案。"
    late = [place for place, item in enumerate(items, 1) if item.due_on > until]
    if late:
        return (
            f"第 {'、'.join(map(str, late))} 条措施的完成时限晚于整改期限（{plain_date(until)}）。"
            "请改到整改期限以内；确需更长时间的，先申请延期。"
        )
    return ""


def progress_due(*, issued_on: date, number: int, book: WorkCalendar) -> Due:
    """By when the n-th progress report is to come: every thirty days from the notice, moved on to a working day."""
    return after_calendar_days(start=issued_on, days=PROGRESS_DAYS * number, book=book)


def is_owed(*, due: date, until: date | None, today: date) -> bool:
    """Whether a progress report must be made: the term reaches beyond its day, or the matter has."""
    return due <= today or (until is not None and due < until)


def number_now(*, issued_on: date, last: int, today: date, book: WorkCalendar) -> int:
    """Which report a unit writes that has written `last` of them: what it missed before is told in one."""
    number = last + 1
    while progress_due(issued_on=issued_on, number=number + 1, book=book).day <= today:
        number += 1
    return number


def opens_on(due: date) -> date:
    """From which day the report of that day is taken."""
    return due - timedelta(days=EARLY_DAYS)
