"""The list behind a number: the ledger of findings, filtered to exactly the rows that were counted."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from reports.rules.periods import Period

STANDING = "standing"
OPEN = "open"
CLOSED = "closed"
OVERDUE = "overdue"
DUE_SOON = "due_soon"


PERSONS = "persons"
NOBODY = "nobody"


def ledger(*, state: str = "", top: str = "", unit: int | None = None, about: str = "", **days: date) -> str:
    """The address of the ledger with these filters; state: a group or a state of findings.queries.filters.

    unit:  the unit itself, without those below it, as the tables count
    about: PERSONS or NOBODY
    days:  visited_from, visited_to, issued_from, issued_to, closed_from, closed_to
    """
    chosen = {"state": state, "top": top, "unit": unit, "direct": unit and 1, "about": about} | days
    filled = {name: str(value) for name, value in chosen.items() if value not in ("", None)}
    return f"{reverse('findings:list')}?{urlencode(filled)}"


def found_in(
    period: Period, *, state: str = STANDING, top: str = "", unit: int | None = None, about: str = ""
) -> str:
    """Problems by the day of the visit."""
    days = {"visited_from": period.first, "visited_to": period.last}
    return ledger(state=state, top=top, unit=unit, about=about, **days)


def issued_in(period: Period, *, state: str = "") -> str:
    """Findings by the day of their notice."""
    return ledger(state=state, issued_from=period.first, issued_to=period.last)


def closed_in(period: Period) -> str:
    """Findings by the day they were closed."""
    return ledger(closed_from=period.first, closed_to=period.last)
