"""What the rows of a campaign of the past would become: units and indicators found by what the source calls them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from conduct import tables
from findings.rules import history as rules
from findings.rules.history import Line, Source, Trouble
from inspections.models import Campaign, ProblemCategory, Taxonomy
from people import access
from people.access import Asker
from people.models import Unit
from people.roles import Permission

UNRECORDED = "未记录单位"
COLUMNS = tuple(tables.Column(name, name, required=name in rules.REQUIRED_COLUMNS) for name in rules.COLUMNS)


@dataclass(frozen=True)
class Entry:
    """One line with what it will be filed under. unit None: the source does not name one."""

    line: Line
    unit: Unit | None
    category: ProblemCategory | None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """The whole file, row by row, and whether all of it can be taken in."""

    source: Source | None
    entries: tuple[Entry, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_clean(self) -> bool:
        return self.source is not None and not self.troubles

    @property
    def problems(self) -> int:
        return sum(entry.line.count for entry in self.entries)

    @property
    def persons(self) -> int:
        return sum(entry.line.persons for entry in self.entries)


def read(
    *, name: str, content: bytes, title: str, method: str, today: date
) -> tuple[Source | None, list[Trouble]]:
    """What a file says, and what is wrong with it.

    title, method: for a table, which says neither; a JSON campaign says both itself
    Raises:        Refused when the file cannot be read at all
    """
    if tables.is_json(content):
        raw = tables.read_json(name=name, content=content)
        if isinstance(raw, dict):
            return rules.read_case(raw, today=today)
    lines = tables.read(name=name, content=content, columns=COLUMNS)
    return rules.read_table(
        [(line.number, line.cells) for line in lines], title=title, method=method, today=today
    )


def imported_before(import_key: str) -> Campaign | None:
    """The campaign a file has already become."""
    return Campaign.objects.filter(import_key=import_key).first()


def preview(*, source: Source | None, troubles: Iterable[Trouble], office: Unit) -> Preview:
    """The rows as they would be filed under the office, each with what is wrong with it."""
    found = list(troubles)
    if source is None:
        return Preview(None, (), tuple(found))
    by_name = _units_by_name(office)
    by_code = current_indicators()
    entries = tuple(_entry(line, by_name, by_code) for line in source.lines)
    found += [Trouble(entry.line.row, text) for entry in entries for text in entry.troubles]
    return Preview(source, entries, tuple(found))


def current_indicators() -> dict[str, ProblemCategory]:
    """The indicators of the newest version of each scheme, by code."""
    newest = {taxonomy.scheme: taxonomy.pk for taxonomy in Taxonomy.objects.order_by("version")}
    rows = ProblemCategory.objects.filter(taxonomy__in=newest.values(), is_leaf=True).select_related(
        "taxonomy"
    )
    return {row.code: row for row in rows}


def _units_by_name(office: Unit) -> dict[str, list[Unit]]:
    names: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.under(office).filter(is_unrecorded=False):
        for name in {unit.name, unit.short_name, unit.code, *unit.aliases} - {""}:
            names[name].append(unit)
    return names


def _entry(line: Line, by_name: dict[str, list[Unit]], by_code: dict[str, ProblemCategory]) -> Entry:
    troubles = []
    units = by_name.get(line.unit, [])
    if line.unit and not units:
        troubles.append(
            f"没有叫“{line.unit}”的单位。请先在“单位”页导入单位，或把名称改成已有的全称、简称或别名。"
        )
    elif len(units) > 1:
        troubles.append(f"叫“{line.unit}”的单位有 {len(units)} 个，请改填单位代码。")
    category = by_code.get(line.indicator)
    if category is None:
        troubles.append(f"指标编码“{line.indicator}”不在现行分类中。请填最末一级的编码，如 D1-03。")
    return Entry(line, units[0] if len(units) == 1 else None, category, tuple(troubles))


def offices(user: Asker) -> QuerySet[Unit]:
    """The units for whose office this person may take in the past, the outermost first."""
    return Unit.objects.filter(
        access.within(user, Permission.HISTORY_IMPORT, path_field="path"), is_unrecorded=False, is_active=True
    ).order_by("path")
