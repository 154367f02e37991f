"""Posts given and ended by the security administrator, who may do nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from conduct import audit, clock
from conduct.errors import Refused
from people import access, rules
from people.models import Post, PostQuerySet, Sitting, Unit, User
from people.roles import ADMIN_ROLES, ROLE_NAMES, Permission, Role

from . import sittings


@transaction.atomic
def give(
    *, user: User, unit: Unit, role: Role, since: date, until: date | None = None, by: User, at: datetime
) -> Post:
    """Let a person hold a role over a unit and everything below it, from the next request on.

    until:  the last day, None when open
    Raises: Forbidden; Refused for oneself, a closed account, roles that exclude each other, or a post held already
    """
    access.require(by, Permission.ROLES_EDIT, unit=unit)
    if user == by:
        raise Refused("不能给自己授予岗位。请由另一位安全管理员办理。")
    if not user.is_active:
        raise Refused(f"{user.name}的账号已停用，不能授予岗位。请先由系统管理员启用账号。")
    if until and until < since:
        raise Refused("终止日早于起始日，请核对。")
    # Lock the person, so that two administrators cannot each give one half of a forbidden pair.
    User.objects.select_for_update().get(pk=user.pk)
    meanwhile = [post for post in _of(user).not_over(since) if until is None or post.since <= until]
    if problem := rules.clash(held=[Role(post.role) for post in meanwhile], wanted=role):
        raise Refused(problem)
    if any(post.role == role and post.unit_id == unit.pk for post in meanwhile):
        raise Refused(f"{user.name}在这段时间已经担任{unit}的{ROLE_NAMES[role]}，不用重复授予。")
    post = Post.objects.create(user=user, unit=unit, role=role, since=since, until=until)
    sittings.end_all(user=user, why=Sitting.End.POSTS, at=at)
    audit.record(
        at=at,
        by=by,
        verb="people.post_given",
        label="授予岗位",
        subject=post,
        details={"user": str(user.pk), "role": role.value, "unit": unit.code, "since": since.isoformat()}
        | ({"until": until.isoformat()} if until else {}),
    )
    return post


@transaction.atomic
def end(*, post: Post, reason: str, by: User, at: datetime) -> Post:
    """Take a post away at once: from the next request on the person does not hold it.

    Raises: Forbidden; Refused without a reason, for one's own post, for the last administrator of a kind,
            or when it is over already
    """
    access.require(by, Permission.ROLES_EDIT, unit=post.unit)
    today = clock.day_of(at)
    if not reason.strip():
        raise Refused("终止岗位须写明理由，请填写后再提交。")
    if post.user_id == by.pk:
        raise Refused("不能终止自己的岗位。请由另一位安全管理员办理。")
    if post.is_revoked or (post.until and post.until < today):
        raise Refused("这个岗位已经终止，不用再办。请刷新页面。")
    if Role(post.role) in ADMIN_ROLES and is_last_admin(user=post.user, role=Role(post.role), today=today):
        raise Refused(f"{post.user}是唯一的{post.get_role_display()}，请先授予另一人，再终止这个岗位。")
    if post.since < today:
        post.until = today - timedelta(days=1)
    else:
        post.until, post.is_revoked = post.since, True
    post.save(update_fields=["until", "is_revoked"])
    access.forget_posts(post.user)
    sittings.end_all(user=post.user, why=Sitting.End.POSTS, at=at)
    audit.record(
        at=at, by=by, verb="people.post_ended", label="终止岗位", subject=post, reason=reason.strip()
    )
    return post


def is_last_admin(*, user: User, role: Role, today: date) -> bool:
    """Whether nobody else with an open account holds this administrator's role today."""
    others = Post.objects.held_on(today).filter(role=role, user__is_active=True).exclude(user=user)
    return not others.exists()


def _of(user: User) -> PostQuerySet:
    return Post.objects.filter(user=user)
