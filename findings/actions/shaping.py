from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from conduct import moves
from conduct.errors import NotFromHere, Refused
from findings.models import Finding, FindingObservation, UnitStatement
from findings.moves import finding as table
from findings.queries import hearing
from findings.rules import triage
from inspections.models import Observation
from people import access
from people.models import User
from people.roles import Permission

from .findings import Particulars, amend, first_day

BEING_LOOKED_INTO = (Finding.State.NEW, Finding.State.VERIFYING)


@transaction.atomic
def merge(
    *,
    into: Finding,
    others: Sequence[Finding],
    particulars: Particulars,
    by: User,
    at: datetime,
    reason: str = "",
) -> Finding:
    """Make one finding of several of the same unit before a notice goes out; the first one stays."""
    if not others:
        raise Refused("请至少选择两个问题，再合并。")
    every = [into, *others]
    access.require(by, Permission.FINDING_TRIAGE, unit=into.unit)
    objection = triage.objection_to_merging(
        unit_ids={finding.unit_id for finding in every},
        states={finding.state for finding in every},
        mergeable=Finding.BEFORE_NOTICE,
        heard={_hearing(finding) for finding in every if finding.state == Finding.State.VERIFYING},
    )
    if not objection and into.state in table.ASSIGN.sources:
        # The verdict has been given: what is merged now may not name a person nobody has heard.
        objection = triage.objection_to_judging(
            names_person=particulars.columns()["names_person"]
            or any(hearing.points_at_person(finding) for finding in every),
            is_asked=False,
            is_heard=any(hearing.is_heard(finding) for finding in every),
        )
    if objection:
        raise Refused(objection)
    day = min(finding.visited_on for finding in every)
    moves.revise(
        into,
        expected=into.version,
        by=by,
        at=at,
        verb="take_in",
        label="并入其他问题的内容",
        **particulars.columns() | _days(day) | _verdicts(every),
    )
    into.causes.set(particulars.causes)
    why = reason.strip() or f"并入“{into.title}”"
    for other in others:
        moves.carry_out(other, table.MERGE, by=by, at=at, reason=why, merged_into=into)
        _hand_over(other, into)
    return into


@transaction.atomic
def split(
    *,
    finding: Finding,
    observations: Sequence[Observation],
    kept: Particulars,
    parted: Particulars,
    expected: int,
    by: User,
    at: datetime,
) -> Finding:
    """Make two findings of one; returns the new one, which starts where the first one stands.

    observations: those that go over to the new finding; where the finding rests on a single one, both share it
    """
    if finding.state not in BEING_LOOKED_INTO:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，认定之后不能再拆分。")
    links = list(finding.links.select_related("observation__visit"))
    going = {seen.pk for seen in observations}
    leaving = [link for link in links if link.observation_id in going]
    is_shared = len(links) == 1
    objection = triage.objection_to_splitting(chosen=len(leaving), total=len(links), all_shared=is_shared)
    if objection:
        raise Refused(objection)
    amend(finding=finding, particulars=kept, expected=expected, by=by, at=at)
    new = _part_off(finding, links if is_shared else leaving, parted, by, at)
    if not is_shared:
        FindingObservation.objects.filter(pk__in=[link.pk for link in leaving]).delete()
        staying = [link.observation for link in links if link not in leaving]
        Finding.objects.filter(pk=finding.pk).update(**_days(first_day(staying)))
    return new


def _part_off(
    finding: Finding, links: Sequence[FindingObservation], parted: Particulars, by: User, at: datetime
) -> Finding:
    """The new finding on the observations that go over; whoever raised the first one raised this too."""
    seen = [link.observation for link in links]
    new = Finding(
        unit=finding.unit,
        raised_by=finding.raised_by,
        raised_at=at,
        **parted.columns() | _days(first_day(seen)),
    )
    moves.born(
        new, state=finding.state, by=by, at=at, label="拆分列为问题", reason=f"由“{finding.title}”拆分"
    )
    new.causes.set(parted.causes)
    FindingObservation.objects.bulk_create(FindingObservation(finding=new, observation=row) for row in seen)
    return new


def _days(visited_on: date) -> dict[str, date]:
    return {"visited_on": visited_on, "month": visited_on.replace(day=1)}


def _verdicts(every: Sequence[Finding]) -> dict[str, str]:
    """What was cut away from each of several confirmed in part, and why: the one notice tells it all."""
    if not all(finding.is_partly for finding in every):
        return {}
    return {
        "earlier_facts": "\n".join(finding.earlier_facts for finding in every),
        "verdict_reason": "\n".join(dict.fromkeys(finding.verdict_reason for finding in every)),
    }


def _hearing(finding: Finding) -> tuple[bool, bool]:
    """How far the unit's hearing has come: asked, and heard."""
    is_heard = hearing.is_heard(finding)
    return is_heard or finding.statement_asked_at is not None, is_heard


def _hand_over(other: Finding, into: Finding) -> None:
    """What the absorbed finding rested on now carries the one that stays."""
    present = set(into.links.values_list("observation_id", flat=True))
    other.links.filter(observation_id__in=present).delete()
    other.links.update(finding=into)
    UnitStatement.objects.filter(finding=other).update(finding=into)
    Finding.objects.filter(merged_into=other).update(merged_into=into)
