"""How many visits were made in any span of days, and to how many units: from the roll-up, loose days from the rows.

And what else figures need of this floor: the campaigns of the span, the names of the top categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from conduct import spans
from conduct.spans import Days, Parted
from inspections.models import Taxonomy, Visit
from people import tree

_MADE = """
    SELECT t.unit_id, SUM(t.made), SUM(t.untold)
    FROM inspections_visittally t JOIN people_unit u ON u.id = t.unit_id
    WHERE t.month BETWEEN %s AND %s AND ({inside}) GROUP BY t.unit_id"""
_BEYOND = " UNION ALL SELECT 0, COUNT(*), 0 FROM inspections_visit WHERE {outside}"


_RUN = """
    SELECT COUNT(*), SUM(stated_units_visited),
        SUM(CASE WHEN is_historical THEN stated_pool ELSE NULLIF(listed, 0) END)
    FROM (
        SELECT c.is_historical, c.stated_pool, c.stated_units_visited,
            (SELECT COUNT(*) FROM inspections_campaignunit n WHERE n.campaign_id = c.id) AS listed
        FROM inspections_campaign c JOIN people_unit u ON u.id = c.office_id
        WHERE ({inside}) AND c.starts_on <= %s AND c.ends_on >= %s
            AND (c.is_historical OR c.started_at IS NOT NULL) AND c.state <> 'cancelled' AND NOT c.is_revisit
    ) d"""


_TOPS = """
    SELECT t.scheme, c.code, c.name
    FROM inspections_problemcategory c JOIN inspections_taxonomy t ON t.id = c.taxonomy_id
    WHERE c.level = 1 ORDER BY t.version, c.ordinal, c.code"""


@dataclass(frozen=True, slots=True)
class CampaignsRun:
    """Campaigns of a span of days that have started. None: no source says.

    seen: how many units those saw whose source states just that
    pool: how many units they had to choose from
    """

    number: int
    seen: int | None
    pool: int | None


@dataclass(frozen=True, slots=True)
class VisitsMade:
    """Visits of a span of days that were really made.

    made:   recorded one by one, at a known unit
    units:  to how many different units these went
    untold: of which the source states only how many there were, or not at which unit
    """

    made: int
    units: int
    untold: int


def visits_made(*, paths: Iterable[str], first: date, last: date) -> VisitsMade:
    """The visits to the units of these branches."""
    branches = tuple(paths)
    rows = _kept(branches, spans.in_months(first, last), spans.edges(first, last))
    if any(count for unit, count, _ in rows if unit == 0):
        parted = spans.parted(first, last)
        rows = [*_kept(branches, parted, ()), *_loose(branches, parted)]
    return VisitsMade(
        made=sum(made for _, made, _ in rows),
        units=len({unit for unit, made, _ in rows if made}),
        untold=sum(untold for _, _, untold in rows),
    )


def top_names() -> dict[str, dict[str, str]]:
    """{scheme: {code: name}} of the top categories, in their newest published version."""
    names: dict[str, dict[str, str]] = {scheme.value: {} for scheme in Taxonomy.Scheme}
    for scheme, code, name in _rows(_TOPS, []):
        names[scheme][code] = name
    return names


def campaigns_run(*, paths: Iterable[str], first: date, last: date) -> CampaignsRun:
    """The campaigns of the offices of these branches."""
    branches = tuple(paths)
    if not branches:
        return CampaignsRun(0, None, None)
    text = _RUN.format(inside=_inside(branches))
    ((number, seen, pool),) = _rows(text, [*_ends(branches), last, first])
    return CampaignsRun(number, seen, pool)


def _inside(paths: tuple[str, ...]) -> str:
    return " OR ".join(["(u.path >= %s AND u.path < %s)"] * len(paths))


def _ends(paths: tuple[str, ...]) -> list[str]:
    return [end for path in paths for end in (path, tree.end_of(path))]


def _rows(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a statement finds: written out, because the query builder takes longer than the database."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def _kept(paths: tuple[str, ...], parted: Parted, edges: Sequence[Days]) -> list[tuple[Any, ...]]:
    """Unit, visits made, and untold ones; unit 0 for visits that lie in the months but not in the span."""
    if not paths:
        return []
    values: list[Any] = [*(parted.months or (date.max, date.min)), *_ends(paths)]
    text = _MADE.format(inside=_inside(paths))
    if edges:
        text += _BEYOND.format(outside=" OR ".join(["visited_on BETWEEN %s AND %s"] * len(edges)))
        values += [day for days in edges for day in days]
    return _rows(text, values)


def _loose(paths: tuple[str, ...], parted: Parted) -> Iterable[tuple[int, int, int]]:
    branches, days = Q(pk__in=[]), Q(pk__in=[])
    for path in paths:
        branches |= tree.below("unit__path", path)
    for span in parted.loose:
        days |= Q(visited_on__range=span)
    told = Q(campaign__stated_units_visited__isnull=True, unit__is_unrecorded=False)
    return (
        Visit.objects.filter(branches, days)
        .filter(Q(departed_at__isnull=False) | Q(is_historical=True))
        .exclude(state=Visit.State.ABORTED)
        .values_list("unit_id")
        .annotate(a=Count("pk", filter=told), b=Count("pk", filter=~told))
    )
