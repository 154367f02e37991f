"""Counts every roll-up of visits and findings anew from the rows, and names the first cell that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from conduct import rollups
from conduct.rollups import Difference
from conduct.verifying import Checked, Step
from findings.models import (
    CategoryDue,
    CategoryTally,
    CrossTally,
    Finding,
    Turnover,
    UnitDue,
    UnitTally,
)
from findings.models import tally as finding_tally
from findings.models.tally import NEVER, Span
from findings.queries.tallies import as_day
from inspections.models import VisitTally
from inspections.models import tally as visit_tally
from people.models import Unit

COUNTED = (visit_tally.COUNTED, finding_tally.COUNTED)
NAMES: dict[type[Model], str] = {
    VisitTally: "检查统计",
    CategoryTally: "问题分类统计",
    UnitTally: "单位问题统计",
    CrossTally: "单位分类统计",
    CategoryDue: "分类期限统计",
    UnitDue: "单位期限统计",
    Turnover: "交办销号统计",
}
MEASURES = {
    "findings": "问题{}件",
    "problems": "问题{}起",
    "persons": "涉及{}人次",
    "impersonal": "不涉及具体人员的{}起",
    "closed": "已销号{}件",
    "days": "整改用时合计{}个工作日",
    "timed": "计入用时的{}件",
    "made": "检查{}次",
    "untold": "未逐次记录的检查{}次",
}
STATES = dict(Finding.State.choices)
EVENTS = {Turnover.Event.ISSUED: "交办", Turnover.Event.CLOSED: "销号"}
REMEDY = "请系统管理员运行 manage.py rebuild_tallies 重算。"


def check(*, at: datetime, on_step: Step) -> Checked:
    """Recount all; stops at the first cell that is wrong."""
    cells, done = 0, 0
    total = sum(len(counted.rollups) for counted in COUNTED)
    for counted in COUNTED:
        if missing := rollups.missing(connection, counted):
            fault = f"统计表的触发器不全：缺 {missing[0]}，此后的变动没有计入。请运行 manage.py migrate 补齐并重算。"
            return Checked(_looked_at(cells), fault)
        for rollup in counted.rollups:
            cells += rollups.cells(rollup)
            first = next(rollups.differences(counted, rollup), None)
            if first is not None:
                return Checked(_looked_at(cells), f"{told(first)}{REMEDY}")
            done += 1
            on_step(done, total)
    return Checked(_looked_at(cells))


def told(difference: Difference) -> str:
    """Which cell, what the rows come to and what the roll-up holds."""
    cell = difference.cell
    words = [
        words for name, describe in CELL.items() if name in cell and (words := describe(cell[name], cell))
    ]
    unlike = [name for name, kept in difference.kept.items() if kept != difference.recounted[name]]
    counted = "、".join(MEASURES[name].format(difference.recounted[name]) for name in unlike)
    kept = "、".join(MEASURES[name].format(difference.kept[name]) for name in unlike)
    return f"{NAMES[difference.model]}不符，{'，'.join(words)}：逐条核算{counted}，统计表记{kept}。"


def _looked_at(cells: int) -> str:
    return f"复算统计 {cells} 格"


def _branch(path: str, cell: dict[str, Any]) -> str:
    return f"{_unit_name(path=path)}及下级"


def _unit(pk: int, cell: dict[str, Any]) -> str:
    return _unit_name(pk=pk)


def _unit_name(**which: Any) -> str:
    unit = Unit.objects.filter(**which).first()
    return unit.name if unit else "未知单位"


def _month(day: Any, cell: dict[str, Any]) -> str:
    doing = EVENTS.get(cell.get("event", ""), "检查")
    return f"{_month_words(day)}{doing}"


def _due(day: Any, cell: dict[str, Any]) -> str:
    if as_day(day).year == NEVER.year:
        return "不在计时"
    return f"{_month_words(day)}{f'{as_day(day).day}日' if cell['span'] == Span.DAY else ''}到期"


def _month_words(day: Any) -> str:
    return f"{as_day(day).year}年{as_day(day).month}月"


CELL: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "branch": _branch,
    "unit_id": _unit,
    "month": _month,
    "top": lambda code, cell: f"{code}类",
    "in_state": lambda state, cell: STATES.get(state, state),
    "due_on": _due,
}
