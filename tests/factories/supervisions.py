"""Papers of the ladder, drafted and signed."""

from __future__ import annotations

from datetime import datetime

from findings.actions import supervisions
from findings.models import Finding, Supervision
from findings.rules.ladder import Step

from .cast import AT, Cast
from .findings import again


def drafted_on(
    finding: Finding, step: Step = Step.LETTER, *, at: datetime = AT, days: int = 3
) -> Supervision:
    """A draft of one step, as the schedule leaves it."""
    row = Supervision.objects.create(
        finding=finding,
        unit=finding.unit,
        step=step,
        due_on=finding.runs_until or finding.due_on,
        overdue_days=days,
        made_at=at,
        made_on=at.date(),
        state=Supervision.State.DRAFTED,
    )
    row.finding = again(finding)
    return row


def signed_on(cast: Cast, finding: Finding, step: Step = Step.LETTER, *, at: datetime = AT) -> Supervision:
    """The same signed, also where the report has come in since."""
    now = again(finding)
    row = drafted_on(finding, step, at=at)
    row.finding.runs_until = row.due_on
    place = {"talk_on": at.date(), "talk_place": "督查办会议室"} if step == Step.TALK else {}
    supervisions.sign(supervision=row, contact="督查一科 0000-1234567", by=cast.leader, at=at, **place)  # type: ignore[arg-type]
    row.finding = now
    return row


def many_like(finding: Finding, count: int) -> list[Finding]:
    """So many findings in all that stand where this one does, itself among them."""
    columns = {
        field.attname: getattr(finding, field.attname)
        for field in Finding._meta.concrete_fields
        if not field.primary_key
    }
    return [finding, *Finding.objects.bulk_create(Finding(**columns) for _ in range(count - 1))]
