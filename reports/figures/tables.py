"""The published tables: the same problems by category, by unit and by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
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


MOST_CROSSED = 30


def codes_shown(reading: Reading) -> dict[str, str]:
    """{code: name} of the top categories that are printed.

    The four categories always; the five problems when one was found; a code without a name when it is in the rows.
    """
    found = {top for _, top in reading.by_month}
    names = reading.category_names
    shown = dict(names[Taxonomy.Scheme.SPEECH])
    if found & set(names[Taxonomy.Scheme.REPORT]):
        shown |= names[Taxonomy.Scheme.REPORT]
    return shown | {code: code for code in sorted(found - set(shown))}


def by_category(reading: Reading) -> list[CategoryRow]:
    """Problems of each top category and what has become of them."""
    groups = defaultdict(list)
    for (_, top), counts in reading.by_month.items():
        groups[top].append(counts)
    period = reading.period
    return [
        CategoryRow(
            code=code,
            name=name,
            tally=_tally(groups[code]),
            url=reading.lists.found_in(period, top=code),
            closed_url=reading.lists.found_in(period, top=code, state=lists.CLOSED),
            open_url=reading.lists.found_in(period, top=code, state=lists.OPEN),
            overdue_url=reading.lists.found_in(period, top=code, state=lists.OVERDUE),
        )
        for code, name in codes_shown(reading).items()
    ]


def by_unit(reading: Reading, *, crossed: int = MOST_CROSSED) -> list[UnitRow]:
    """Problems of each unit, the most overdue first, then the most problems.

    crossed: of how many, from the first, the categories are told too
    """
    period = reading.period
    ordered = reading.units
    categories = _categories(reading, [unit for unit, _ in ordered[:crossed]])
    return [
        UnitRow(
            unit_id=unit,
            name=counts["name"],
            code=counts["code"],
            is_unrecorded=counts["is_unrecorded"],
            tally=_tally([counts]),
            by_category=categories[unit],
            url=reading.lists.found_in(period, unit=unit),
            closed_url=reading.lists.found_in(period, unit=unit, state=lists.CLOSED),
            open_url=reading.lists.found_in(period, unit=unit, state=lists.OPEN),
            overdue_url=reading.lists.found_in(period, unit=unit, state=lists.OVERDUE),
        )
        for unit, counts in ordered
    ]


def by_month(reading: Reading) -> list[MonthRow]:
    """Problems of each month the period touches, also of the months without any."""
    groups: dict[date, dict[str, dict[str, int]]] = defaultdict(dict)
    for (month, top), counts in reading.by_month.items():
        groups[month][top] = counts
    return [
        MonthRow(
            month=month,
            tally=_tally(groups[month].values()),
            by_category={top: counts["problems"] for top, counts in groups[month].items()},
            url=reading.lists.found_in(month_of(month).within(reading.period)),
        )
        for month in reading.period.months
    ]


def _categories(reading: Reading, units: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if units:
        for (unit, top), problems in reading.crossed(units).items():
            found[unit][top] = problems
    return found


def _tally(rows: Iterable[dict[str, Any]]) -> Tally:
    found = list(rows)
    return Tally(
        **{name: sum(row[name] for row in found) for name in ("problems", "closed", "open", "overdue")}
    )
