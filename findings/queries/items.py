"""One thing to do, as 我的工作 lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: what, about which unit, by when, and where."""

    verb: str
    title: str
    unit: str
    url: str
    due_on: date | None = None
    is_estimate: bool = False
    note: str = ""
