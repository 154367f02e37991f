"""Who had a part in a finding, as the rules on who may not be whom want to know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from conduct.moves import Move
from findings.models import Acceptance, Finding, FindingObservation
from findings.moves import finding as table
from findings.rules import objection as objection_rules
from findings.rules import parting
from findings.rules.parting import Part
from people import access
from people.models import Post, User
from people.roles import Permission, Role


def finder_ids(finding: Finding) -> frozenset[int]:
    """Everyone who found the problem: the visiting team, whoever recorded or signed, and who raised it."""
    return finders_of([finding])[finding.pk]


def finders_of(findings: Iterable[Finding]) -> dict[UUID, frozenset[int]]:
    """The same for several findings at once, in one query."""
    found: dict[Any, set[int]] = {finding.pk: set() for finding in findings}
    links = FindingObservation.objects.filter(finding__in=found)
    visit = "observation__visit"
    sources = (
        links.values_list("finding", f"{visit}__team__members__user"),
        links.values_list("finding", f"{visit}__team__leader"),
        links.values_list("finding", f"{visit}__signatures__user"),
        links.values_list("finding", f"{visit}__recorder"),
        Finding.objects.filter(pk__in=found).values_list("pk", "raised_by"),
        Finding.objects.filter(merged_into__in=found).values_list("merged_into", "raised_by"),
    )
    for finding, person in sources[0].union(*sources[1:]) if found else ():
        if person is not None:
            found[finding].add(person)
    return {finding: frozenset(people) for finding, people in found.items()}


def parts_of(finding: Finding, person: User, *, round: int | None = None) -> frozenset[Part]:
    """What the person has to do with the finding already. round: of the report a verdict is asked on"""
    finders = finder_ids(finding)
    had = {
        Part.FINDER: person.pk in finders,
        Part.UNDER_FINDER: access.answers_to(person=person, superior_ids=finders),
        Part.OF_UNIT: access.belongs_to(person=person, unit=finding.unit),
        Part.HAS_JUDGED: round is not None and has_judged(finding, round=round, person=person),
    }
    return frozenset(part for part, is_so in had.items() if is_so)


def objection_to(move: Move, *, finding: Finding, person: User, round: int | None = None) -> str:
    """Why this person may not take this step, because of a part they have in the finding; nothing when they may."""
    if not move.apart:
        return ""
    return parting.objection(apart=move.apart, parts=parts_of(finding, person, round=round))


def objection_to_reviewer(*, finding: Finding, person: User) -> str:
    """Why this person may not review the unit's report; nothing when they may."""
    return objection_to(table.PASS_ON, finding=finding, person=person)


def objection_to_accepter(*, finding: Finding, round: int, person: User) -> str:
    """Why this person may not give a verdict on this round; nothing when they may."""
    return objection_to(table.ACCEPT, finding=finding, person=person, round=round)


def objection_to_decider(*, finding: Finding, person: User) -> str:
    """Why this person may not decide an objection to the finding; nothing when they may."""
    return objection_rules.objection_to_decider(
        person_id=person.pk,
        finder_ids=finder_ids(finding),
        confirmer_id=finding.confirmed_by_id,
        is_of_unit=access.belongs_to(person=person, unit=finding.unit),
    )


def has_judged(finding: Finding, *, round: int, person: User) -> bool:
    """Whether the person has given a verdict on this round."""
    return Acceptance.objects.filter(finding=finding, round=round, by=person).exists()


def accepted(finding: Finding, *, round: int) -> int:
    """How many people accepted this round."""
    return Acceptance.objects.filter(finding=finding, round=round, verdict=Acceptance.Verdict.ACCEPT).count()


def liaisons_for(finding: Finding) -> list[User]:
    """People who today serve as liaison of the unit or of a unit above it."""
    path = finding.unit.path
    above = [path[:end] for end in range(4, len(path) + 1, 4)]
    today_posts = Post.objects.filter(role=Role.UNIT_LIAISON, unit__path__in=above)
    people = User.objects.filter(is_active=True, pk__in=today_posts.values("user")).order_by("name", "pk")
    return [person for person in people if Role.UNIT_LIAISON in access.roles_of(person)]


def may_sign(user: User, finding: Finding) -> bool:
    """Whether this person is the head who signs the unit's report."""
    return access.may(user, Permission.RECTIFICATION_SIGN, unit=finding.unit)
