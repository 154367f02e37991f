"""What was found, is open, was handed over and closed, in any span of days: exact, and as quick with ten million rows.

Whole months come from the roll-ups. Days of a month that is not whole are counted from the rows themselves, one month
at each end of the span at most; and not even these where the month holds nothing outside the span, as the present one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from conduct import spans
from conduct.spans import Days, Parted
from findings.models import Finding, Turnover, UnitTally
from findings.models.tally import Span
from people import tree

Rows = list[Sequence[Any]]
FOUND, DUE, TURNED, EDGE = "found", "due", "turned", "edge"
IS_OPEN = Q(state__in=Finding.OPEN)
IS_CLOSED = Q(state=Finding.State.CLOSED)
PROBLEMS = ("problems", "closed", "open", "overdue")
ALL_COUNTS = (*PROBLEMS, "people", "impersonal")
LONG = 500


def _texts(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


_CLOSED_SUM = f"SUM(CASE WHEN in_state = '{Finding.State.CLOSED}' THEN problems ELSE 0 END)"
_OPEN_SUM = f"SUM(CASE WHEN in_state IN ({_texts(Finding.OPEN)}) THEN problems ELSE 0 END)"
_STANDS = f"in_state IN ({_texts(Finding.STANDING)})"
_FOUND_ARM = f"""
    SELECT '{FOUND}' AS kind, month, top, SUM(problems), {_CLOSED_SUM}, {_OPEN_SUM}, SUM(persons), SUM(impersonal)
    FROM findings_categorytally
    WHERE {{branches}} AND month BETWEEN %s AND %s AND {_STANDS} GROUP BY month, top"""
_DUE_IN_EARLIER_MONTHS_ARM = f"""
    SELECT '{DUE}', month, top, SUM(CASE WHEN due_on < %s THEN problems ELSE 0 END), SUM(findings), 0,
        SUM(CASE WHEN due_on < %s THEN findings ELSE 0 END), 0
    FROM findings_categorydue
    WHERE {{branches}} AND span = '{Span.MONTH}' GROUP BY month, top"""
_DUE_IN_DAYS_ARM = f"""
    SELECT '{DUE}', month, top, SUM(CASE WHEN due_on < %s THEN problems ELSE 0 END), 0,
        SUM(CASE WHEN due_on >= %s THEN findings ELSE 0 END),
        SUM(CASE WHEN due_on < %s THEN findings ELSE 0 END), 0
    FROM findings_categorydue
    WHERE {{branches}} AND span = '{Span.DAY}' AND due_on BETWEEN %s AND %s GROUP BY month, top"""
_TURNED_ARM = f"""
    SELECT '{TURNED}', NULL, event, SUM(findings), SUM(closed), SUM(days), SUM(timed), 0
    FROM findings_turnover
    WHERE {{branches}} AND month BETWEEN %s AND %s GROUP BY event"""
_EDGE_ARM = f"SELECT '{EDGE}', NULL, '', COUNT(*), 0, 0, 0, 0 FROM findings_finding WHERE {{outside}}"
_BY_UNIT = f"""
    SELECT t.unit_id, u.name, u.code, u.path, u.is_unrecorded, SUM(problems), {_CLOSED_SUM}, {_OPEN_SUM}, 0
    FROM findings_unittally t JOIN people_unit u ON u.id = t.unit_id
    WHERE ({{inside}}) AND month BETWEEN %s AND %s AND {_STANDS}
    GROUP BY t.unit_id, u.name, u.code, u.path, u.is_unrecorded
    UNION ALL
    SELECT unit_id, '', '', '', FALSE, 0, 0, 0, SUM(problems) FROM findings_unitdue
    WHERE span = '{Span.MONTH}' AND due_on < %s AND month BETWEEN %s AND %s GROUP BY unit_id
    UNION ALL
    SELECT unit_id, '', '', '', FALSE, 0, 0, 0, SUM(problems) FROM findings_unitdue
    WHERE span = '{Span.DAY}' AND due_on >= %s AND due_on < %s AND month BETWEEN %s AND %s GROUP BY unit_id"""
_CROSSED = """
    SELECT unit_id, top, SUM(problems) FROM findings_crosstally
    WHERE unit_id IN ({units}) AND month BETWEEN %s AND %s GROUP BY unit_id, top"""


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
    def months(self) -> Days:
        """The first and the last month that are whole; without one, two between which nothing lies."""
        return self.parted.months or (date.max, date.min)

    @property
    def this_month(self) -> date:
        return spans.first_of_month(self.today)


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
    rows = _kept(asked, spans.edges(first, last))
    if any(row[3] for row in rows if row[0] == EDGE):
        asked = replace(asked, parted=spans.parted(first, last))
        rows = _kept(asked, ())
    of = {kind: [row[1:] for row in rows if row[0] == kind] for kind in (FOUND, DUE, TURNED)}
    by_category = _by_category(asked, of[FOUND], of[DUE])
    return Overview(asked, by_category, _on_desks(of[DUE]), _turned(asked, of[TURNED]))


def _by_category(asked: Asked, kept: Rows, dues: Rows) -> dict[tuple[date, str], dict[str, int]]:
    found = {
        (as_day(month), top): {
            "problems": problems,
            "closed": closed,
            "open": is_open,
            "overdue": 0,
            "people": people,
            "impersonal": impersonal,
        }
        for month, top, problems, closed, is_open, people, impersonal in kept
    }
    for month, top, overdue, *_ in dues:
        # What is overdue in another month than those asked for has no line to go to.
        if overdue and (counts := found.get((as_day(month), top))):
            counts["overdue"] += overdue
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


def _kept(asked: Asked, edges: Sequence[Days]) -> Rows:
    """Lines of what the roll-ups hold: kind, month, top category or event, and five counts that mean for

    FOUND:  problems, closed, open, people, impersonal
    DUE:    problems overdue; findings open, due soon, overdue; nothing
    TURNED: findings, closed, days, over how many; nothing
    EDGE:   findings that lie in the months but not in the span, in which case none of the above is right
    """
    if not asked.paths:
        return []
    branches = f"branch IN ({', '.join(['%s'] * len(asked.paths))})"
    paths, months, this_month = list(asked.paths), list(asked.months), asked.this_month
    arms = [_FOUND_ARM, _DUE_IN_EARLIER_MONTHS_ARM, _DUE_IN_DAYS_ARM, _TURNED_ARM]
    values: list[Any] = [*paths, *months, this_month, this_month, *paths]
    values += [asked.today, asked.today, asked.today, *paths, this_month, asked.soon, *paths, *months]
    if edges:
        columns = [f"{column} BETWEEN %s AND %s" for column in ("visited_on", "issued_on", "closed_on")]
        arms.append(_EDGE_ARM.format(outside=" OR ".join(columns * len(edges))))
        for days in edges:
            values += [*days] * 3
    return _rows(" UNION ALL ".join(arms).replace("{branches}", branches), values)


def by_unit(asked: Asked) -> dict[int, dict[str, Any]]:
    """{unit: name, code, path, is_unrecorded, problems, closed, open, overdue}, in no order."""
    found: dict[int, dict[str, Any]] = {}
    for unit, name, code, path, is_unrecorded, *counts in _kept_by_unit(asked):
        if unit in found or name:
            known = {"name": name, "code": code, "path": path, "is_unrecorded": bool(is_unrecorded)}
            _add(found, unit, PROBLEMS, counts, known)
    columns = ("unit_id", "unit__name", "unit__code", "unit__path", "unit__is_unrecorded")
    for row in _loose(asked, *columns):
        known = {name.removeprefix("unit__"): row[name] for name in columns[1:]}
        _add(found, row["unit_id"], PROBLEMS, [row[name] for name in PROBLEMS], known)
    return {unit: counts for unit, counts in found.items() if counts["problems"]}


def _kept_by_unit(asked: Asked) -> Rows:
    """The units of the branches by name, then overdue problems of any unit, without a name."""
    if not asked.paths:
        return []
    inside = " OR ".join(["(u.path >= %s AND u.path < %s)"] * len(asked.paths))
    values: list[Any] = [end for path in asked.paths for end in (path, tree.end_of(path))]
    months = list(asked.months)
    values += [*months, asked.this_month, *months, asked.this_month, asked.today, *months]
    return _rows(_BY_UNIT.replace("{inside}", inside), values)


def crossed(asked: Asked, units: Collection[int]) -> dict[tuple[int, str], int]:
    """{(unit, top category): problems} of a few units."""
    if not units:
        return {}
    found: dict[tuple[int, str], int] = {}
    rows = _rows(_CROSSED.format(units=", ".join(["%s"] * len(units))), [*units, *asked.months])
    if asked.parted.loose:
        loose = _standing(asked).filter(unit__in=units).values_list("unit_id", "top")
        rows += loose.annotate(problems_=Sum("count"))
    for unit, top, problems in rows:
        found[unit, top] = found.get((unit, top), 0) + problems
    return {key: problems for key, problems in found.items() if problems}


def _loose_turnover(asked: Asked, column: str, days: Days) -> tuple[int, ...]:
    counts = Finding.objects.filter(
        _branches(asked), is_historical=False, **{f"{column}__range": days}
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
    return Finding.objects.filter(_branches(asked), days, state__in=Finding.STANDING)


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
            overdue=Sum("count", filter=Q(runs_until__lt=asked.today), default=0),
            people=Sum("persons"),
            impersonal=Sum("count", filter=Q(persons=0), default=0),
        )
    )


def _branches(asked: Asked) -> Q:
    condition = Q(pk__in=[])
    for path in asked.paths:
        condition |= tree.below("unit__path", path)
    return condition


def _rows(text: str, values: Sequence[Any]) -> Rows:
    """What a statement finds: written out, because the query builder takes longer than the database."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def as_day(value: Any) -> date:
    """A date as either engine gives it to a plain query."""
    return value if isinstance(value, date) else date.fromisoformat(value)


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
