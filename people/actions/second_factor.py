"""The second factor: bound by its owner, asked for by the house, unbound only by two others."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django_otp.models import MAX_THROTTLE_DELAY_SECONDS

from conduct import audit, sealing
from conduct.errors import Refused
from people.models import Authenticator, User

DIGITS = 6
WRONG = "动态口令不正确。每个口令只能用一次，请等验证器上出现新的口令再输入。"
NO_CODE = f"请输入验证器上显示的 {DIGITS} 位数字。"


@transaction.atomic
def begin(*, user: User) -> Authenticator:
    """The authenticator being bound: the same until it is confirmed, so that a page may be loaded again."""
    User.objects.select_for_update().get(pk=user.pk)
    found: Authenticator | None = Authenticator.objects.filter(user=user, confirmed=False).first()
    if found is None:
        key = Authenticator.sealed(secrets.token_bytes(20), user_id=user.pk)
        found = Authenticator(user=user, name="动态口令", confirmed=False, key=key)
        found.save(force_insert=True)
    return found


def confirm(*, user: User, code: str, at: datetime) -> bool:
    """Put the authenticator in use that made this code; an earlier one is no longer valid.

    Raises: Refused
    """
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
        problem = _problem(device, code)
        if device and not problem:
            Authenticator.objects.filter(user=user).exclude(pk=device.pk).delete()
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            audit.record(at=at, by=user, verb="people.factor_bound", label="绑定动态口令", subject=user)
    if problem:
        raise Refused(problem)
    return True


def show(*, user: User, code: str, at: datetime) -> bool:
    """Accept the code in a sitting that began before codes were asked for.

    Raises: Refused
    """
    check(user=user, code=code, what="登录", at=at)
    return True


def check(*, user: User, code: str, what: str, at: datetime) -> None:
    """Accept a code the person has just read off their authenticator, each code once.

    what:   what it is given for, written down when the code is wrong
    Raises: Refused
    """
    with transaction.atomic():
        # Locked, so that the same code sent twice at once is taken once.
        device = Authenticator.objects.select_for_update().filter(user=user, confirmed=True).first()
        problem = _problem(device, code)
        if problem:
            audit.record(
                at=at,
                by=user,
                verb="people.code_refused",
                label="动态口令未通过",
                subject=user,
                details={"for": what},
            )
    if problem:
        raise Refused(problem)


def remove(*, user: User) -> None:
    """Unbind everything the person has."""
    Authenticator.objects.filter(user=user).delete()


def _problem(device: Authenticator | None, code: str) -> str:
    """Why the code does not hold; empty when it does. The device counts wrong ones and makes their sender wait."""
    if device is None:
        return "还没有绑定动态口令。请先在“动态口令”页绑定。"
    digits = "".join(code.split())
    if len(digits) != DIGITS or not digits.isdecimal():
        return NO_CODE
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        wait = min(2 ** (why["failure_count"] - 1), MAX_THROTTLE_DELAY_SECONDS)
        return f"动态口令连续输错，请等 {wait} 秒再试。"
    try:
        return "" if device.verify_token(digits) else WRONG
    except sealing.Unreadable:
        return "系统密钥已更换，原来的动态口令不能再用。请联系安全管理员解绑，再重新绑定。"
