"""Units from a file: read, compared with the tree, and put in place all together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from conduct import audit, jobs, tables
from conduct.cleaning import clean_line
from conduct.errors import Refused
from conduct.tables import Column, Fault, Faults, Line
from people import access, tree
from people.models import Unit, User
from people.roles import Permission

from . import units

COLUMNS = (
    Column("code", "单位代码", required=True),
    Column("name", "单位名称", required=True, also=("名称",)),
    Column("short_name", "简称"),
    Column("parent", "上级单位代码", also=("parent_code",)),
    Column("kind", "类型"),
    Column("aliases", "别名"),
)
EXAMPLES = (
    ("1000", "示例市", "", "", "县（市、区）", ""),
    ("1100", "示例市行政审批局", "市审批局", "1000", "政府部门", "政务服务局、审批服务局"),
)
KINDS = {name: value for value, name in Unit.Kind.choices} | {value: value for value in Unit.Kind.values}
LIMITS = {"code": 30, "name": 100, "short_name": 40}
SPLIT = str.maketrans({"，": "、", ",": "、", "；": "、", ";": "、", "\n": "、"})
NEW, CHANGED, SAME = "新增", "修改", "不变"


@dataclass
class Wanted:
    """A unit as the file wants it. parent: code of the unit above, "" for the top."""

    row: int
    code: str
    name: str
    short_name: str
    parent: str
    kind: str
    aliases: list[str]
    mark: str = SAME

    @property
    def cells(self) -> list[str]:
        return [
            self.code,
            self.name,
            self.short_name,
            self.parent,
            Unit.Kind(self.kind).label,
            "、".join(self.aliases),
        ]


@dataclass
class Plan:
    """What an import would do to the tree; nothing may be done while there are faults."""

    wanted: list[Wanted]
    faults: list[Fault] = field(default_factory=list)

    def count(self, mark: str) -> int:
        """How many units are new, changed or the same."""
        return sum(1 for item in self.wanted if item.mark == mark)

    @property
    def summary(self) -> str:
        return (
            f"共 {len(self.wanted)} 个单位：新增 {self.count(NEW)} 个，修改 {self.count(CHANGED)} 个，"
            f"不变 {self.count(SAME)} 个。"
        )


def read(*, name: str, content: bytes) -> list[Line]:
    """The rows of a units file. Raises: Refused when it cannot be read at all"""
    return tables.read(name=name, content=content, columns=COLUMNS)


def plan(*, lines: Sequence[Line], top_code: str = "") -> Plan:
    """Compare the rows with the tree; all faults at once, with their row numbers.

    top_code: where units without a parent hang, during the first run, when no unit exists yet
    """
    faults = Faults()
    wanted = [_wanted(line, faults) for line in lines]
    known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
    tops = [unit.code for unit in known.values() if unit.parent is None and not unit.is_unrecorded]
    top = top_code or (tops[0] if tops else "")
    _mend_tops(wanted, top, faults)
    first_rows = _once(wanted, faults)
    parents = {unit.code: unit.parent.code if unit.parent else "" for unit in known.values()}
    if top_code:
        parents.setdefault(top_code, "")
    parents |= {item.code: item.parent for item in wanted if item.code}
    for item in wanted:
        if item.parent and item.parent not in parents:
            faults.add(
                item.row,
                f"“{item.parent}”既不在文件里，也不在系统里。请核对，或先补上这个上级单位。",
                "上级单位代码",
            )
        elif item.code and (circle := _circle(item.code, parents)):
            faults.add(
                item.row, f"上下级绕成了圈：{' → '.join(circle)}。请核对上级单位代码。", "上级单位代码"
            )
        elif _depth(item.code, parents) > units.MOST_LEVELS:
            faults.add(item.row, f"单位最多分 {units.MOST_LEVELS} 级，请核对上级单位代码。", "上级单位代码")
    if too_deep := [
        code for code in known if code not in first_rows and _depth(code, parents) > units.MOST_LEVELS
    ]:
        faults.add(0, f"移动后“{known[too_deep[0]].name}”会超过 {units.MOST_LEVELS} 级，请核对上级单位代码。")
    _names_are_free(wanted, known, parents, faults)
    for item in wanted:
        item.mark = _mark(item, known.get(item.code))
    return Plan(wanted, faults.in_order())


@transaction.atomic
def carry_out(*, plan: Plan, by: audit.Actor, at: datetime, file_sha256: str = "") -> int:
    """Put the plan in place; returns how many units were added or changed.

    Raises: Refused when the plan has faults (nothing is written)
    """
    if plan.faults:
        raise Refused(f"文件有 {len(plan.faults)} 处要改，没有导入。{plan.faults[0]}")
    if isinstance(by, User):
        access.require_everywhere(by, Permission.UNITS_EDIT)
    changed = [item for item in plan.wanted if item.mark != SAME]
    paths = dict(Unit.objects.values_list("pk", "path"))
    try:
        with transaction.atomic():
            _place(changed)
    except IntegrityError as fault:
        raise Refused(
            "有单位互换了名称，或有人同时在修改单位，没有导入。请分两次改名，或稍后再试。"
        ) from fault
    if any(path != paths.get(pk, path) for pk, path in Unit.objects.values_list("pk", "path")):
        # Who finds a text hangs on the place of its unit.
        jobs.start("conduct.reread_search", by=by, at=at)
    if changed:
        audit.record(
            at=at,
            by=by,
            verb="people.units_imported",
            label="导入单位",
            subject=Unit.objects.get(code=changed[0].code),
            details={"new": plan.count(NEW), "changed": plan.count(CHANGED), "file_sha256": file_sha256},
        )
    return len(changed)


def _place(changed: list[Wanted]) -> None:
    placed = {unit.code: unit for unit in Unit.objects.all()}
    for item in _top_down(changed, placed):
        parent = placed.get(item.parent)
        if item.code in placed:
            _change(placed[item.code], item, parent)
            placed |= {unit.code: unit for unit in Unit.objects.under(placed[item.code])}
        else:
            placed[item.code] = Unit.objects.create(
                code=item.code, parent=parent, path=units.next_path(parent), **_columns(item)
            )


def _wanted(line: Line, faults: Faults) -> Wanted:
    texts = {column.key: clean_line(line[column.key]) for column in COLUMNS if column.key != "aliases"}
    for column in COLUMNS:
        if column.required and not texts[column.key]:
            faults.add(line.number, "没有填写，请补上。", column.title)
        limit = LIMITS.get(column.key, 0)
        if limit and len(texts[column.key]) > limit:
            faults.add(
                line.number,
                f"最多 {limit} 个字，现在是 {len(texts[column.key])} 个字，请缩短。",
                column.title,
            )
    kind = KINDS.get(texts["kind"] or Unit.Kind.GOVERNMENT.label)
    if kind is None:
        faults.add(line.number, f"“{texts['kind']}”不能识别，请填：{'、'.join(Unit.Kind.labels)}。", "类型")
    aliases = [alias for part in line["aliases"].translate(SPLIT).split("、") if (alias := clean_line(part))]
    return Wanted(
        line.number,
        texts["code"],
        texts["name"],
        texts["short_name"],
        texts["parent"],
        kind or Unit.Kind.OTHER,
        aliases,
    )


def _mend_tops(wanted: list[Wanted], top: str, faults: Faults) -> None:
    """Units without a parent hang under the one top; without any top yet, only one of them may be it."""
    tops = [item for item in wanted if not item.parent and item.code != top]
    if top:
        for item in tops:
            item.parent = top
    else:
        for item in tops[1:]:
            faults.add(
                item.row,
                f"最上级单位只能有一个，第 {tops[0].row} 行“{tops[0].name}”已经是。请填写。",
                "上级单位代码",
            )


def _once(wanted: list[Wanted], faults: Faults) -> dict[str, int]:
    first: dict[str, int] = {}
    for item in wanted:
        if item.code in first:
            faults.add(item.row, f"“{item.code}”与第 {first[item.code]} 行重复，请改正其中一个。", "单位代码")
        elif item.code:
            first[item.code] = item.row
    return first


def _names_are_free(
    wanted: list[Wanted], known: dict[str, Unit], parents: dict[str, str], faults: Faults
) -> None:
    listed = {item.code for item in wanted}
    taken = {(parents[unit.code], unit.name): "系统里" for unit in known.values() if unit.code not in listed}
    for item in wanted:
        place = taken.setdefault((item.parent, item.name), f"第 {item.row} 行")
        if item.name and place != f"第 {item.row} 行":
            faults.add(item.row, f"同一上级下面{place}已经有“{item.name}”，请核对。", "单位名称")


def _circle(code: str, parents: dict[str, str]) -> list[str]:
    """The codes of the circle the unit stands in; empty when it stands in none."""
    seen = [code]
    above = parents.get(code, "")
    while above and above not in seen:
        seen.append(above)
        above = parents.get(above, "")
    return [*seen, code] if above == code else []


def _depth(code: str, parents: dict[str, str]) -> int:
    depth, seen = 1, {code}
    while (code := parents.get(code, "")) and code not in seen:
        seen.add(code)
        depth += 1
    return depth


def _mark(item: Wanted, unit: Unit | None) -> str:
    if unit is None:
        return NEW
    parent = unit.parent.code if unit.parent else ""
    now = (unit.name, unit.short_name, unit.kind, list(unit.aliases), parent)
    return SAME if now == (item.name, item.short_name, item.kind, item.aliases, item.parent) else CHANGED


def _top_down(changed: list[Wanted], placed: dict[str, Unit]) -> list[Wanted]:
    """Parents before their children, whatever their order in the file."""
    waiting = {item.code: item for item in changed}
    ordered: list[Wanted] = []

    def place(item: Wanted) -> None:
        if waiting.pop(item.code, None) is None:
            return
        if item.parent in waiting:
            place(waiting[item.parent])
        ordered.append(item)

    for item in changed:
        place(item)
    return ordered


def _columns(item: Wanted) -> dict[str, object]:
    return {
        "name": item.name,
        "short_name": item.short_name,
        "aliases": item.aliases,
        "kind": item.kind,
        **units.sounds(item.name, item.short_name, *item.aliases),
    }


def _change(unit: Unit, item: Wanted, parent: Unit | None) -> None:
    changes = _columns(item)
    if parent and unit.parent_id != parent.pk:
        moved = units.next_path(parent)
        _carry_branch(unit, moved)
        changes |= {"parent": parent, "path": moved}
    Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1, **changes)
    unit.refresh_from_db()


def _carry_branch(unit: Unit, moved: str) -> None:
    """Give everything below the unit its new path, the unit itself excepted."""
    below = list(Unit.objects.filter(tree.below("path", unit.path)).exclude(pk=unit.pk))
    for child in below:
        child.path = moved + child.path[len(unit.path) :]
    Unit.objects.bulk_update(below, ["path"])
