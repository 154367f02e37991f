"""One step for several matters: each by the single action, with its own guards, transaction and outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from conduct import moves
from conduct.errors import MovedMeanwhile, Refused
from findings.models import Finding, Notice, Route
from findings.moves import finding as table
from people.models import User

from . import notices

Row = TypeVar("Row", Finding, Notice)
CHANGED = "页面打开之后这件事已有变动（也可能是您刚刚办过），没有再办一次。请看过最新情况再办。"


@dataclass(frozen=True)
class Outcome:
    """What came of one matter. said: the number of what was issued, or why it was not done"""

    row: Finding | Notice
    is_done: bool
    said: str = ""


@dataclass(frozen=True)
class Orders:
    """What is asked of every unit alike."""

    route: Route
    requirement: str
    contact: str


def one_by_one(
    *, rows: Iterable[Row], seen: Mapping[str, str], act: Callable[[Row], object]
) -> list[Outcome]:
    """Do it for each; what one is refused keeps none of the others from being done.

    seen: the versions the page showed, by key
    """
    return [_tried(row, seen, act) for row in rows]


def issue(
    *, rows: Sequence[Finding], seen: Mapping[str, str], orders: Orders, by: User, at: datetime
) -> list[Outcome]:
    """Send each unit its notices about those of the findings that are its own, in the order of the rows."""
    checked = [_tried(row, seen, _require_issuable) for row in rows]
    of_unit: dict[int, list[Finding]] = {}
    for row, outcome in zip(rows, checked, strict=True):
        if outcome.is_done:
            of_unit.setdefault(row.unit_id, []).append(row)
    came: dict[object, Outcome] = {outcome.row.pk: outcome for outcome in checked}
    for own in of_unit.values():
        for first in range(0, len(own), notices.MOST_FINDINGS):
            for outcome in _notice(own[first : first + notices.MOST_FINDINGS], orders, by, at):
                came[outcome.row.pk] = outcome
    return [came[row.pk] for row in rows]


def _notice(rows: Sequence[Finding], orders: Orders, by: User, at: datetime) -> list[Outcome]:
    """One notice about these, or for all of them why there is none."""
    demands = [notices.Demand(row, orders.route, orders.requirement) for row in rows]
    try:
        notice = notices.issue(demands=demands, contact=orders.contact, by=by, at=at)
    except Refused as refusal:
        return [Outcome(row, False, str(refusal)) for row in rows]
    return [Outcome(row, True, notice.number) for row in rows]


def _require_issuable(row: Finding) -> None:
    moves.require_from(row, table.ASSIGN)


def _tried(row: Row, seen: Mapping[str, str], act: Callable[[Row], object]) -> Outcome:
    try:
        if seen.get(str(row.pk), str(row.version)) != str(row.version):
            raise MovedMeanwhile(CHANGED)
        act(row)
    except Refused as refusal:
        return Outcome(row, False, str(refusal))
    return Outcome(row, True)
