"""Taking in a unit's own ledger: all of a file or nothing, each problem once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import moves
from conduct.errors import Refused
from findings.models import Finding, LedgerEntry
from findings.queries.ledger_lines import Plan, Planned
from people import access
from people.models import User
from people.roles import Permission

from .history import title_of

LABEL = "台账导入"
KEPT = (
    *("source", "leader", "owner", "measures", "due_on", "progress", "result", "proof", "accepted_by"),
    *("accepted_on", "is_closed", "closed_on", "extensions", "light"),
)


@transaction.atomic
def take_in(*, plan: Plan, file_name: str, file_sha256: str, by: User, at: datetime) -> int:
    """File the lines that are new as problems of the past; returns how many.

    Raises: Forbidden; Refused when any line has a fault, or somebody takes in the same at this moment
    """
    access.require(by, Permission.HISTORY_IMPORT)
    if plan.faults:
        raise Refused(f"文件有 {len(plan.faults)} 处要改，没有导入。{plan.faults[0]}")
    for unit in {row.unit.pk: row.unit for row in plan.new}.values():
        access.require(by, Permission.HISTORY_IMPORT, unit=unit)
    try:
        with transaction.atomic():
            for row in plan.new:
                _file(row, file_name=file_name, file_sha256=file_sha256, by=by, at=at)
    except IntegrityError as fault:
        raise Refused("有人刚导入了同样的内容，这次没有导入。请重新上传，核对后再确认。") from fault
    return len(plan.new)


def _file(row: Planned, *, file_name: str, file_sha256: str, by: User, at: datetime) -> None:
    line = row.line
    finding = Finding(
        unit=row.unit,
        department=line.department,
        title=title_of(line.facts),
        facts=line.facts,
        category=row.category,
        top=row.category.top,
        visited_on=line.day,
        month=line.day.replace(day=1),
        raised_by=by,
        raised_at=at,
        is_historical=True,
    )
    moves.born(finding, state=Finding.State.ON_RECORD, by=by, at=at, label=LABEL, reason=file_name)
    LedgerEntry.objects.create(
        finding=finding,
        fingerprint=row.fingerprint,
        file_sha256=file_sha256,
        taken_in_by=by,
        taken_in_at=at,
        **{name: getattr(line, name) for name in KEPT},
    )
