"""A published number, and the rows of the tables beside it: value, words, definition and the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conduct.dates import UNRECORDED


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number. value None: there is none to give, and `absent` says why in a word."""

    key: str
    label: str
    value: int | float | None
    unit: str
    definition: str
    url: str = ""
    absent: str = UNRECORDED

    @property
    def words(self) -> str:
        """As papers print it, without its label: 12个, 85.7%, 未记录."""
        if self.value is None:
            return self.absent
        number = f"{self.value:.1f}" if isinstance(self.value, float) else str(self.value)
        return f"{number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Problems of one group, and what has become of them by the day of counting."""

    problems: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One top category of a scheme. url: the problems found; urls of the other three columns follow."""

    code: str
    name: str
    tally: Tally
    url: str
    closed_url: str
    open_url: str
    overdue_url: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit where problems were found. by_category: {top category code: problems}."""

    unit_id: int
    name: str
    code: str
    is_unrecorded: bool
    tally: Tally
    by_category: dict[str, int]
    url: str
    closed_url: str
    open_url: str
    overdue_url: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the period. by_category: {top category code: problems}."""

    month: date
    tally: Tally
    by_category: dict[str, int]
    url: str
