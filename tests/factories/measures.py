"""Decisions of competent bodies, recorded through the product's own action."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accountability.actions import catalogue as loading
from accountability.actions import measures
from accountability.actions.measures import Entry
from accountability.models import Catalogue, Measure, MeasureKind
from accountability.queries import catalogue
from findings.models import Finding

from .cast import AT, Cast

DECIDED = date(2026, 3, 2)
NAME = "丁某某"
POST = "综合窗口负责人"
REASON = "决定机关已核实，依决定书登记。"


def kind(code: str) -> MeasureKind:
    """A measure of the catalogue in force, also after tables were emptied."""
    if not Catalogue.objects.exists():
        loading.load_shipped()
    return catalogue.get(code)


def entry(code: str = "P-ADMON", **changes: Any) -> Entry:
    """What a clerk would record: the one directly responsible, heard on the day, leaders not held."""
    given: dict[str, Any] = {
        "target": "person",
        "person_post": POST,
        "person_kind": "both",
        "name": NAME,
        "level": "direct",
        "leader_side": "not_held",
        "leader_reason": "领导已履行管理责任，当日即发现并报告。",
        "origin": "own",
        "authority": "安平市纪委监委",
        "decided_on": DECIDED,
        "decision_number": "安纪决〔2026〕8号",
        "heard_on": DECIDED,
    }
    return Entry(kind=kind(code), **given | changes)


def of_leader(code: str = "P-TALK", **changes: Any) -> Entry:
    """A measure against the leader."""
    given = {
        "level": "main_leader",
        "leader_side": "",
        "leader_reason": "",
        "name": "",
        "person_post": "局长",
    }
    return entry(code, **given | changes)


def of_unit(code: str = "UNIT-CRITIC", **changes: Any) -> Entry:
    """A measure against the unit."""
    return entry(code, **{"target": "unit", "person_post": "", "person_kind": "", "name": ""} | changes)


def measure_on(
    cast: Cast, finding: Finding, code: str = "P-ADMON", *, at: datetime = AT, **changes: Any
) -> Measure:
    """One recorded by the cast's clerk."""
    return measures.record(finding=finding, entry=entry(code, **changes), by=cast.clerk, at=at)
