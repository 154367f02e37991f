"""The life of a wish to give or end a post."""

from __future__ import annotations

from conduct.moves import Move
from people.models import PostChange
from people.roles import Permission

S = PostChange.State
TWO = "提请人、本人"

CONFIRM = Move(
    "confirm_post_change",
    frozenset({S.ASKED}),
    S.CONFIRMED,
    Permission.POSTS_DECIDE,
    "确认岗位变动",
    second_person=TWO,
)
REFUSE = Move(
    "refuse_post_change",
    frozenset({S.ASKED}),
    S.REFUSED,
    Permission.POSTS_DECIDE,
    "不同意岗位变动",
    needs_reason=True,
    second_person=TWO,
    danger=True,
)
WITHDRAW = Move(
    "withdraw_post_change",
    frozenset({S.ASKED}),
    S.WITHDRAWN,
    Permission.ROLES_EDIT,
    "撤回提请",
    danger=True,
)
TABLE = (CONFIRM, REFUSE, WITHDRAW)
