from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from conduct import audit
from conduct.errors import Refused
from findings.models import SetAside
from findings.queries import worklist
from inspections.models import Observation
from people import access
from people.models import User
from people.roles import Permission


@transaction.atomic
def set_aside(*, observations: Sequence[Observation], by: User, at: datetime, reason: str) -> list[SetAside]:
    """Decide not to take up what was seen, and say why."""
    reason = reason.strip()
    if not observations:
        raise Refused("请至少选择一条现场记录，再注明不列入。")
    if not reason:
        raise Refused("不列入问题须写明理由，请填写后再提交。")
    held = lock(observations)
    for observation in held:
        access.require(by, Permission.FINDING_TRIAGE, unit=observation.visit.unit)
    if taken(held):
        raise Refused("所选记录中有的已经列为问题或已注明不列入。请返回待处理清单，按最新情况重新选择。")
    return [_leave(observation, by, at, reason) for observation in held]


@transaction.atomic
def take_back(*, set_asides: Sequence[SetAside], by: User, at: datetime, reason: str) -> int:
    """Put observations back on the worklist, and say why; the history keeps why they were left out.

    Returns how many.
    """
    reason = reason.strip()
    if not set_asides:
        raise Refused("请至少选择一条不列入的现场记录，再恢复待研判。")
    if not reason:
        raise Refused("恢复待研判须写明理由，请填写后再提交。")
    seen = lock([row.observation for row in set_asides])
    for observation in seen:
        access.require(by, Permission.FINDING_TRIAGE, unit=observation.visit.unit)
    held = SetAside.objects.filter(observation__in=seen)
    if held.count() != len(set_asides):
        raise Refused("所选记录中有的已经恢复待研判。请刷新页面，按最新情况重新选择。")
    for observation in seen:
        audit.record(
            at=at, by=by, verb="findings.take_back", label="恢复待研判", subject=observation, reason=reason
        )
    held.delete()
    return len(seen)


def lock(observations: Sequence[Observation]) -> list[Observation]:
    """The observations as they are now, held until the transaction ends: two clerks cannot take up the same."""
    return list(
        Observation.objects.select_for_update(of=("self",))
        .filter(pk__in=[observation.pk for observation in observations])
        .select_related("visit__unit", "category")
        .order_by("pk")
    )


def taken(observations: Sequence[Observation]) -> int:
    """How many of them have been dealt with, or cannot be dealt with yet."""
    free = worklist.unhandled().filter(pk__in=[observation.pk for observation in observations]).count()
    return len(observations) - free


def _leave(observation: Observation, by: User, at: datetime, reason: str) -> SetAside:
    row = SetAside.objects.create(observation=observation, reason=reason, by=by, at=at)
    audit.record(
        at=at, by=by, verb="findings.set_aside", label="不列入问题", subject=observation, reason=reason
    )
    return row
