"""How long a measure has effect. Plain Python: no clock, no database.

The last day is the corresponding day, else the month's end; it does not roll on from a rest day, because nothing is
to be done on it. Source: 民法典 202; DOMAIN §2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conduct.calendar.rules import corresponding_day
from conduct.dates import plain_date

# Several sanctions of one kind together. Source: 政务处分法 15
MOST_MERGED_MONTHS = 48
MOST_MONTHS = 120


@dataclass(frozen=True)
class Term:
    """What the catalogue says of a measure's effect.

    months:    None or 0 when it has no period
    most:      the longest the deciding body may set where months says nothing
    probation: the probations it may begin with; the period counts from their end
    """

    name: str
    months: int | None = None
    most: int | None = None
    probation: tuple[int, ...] = ()
    is_permanent: bool = False


@dataclass(frozen=True)
class Effect:
    """First and last day, both counted in; no last day when it lasts, neither when there is no period."""

    first: date | None
    last: date | None
    how: str

    @property
    def in_words(self) -> str:
        """For a page."""
        if self.first is None:
            return "无"
        return (
            f"{plain_date(self.first)}至{plain_date(self.last)}"
            if self.last
            else f"{plain_date(self.first)}起长期有效"
        )


def fault(term: Term, *, probation: int | None = None, decided: int | None = None) -> str:
    """Why no period can be told from what is given, as a sentence; empty when it can."""
    allowed = "或".join(str(months) for months in term.probation)
    if term.probation and probation is None:
        return f"“{term.name}”的影响期自察看期满恢复党员权利之日起算，请写明察看期（{allowed}个月）。"
    if probation is not None and not term.probation:
        return f"“{term.name}”没有察看期，请不要填写察看期。"
    if probation is not None and probation not in term.probation:
        return f"“{term.name}”的察看期只能是{allowed}个月，现在是{probation}个月，请核对决定书。"
    if decided is not None and term.is_permanent:
        return f"“{term.name}”长期有效，没有期限，请不要填写期限。"
    if decided is not None and not 1 <= decided <= MOST_MONTHS:
        return f"期限应在 1 到 {MOST_MONTHS} 个月之间，现在是 {decided} 个月，请核对决定书。"
    return ""


def effect(term: Term, *, on: date, probation: int | None = None, decided: int | None = None) -> Effect:
    """The period of a measure decided on a day.

    decided: months set by the decision itself, in place of those of the catalogue
    Raises:  ValueError where fault() names something; OverflowError beyond the calendar
    """
    if problem := fault(term, probation=probation, decided=decided):
        raise ValueError(problem)
    if term.is_permanent:
        return Effect(on, None, f"自作出决定之日（{plain_date(on)}）起长期有效，没有届满之日。")
    months = decided or term.months
    if not months:
        return Effect(None, None, f"“{term.name}”没有影响期。")
    whose = "决定书另定" if decided else "目录规定"
    if probation is None:
        last = corresponding_day(start=on, months=months)
        begins = f"自作出决定之日（{plain_date(on)}）起{months}个月（{whose}）"
        return Effect(on, last, f"{begins}，{_until(on, last)}")
    restored = corresponding_day(start=on, months=probation)
    last = corresponding_day(start=restored, months=months)
    begins = (
        f"察看{probation}个月，自{plain_date(on)}至{plain_date(restored)}；"
        f"自恢复党员权利之日（{plain_date(restored)}）起{months}个月（{whose}）"
    )
    return Effect(restored, last, f"{begins}，{_until(restored, last)}")


def bounds(term: Term, *, merged: int) -> tuple[int, int] | None:
    """The fewest and most months a decision may set; None where the catalogue sets no bound.

    merged: how many sanctions of this kind were decided as one
    """
    if merged > 1 and term.months:
        return term.months, min(term.months * merged, MOST_MERGED_MONTHS)
    if term.months:
        return term.months, term.months
    return (1, term.most) if term.most else None


def _until(first: date, last: date) -> str:
    if last.day != first.day:
        return f"当月没有对应日，至月末{plain_date(last)}止；遇休息日不顺延。"
    return f"至对应日{plain_date(last)}止；遇休息日不顺延。"
