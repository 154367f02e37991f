"""What the search reads of visits; a covert visit leaves no trace there before it has left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from conduct import clock
from conduct.search import sources
from conduct.search.sources import Hit, Rows, Source, Text
from inspections.models import CorrectionNote, Method, Observation, TeamMember, Visit
from people import access, tree
from people.access import Asker
from people.roles import OFFICE_ROLES, Permission

SEALED = Q(campaign__method=Method.COVERT, departed_at__isnull=True, is_historical=False)

WHEN = ("visited_on", "created_at")
WHO = ("campaign__author", "campaign__approver", "campaign__leader", "team__leader")
OWN = (
    *("number", "campaign__title", "department", "place", "accompanied_by", "unit_statement"),
    "unit_signature",
)
SEEN = ("facts", "place", "person_post", "handled_on_spot", "unit_said")


def register() -> None:
    """Offer the tables of this floor to the search."""
    sources.register(Source(Visit, "visit", "检查记录", visits, visit_keys, seen_visits, is_sealed))


def is_sealed(visit: Visit) -> bool:
    """Whether the visit is one nobody outside may know of yet."""
    return visit.campaign.method == Method.COVERT and visit.departed_at is None and not visit.is_historical


def visit_keys(user: Asker) -> list[str]:
    """The offices of the person's reach, and the person: planner, leader or member of a team."""
    if not access.holds(user, Permission.VISIT_VIEW):
        return []
    paths = access.reach(user, Permission.VISIT_VIEW, roles=OFFICE_ROLES)
    return [*(f"visit{path}" for path in paths), _person(user.pk)]


def visits(rows: Rows) -> Iterator[Text]:
    """Records of visits with what was seen, by the day of the visit."""
    told = list(rows.exclude(SEALED).values_list("pk", *WHEN, *WHO, "team", "campaign__office__path", *OWN))
    pks = [row[0] for row in told]
    seen = _gathered(Observation.objects.filter(visit__in=pks).order_by("visit", "ordinal"), *SEEN)
    corrected = _gathered(CorrectionNote.objects.filter(visit__in=pks).order_by("visit", "pk"), "text")
    teams = TeamMember.objects.filter(team__in={row[7] for row in told if row[7]})
    members: defaultdict[Any, list[Any]] = defaultdict(list)
    for team, user in teams.values_list("team", "user"):
        members[team].append(user)
    for pk, visited_on, created_at, author, approver, leader, team_leader, team, office, *own in told:
        people = {author, approver, leader, team_leader, *members[team]} - {None}
        yield Text(
            pk,
            visited_on or clock.day_of(created_at),
            (*seen[pk], *own, *corrected[pk]),
            (*(f"visit{path}" for path in tree.line_to(office)), *(_person(key) for key in people)),
        )


def seen_visits(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Visits the person may see."""
    rows = Visit.objects.visible_to(user).filter(pk__in=pks)
    texts = {item.pk: item for item in visits(rows)}
    for row in rows.select_related("campaign", "unit"):
        if row.pk in texts:
            yield Hit(
                pk=row.pk,
                url=reverse("inspections:visit_detail", args=[row.pk]),
                title=f"{row.unit.name}检查记录{row.number}",
                place=row.campaign.title,
                state=row.get_state_display(),
                day=texts[row.pk].day,
                parts=texts[row.pk].parts,
            )


def _gathered(rows: Rows, *columns: str) -> defaultdict[Any, list[str]]:
    """The texts of rows that belong to visits, by visit."""
    found: defaultdict[Any, list[str]] = defaultdict(list)
    for visit, *parts in rows.values_list("visit", *columns):
        found[visit] += parts
    return found


def _person(pk: Any) -> str:
    return f"visitor{pk}"
