"""A change of the calendar that can be undone."""

from __future__ import annotations

from datetime import date

from conduct.audit import Actor
from conduct.calendar import changes
from conduct.calendar.drafts import YearDraft
from conduct.models import CalendarChange

from .cast import AT

FAR = 2098


def calendar_changed(*, by: Actor) -> CalendarChange:
    """A far year entered, on which no deadline falls."""
    draft = YearDraft(FAR, "通知", {date(FAR, 1, 1): ("off", "元旦")})
    row = changes.save(years=[draft], by=by, at=AT)
    assert row is not None
    return row
