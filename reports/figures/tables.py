"""The published tables: the same problems by category, by unit and by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from inspections.models import Taxonomy
from reports.rules.periods import month_of

from . import lists
from .figure import CategoryRow, MonthRow, Tally, UnitRow
from .reading import Reading

BY_CATEGORY = (
    "检查日期在统计期内的问题，按问题分类的最上一级归类，按起数计；"
    "“在办”为已交办未销号，“逾期”为在办中超过整改期限的。属实待交办和历史存档的问题只计入问题数。"
)
BY_UNIT = "检查日期在统计期内的问题，按责任单位归类，按起数计；逾期多的排在前面。"
BY_MONTH = "检查日期在统计期内的问题，按检查日期所在月份和问题分类归类，按起数计。"


def codes_shown(reading: Reading) -> dict[str, str]:
    """{code: name} of the top categories that are printed.

    The four categories always; the five problems when one was found; a code without a name when it is in the rows.
    """
    found = {row["top"] for row in reading.by_month}
    names = reading.category_names
    shown = dict(names[Taxonomy.Scheme.SPEECH])
    if found & set(names[Taxonomy.Scheme.REPORT]):
        shown |= names[Taxonomy.Scheme.REPORT]
    return shown | {code: code for code in sorted(found - set(shown))}


def by_category(reading: Reading) -> list[CategoryRow]:
    """Problems of each top category and what has become of them."""
    groups = _grouped(reading.by_month, "top")
    period = reading.period
    return [
        CategoryRow(
            code=code,
            name=name,
            tally=_tally(groups.get(code, ())),
            url=lists.found_in(period, top=code),
            closed_url=lists.found_in(period, top=code, state=lists.CLOSED),
            open_url=lists.found_in(period, top=code, state=lists.OPEN),
            overdue_url=lists.found_in(period, top=code, state=lists.OVERDUE),
        )
        for code, name in codes_shown(reading).items()
    ]


def by_unit(reading: Reading) -> list[UnitRow]:
    """Problems of each unit, the most overdue first, then the most problems."""
    period = reading.period
    rows = [
        UnitRow(
            unit_id=unit,
            name=group[0]["unit__name"],
            is_unrecorded=group[0]["unit__is_unrecorded"],
            tally=_tally(group),
            by_category={row["top"]: row["problems"] for row in group},
            url=lists.found_in(period, unit=unit),
            closed_url=lists.found_in(period, unit=unit, state=lists.CLOSED),
            open_url=lists.found_in(period, unit=unit, state=lists.OPEN),
            overdue_url=lists.found_in(period, unit=unit, state=lists.OVERDUE),
        )
        for unit, group in _grouped(reading.by_unit, "unit_id").items()
    ]
    return sorted(rows, key=lambda row: (-row.tally.overdue, -row.tally.problems))


def by_month(reading: Reading) -> list[MonthRow]:
    """Problems of each month the period touches, also of the months without any."""
    groups = _grouped(reading.by_month, "month")
    return [
        MonthRow(
            month=month,
            tally=_tally(groups.get(month, ())),
            by_category={row["top"]: row["problems"] for row in groups.get(month, ())},
            url=lists.found_in(month_of(month).within(reading.period)),
        )
        for month in reading.period.months
    ]


def _grouped(rows: Iterable[dict[str, Any]], column: str) -> dict[Any, list[dict[str, Any]]]:
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def _tally(rows: Iterable[dict[str, Any]]) -> Tally:
    found = list(rows)
    return Tally(
        **{name: sum(row[name] for row in found) for name in ("problems", "closed", "open", "overdue")}
    )
