"""Posts change by two: the security administrator asks, a second person confirms, nobody for themselves (ADR 0027)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from conduct import clock, moves
from conduct.errors import Forbidden, Refused
from people import access
from people.models import Post, PostChange, Unit, User
from people.moves.post_change import CONFIRM, REFUSE, WITHDRAW
from people.roles import Permission, Role

from . import posts

Kind = PostChange.Kind


@transaction.atomic
def ask_to_give(
    *,
    user: User,
    unit: Unit,
    role: Role,
    since: date,
    until: date | None = None,
    reason: str,
    by: User,
    at: datetime,
) -> PostChange:
    """Put the wish that a person hold a role over a unit and everything below it.

    until:  the last day, None when open
    reason: on what the post rests: a decree, a division of work
    Raises: Forbidden; Refused for oneself, without a reason, when a wish is open, and as posts.require_givable
    """
    access.require(by, Permission.ROLES_EDIT, unit=unit)
    if user == by:
        raise Refused("不能给自己授予岗位。请由另一位安全管理员办理。")
    if not reason.strip():
        raise Refused("授予岗位须写明依据，如任命文件、工作安排，请填写后再提交。")
    posts.require_givable(user=user, unit=unit, role=role, since=since, until=until)
    wish = PostChange(kind=Kind.GIVE, user=user, unit=unit, role=role, since=since, until=until)
    return _asked(wish, label="提请授予岗位", reason=reason, by=by, at=at)


@transaction.atomic
def ask_to_end(*, post: Post, reason: str, by: User, at: datetime) -> PostChange:
    """Put the wish that a post be taken away.

    Raises: Forbidden; Refused for one's own post, without a reason, when a wish is open, and as
            posts.require_endable
    """
    access.require(by, Permission.ROLES_EDIT, unit=post.unit)
    if not reason.strip():
        raise Refused("终止岗位须写明理由，请填写后再提交。")
    if post.user_id == by.pk:
        raise Refused("不能终止自己的岗位。请由另一位安全管理员办理。")
    posts.require_endable(post=post, today=clock.day_of(at))
    wish = PostChange(
        kind=Kind.END,
        post=post,
        user=post.user,
        unit=post.unit,
        role=post.role,
        since=post.since,
        until=post.until,
    )
    return _asked(wish, label="提请终止岗位", reason=reason, by=by, at=at)


@transaction.atomic
def confirm(*, wish: PostChange, by: User, at: datetime) -> PostChange:
    """Let the change take effect: the person's sittings end, and posts are asked anew.

    Raises: Forbidden; NotFromHere; MovedMeanwhile; Refused when the one who asked handles posts no longer, or
            when what was allowed on asking is not allowed now
    """
    _require_second(wish, by)
    moves.require_from(wish, CONFIRM)
    if not access.may(wish.asked_by, Permission.ROLES_EDIT, unit=wish.unit):
        raise Refused(
            f"{wish.asked_by.name}已不负责{wish.unit}的岗位授权，这件提请不能再确认。"
            "请写明理由不同意，由现任安全管理员重新提请。"
        )
    carry = posts.give if wish.kind == Kind.GIVE else posts.end
    post = carry(wish, by=by, at=at)
    moves.carry_out(wish, CONFIRM, by=by, at=at, post=post, decided_by=by, decided_at=at)
    return wish


@transaction.atomic
def refuse(*, wish: PostChange, reason: str, by: User, at: datetime) -> PostChange:
    """Leave the posts as they are, and say why.

    Raises: Forbidden; Refused without a reason; NotFromHere; MovedMeanwhile
    """
    _require_second(wish, by)
    refusal = reason.strip()
    moves.carry_out(wish, REFUSE, by=by, at=at, reason=refusal, decided_by=by, decided_at=at, refusal=refusal)
    return wish


@transaction.atomic
def withdraw(*, wish: PostChange, by: User, at: datetime) -> PostChange:
    """Take one's own wish back before anybody decided.

    Raises: Forbidden; NotFromHere; MovedMeanwhile
    """
    _require_own(wish, by)
    moves.carry_out(wish, WITHDRAW, by=by, at=at, decided_at=at)
    return wish


def may_decide(*, wish: PostChange, by: User) -> bool:
    """Whether the person is the second one for this wish."""
    return wish.state == PostChange.State.ASKED and _is_allowed(_require_second, wish, by)


def may_withdraw(*, wish: PostChange, by: User) -> bool:
    """Whether the wish is the person's own and still open."""
    return wish.state == PostChange.State.ASKED and _is_allowed(_require_own, wish, by)


def _asked(wish: PostChange, *, label: str, reason: str, by: User, at: datetime) -> PostChange:
    wish.reason, wish.asked_by, wish.asked_at = reason.strip(), by, at
    try:
        with transaction.atomic():
            return moves.born(
                wish, state=PostChange.State.ASKED, by=by, at=at, label=label, reason=wish.reason
            )
    except IntegrityError as fault:
        raise Refused(
            f"{wish.user.name}在{wish.unit}的{wish.get_role_display()}岗位已有提请，正等待确认，不用重复提请。"
        ) from fault


def _require_second(wish: PostChange, by: User) -> None:
    access.require(by, Permission.POSTS_DECIDE, unit=wish.unit)
    if wish.user_id == by.pk:
        raise Forbidden("这是您本人的岗位变动，须由另一人确认。")
    if wish.asked_by_id == by.pk:
        raise Forbidden("这是您提请的，须由另一人确认。")


def _require_own(wish: PostChange, by: User) -> None:
    access.require(by, Permission.ROLES_EDIT, unit=wish.unit)
    if wish.asked_by_id != by.pk:
        raise Forbidden("只有提请人本人可以撤回。")


def _is_allowed(check: Callable[[PostChange, User], None], wish: PostChange, by: User) -> bool:
    try:
        check(wish, by)
    except Forbidden:
        return False
    return True
