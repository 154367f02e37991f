"""Who may do what, and who sees whose rows. The only file that answers either.

A post reaches its unit and everything below. Not visible is 404 (the queryset does not hold the row);
visible but not allowed is 403 (`require` raises Forbidden).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from conduct import clock
from conduct.errors import Forbidden

from . import tree
from .models import Post, Unit, User
from .roles import GRANTS, IN_PERSON, ROLE_NAMES, Permission, Role, roles_with

Rows = TypeVar("Rows", bound="QuerySet[Any]")
Asker = User | AnonymousUser

NO_RIGHT = "您的岗位没有办理这件事的权限。如确需办理，请联系本单位安全管理员。"
FOR_THE_WHOLE = "这件事关系全市，只能由市一级的岗位办理。请与市督查办联系。"
FOR_ITS_HEAD = "这是下级单位的事项，须由该单位主要负责人本人办理。您可以查看，不能代办。"


def posts_of(user: Asker) -> list[Post]:
    """The posts the person holds today, read once per loaded user."""
    if not user.is_authenticated or not user.is_active:
        return []
    known = _known_of(user)
    if "_posts_held" not in known:
        remember_posts(user, held_on(day=today(), pk=user.pk))
    held: list[Post] = known["_posts_held"]
    return held


def remember_posts(user: Asker, held: Iterable[Post]) -> None:
    """Take as the person's posts of today those that came along with the person (people.backend)."""
    _known_of(user)["_posts_held"] = sorted(held, key=lambda post: post.pk)


def today() -> date:
    """The day for which posts are asked."""
    return clock.day_of(clock.now())


def held_on(*, day: date, pk: int) -> QuerySet[Post]:
    """The posts of one person on a day, each with its unit, the person and their home unit."""
    return Post.objects.held_on(day).filter(user=pk).select_related("unit", "user__home_unit")


def _known_of(user: Asker) -> dict[str, Any]:
    """What is remembered with the person as loaded: a request's own user is a proxy around that row."""
    loaded: dict[str, Any] = getattr(user, "_wrapped", user).__dict__
    return loaded


def forget_posts(user: User) -> None:
    """Drop what was read, after posts changed."""
    for name in ("_posts_held", "_heads_below"):
        _known_of(user).pop(name, None)


def roles_of(user: Asker) -> frozenset[Role]:
    """The roles the person holds today, anywhere."""
    return frozenset(Role(post.role) for post in posts_of(user))


def holds(user: Asker, permission: Permission) -> bool:
    """Whether the person holds the permission anywhere."""
    return any(permission in GRANTS[Role(post.role)] for post in posts_of(user))


def may(user: Asker, permission: Permission, *, unit: Unit) -> bool:
    """Whether the person holds the permission over this unit, and is the one who acts where it is done in person."""
    if not _reaches(user, permission, unit):
        return False
    return permission not in IN_PERSON or not _has_nearer_head(user, unit)


def require(user: Asker, permission: Permission, *, unit: Unit | None = None) -> None:
    """Refuse the person who does not hold the permission (over the unit, when one is named).

    Raises: Forbidden
    """
    allowed = holds(user, permission) if unit is None else may(user, permission, unit=unit)
    if not allowed:
        is_above = unit is not None and _reaches(user, permission, unit)
        raise Forbidden(FOR_ITS_HEAD if is_above else NO_RIGHT)


def require_everywhere(user: Asker, permission: Permission) -> None:
    """Refuse the person who holds the permission over a part of the tree only: for what all units share.

    Raises: Forbidden
    """
    if not any(len(path) == tree.STEP for path in reach(user, permission)):
        raise Forbidden(FOR_THE_WHOLE if holds(user, permission) else NO_RIGHT)


def reach(user: Asker, permission: Permission, *, roles: Iterable[Role] | None = None) -> list[str]:
    """Paths of the units over which the person holds the permission, the outermost only.

    roles: count only posts of these roles
    """
    among = frozenset(roles) if roles is not None else frozenset(Role)
    paths = sorted(
        {
            post.unit.path
            for post in posts_of(user)
            if Role(post.role) in among and permission in GRANTS[Role(post.role)]
        }
    )
    outer: list[str] = []
    for path in paths:
        if not outer or not tree.is_below(path, outer[-1]):
            outer.append(path)
    return outer


def within(user: Asker, permission: Permission, *, path_field: str, roles: Iterable[Role] | None = None) -> Q:
    """A filter on rows whose unit path lies in the person's reach; without a post it matches nothing.

    path_field: e.g. "unit__path"
    """
    condition, alone = Q(pk__in=[]), _alone(user)
    for path in reach(user, permission, roles=roles):
        if path in alone:
            # Told by the unit itself, the rows come out of an index in their order; by its path they are sorted.
            condition |= Q(**{path_field.removesuffix("path").removesuffix("__") or "pk": alone[path]})
        else:
            condition |= tree.below(path_field, path)
    return condition


def _alone(user: Asker) -> dict[str, int]:
    """Path and key of the person's units that have no unit below them, as far as the request has read it."""
    return {post.unit.path: post.unit_id for post in posts_of(user) if getattr(post, "is_alone", False)}


def answered_below(user: Asker, *, path_field: str) -> Q:
    """A filter on rows of units below the person's own whose head answers for them in person."""
    condition = Q(pk__in=[])
    for path in heads_below(user):
        condition |= tree.below(path_field, path)
    return condition


def heads_below(user: Asker) -> list[str]:
    """Paths of the units below those the person heads that today have a head of their own, read once per user."""
    own = {post.unit.path for post in posts_of(user) if post.role == Role.UNIT_HEAD}
    if own <= _alone(user).keys():
        return []
    known = _known_of(user)
    if "_heads_below" not in known:
        below = Q(pk__in=[])
        for path in own:
            below |= tree.below("unit__path", path)
        heads = Post.objects.held_on(today()).filter(below, role=Role.UNIT_HEAD, user__is_active=True)
        known["_heads_below"] = sorted(set(heads.values_list("unit__path", flat=True)) - own)
    found: list[str] = known["_heads_below"]
    return found


def visible(rows: Rows, user: Asker, permission: Permission, *, path_field: str) -> Rows:
    """The rows whose unit the person reaches with the permission."""
    return rows.filter(within(user, permission, path_field=path_field))


def holders(*, permission: Permission, unit: Unit, day: date) -> QuerySet[User]:
    """People who on that day hold the permission over the unit: for choosing an approver or reviewer."""
    above = [unit.path[: n * tree.STEP] for n in range(1, unit.level + 1)]
    posts = Post.objects.held_on(day).filter(
        unit__path__in=above, role__in=[role.value for role in roles_with(permission)]
    )
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def _reaches(user: Asker, permission: Permission, unit: Unit) -> bool:
    return any(tree.is_below(unit.path, path) for path in reach(user, permission))


def _has_nearer_head(user: Asker, unit: Unit) -> bool:
    """Whether the unit, or one between it and the person's own, has a head of its own."""
    nearest = max(
        (
            post.unit.path
            for post in posts_of(user)
            if post.role == Role.UNIT_HEAD and tree.is_below(unit.path, post.unit.path)
        ),
        key=len,
        default="",
    )
    return any(tree.is_below(unit.path, path) and len(path) > len(nearest) for path in heads_below(user))


def role_names(user: Asker) -> list[str]:
    """The person's roles in Chinese, in a steady order."""
    held = roles_of(user)
    return [name for role, name in ROLE_NAMES.items() if role in held]


def answers_to(*, person: User, superior_ids: frozenset[int]) -> bool:
    """Whether the person is a subordinate, at any depth, of one of the superiors (DESIGN §2.15)."""
    seen: set[int] = set()
    current: User | None = person
    while current is not None and current.superior_id and current.pk not in seen:
        seen.add(current.pk)
        if current.superior_id in superior_ids:
            return True
        current = current.superior
    return False


def belongs_to(*, person: User, unit: Unit) -> bool:
    """Whether the person serves in the unit or below it: by home unit, or by a unit-side post."""
    if person.home_unit and tree.is_below(person.home_unit.path, unit.path):
        return True
    return any(
        Role(post.role) in (Role.UNIT_HEAD, Role.UNIT_LIAISON) and tree.is_below(post.unit.path, unit.path)
        for post in posts_of(person)
    )
