"""The second factor: bound by its owner, asked for by the house, unbound only by two others."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from conduct import audit, sealing
from conduct.errors import Refused
from people.models import Authenticator, KnownBrowser, User

from . import guesses
from .sign_in import Visitor

DIGITS = 6
# In half an hour, from all browsers together in which the person never signed in.
MOST_OF_STRANGERS = 10
WRONG = "动态口令不正确。每个口令只能用一次，请等验证器上出现新的口令再输入。"
NO_CODE = f"请输入验证器上显示的 {DIGITS} 位数字。"
SHUT = "动态口令连续输错多次，30 分钟内不能在此处再试。急用请换一台以前登录过的设备。"


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


def show(*, user: User, code: str, visitor: Visitor, at: datetime) -> bool:
    """Accept the code in a sitting that began before codes were asked for.

    Raises: Refused
    """
    check(user=user, code=code, what="登录", visitor=visitor, at=at)
    return True


def check(*, user: User, code: str, what: str, visitor: Visitor, at: datetime) -> None:
    """Accept a code the person has just read off their authenticator, each code once.

    what:   what it is given for, written down when the code is wrong
    Raises: Refused
    """
    limits = _limits(user, visitor)
    # Counted before the code is looked at: a hundred sent at once are a hundred. What is no code is no guess.
    is_open = not _is_code(code) or guesses.count(limits=limits, at=at)
    with transaction.atomic():
        # Locked, so that the same code sent twice at once is taken once.
        device = Authenticator.objects.select_for_update().filter(user=user, confirmed=True).first()
        problem = _problem(device, code) if is_open else SHUT
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
    guesses.forgive(limits=limits)


def remove(*, user: User) -> None:
    """Unbind everything the person has."""
    Authenticator.objects.filter(user=user).delete()


def _problem(device: Authenticator | None, code: str) -> str:
    """Why the code does not hold; empty when it does."""
    if device is None:
        return "还没有绑定动态口令。请先在“动态口令”页绑定。"
    if not _is_code(code):
        return NO_CODE
    try:
        return "" if device.verify_token("".join(code.split())) else WRONG
    except sealing.Unreadable:
        return "系统密钥已更换，原来的动态口令不能再用。请联系安全管理员解绑，再重新绑定。"


def _is_code(code: str) -> bool:
    digits = "".join(code.split())
    return len(digits) == DIGITS and digits.isdecimal()


def _limits(user: User, visitor: Visitor) -> dict[str, int]:
    """The counts this code belongs to, and the most of each; the owner's sitting and browsers have their own."""
    whose = str(user.pk)
    if visitor.sitting:
        return {guesses.key_of("code of sitting", whose, visitor.sitting): guesses.MOST_TRIES}
    if KnownBrowser.objects.filter(user=user, token=visitor.browser or "-").exists():
        return {guesses.key_of("code of browser", whose, visitor.browser): guesses.MOST_TRIES}
    return {
        guesses.key_of("code of address", whose, visitor.address): guesses.MOST_TRIES,
        guesses.key_of("code of strangers", whose): MOST_OF_STRANGERS,
    }
