"""Papers that an objection has shown to be wrong."""

from __future__ import annotations

from datetime import timedelta

from findings.models import Finding, Objection
from reports.actions import corrections
from reports.models import Correction
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line


def to_correct(finding: Finding) -> Correction:
    """The notice of the finding on the office's list, as after an upheld objection to it."""
    head = finding.notice.received_by if finding.notice else None
    objection = Objection.objects.create(
        finding=finding,
        reasons="当日有派工单为证。",
        filed_by=head,
        filed_at=AT,
        decide_by=AT.date() + timedelta(days=7),
        state=Objection.State.UPHELD,
        decided_by=head,
        decided_at=AT,
        decision="派工单属实。",
    )
    (row, *_) = corrections.list_of(objection=objection, by=head, at=AT)
    return row


def corrected(cast: Cast) -> Correction:
    """A notice to the East that was put right, signed by the leader."""
    row = to_correct(Line(cast).received(unit=cast.east))
    return corrections.sign(correction=row, by=cast.leader, at=AT)
