"""Who had a part in a finding, as the rules on who may not be whom want to know it."""

from __future__ import annotations

from django.db.models import Q

from findings.models import Acceptance, Finding
from inspections.models import TeamMember, Visit, VisitSignature
from people import access
from people.models import Post, User
from people.roles import Role


def finder_ids(finding: Finding) -> frozenset[int]:
    """Everyone who found the problem: the visiting team, whoever recorded or signed, and who raised it."""
    visits = Visit.objects.filter(observations__finding_links__finding=finding).values("pk")
    found: set[int | None] = set(
        TeamMember.objects.filter(team__visits__in=visits).values_list("user", flat=True)
    )
    found.update(VisitSignature.objects.filter(visit__in=visits).values_list("user", flat=True))
    for pair in Visit.objects.filter(pk__in=visits).values_list("recorder", "team__leader"):
        found.update(pair)
    raised = Finding.objects.filter(Q(pk=finding.pk) | Q(merged_into=finding))
    found.update(raised.values_list("raised_by", flat=True))
    return frozenset(person for person in found if person is not None)


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
