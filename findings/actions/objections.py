from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from conduct import clock, files, jobs, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar
from conduct.errors import NotFromHere, Refused
from conduct.moves import Move
from findings.models import Finding, Objection, ObjectionFile
from findings.moves import finding as finding_moves
from findings.moves import objection as table
from findings.queries import objections as query
from findings.queries import parties, spells
from findings.rules import objection as rules
from findings.rules.deadline import deadline
from people import access
from people.models import User
from people.roles import Permission

from . import lapses, occasions, supervisions, terms

MOST_FILES = 20
# Of the floor above: lists the issued papers that are wrong now.
CORRECTIONS = "reports.list_corrections"
S = Finding.State


@transaction.atomic
def file(
    *, finding: Finding, reasons: str, uploads: Sequence[UploadedFile], by: User, at: datetime
) -> Objection:
    """The head objects; in time, and for the first time, the unit's clock stands still from today.

    Raises: Refused, also for a file that cannot be taken: nothing has been written then
    """
    require_open(finding=finding, by=by, at=at)
    if not reasons.strip():
        raise Refused("请写明异议理由：哪些事实或认定有误，依据是什么。")
    if len(uploads) > MOST_FILES:
        raise Refused(f"证据材料最多 {MOST_FILES} 件，请合并后再上传。")
    book, today = calendar.load(), clock.day_of(at)
    pauses = _stops_clock(finding, book=book, today=today)
    due = deadline(given_at=at, working_days=rules.DECIDE_WORKING_DAYS, book=book)
    row = Objection(
        finding=finding,
        reasons=reasons.strip(),
        filed_by=by,
        filed_at=at,
        pauses=pauses,
        decide_by=due.day,
        decide_by_is_estimate=due.is_estimate,
    )
    label = "提出异议，暂停计时" if pauses else "提出异议"
    moves.born(row, state=Objection.State.FILED, by=by, at=at, label=label, reason=row.reasons)
    for upload in uploads:
        kept = files.take_document(upload=upload, by=by, at=at)
        ObjectionFile.objects.create(objection=row, file=kept, added_at=at)
    stopped = {"paused_on": today, "runs_until": None} if pauses else {}
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="object",
        label=label,
        reason=row.reasons,
        **stopped,
    )
    occasions.objection_filed(row, by=by, at=at)
    return row


@transaction.atomic
def reject(*, objection: Objection, reason: str, by: User, at: datetime) -> Objection:
    """Find that the finding stands as it is; the clock runs on."""
    require_decider(objection=objection, by=by)
    _decide(objection, table.REJECT, reason, by, at)
    _run_on(objection.finding, table.REJECT, reason, by, at)
    occasions.objection_decided(objection, by=by, at=at)
    return objection


@transaction.atomic
def uphold_partly(*, objection: Objection, facts: str, reason: str, by: User, at: datetime) -> Objection:
    """Take back part of what was found; what is left standing is to be put right, and the clock runs on."""
    require_decider(objection=objection, by=by)
    finding = objection.finding
    if not facts.strip():
        raise Refused("请写明仍然成立的事实。全部不成立的，请选“异议成立”。")
    if facts.strip() == finding.facts.strip():
        raise Refused("仍然成立的事实与原来的一样。请删去不成立的部分，或选“异议不成立”。")
    _decide(objection, table.UPHOLD_PARTLY, reason, by, at, earlier_facts=finding.facts)
    changes = {
        "facts": facts.strip(),
        "earlier_facts": finding.earlier_facts or finding.facts,
        "verdict_reason": reason.strip(),
    }
    _run_on(finding, table.UPHOLD_PARTLY, reason, by, at, **changes)
    _serve(objection, by, at)
    return objection


@transaction.atomic
def uphold(*, objection: Objection, reason: str, by: User, at: datetime) -> Objection:
    """Take the finding back: it counts no more, in no figure, and nothing is asked of the unit."""
    require_decider(objection=objection, by=by)
    _decide(objection, table.UPHOLD, reason, by, at)
    ended = "异议成立，问题已撤销认定。"
    lapses.extensions(finding=objection.finding, reason=ended, by=by, at=at)
    moves.carry_out(
        objection.finding,
        finding_moves.OVERTURN,
        by=by,
        at=at,
        reason=reason,
        runs_until=None,
        paused_on=None,
        # What was taken back was never rightly handed over or closed: figures go by these days.
        issued_on=None,
        closed_at=None,
        closed_on=None,
        closed_by=None,
        days_to_close=None,
    )
    supervisions.make_moot(finding=objection.finding, why="异议成立，认定已撤销。", at=at)
    _serve(objection, by, at)
    return objection


def require_open(*, finding: Finding, by: User, at: datetime) -> None:
    """Refuse who may not object, and a finding against which nobody can any more.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.RECTIFICATION_SIGN, unit=finding.unit)
    if finding.state not in (*Finding.OPEN, S.CLOSED):
        raise NotFromHere(
            f"问题当前是“{finding.get_state_display()}”，不需要提出异议。请刷新页面看最新情况。"
        )
    objection = rules.objection_to_filing(
        right=query.right_of(finding, book=calendar.load()),
        today=clock.day_of(at),
        is_open=finding.objections.filter(state=Objection.State.FILED).exists(),
    )
    if objection:
        raise Refused(objection)


def require_decider(*, objection: Objection, by: User) -> None:
    """Refuse who may not decide, and what has been decided.

    Raises: Forbidden, Refused
    """
    finding = objection.finding
    access.require(by, Permission.OBJECTION_DECIDE, unit=finding.unit)
    moves.require_from(objection, table.REJECT)
    if refusal := parties.objection_to_decider(finding=finding, person=by):
        raise Refused(refusal)


def _serve(objection: Objection, by: User, at: datetime) -> None:
    """The unit is told that it was right, and what was printed is looked for."""
    occasions.objection_decided(objection, by=by, at=at)
    slot = str(objection.pk)
    jobs.start(CORRECTIONS, by=by, at=at, subject=objection, slot=slot, objection_id=slot)


def _stops_clock(finding: Finding, *, book: WorkCalendar, today: date) -> bool:
    """Whether an objection filed today stops the unit's clock: the first of the present spell, in time."""
    right = query.right_of(finding, book=book)
    if right is None:
        raise RuntimeError(f"finding {finding.pk} was not received")
    earlier = finding.objections.filter(spells.of_now(finding, since="filed_at"))
    return finding.runs_until is not None and rules.stops_clock(
        right=right, today=today, is_first=not earlier.exists()
    )


def _decide(objection: Objection, move: Move, reason: str, by: User, at: datetime, **changes: Any) -> None:
    moves.carry_out(
        objection,
        move,
        by=by,
        at=at,
        reason=reason,
        decided_by=by,
        decided_at=at,
        decision=reason.strip(),
        **changes,
    )


def _run_on(finding: Finding, move: Move, reason: str, by: User, at: datetime, **changes: Any) -> None:
    """Note the decision on the finding; a clock that stood still runs on."""
    facts: dict[str, Any] = {
        "by": by,
        "at": at,
        "verb": move.name,
        "label": move.label,
        "reason": reason.strip(),
    }
    if finding.paused_on is None:
        moves.revise(finding, expected=finding.version, **facts, **changes)
        return
    book, before = calendar.load(), finding.due_on
    setting = terms.after_pause(finding=finding, at=at, book=book)
    moves.revise(finding, expected=finding.version, **facts, **changes, **terms.columns(setting))
    terms.write(finding=finding, setting=setting, before=before, at=at, book=book)
