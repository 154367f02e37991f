"""What is open at a unit that is merged or closed goes to its successor, with its terms; what is over stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from conduct import moves
from conduct.search import filling
from findings.models import CoUnit, Finding, Notice, Supervision, TransferRequest
from findings.moves import co_unit as table
from findings.queries.inherited import (
    open_findings,
    open_parts,
    open_requests,
    unsigned_notices,
    waiting_drafts,
)
from people.models import Unit, User


def hand_over(unit: Unit, heir: Unit, by: User, at: datetime) -> None:
    """Give everything open to the heir. Call inside the transaction of the merger."""
    label, reason = _words(unit, heir)
    notices: set[UUID] = set(unsigned_notices(unit).values_list("pk", flat=True))
    for finding in open_findings(unit).select_for_update(of=("self",)).order_by("pk"):
        notices |= {finding.notice_id} - {None} if finding.notice_id else set()
        _give(finding, heir, by, at, label, reason, liaison=None)
    for draft in waiting_drafts(unit).order_by("pk"):
        _give(draft, heir, by, at, label, reason)
    for request in open_requests(unit).order_by("pk"):
        _give(request, heir, by, at, label, reason)
    for part in open_parts(unit).order_by("pk"):
        _take_part(part, heir, by, at, label, reason)
    for notice in Notice.objects.filter(pk__in=notices, unit=unit).order_by("pk"):
        _give(notice, heir, by, at, f"收文单位由{unit.name}变更为{heir.name}"[:64], reason)


def to_successor(*, finding: Finding, by: User, at: datetime) -> None:
    """Before a matter that was over is opened again: who answers for a unit that has been merged since."""
    unit = heir = finding.unit
    while heir.successor is not None:
        heir = heir.successor
    if heir.pk == unit.pk:
        return
    label, reason = _words(unit, heir)
    _give(finding, heir, by, at, label, reason, liaison=None)
    if finding.notice is not None and finding.notice.unit_id == unit.pk:
        _give(finding.notice, heir, by, at, label, reason)


def _words(unit: Unit, heir: Unit) -> tuple[str, str]:
    """What the timeline says of it, and on what ground."""
    label = f"责任单位由{unit.name}变更为{heir.name}"[:64]
    return label, f"{unit.name}撤并，由{heir.name}承接，期限不变。"


def _take_part(part: CoUnit, heir: Unit, by: User, at: datetime, label: str, reason: str) -> None:
    """A part goes on with the heir, unless the heir leads the matter or has a part in it already."""
    finding = part.finding
    has_own = Q(unit=heir) & ~Q(state=CoUnit.State.RELEASED)
    finding.refresh_from_db(fields=["unit"])
    if finding.unit_id != heir.pk and not finding.parts.filter(has_own).exists():
        _give(part, heir, by, at, label, reason)
        return
    why = f"{part.unit.name}撤并，{heir.name}已在办理同一事项，不再另行协办。"
    moves.carry_out(part, table.RELEASE, by=by, at=at, reason=why, returned_reason=why)


def _give(
    row: Finding | TransferRequest | CoUnit | Notice | Supervision,
    heir: Unit,
    by: User,
    at: datetime,
    label: str,
    reason: str,
    **changes: None,
) -> None:
    moves.revise(
        row,
        expected=row.version,
        by=by,
        at=at,
        verb="succeed",
        label=label,
        reason=reason,
        unit=heir,
        **changes,
    )
    filling.changed(row)
