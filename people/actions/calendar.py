"""The calendar as people may change it; deadlines follow in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from conduct import following
from conduct.calendar import changes
from conduct.calendar.drafts import YearDraft
from conduct.models import CalendarChange
from people import access
from people.models import User
from people.roles import Permission


def save_year(*, draft: YearDraft, expected: int, by: User, at: datetime) -> CalendarChange | None:
    """Put one edited year in place; None when it stood there already. Raises: Forbidden; MovedMeanwhile"""
    return _followed(lambda: changes.save(years=[draft], by=by, at=at, expected=expected), by, at)


def save_all(*, years: Sequence[YearDraft], by: User, at: datetime) -> CalendarChange | None:
    """Put all years of a file in place. Raises: Forbidden; Refused"""
    return _followed(lambda: changes.save(years=years, by=by, at=at), by, at)


def undo(*, change: CalendarChange, by: User, at: datetime) -> CalendarChange:
    """Put the calendar back as it was before a change, and the deadlines with it. Raises: Forbidden; Refused"""
    undone = _followed(lambda: changes.undo(change=change, by=by, at=at), by, at)
    if undone is None:
        raise RuntimeError("an undoing that changes nothing is refused")
    return undone


@transaction.atomic
def _followed(write: Callable[[], CalendarChange | None], by: User, at: datetime) -> CalendarChange | None:
    access.require_everywhere(by, Permission.CALENDAR_EDIT)
    change = write()
    if change is not None:
        following.announce(change=change, by=by, at=at)
    return change
