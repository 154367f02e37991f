from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from conduct import moves
from conduct.errors import NotFromHere, Refused
from findings.models import Finding, FindingObservation
from findings.moves import finding as table
from findings.queries import hearing
from findings.rules import triage
from inspections.models import Cause, Observation, ProblemCategory, RuleItem
from people import access
from people.models import User
from people.roles import Permission

from .observations import lock, taken


@dataclass(frozen=True)
class Particulars:
    """What the office writes down about a problem.

    persons:      how many people it concerns, 0 when nobody in particular
    count:        how many like cases it stands for, at least 1
    names_person: goes without saying where a post or a number of persons is given
    """

    title: str
    facts: str
    category: ProblemCategory
    department: str = ""
    place: str = ""
    person_post: str = ""
    persons: int = 0
    count: int = 1
    names_person: bool = False
    rule_item: RuleItem | None = None
    grade: int | None = None
    causes: Sequence[Cause] = ()

    def columns(self) -> dict[str, Any]:
        """The same as columns of a finding; causes are rows of their own."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "causes"}
        names_person = self.names_person or bool(self.person_post) or self.persons > 0
        return values | {"top": self.category.top, "names_person": names_person}


@transaction.atomic
def raise_from(
    *, observations: Sequence[Observation], particulars: Particulars, by: User, at: datetime, reason: str = ""
) -> Finding:
    """Make one finding of one or several observations of the same unit."""
    held = lock(observations)
    units = {observation.visit.unit_id: observation.visit.unit for observation in held}
    for unit in units.values():
        access.require(by, Permission.FINDING_TRIAGE, unit=unit)
    if objection := triage.objection_to_raising(unit_ids=units.keys(), taken=taken(held)):
        raise Refused(objection)
    day = first_day(held)
    finding = Finding(
        unit=held[0].visit.unit,
        visited_on=day,
        month=day.replace(day=1),
        raised_by=by,
        raised_at=at,
        **particulars.columns(),
    )
    moves.born(finding, state=Finding.State.NEW, by=by, at=at, label="列为问题", reason=reason)
    FindingObservation.objects.bulk_create(
        FindingObservation(finding=finding, observation=seen) for seen in held
    )
    finding.causes.set(particulars.causes)
    return finding


@transaction.atomic
def amend(*, finding: Finding, particulars: Particulars, expected: int, by: User, at: datetime) -> Finding:
    """Put in words, classify and grade a finding while the office is still looking into it.

    Raises: MovedMeanwhile when someone else saved first
    """
    access.require(by, Permission.FINDING_TRIAGE, unit=finding.unit)
    if finding.state not in (Finding.State.NEW, Finding.State.VERIFYING):
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，认定之后不能再修改内容。")
    moves.revise(
        finding, expected=expected, by=by, at=at, verb="amend", label="修改研判内容", **particulars.columns()
    )
    finding.causes.set(particulars.causes)
    return finding


@transaction.atomic
def start_verifying(*, finding: Finding, by: User, at: datetime, reason: str = "") -> Finding:
    """Begin to check the facts."""
    access.require(by, Permission.FINDING_TRIAGE, unit=finding.unit)
    if objection := triage.objection_to_verifying(grade=finding.grade, grounds=finding.links.count()):
        raise Refused(objection)
    moves.carry_out(finding, table.START_VERIFYING, by=by, at=at, reason=reason)
    return finding


def confirm(*, finding: Finding, by: User, at: datetime, reason: str) -> Finding:
    """Find the facts true."""
    return _judge(finding, table.CONFIRM, by=by, at=at, reason=reason)


def confirm_partly(*, finding: Finding, by: User, at: datetime, reason: str, facts: str = "") -> Finding:
    """Find part of the facts true; the reason is served on the unit with the notice.

    facts: what stands, which is what the notice will say; empty where the present wording stands already
    """
    earlier = finding.facts
    stands = {"facts": facts.strip() or earlier, "earlier_facts": earlier}
    details = {"earlier_facts": earlier}
    return _judge(finding, table.CONFIRM_PARTLY, by=by, at=at, reason=reason, details=details, **stands)


def dismiss(*, finding: Finding, by: User, at: datetime, reason: str) -> Finding:
    """Find the facts not true: the matter ends here; a unit that was asked about it is told so."""
    return _judge(finding, table.DISMISS, by=by, at=at, reason=reason)


@transaction.atomic
def _judge(
    finding: Finding,
    move: moves.Move,
    *,
    by: User,
    at: datetime,
    reason: str,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> Finding:
    access.require(by, Permission(move.permission), unit=finding.unit)
    if finding.state in move.sources and move is not table.DISMISS:
        objection = triage.objection_to_judging(
            names_person=hearing.points_at_person(finding),
            is_asked=finding.statement_asked_at is not None,
            is_heard=hearing.is_heard(finding),
        )
        if objection:
            raise Refused(objection)
    moves.carry_out(
        finding,
        move,
        by=by,
        at=at,
        reason=reason,
        details=details,
        confirmed_by=by,
        confirmed_at=at,
        verdict_reason=reason.strip(),
        **changes,
    )
    return finding


def first_day(observations: Sequence[Observation]) -> date:
    """The day of the earliest visit among them."""
    return min(seen.visit.visited_on for seen in observations if seen.visit.visited_on)
