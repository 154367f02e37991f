"""What a list of findings can be narrowed by: the same words in an address, a figure and a query.

state: a group (open, due_soon, overdue, closed, standing, before_notice) or one state of a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Func, Q

from conduct.calendar.rules import WorkCalendar
from conduct.search import index
from findings.models import Finding, FindingQuerySet
from findings.rules.light import soon_until
from people.models import Unit

GROUPS: dict[str, str] = {
    "before_notice": "研判核实",
    "open": "办理中",
    "due_soon": "临期",
    "overdue": "逾期",
    "closed": "已销号",
    "standing": "成立的问题",
}


# Groups of findings with a term that runs.
WITH_TERM = ("due_soon", "overdue")


class IsOpen(Func):
    """Handed over and not closed, told of the column `state`.

    The states are spelled out, because SQLite uses a partial index only for a condition it can read.
    """

    arity = 1
    template = f"%(expressions)s IN ({', '.join(repr(str(state)) for state in Finding.OPEN)})"
    output_field = BooleanField()


@dataclass(frozen=True)
class Wish:
    """One narrowed list; None and "" leave a column open. month is the first of its month, days are inclusive.

    direct: the unit itself, without those below it
    words:  each stands somewhere in the text of the finding
    about:  persons or nobody: whether somebody in particular is concerned
    """

    words: tuple[str, ...] = ()
    state: str = ""
    top: str = ""
    unit: Unit | None = None
    direct: bool = False
    grade: int | None = None
    month: date | None = None
    number: str = ""
    visited_from: date | None = None
    visited_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    historical: bool | None = None
    about: str = ""


def narrowed(rows: FindingQuerySet, wish: Wish, *, today: date, book: WorkCalendar) -> FindingQuerySet:
    """The rows of the wish."""
    if wish.words:
        rows = index.narrow(rows, source=Finding._meta.label_lower, words=wish.words)
    if wish.state:
        rows = rows.filter(in_state(wish.state, today=today, book=book))
    if wish.unit is not None:
        rows = rows.filter(unit=wish.unit) if wish.direct else rows.under(wish.unit)
    if wish.historical is not None:
        rows = rows.filter(is_historical=wish.historical)
    exact = {
        "top": wish.top,
        "grade": wish.grade,
        "persons__gt": 0 if wish.about == "persons" else None,
        "persons": 0 if wish.about == "nobody" else None,
        "month": wish.month,
        "notice__number": wish.number,
        "visited_on__gte": wish.visited_from,
        "visited_on__lte": wish.visited_to,
        "closed_on__gte": wish.closed_from,
        "closed_on__lte": wish.closed_to,
        "issued_on__gte": wish.issued_from,
        "issued_on__lte": wish.issued_to,
    }
    return rows.filter(**{column: value for column, value in exact.items() if value not in ("", None)})


def in_state(state: str, *, today: date, book: WorkCalendar) -> Q:
    """A group or a single state as a filter; what counts as due soon or overdue is said in rules.light."""
    if state == "due_soon":
        return Q(runs_until__gte=today, runs_until__lte=soon_until(today=today, book=book))
    if state == "overdue":
        return Q(runs_until__lt=today)
    states = {
        "before_notice": Finding.BEFORE_NOTICE,
        "open": Finding.OPEN,
        "standing": Finding.STANDING,
    }.get(state, (state,))
    return Q(state__in=states)
