"""What was found, is open, was handed over and closed, in any span of days: exact, and as quick with ten million rows.

Whole months come from the roll-ups. Days of a month that is not whole are counted from the rows themselves, one month
at each end of the span at most; and not even these where the month holds nothing outside the span, as the present one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum, Value

from conduct import spans
from conduct.spans import Days, Parted
from findings.models import CategoryDue, CategoryTally, CrossTally, Finding, Turnover, UnitDue, UnitTally
from findings.models.tally import Span
from people import tree

Rows = list[list[Any]]
FOUND, DUE, TURNED, EDGE = "found", "due", "turned", "edge"
IS_OPEN = Q(state__in=Finding.OPEN)
IS_CLOSED = Q(state=Finding.State.CLOSED)
STANDS = Q(in_state__in=Finding.STANDING)
PROBLEMS = ("problems", "closed", "open", "overdue")
ALL_COUNTS = (*PROBLEMS, "people", "impersonal")
NOTHING = Value(0)
LONG = 500


@dataclass(frozen=True, slots=True)
class OnDesks:
    """Findings that are open on a day, whenever they were found."""

    open: int
    soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Turned:
    """Findings handed over in a span of days and closed in it. days: on average from notice to closing."""

    issued: int
    issued_closed: int
    closed: int
    days: float | None


@dataclass(frozen=True)
class Asked:
    """Whose findings, found in which days, and how they stand on which day.

    paths: of the units whose branches are counted; none lies below another
    soon:  the last due date that is due soon
    """

    paths: tuple[str, ...]
    parted: Parted
    today: date
    soon: date

    @property
    def branches(self) -> Q:
        return within(self.paths, "unit__path")

    @property
    def months(self) -> Q:
        """Rows of the roll-ups whose months are whole."""
        return Q(month__range=self.parted.months) if self.parted.months else Q(pk__in=[])

    @property
    def is_late(self) -> Q:
        """Rows of the roll-ups by due date that are overdue: the months before this one and days of it."""
        first = spans.first_of_month(self.today)
        return Q(span=Span.MONTH, due_on__lt=first) | Q(
            span=Span.DAY, due_on__gte=first, due_on__lt=self.today
        )


@dataclass(frozen=True)
class Overview:
    """What most figures are made of.

    asked:       to ask further of the same days
    by_category: {(month of the visit, top category): problems, closed, open, overdue, people, impersonal}
    """

    asked: Asked
    by_category: dict[tuple[date, str], dict[str, int]]
    on_desks: OnDesks
    turned_over: Turned


def within(paths: Iterable[str], field: str) -> Q:
    """Rows of the units of these branches; of no path, none."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= tree.below(field, path)
    return condition


def are_long() -> bool:
    """Whether so much has changed since the roll-ups were folded that reading them takes noticeably longer.

    What is taken off a count stands in a row of its own until then.
    """
    return UnitTally.objects.filter(findings__lt=0)[:LONG].count() == LONG


def overview(*, paths: Iterable[str], first: date, last: date, today: date, soon: date) -> Overview:
    """What was found in a span of days, what is open, and what was turned over, in one query as a rule.

    soon: the last due date that is due soon today
    """
    asked = Asked(tuple(paths), spans.in_months(first, last), today, soon)
    rows = list(_kept(asked, spans.edges(first, last)))
    if any(counts[0] for kind, _, _, *counts in rows if kind == EDGE):
        asked = replace(asked, parted=spans.parted(first, last))
        rows = list(_kept(asked, ()))
    of = {kind: [row for name, *row in rows if name == kind] for kind in (FOUND, DUE, TURNED)}
    return Overview(
        asked, _by_category(asked, of[FOUND], of[DUE]), _on_desks(of[DUE]), _turned(asked, of[TURNED])
    )


def _by_category(asked: Asked, kept: Rows, dues: Rows) -> dict[tuple[date, str], dict[str, int]]:
    found: dict[tuple[date, str], dict[str, int]] = {}
    for month, top, problems, closed, is_open, people, impersonal in kept:
        _add(found, (month, top), ALL_COUNTS, (problems, closed, is_open, 0, people, impersonal))
    first, last = asked.parted.months or (date.max, date.min)
    for month, top, overdue, *_ in dues:
        if first <= month <= last:
            _add(found, (month, top), ("overdue",), (overdue,))
    for row in _loose(asked, "month", "top"):
        _add(found, (row["month"], row["top"]), ALL_COUNTS, [row[name] for name in ALL_COUNTS])
    return {key: counts for key, counts in found.items() if counts["problems"]}


def _on_desks(dues: Rows) -> OnDesks:
    return OnDesks(*(sum(row[at] for row in dues) for at in (3, 4, 5)))


def _turned(asked: Asked, kept: Rows) -> Turned:
    rows = [tuple(row[1:]) for row in kept]
    for days in asked.parted.loose:
        for event in Turnover.Event:
            rows.append((event.value, *_loose_turnover(asked, f"{event.value}_on", days)))
    issued = [sum(row[at] for row in rows if row[0] == Turnover.Event.ISSUED) for at in (1, 2)]
    closed = [sum(row[at] for row in rows if row[0] == Turnover.Event.CLOSED) for at in (1, 3, 4)]
    return Turned(issued[0], issued[1], closed[0], closed[1] / closed[2] if closed[2] else None)


def _kept(asked: Asked, edges: Iterable[Days]) -> QuerySet[Any]:
    """Lines of what the roll-ups hold: kind, month, top category or event, and five counts that mean for

    FOUND:  problems, closed, open, people, impersonal
    DUE:    problems overdue; findings open, due soon, overdue; nothing
    TURNED: findings, closed, days, over how many; nothing
    EDGE:   findings that lie in the months but not in the span, in which case none of the above is right
    """
    parts = [_kept_found(asked), _kept_due(asked), _kept_turned(asked)]
    outside = Q(pk__in=[])
    for column in ("visited_on", "issued_on", "closed_on"):
        for days in edges:
            outside |= Q(**{f"{column}__range": days})
    if edges:
        rows = Finding.objects.filter(outside).annotate(kind=Value(EDGE), key=Value(""))
        parts.append(
            rows.values_list("kind", Min("month"), "key").annotate(
                a=Count("pk"), b=NOTHING, c=NOTHING, d=NOTHING, e=NOTHING
            )
        )
    return parts[0].union(*parts[1:], all=True)


def _kept_found(asked: Asked) -> QuerySet[Any]:
    rows = CategoryTally.objects.filter(asked.months, STANDS, branch__in=asked.paths)
    return (
        rows.annotate(kind=Value(FOUND))
        .values_list("kind", "month", "top")
        .annotate(
            a=Sum("problems"),
            b=Sum("problems", filter=Q(in_state=Finding.State.CLOSED), default=0),
            c=Sum("problems", filter=Q(in_state__in=Finding.OPEN), default=0),
            d=Sum("persons"),
            e=Sum("impersonal"),
        )
    )


def _kept_due(asked: Asked) -> QuerySet[Any]:
    first = spans.first_of_month(asked.today)
    is_month = Q(span=Span.MONTH)
    soon = Q(span=Span.DAY, due_on__range=(asked.today, asked.soon))
    needed = is_month | Q(span=Span.DAY, due_on__range=(first, asked.soon))
    return (
        CategoryDue.objects.filter(needed, branch__in=asked.paths)
        .annotate(kind=Value(DUE))
        .values_list("kind", "month", "top")
        .annotate(
            a=Sum("problems", filter=asked.is_late, default=0),
            b=Sum("findings", filter=is_month, default=0),
            c=Sum("findings", filter=soon, default=0),
            d=Sum("findings", filter=asked.is_late, default=0),
            e=NOTHING,
        )
    )


def _kept_turned(asked: Asked) -> QuerySet[Any]:
    rows = Turnover.objects.filter(asked.months, branch__in=asked.paths).annotate(kind=Value(TURNED))
    return rows.values_list("kind", "month", "event").annotate(
        a=Sum("findings"), b=Sum("closed"), c=Sum("days"), d=Sum("timed"), e=NOTHING
    )


def by_unit(asked: Asked) -> dict[int, dict[str, Any]]:
    """{unit: name, path, is_unrecorded, problems, closed, open, overdue}, in no order."""
    found: dict[int, dict[str, Any]] = {}
    for unit, name, path, is_unrecorded, *counts in _kept_by_unit(asked):
        known = {"name": name, "path": path, "is_unrecorded": is_unrecorded}
        _add(found, unit, PROBLEMS, counts, known)
    columns = ("unit_id", "unit__name", "unit__path", "unit__is_unrecorded")
    for row in _loose(asked, *columns):
        known = {name.removeprefix("unit__"): row[name] for name in columns[1:]}
        _add(found, row["unit_id"], PROBLEMS, [row[name] for name in PROBLEMS], known)
    return {unit: counts for unit, counts in found.items() if counts["problems"]}


def _kept_by_unit(asked: Asked) -> QuerySet[Any]:
    columns = ("unit_id", "unit__name", "unit__path", "unit__is_unrecorded")
    tallies = (
        UnitTally.objects.filter(asked.branches, asked.months, STANDS)
        .values_list(*columns)
        .annotate(
            problems_=Sum("problems"),
            closed=Sum("problems", filter=Q(in_state=Finding.State.CLOSED), default=0),
            open=Sum("problems", filter=Q(in_state__in=Finding.OPEN), default=0),
            overdue=NOTHING,
        )
    )
    dues = (
        UnitDue.objects.filter(asked.branches, asked.months, asked.is_late)
        .values_list(*columns)
        .annotate(problems_=NOTHING, closed=NOTHING, open=NOTHING, overdue=Sum("problems"))
    )
    return tallies.union(dues, all=True)


def crossed(asked: Asked, units: Collection[int]) -> dict[tuple[int, str], int]:
    """{(unit, top category): problems} of a few units."""
    found: dict[tuple[int, str], int] = {}
    kept = CrossTally.objects.filter(asked.months, unit__in=units).values_list("unit_id", "top")
    rows = list(kept.annotate(problems_=Sum("problems")))
    if asked.parted.loose:
        loose = _standing(asked).filter(unit__in=units).values_list("unit_id", "top")
        rows += loose.annotate(problems_=Sum("count"))
    for unit, top, problems in rows:
        found[unit, top] = found.get((unit, top), 0) + problems
    return {key: problems for key, problems in found.items() if problems}


def _loose_turnover(asked: Asked, column: str, days: Days) -> tuple[int, ...]:
    counts = Finding.objects.filter(
        asked.branches, is_historical=False, **{f"{column}__range": days}
    ).aggregate(
        findings=Count("pk"),
        closed=Count("pk", filter=IS_CLOSED),
        days=Sum("days_to_close", default=0),
        timed=Count("days_to_close"),
    )
    return tuple(counts.values())


def _standing(asked: Asked) -> QuerySet[Finding]:
    """The standing findings of the loose days."""
    days = Q(pk__in=[])
    for span in asked.parted.loose:
        days |= Q(visited_on__range=span)
    return Finding.objects.filter(asked.branches, days, state__in=Finding.STANDING)


def _loose(asked: Asked, *columns: str) -> Iterable[dict[str, Any]]:
    if not asked.parted.loose:
        return []
    return (
        _standing(asked)
        .values(*columns)
        .annotate(
            problems=Sum("count"),
            closed=Sum("count", filter=IS_CLOSED, default=0),
            open=Sum("count", filter=IS_OPEN, default=0),
            overdue=Sum("count", filter=IS_OPEN & Q(due_on__lt=asked.today), default=0),
            people=Sum("persons"),
            impersonal=Sum("count", filter=Q(persons=0), default=0),
        )
    )


def _add(
    found: dict[Any, dict[str, Any]],
    key: object,
    names: Sequence[str],
    counts: Sequence[int],
    known: dict[str, Any] | None = None,
) -> None:
    row = found.setdefault(key, {**(known or {}), **dict.fromkeys(names, 0)})
    for name, count in zip(names, counts, strict=True):
        row[name] += count
