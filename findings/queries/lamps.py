"""The light of one finding, for a list, a print or a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.dates import Lamp, light
from findings.models import Finding

NAMES = {"green": "绿灯", "amber": "黄灯", "red": "红灯", "grey": "不亮灯"}
# The columns of a finding its light is told by.
BY = ("state", "due_on", "closed_on", "handed_in_on", "paused_on")


def facts_of(row: Mapping[str, Any]) -> tuple[bool, date | None, date | None, date | None, bool]:
    """What of a row the light depends on: findings with the same facts have the same light."""
    is_open = row["state"] in Finding.OPEN
    return is_open, row["due_on"], row["closed_on"], row["handed_in_on"], row["paused_on"] is not None


def lamp(
    is_open: bool,
    due_on: date | None,
    closed_on: date | None,
    handed_in_on: date | None,
    is_paused: bool,
    *,
    today: date,
    book: WorkCalendar,
) -> Lamp | None:
    """The light; none before a term is given."""
    if due_on is None or not (is_open or closed_on):
        return None
    is_over = closed_on or handed_in_on
    remaining = None if is_over else working_days_between(start=today, end=due_on, book=book)
    return light(
        due_on=due_on,
        today=today,
        closed_on=closed_on,
        handed_in_on=handed_in_on,
        paused=is_paused,
        remaining=remaining,
    )


def in_words(lit: Lamp | None) -> str:
    """The light as it reads without colour: 红灯（逾期，已超 3 个工作日）."""
    if lit is None:
        return ""
    told = "，".join(part for part in (lit.word, lit.detail) if part)
    return f"{NAMES[lit.colour]}（{told}）"
