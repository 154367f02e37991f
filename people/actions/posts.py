"""Posts: what may be given and ended, and both carried out once two people want it (people.actions.post_changes)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from conduct import audit, clock
from conduct.errors import Refused
from people import access, rules
from people.models import Post, PostChange, PostQuerySet, Sitting, Unit, User
from people.roles import ADMIN_ROLES, ROLE_NAMES, Role

from . import sittings


def require_givable(*, user: User, unit: Unit, role: Role, since: date, until: date | None) -> None:
    """Refuse a post that cannot stand beside what the person holds. Call inside a transaction.

    until:  the last day, None when open
    Raises: Refused for a closed account, roles that exclude each other, or a post held already
    """
    # Lock the person, so that two administrators cannot each give one half of a forbidden pair.
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused(f"{user.name}的账号已停用，不能授予岗位。请先由系统管理员启用账号。")
    if until and until < since:
        raise Refused("终止日早于起始日，请核对。")
    meanwhile = [post for post in _of(user).not_over(since) if until is None or post.since <= until]
    if problem := rules.clash(held=[Role(post.role) for post in meanwhile], wanted=role):
        raise Refused(problem)
    if any(post.role == role and post.unit_id == unit.pk for post in meanwhile):
        raise Refused(f"{user.name}在这段时间已经担任{unit}的{ROLE_NAMES[role]}，不用重复授予。")


def require_endable(*, post: Post, today: date) -> None:
    """Refuse to end what is over, or what nobody else holds.

    Raises: Refused for the last administrator of a kind, or when it is over already
    """
    if post.is_revoked or (post.until and post.until < today):
        raise Refused("这个岗位已经终止，不用再办。请刷新页面。")
    if Role(post.role) in ADMIN_ROLES and is_last_admin(user=post.user, role=Role(post.role), today=today):
        raise Refused(f"{post.user}是唯一的{post.get_role_display()}，请先授予另一人，再终止这个岗位。")


def begins_on(change: PostChange, *, at: datetime) -> date:
    """The day from which the post is given if confirmed now.

    A day that lay ahead when it was asked for and has passed meanwhile becomes today: waiting dates nothing
    back. A day that was past already was meant, and stays.
    """
    lay_ahead = change.since >= clock.day_of(change.asked_at)
    return max(change.since, clock.day_of(at)) if lay_ahead else change.since


def give(change: PostChange, *, by: User, at: datetime) -> Post:
    """Let the person hold the post, from the next request on. Call inside a transaction.

    by:     the second person
    Raises: Refused as require_givable does, or when its last day has passed meanwhile
    """
    since = begins_on(change, at=at)
    if change.until and change.since <= change.until < since:
        raise Refused("申请的最后一天已经过去，不能再授予。请写明理由不同意，由提请人重新提请。")
    role = Role(change.role)
    require_givable(user=change.user, unit=change.unit, role=role, since=since, until=change.until)
    post = Post.objects.create(user=change.user, unit=change.unit, role=role, since=since, until=change.until)
    access.forget_posts(change.user)
    sittings.end_all(user=change.user, why=Sitting.End.POSTS, at=at)
    audit.record(
        at=at,
        by=by,
        verb="people.post_given",
        label="授予岗位",
        subject=post,
        reason=change.reason,
        details=_asked(change)
        | {"user": str(change.user_id), "role": role.value, "unit": change.unit.code}
        | {"since": since.isoformat()}
        | ({"until": change.until.isoformat()} if change.until else {}),
    )
    return post


def end(change: PostChange, *, by: User, at: datetime) -> Post:
    """Take the post away at once: from the next request on the person does not hold it. Inside a transaction.

    by:     the second person
    Raises: Refused as require_endable does
    """
    today = clock.day_of(at)
    # Of two who confirm at once, the second one finds it over; of the last two administrators, one stays.
    is_admin = change.role in ADMIN_ROLES
    held = _locked(Role(change.role)) if is_admin else Post.objects.select_for_update().filter(changes=change)
    [post] = [row for row in held if row.pk == change.post_id]
    require_endable(post=post, today=today)
    if post.since < today:
        post.until = today - timedelta(days=1)
    else:
        post.until, post.is_revoked = post.since, True
    post.save(update_fields=["until", "is_revoked"])
    access.forget_posts(change.user)
    sittings.end_all(user=change.user, why=Sitting.End.POSTS, at=at)
    audit.record(
        at=at,
        by=by,
        verb="people.post_ended",
        label="终止岗位",
        subject=post,
        reason=change.reason,
        details=_asked(change),
    )
    return post


def is_last_admin(*, user: User, role: Role, today: date) -> bool:
    """Whether nobody else with an open account holds this administrator's role today. Call inside a transaction."""
    _locked(role)
    others = Post.objects.held_on(today).filter(role=role, user__is_active=True).exclude(user=user)
    return not others.exists()


def _locked(role: Role) -> list[Post]:
    """All posts of a kind of administrator, nobody else's until the end of the transaction; always in one order."""
    return list(Post.objects.select_for_update().filter(role=role).order_by("pk"))


def _of(user: User) -> PostQuerySet:
    return Post.objects.filter(user=user)


def _asked(change: PostChange) -> dict[str, str]:
    """Who wanted it, for the history of the post: the line itself names the one who confirmed."""
    return {"change": str(change.pk), "asked_by": str(change.asked_by_id)}
