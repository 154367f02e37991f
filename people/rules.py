"""Which roles one person may hold together, and how long a password holds. Plain Python.

Source: GB/T 22239-2019 安全计算环境, 管理用户权限分离; issue of the three administrators (三员分立).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from .roles import ADMIN_ROLES, ROLE_NAMES, Role


def clash(*, held: Iterable[Role], wanted: Role) -> str:
    """Why the wanted role cannot stand beside those held, as a sentence; empty when it can."""
    others = [role for role in held if role != wanted]
    if wanted in ADMIN_ROLES and others:
        return (
            f"{ROLE_NAMES[wanted]}须由专人担任，不能兼任其他岗位；此人现任{_names(others)}。"
            "请另选一人，或先终止其现有岗位。"
        )
    admins = [role for role in others if role in ADMIN_ROLES]
    if admins:
        return f"此人现任{_names(admins)}，三员不能兼任其他岗位。请另选一人，或先终止其现有岗位。"
    return ""


def _names(roles: Iterable[Role]) -> str:
    wanted = set(roles)
    return "、".join(name for role, name in ROLE_NAMES.items() if role in wanted)


def is_expired(*, changed_at: datetime | None, at: datetime, most_days: int) -> bool:
    """Whether a password is older than this deployment allows; one of unknown age is.

    most_days: 0 where passwords do not age
    """
    if not most_days:
        return False
    return changed_at is None or at - changed_at >= timedelta(days=most_days)
