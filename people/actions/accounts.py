"""Accounts: who may sign in. What they may do comes from posts, which are given elsewhere by someone else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from conduct import audit, clock, moves
from conduct.errors import Refused
from people import access
from people.initials import sounds_of_person
from people.models import Sitting, Unit, User
from people.roles import ADMIN_ROLES, ROLE_NAMES, Permission
from people.rules import is_expired

from . import posts, sign_in, sittings

# No characters that are read wrongly from a slip of paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


@dataclass(frozen=True)
class Opened:
    """An account and the temporary password, which is shown once and stored nowhere."""

    user: User
    password: str


def temporary_password() -> str:
    """Three groups of four letters and four digits in between, e.g. hwkd-3947-mzra."""
    groups = ("".join(secrets.choice(kind) for _ in range(4)) for kind in (LETTERS, DIGITS, LETTERS))
    return "-".join(groups)


@transaction.atomic
def create(
    *, username: str, name: str, home_unit: Unit | None, by: User, at: datetime, **details: Any
) -> Opened:
    """Open an account with a temporary password, to be changed at the first sign-in.

    details: credential_no, phone, superior
    Raises:  Forbidden; Refused when the user name is taken
    """
    access.require_everywhere(by, Permission.ACCOUNTS_EDIT)
    if User.objects.filter(username=username).exists():
        raise Refused(f"账号“{username}”已经有人使用，请换一个。")
    password = temporary_password()
    user = User.objects.create_user(
        username,
        password,
        name=name,
        **sounds_of_person(name),
        home_unit=home_unit,
        must_change_password=True,
        **details,
    )
    audit.record(at=at, by=by, verb="people.account_created", label="开通账号", subject=user)
    return Opened(user, password)


@transaction.atomic
def revise(
    *, user: User, expected: int, name: str, home_unit: Unit | None, by: User, at: datetime, **details: Any
) -> User:
    """Correct what is known about a person.

    expected: the version the person at the screen had before them
    details:  credential_no, phone, superior
    Raises:   Forbidden; Refused when the person would answer to themselves; MovedMeanwhile
    """
    access.require_everywhere(by, Permission.ACCOUNTS_EDIT)
    superior: User | None = details.get("superior")
    if superior and (
        superior == user or access.answers_to(person=superior, superior_ids=frozenset({user.pk}))
    ):
        raise Refused(f"{superior.name}是{user.name}本人或其下级，不能设为直接上级。请另选一位。")
    moves.revise(
        user,
        expected=expected,
        by=by,
        at=at,
        verb="account_revised",
        label="修改账号资料",
        name=name,
        **sounds_of_person(name),
        home_unit=home_unit,
        **details,
    )
    return user


@transaction.atomic
def disable(*, user: User, reason: str, by: User, at: datetime) -> User:
    """Close an account at once: its sessions answer nothing from the next request on.

    Raises: Forbidden; Refused for one's own account, without a reason, or when it is closed already
    """
    access.require_everywhere(by, Permission.ACCOUNTS_EDIT)
    if user == by:
        raise Refused("不能停用自己的账号。请由另一位系统管理员办理。")
    today = clock.day_of(at)
    for role in access.roles_of(user) & ADMIN_ROLES:
        if posts.is_last_admin(user=user, role=role, today=today):
            raise Refused(f"{user.name}是唯一的{ROLE_NAMES[role]}，请先由另一人接任，再停用这个账号。")
    _switch(user=user, to=False, reason=_required(reason, "停用账号"))
    sittings.end_all(user=user, why=Sitting.End.CLOSED, at=at)
    audit.record(at=at, by=by, verb="people.account_disabled", label="停用账号", subject=user, reason=reason)
    return user


@transaction.atomic
def enable(*, user: User, reason: str, by: User, at: datetime) -> User:
    """Open a closed account again.

    Raises: Forbidden; Refused without a reason, or when it is open
    """
    access.require_everywhere(by, Permission.ACCOUNTS_EDIT)
    _switch(user=user, to=True, reason=_required(reason, "启用账号"))
    audit.record(at=at, by=by, verb="people.account_enabled", label="启用账号", subject=user, reason=reason)
    return user


@transaction.atomic
def reset_password(*, user: User, by: User, at: datetime) -> str:
    """Give a temporary password in place of a forgotten one; every session of the account ends.

    Raises: Forbidden; Refused for one's own account
    """
    access.require_everywhere(by, Permission.ACCOUNTS_EDIT)
    if user == by:
        raise Refused("自己的密码请用“修改密码”更换，不用重置。")
    password = temporary_password()
    _set_password(user, password, at=at, must_change=True)
    sittings.end_all(user=user, why=Sitting.End.PASSWORD, at=at)
    sign_in.forget_browsers(user=user)
    audit.record(at=at, by=by, verb="people.password_reset", label="重置密码", subject=user)
    return password


@transaction.atomic
def change_own_password(*, user: User, password: str, at: datetime, sitting: str = "") -> None:
    """Keep the password the person chose; their sittings elsewhere end.

    sitting: key of the one in which it was changed, which goes on
    """
    _set_password(user, password, at=at, must_change=False)
    sittings.end_all(user=user, why=Sitting.End.PASSWORD, at=at, but=sitting)
    audit.record(at=at, by=user, verb="people.password_changed", label="修改密码", subject=user)


def is_password_old(*, user: User, at: datetime) -> bool:
    """Whether the password has served as long as this deployment lets one."""
    return is_expired(changed_at=user.password_changed_at, at=at, most_days=settings.PASSWORD_DAYS)


def _set_password(user: User, password: str, *, at: datetime, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


def _switch(*, user: User, to: bool, reason: str) -> None:
    if not User.objects.filter(pk=user.pk, is_active=not to).update(is_active=to):
        raise Refused(f"{user.name}的账号已经是{'启用' if to else '停用'}状态，请刷新页面。")
    user.is_active = to


def _required(reason: str, what: str) -> str:
    if not reason.strip():
        raise Refused(f"{what}须写明理由，请填写后再提交。")
    return reason.strip()
