"""What a unit's own ledger would become: units and categories found by what the file calls them, nothing saved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from conduct import imports, tables
from conduct.imports import HandedIn, Preview
from conduct.tables import Fault
from findings.models import LedgerEntry
from findings.rules import ledger_lines as rules
from findings.rules.ledger_lines import LedgerLine
from inspections.models import ProblemCategory
from people import access
from people.access import Asker
from people.models import Unit
from people.roles import Permission

from .history import current_indicators

MOST_ROWS = 5000
NEW, KNOWN = "新增", "已有"
SHOWN = ("日期", "责任单位", "分类", "问题", "责任人", "整改期限", "是否销号")
COLUMNS = tuple(
    tables.Column(name, name, required=name in rules.REQUIRED, also=also)
    for name, also in rules.HEADINGS.items()
)


@dataclass(frozen=True)
class Planned:
    """One line with what it would be filed under. is_known: it was taken in before"""

    line: LedgerLine
    unit: Unit
    category: ProblemCategory
    fingerprint: str
    is_known: bool


@dataclass(frozen=True)
class Plan:
    """What the file would become; nothing may be done while there are faults."""

    lines: tuple[LedgerLine, ...]
    planned: tuple[Planned, ...]
    faults: tuple[Fault, ...]

    @property
    def new(self) -> list[Planned]:
        return [row for row in self.planned if not row.is_known]

    @property
    def summary(self) -> str:
        known = len(self.planned) - len(self.new)
        return f"共 {len(self.lines)} 行：新增 {len(self.new)} 个问题，已有 {known} 个不再导入。"


def plan(*, file: HandedIn, user: Asker, today: date) -> Plan:
    """Read the file, and compare it with what was taken in before. Raises: Refused when it cannot be read at all"""
    read = tables.read(
        name=file.name, content=file.content, columns=COLUMNS, most_rows=MOST_ROWS, refuse_formulas=True
    )
    lines, troubles = rules.read([(line.number, line.cells) for line in read], today=today)
    faults = [Fault(trouble.row, trouble.text) for trouble in troubles]
    units, categories = _units(user), _categories()
    found: dict[str, Planned] = {}
    for line in lines:
        unit, category = _unit(line, units, faults), _category(line, categories, faults)
        if unit is None or category is None:
            continue
        mark = rules.fingerprint(unit=unit.pk, day=line.day, category=category.code, facts=line.facts)
        if mark in found:
            faults.append(Fault(line.row, f"与第 {found[mark].line.row} 行是同一个问题。请删去重复的一行。"))
            continue
        found[mark] = Planned(line, unit, category, mark, is_known=False)
    known = _known(found)
    planned = tuple(
        Planned(row.line, row.unit, row.category, mark, mark in known) for mark, row in found.items()
    )
    return Plan(tuple(lines), planned, tuple(sorted(faults, key=lambda fault: fault.row)))


def preview(plan: Plan, *, token: str) -> Preview:
    """The plan for the page."""
    marks = {row.line.row: KNOWN if row.is_known else NEW for row in plan.planned}
    return imports.preview(
        columns=SHOWN,
        rows=[(line.row, _cells(line), marks.get(line.row, "")) for line in plan.lines],
        faults=plan.faults,
        summary=plan.summary,
        token=token,
    )


def _cells(line: LedgerLine) -> list[str]:
    closed = {True: "是", False: "否", None: ""}[line.is_closed]
    due = line.due_on.isoformat() if line.due_on else ""
    return [line.day.isoformat(), line.unit, line.category, line.facts[:200], line.owner, due, closed]


def _units(user: Asker) -> dict[str, list[Unit]]:
    names: defaultdict[str, list[Unit]] = defaultdict(list)
    within = access.within(user, Permission.HISTORY_IMPORT, path_field="path")
    for unit in Unit.objects.filter(within, is_unrecorded=False):
        for name in {unit.name, unit.short_name, unit.code, *unit.aliases} - {""}:
            names[name].append(unit)
    return names


def _categories() -> dict[str, list[ProblemCategory]]:
    """The indicators by code and by name."""
    found: defaultdict[str, list[ProblemCategory]] = defaultdict(list)
    for code, category in current_indicators().items():
        found[code].append(category)
        found[category.name].append(category)
    return found


def _unit(line: LedgerLine, units: dict[str, list[Unit]], faults: list[Fault]) -> Unit | None:
    named = units.get(line.unit, [])
    if line.unit and not named:
        faults.append(
            Fault(
                line.row,
                f"没有叫“{line.unit}”的单位，或不在您的范围内。请改成已有的全称、简称、别名或单位代码。",
                "责任单位",
            )
        )
    elif len(named) > 1:
        faults.append(
            Fault(line.row, f"叫“{line.unit}”的单位有 {len(named)} 个，请改填单位代码。", "责任单位")
        )
    return named[0] if len(named) == 1 else None


def _category(
    line: LedgerLine, categories: dict[str, list[ProblemCategory]], faults: list[Fault]
) -> ProblemCategory | None:
    named = categories.get(rules.code_of(line.category)) or categories.get(line.category, [])
    if line.category and len(named) != 1:
        faults.append(
            Fault(
                line.row,
                f"“{line.category[:40]}”不在现行分类中。请填最末一级的编码（如 D1-03）或它的全名。",
                "分类",
            )
        )
    return named[0] if len(named) == 1 else None


def _known(marks: dict[str, Planned]) -> set[str]:
    return set(LedgerEntry.objects.filter(fingerprint__in=list(marks)).values_list("fingerprint", flat=True))
