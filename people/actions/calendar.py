"""The calendar as people may change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from conduct.calendar import book
from conduct.calendar.drafts import YearDraft
from conduct.models import CalendarYear
from people import access
from people.models import User
from people.roles import Permission


def save_year(*, draft: YearDraft, expected: int, by: User, at: datetime) -> CalendarYear:
    """Put one edited year in place. Raises: Forbidden; MovedMeanwhile"""
    access.require_everywhere(by, Permission.CALENDAR_EDIT)
    return book.save_year(draft=draft, by=by, at=at, expected=expected)


def save_all(*, years: Sequence[YearDraft], by: User, at: datetime) -> list[CalendarYear]:
    """Put all years of a file in place. Raises: Forbidden; Refused"""
    access.require_everywhere(by, Permission.CALENDAR_EDIT)
    return book.save_all(years=years, by=by, at=at)
