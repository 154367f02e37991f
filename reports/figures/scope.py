"""Whose figures are read: whole branches of the unit tree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from people import access, tree
from people.access import Asker
from people.models import Unit
from people.roles import Permission


@dataclass(frozen=True, slots=True)
class Scope:
    """Branches of the tree, by the path of their root; without a branch it holds nothing.

    office: the unit whose branch alone is read, where a reader may see more than that
    """

    paths: tuple[str, ...]
    office: int | None = None

    def over(self, path_field: str) -> Q:
        """A filter on rows whose unit lies in a branch, e.g. over("unit__path")."""
        condition = Q(pk__in=[])
        for path in self.paths:
            condition |= tree.below(path_field, path)
        return condition


def of_user(user: Asker, *, within: Unit | None = None) -> Scope:
    """All branches over which the person may see figures; within: only that unit's part of them."""
    reach = access.reach(user, Permission.FIGURES_VIEW)
    if within is None:
        return Scope(tuple(reach))
    if any(tree.is_below(within.path, path) for path in reach):
        return Scope((within.path,), within.pk)
    return Scope(tuple(path for path in reach if tree.is_below(path, within.path)), within.pk)


def of_office(office: Unit) -> Scope:
    """The branch an office reports on: its unit and everything below."""
    return Scope((office.path,), office.pk)
