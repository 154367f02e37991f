"""Two people edited one record: what each of them wrote, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from conduct import audit
from conduct.clock import SHANGHAI
from conduct.dates import cn_date
from conduct.shapes import Conflict, Difference
from inspections.models import Method, Observation, Visit

from .content import FIELDS, SEEN_FIELDS

# The form does not ask how often a thing was seen: that comes with history alone.
TYPED_FIELDS = tuple(name for name in SEEN_FIELDS if name != "count")

LABELS = {
    "method": "检查方式",
    "visited_on": "检查日期",
    "arrived_at": "到达时间",
    "left_at": "离开时间",
    "department": "科室（窗口）",
    "place": "地点",
    "accompanied_by": "单位在场人员",
    "expected_count": "应到",
    "present_count": "实到",
    "leave_count": "请假",
    "official_out_count": "公出",
    "absent_count": "缺岗",
    "no_problem": "未发现问题",
    "unit_statement": "单位当场说明",
    "unit_signature": "单位签字情况",
}


def between(visit: Visit, typed: Any) -> Conflict:
    """What is stored now beside what was typed. typed: a record with the visit's columns and `seen`."""
    last = audit.history_of(subject=visit).last()
    return Conflict(
        by=last.actor_name if last else "",
        at=last.at if last else visit.created_at,
        reload_url=reverse("inspections:visit_edit", args=[visit.pk]),
        fields=[*_columns(visit, typed), *_observations(visit, typed)],
    )


def is_same(visit: Visit, typed: Any) -> bool:
    """Whether what was typed says what is stored, photos aside; things seen are compared in their order."""
    rows = list(visit.observations.select_related("category").order_by("ordinal"))
    return (
        not list(_columns(visit, typed))
        and len(rows) == len(typed.seen)
        and all(_says(row, item) for row, item in zip(rows, typed.seen, strict=True))
    )


def _says(row: Observation, item: Any) -> bool:
    chosen = (item.category.pk if item.category else None, item.rule_item.pk if item.rule_item else None)
    return (row.category_id, row.rule_item_id) == chosen and all(
        getattr(row, name) == getattr(item, name) for name in TYPED_FIELDS
    )


def _columns(visit: Visit, typed: Any) -> Iterator[Difference]:
    for name in FIELDS:
        theirs, yours = getattr(visit, name), getattr(typed, name)
        if theirs != yours:
            yield Difference(LABELS[name], _words(name, theirs), _words(name, yours))


def _observations(visit: Visit, typed: Any) -> Iterator[Difference]:
    ours = {item.observation: item for item in typed.seen if item.observation}
    for number, row in enumerate(visit.observations.select_related("category").order_by("ordinal"), start=1):
        item = ours.pop(row.pk, None)
        if item is None:
            yield Difference(f"第{number}条", _told(row), "")
        elif not _says(row, item):
            yield Difference(f"第{number}条", _told(row), _told(item))
    gone = [item for item in typed.seen if item.observation in ours or item.observation is None]
    for item in gone:
        yield Difference("您的一条", "", _told(item))


def _told(item: Any) -> str:
    """A thing seen with all that was written about it, a line each."""
    persons = f"{item.persons}人" if item.persons else ""
    more = (
        ("时间", item.seen_at.strftime("%H:%M") if item.seen_at else ""),
        ("地点", item.place),
        ("涉及人员", " ".join(part for part in (item.person_post, persons) if part)),
        ("所涉规定", str(item.rule_item) if item.rule_item else ""),
        ("当场处置", item.handled_on_spot),
        ("单位说明", item.unit_said),
    )
    return "\n".join(
        [
            f"{item.category or '未选问题指标'}：{item.facts}",
            *(f"{label}：{text}" for label, text in more if text),
        ]
    )


def _words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "method":
        return str(Method(value).label)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%H:%M}"
    return cn_date(value) if isinstance(value, date) else str(value)
