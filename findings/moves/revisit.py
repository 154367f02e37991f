"""The life of a second look: scheduled by the closing, arranged as a covert visit, and what came of it."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import Revisit
from findings.rules import parting
from people.roles import Permission

S = Revisit.State

ENTRUST = Move(
    name="entrust_revisit",
    sources=frozenset({S.SCHEDULED}),
    target=S.SCHEDULED,
    permission=Permission.FINDING_CLOSE,
    label="移交回头看任务",
)
ARRANGE = Move(
    name="arrange_revisit",
    sources=frozenset({S.SCHEDULED, S.ARRANGED}),
    target=S.ARRANGED,
    permission=Permission.CAMPAIGN_PLAN,
    label="安排回头看",
)
HOLDS = Move(
    name="revisit_holds",
    sources=frozenset({S.ARRANGED}),
    target=S.HOLDS,
    permission=Permission.FINDING_CONFIRM,
    label="认定整改巩固",
    needs_reason=True,
    second_person="不是验收人、销号人，不是责任单位人员",
    apart=parting.FROM_SECOND_LOOK,
)
INCONCLUSIVE = Move(
    name="revisit_inconclusive",
    sources=frozenset({S.ARRANGED}),
    target=S.INCONCLUSIVE,
    permission=Permission.FINDING_CONFIRM,
    label="注明未能确认",
    needs_reason=True,
    second_person="不是验收人、销号人，不是责任单位人员",
    apart=parting.FROM_SECOND_LOOK,
)
RELAPSED = Move(
    name="revisit_relapsed",
    sources=frozenset({S.ARRANGED}),
    target=S.RELAPSED,
    permission=Permission.FINDING_CONFIRM,
    label="认定问题反弹并重新整改",
    needs_reason=True,
    second_person="不是验收人、销号人，不是责任单位人员",
    danger=True,
    apart=parting.FROM_SECOND_LOOK,
)

TABLE = (ENTRUST, ARRANGE, HOLDS, INCONCLUSIVE, RELAPSED)
