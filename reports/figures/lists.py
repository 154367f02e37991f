"""The list behind a number: the ledger of findings, filtered to exactly the rows that were counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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


@dataclass(frozen=True, slots=True)
class Lists:
    """Addresses of the ledger; made once for the many numbers of a page.

    ledger: the address of the ledger without filters
    office: whose branch is counted, where a reader may see more than that
    """

    ledger: str
    office: int | None = None

    def of(
        self, *, state: str = "", top: str = "", unit: int | None = None, about: str = "", days: str = ""
    ) -> str:
        """The ledger with these filters.

        state: a group or a state of findings.queries.filters
        unit:  the unit itself, without those below it, as the tables count
        about: PERSONS or NOBODY
        days:  what `span` gives
        """
        parts = [f"state={state}"] if state else []
        if top:
            parts.append(f"top={top}" if top.isalnum() and top.isascii() else urlencode({"top": top}))
        if unit is not None:
            parts.append(f"unit={unit}&direct=1")
        elif self.office is not None:
            parts.append(f"unit={self.office}")
        if about:
            parts.append(f"about={about}")
        if days:
            parts.append(days)
        return f"{self.ledger}?{'&'.join(parts)}"

    def found_in(
        self,
        period: Period,
        *,
        state: str = STANDING,
        top: str = "",
        unit: int | None = None,
        about: str = "",
    ) -> str:
        """Problems by the day of the visit."""
        return self.of(state=state, top=top, unit=unit, about=about, days=span("visited", period))

    def issued_in(self, period: Period, *, state: str = "") -> str:
        """Findings by the day of their notice."""
        return self.of(state=state, days=span("issued", period))

    def closed_in(self, period: Period) -> str:
        """Findings by the day they were closed."""
        return self.of(days=span("closed", period))


def lists(*, office: int | None = None) -> Lists:
    """The addresses as this site spells them."""
    return Lists(reverse("findings:list"), office)


@lru_cache(maxsize=256)
def span(what: str, period: Period) -> str:
    """The days of a period as a filter; what: visited, issued or closed."""
    return f"{what}_from={period.first.isoformat()}&{what}_to={period.last.isoformat()}"
