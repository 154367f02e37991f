"""What the search reads of visits; a covert visit leaves no trace there before it has left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from conduct import clock
from conduct.search import sources
from conduct.search.sources import Hit, Rows, Source, Text
from inspections.models import Method, Visit
from people import access, tree
from people.access import Asker
from people.roles import OFFICE_ROLES, Permission

SEALED = Q(campaign__method=Method.COVERT, departed_at__isnull=True, is_historical=False)


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
    open_ones = rows.exclude(SEALED).select_related("campaign__office", "team")
    for row in open_ones.prefetch_related("observations", "corrections", "team__members"):
        yield Text(row.pk, _day(row), _parts(row), _keys(row))


def seen_visits(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Visits the person may see."""
    rows = Visit.objects.visible_to(user).filter(pk__in=pks).select_related("campaign", "unit")
    for row in rows.prefetch_related("observations", "corrections"):
        yield Hit(
            pk=row.pk,
            url=reverse("inspections:visit_detail", args=[row.pk]),
            title=f"{row.unit.name}检查记录{row.number}",
            place=row.campaign.title,
            state=row.get_state_display(),
            day=_day(row),
            parts=_parts(row),
        )


def _day(row: Visit) -> date:
    return row.visited_on or clock.day_of(row.created_at)


def _parts(row: Visit) -> tuple[str, ...]:
    own = (row.department, row.place, row.accompanied_by, row.unit_statement, row.unit_signature)
    seen = [
        part
        for item in sorted(row.observations.all(), key=lambda item: item.ordinal)
        for part in (item.facts, item.place, item.person_post, item.handled_on_spot, item.unit_said)
    ]
    corrected = [note.text for note in sorted(row.corrections.all(), key=lambda note: note.pk)]
    return (*seen, row.number, row.campaign.title, *own, *corrected)


def _keys(row: Visit) -> tuple[str, ...]:
    campaign, team = row.campaign, row.team
    people = {campaign.author_id, campaign.approver_id, campaign.leader_id}
    if team is not None:
        people |= {team.leader_id, *(place.user_id for place in team.members.all())}
    offices = (f"visit{path}" for path in tree.line_to(campaign.office.path))
    return (*offices, *(_person(pk) for pk in people if pk is not None))


def _person(pk: Any) -> str:
    return f"visitor{pk}"
