"""Who is told of what concerns a unit: those who answer for it nearest, at the unit or at the next one above."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol

from people import tree
from people.models import Post, Unit, User
from people.roles import Role

# Above so many units the posts of all are read at once, which is less than naming each unit.
MOST_NAMED = 400
Held = dict[str, list[int]]


class Addressed(Protocol):
    """A way to say whom the matters of units concern, by path."""

    def __call__(self, paths: Iterable[str], *, day: date) -> Held: ...


def heads(unit: Unit, *, day: date) -> list[int]:
    """Keys of the accounts of the head who answers for the unit on a day."""
    return _nearest(unit.path, _held([unit.path], Role.UNIT_HEAD, day))[1]


def head_names(paths: Iterable[str], *, day: date) -> dict[str, str]:
    """The names of the heads who answer for many units on a day, by path; empty where nobody does."""
    wanted = sorted(set(paths))
    held = _held(wanted, Role.UNIT_HEAD, day) if wanted else {}
    chiefs = {path: _nearest(path, held)[1] for path in wanted}
    names = dict(
        User.objects.filter(pk__in={key for keys in chiefs.values() for key in keys}).values_list(
            "pk", "name"
        )
    )
    return {path: "、".join(names[key] for key in keys) for path, keys in chiefs.items()}


def answering(unit: Unit, *, day: date, liaison: int | None = None) -> list[int]:
    """The head who answers for the unit, and its liaisons, or the one appointed.

    liaison: key of the account of the one appointed
    """
    found = answering_for([unit.path], day=day)[unit.path]
    if liaison is None:
        return found
    return sorted({*heads(unit, day=day), liaison})


def answering_for(paths: Iterable[str], *, day: date) -> Held:
    """The same for many units, by path: heads and liaisons; liaisons of units above the head's are not concerned."""
    wanted = sorted(set(paths))
    chiefs, liaisons = (_held(wanted, role, day) for role in (Role.UNIT_HEAD, Role.UNIT_LIAISON))
    found = {}
    for path in wanted:
        at_head, people = _nearest(path, chiefs)
        at_liaison, helpers = _nearest(path, liaisons)
        found[path] = sorted({*people, *(helpers if len(at_liaison) >= len(at_head) else [])})
    return found


def office_of(unit: Unit, *, day: date, role: Role = Role.OFFICE_CLERK) -> list[int]:
    """Those of the office nearest to the unit who hold the role."""
    return _nearest(unit.path, _held([unit.path], role, day))[1]


def office_for(paths: Iterable[str], *, day: date, role: Role) -> Held:
    """The same for many units, by path."""
    wanted = sorted(set(paths))
    held = _held(wanted, role, day)
    return {path: _nearest(path, held)[1] for path in wanted}


def _nearest(path: str, held: Held) -> tuple[str, list[int]]:
    """Where the nearest holders are, and who; nowhere and nobody when there is none."""
    for above in reversed(tree.line_to(path)):
        if above in held:
            return above, held[above]
    return "", []


def _held(paths: Collection[str], role: Role, day: date) -> Held:
    """Who holds a role at the units and those above them, by path."""
    posts = Post.objects.held_on(day).filter(role=role, user__is_active=True)
    if len(paths) <= MOST_NAMED:
        posts = posts.filter(unit__path__in={above for path in paths for above in tree.line_to(path)})
    found: Held = {}
    for path, user in posts.values_list("unit__path", "user").order_by("unit__path", "user"):
        found.setdefault(path, []).append(user)
    return found
