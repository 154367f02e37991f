"""A lost authenticator: one administrator asks, another person confirms, nobody for themselves (ADR 0017)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import moves
from conduct.errors import Forbidden, Refused
from people import access
from people.models import Recovery, Sitting, User
from people.moves.recovery import CONFIRM, REFUSE
from people.queries.second_factor import has_authenticator
from people.roles import Permission, Role

from . import second_factor, sign_in, sittings

NOT_FOR_ONESELF = "不能为自己办理。请联系另一位管理员。"


@transaction.atomic
def ask(*, user: User, reason: str, by: User, at: datetime) -> Recovery:
    """Put the wish to unbind somebody's authenticator.

    Raises: Forbidden; Refused for oneself, without a reason, when there is nothing to unbind, or when a wish
            is open already
    """
    access.require_everywhere(by, Permission.RECOVERY_ASK)
    if user == by:
        raise Refused(NOT_FOR_ONESELF)
    # The system administrator resets passwords; with this too, one person could become anybody.
    is_system_only = Role.SECURITY_ADMIN not in access.roles_of(by)
    if is_system_only and Role.SECURITY_ADMIN not in access.roles_of(user):
        raise Refused("系统管理员只能为安全管理员提出申请；其他人的申请由安全管理员提出。")
    if not reason.strip():
        raise Refused("请写明理由：何时、怎样丢失，如何核实了本人身份。")
    if not has_authenticator(user):
        raise Refused(f"{user.name}没有绑定动态口令，不用解绑。")
    wish = Recovery(user=user, reason=reason.strip(), asked_by=by, asked_at=at)
    try:
        with transaction.atomic():
            return moves.born(
                wish,
                state=Recovery.State.ASKED,
                by=by,
                at=at,
                label="申请解绑动态口令",
                reason=reason.strip(),
            )
    except IntegrityError as fault:
        raise Refused(f"{user.name}的申请已经提出，正等待确认。") from fault


@transaction.atomic
def confirm(*, wish: Recovery, by: User, at: datetime) -> Recovery:
    """Unbind the authenticator: the person binds a new one at the next sign-in, and every sitting ends.

    Raises: Forbidden; Refused for oneself or one's own wish; NotFromHere; MovedMeanwhile
    """
    _require_second(wish, by)
    moves.carry_out(wish, CONFIRM, by=by, at=at, decided_by=by, decided_at=at)
    second_factor.remove(user=wish.user)
    sign_in.forget_browsers(user=wish.user)
    sittings.end_all(user=wish.user, why=Sitting.End.FACTOR, at=at)
    return wish


@transaction.atomic
def refuse(*, wish: Recovery, reason: str, by: User, at: datetime) -> Recovery:
    """Leave the authenticator as it is, and say why.

    Raises: Forbidden; Refused for oneself, one's own wish or without a reason; NotFromHere; MovedMeanwhile
    """
    _require_second(wish, by)
    moves.carry_out(wish, REFUSE, by=by, at=at, reason=reason, decided_by=by, decided_at=at)
    return wish


def may_decide(*, wish: Recovery, by: User) -> bool:
    """Whether the person is the second one for this wish."""
    try:
        _require_second(wish, by)
    except Refused:
        return False
    return wish.state == Recovery.State.ASKED


def _require_second(wish: Recovery, by: User) -> None:
    access.require_everywhere(by, Permission.RECOVERY_DECIDE)
    if wish.user_id == by.pk:
        raise Forbidden(NOT_FOR_ONESELF)
    if wish.asked_by_id == by.pk:
        raise Forbidden("申请是您提出的，须由另一人确认。")
