"""The years shipped with the product, from the official notices."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from conduct.models import CalendarDay, CalendarYear

from . import drafts
from .drafts import YearDraft
from .rules import WorkCalendar

FILE = Path(__file__).resolve().parent.parent / "data" / "holidays.json"


def shipped_years() -> list[YearDraft]:
    """The years as they lie in the shipped file.

    Raises: ValueError when the file contradicts itself, a fault of the product
    """
    years, faults = drafts.from_notice(json.loads(FILE.read_text(encoding="utf-8")))
    if faults:
        raise ValueError(f"{FILE.name}: {[str(fault) for fault in faults]!r}")
    return years


def shipped_book() -> WorkCalendar:
    """The shipped years as the rules want them, for asking before there is a database."""
    years = shipped_years()
    days = [(day, kind) for draft in years for day, (kind, _) in draft.days.items()]
    return WorkCalendar(
        off=frozenset(day for day, kind in days if kind == drafts.OFF),
        work=frozenset(day for day, kind in days if kind == drafts.WORK),
        years=frozenset(draft.year for draft in years),
    )


def ship(*, at: datetime, year_model: Any = CalendarYear, day_model: Any = CalendarDay) -> list[int]:
    """Enter the shipped years that are not in the table yet; returns them. Safe to repeat.

    year_model, day_model: the historical models inside a migration
    """
    years = shipped_years()
    known = set(year_model.objects.values_list("year", flat=True))
    fresh = [draft for draft in years if draft.year not in known]
    for draft in fresh:
        row = year_model.objects.create(year=draft.year, source=draft.source, changed_at=at)
        day_model.objects.bulk_create(
            day_model(day=day, year=row, kind=kind, name=name)
            for day, (kind, name) in sorted(draft.days.items())
        )
    return [draft.year for draft in fresh]
