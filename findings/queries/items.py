"""One thing to do, as 我的工作 lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# How many things of one kind are listed; what comes after them is seen once these are done.
MOST = 60


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: what, about which unit, by when, and where.

    batch: the URL name of the page on which several such things are done at once; "" where there is none
    key:   of the row that page is told of, with its version
    is_sealed: known to this person alone, and told nowhere outside the house
    """

    verb: str
    title: str
    unit: str
    url: str
    due_on: date | None = None
    is_estimate: bool = False
    note: str = ""
    batch: str = ""
    key: str = ""
    is_sealed: bool = False
