"""The life of a wish for a later deadline: DOMAIN §4.4."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import Extension
from people.roles import Permission

S = Extension.State

GRANT = Move(
    name="grant_extension",
    sources=frozenset({S.ASKED}),
    target=S.GRANTED,
    permission=Permission.EXTENSION_GRANT,
    label="同意延期",
    needs_reason=True,
    second_person="第一次由督查办批复，第二次由分管领导批复；不是责任单位人员",
)
REFUSE = Move(
    name="refuse_extension",
    sources=frozenset({S.ASKED}),
    target=S.REFUSED,
    permission=Permission.EXTENSION_GRANT,
    label="不同意延期",
    needs_reason=True,
    second_person="第一次由督查办批复，第二次由分管领导批复；不是责任单位人员",
    danger=True,
)
# The term it was to move runs no more: another unit has the matter, it came back, or the finding was taken back.
LAPSE = Move(
    name="lapse_extension",
    sources=frozenset({S.ASKED}),
    target=S.LAPSED,
    permission=Permission.NOTICE_ISSUE,
    label="延期申请不再需要批复",
)

TABLE = (GRANT, REFUSE, LAPSE)
