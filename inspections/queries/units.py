"""Units a planner may choose, found by name, short name, code or initials."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from people import access, tree
from people.models import Unit, User
from people.queries import units
from people.roles import Permission

MOST_HITS = 30
SEARCHED = 300


def choosable(*, user: User, words: str, besides: Collection[int] = ()) -> list[Unit]:
    """Active units in the planner's reach that match the words, best first; without words, none.

    besides: units already chosen, left out
    """
    reach = access.reach(user, Permission.CAMPAIGN_PLAN)
    found = [hit.pk for hit in units.search(words, limit=SEARCHED) if hit.pk not in besides]
    rows = Unit.objects.filter(pk__in=found).select_related("parent").in_bulk()
    mine = [rows[pk] for pk in found if any(tree.is_below(rows[pk].path, path) for path in reach)]
    return mine[:MOST_HITS]


def by_ids(pks: Iterable[str]) -> list[Unit]:
    """Units by number, in the order of the tree; unknown numbers are left out."""
    return list(Unit.objects.filter(pk__in=list(pks)[:2000]).select_related("parent").order_by("path"))
