"""What competent bodies decided because of some of the matters of the city that were closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from accountability.actions import measures
from accountability.actions.measures import Entry
from accountability.queries import catalogue
from conduct import clock
from findings.models import Finding

from .stage import Stage

COMMISSION, BUREAU = "安平市纪委监委", "安平市委组织部"
HELD = {"leader_side": "held"}
NOT_HELD = {
    "leader_side": "not_held",
    "leader_reason": "单位主要负责人当日发现并已批评纠正，履行了管理责任。",
}
DIRECT: dict[str, Any] = {"target": "person", "person_kind": "both", "level": "direct"}
LEADER: dict[str, Any] = {"target": "person", "person_kind": "both", "level": "main_leader"}
# Of so many closed matters one leads to a decision.
APART = 7
# Measure by measure, what the decision says.
CASES: tuple[tuple[tuple[str, dict[str, Any]], ...], ...] = (
    (("P-SUSPEND", {**DIRECT, **NOT_HELD, "person_post": "执法队员", "decided_months": 1}),),
    (
        ("Z-WARN", {**DIRECT, **HELD, "person_post": "科长", "name": "戊某某"}),
        ("P-TALK", {**LEADER, "person_post": "分管副局长", "name": "己某某"}),
    ),
    (("UNIT-CRITIC", {"target": "unit", "level": "direct", **NOT_HELD, "origin": "superior"}),),
    (("P-CRITIC", {**DIRECT, **HELD, "person_post": "值班员"}),),
    (("P-ADMON", {**DIRECT, **NOT_HELD, "person_post": "窗口负责人", "name": "丁某某"}),),
)


def cases() -> Iterator[tuple[tuple[str, dict[str, Any]], ...]]:
    """What is decided about the closed matters, one after the other: mostly nothing."""
    for number in count():
        place, rest = divmod(number, APART)
        yield CASES[place] if not rest and place < len(CASES) else ()


def take(stage: Stage, finding: Finding, moment: datetime) -> None:
    """Record what was decided about this matter on this day, if anything was."""
    kinds = {kind.code: kind for kind in catalogue.kinds()}
    day = clock.day_of(moment)
    for number, (code, said) in enumerate(next(stage.measures), start=1):
        given: dict[str, Any] = {
            "origin": "own",
            "authority": BUREAU if kinds[code].category == "组织处理" else COMMISSION,
            "decided_on": day,
            "decision_number": f"安纪决〔{day.year}〕{day.month * 10 + number}号",
            "heard_on": day,
        }
        entry = Entry(kind=kinds[code], **given | said)
        measures.record(finding=finding, entry=entry, by=stage.city.clerks[0], at=moment)
