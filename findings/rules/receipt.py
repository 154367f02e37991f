"""What the schedule does about a notice nobody has signed for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

OPENS_HOUR = 8


class Step(StrEnum):
    """One thing the schedule does, each once for a notice."""

    REMIND = "remind"
    SERVE = "serve"


def step_due(*, receipt_due_on: date, today: date, is_reminded: bool) -> Step | None:
    """On the last day of the term a reminder, then it counts as served; a missed reminder is passed over."""
    if today > receipt_due_on:
        return Step.SERVE
    return Step.REMIND if today == receipt_due_on and not is_reminded else None
