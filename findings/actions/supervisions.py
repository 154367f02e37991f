"""What becomes of the drafts of the ladder: signed and sent, held with a reason, or no longer needed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from conduct import audit, clock, issuing, moves
from conduct.audit import Actor, SystemActor
from conduct.calendar import book as calendar
from conduct.calendar.rules import working_days_between
from conduct.errors import MovedMeanwhile, NotFromHere, Refused
from findings import gather
from findings.models import Finding, Supervision
from findings.moves import supervision as table
from findings.queries import naming
from findings.rules.ladder import Step
from people import access
from people.models import User
from people.roles import Permission

from . import occasions

SERIES = "督办"
S = Supervision.State
RETURNS_UNTIL_PRESSED = 2


def draft_after_return(*, finding: Finding, at: datetime) -> Supervision | None:
    """A report returned for the second time starts the pressing by itself. Call in the returning transaction.

    Nothing when it has been started for this unit before.
    """
    if finding.returns < RETURNS_UNTIL_PRESSED or finding.runs_until is None:
        return None
    started = finding.supervisions.filter(unit=finding.unit_id).exclude(state=S.MOOT)
    in_term = started.filter(step=Step.LETTER, due_on=finding.runs_until).exclude(state=S.SKIPPED)
    if started.filter(cause=Supervision.Cause.RETURNED).exists() or in_term.exists():
        return None
    row = Supervision(
        finding=finding,
        unit_id=finding.unit_id,
        step=Step.LETTER,
        cause=Supervision.Cause.RETURNED,
        due_on=finding.runs_until,
        overdue_days=_overdue(finding, at),
        made_at=at,
        made_on=clock.day_of(at),
    )
    label = f"整改报告第{finding.returns}次退回，起草督办函"
    moves.born(row, state=S.DRAFTED, by=SystemActor(), at=at, label=label)
    _note(finding, "ladder_drafted", label, SystemActor(), at)
    return row


def begin_anew(*, finding: Finding, why: str, at: datetime) -> None:
    """A new term starts at the foot of the ladder; what was drafted for the one before is needed no more."""
    Finding.objects.filter(pk=finding.pk).update(rung=0)
    make_moot(finding=finding, why=why, at=at)


def make_moot(*, finding: Finding, why: str, at: datetime) -> int:
    """Put aside the drafts nobody has signed, and say why; returns how many. Call in the transaction of the cause."""
    count = 0
    for row in finding.supervisions.filter(state__in=Supervision.WAITING).order_by("step"):
        try:
            moves.carry_out(row, table.MOOT, by=SystemActor(), at=at, reason=why, why=why)
        except MovedMeanwhile:
            continue  # signed or held this very moment
        _note(finding, "ladder_moot", f"{row.get_step_display()}不再需要", SystemActor(), at, why)
        count += 1
    return count


@transaction.atomic
def sign(
    *,
    supervision: Supervision,
    contact: str,
    by: User,
    at: datetime,
    talk_on: date | None = None,
    talk_place: str = "",
) -> Supervision:
    """Sign a draft: it takes its number, is printed for good, and goes to the unit.

    talk_on, talk_place: when and where the head is called to, for the one step that calls them
    """
    require_signer(supervision=supervision, by=by)
    require_running(supervision=supervision)
    require_printable(supervision=supervision, at=at)
    today, finding = clock.day_of(at), supervision.finding
    if not contact.strip():
        raise Refused("请写明联系人及电话，单位有疑问时才找得到人。")
    if supervision.step == Step.TALK:
        if talk_on is None or not talk_place.strip():
            raise Refused("请写明约谈的日期和地点，再签发。")
        if talk_on < today:
            raise Refused("约谈日期已经过去，请另定日期。")
    supervision.talk_on, supervision.talk_place = talk_on, talk_place.strip()
    paper = gather.supervision(row=supervision, contact=contact.strip(), at=at)
    issued = issuing.issue(
        kind="supervision",
        series=SERIES,
        code=paper.symbol,
        year=today.year,
        title=paper.title,
        facts_for=lambda number, head: gather.numbered(paper, number, head),
        draw=gather.draw_supervision,
        by=by,
        at=at,
    )
    moves.carry_out(
        supervision,
        table.SIGN,
        by=by,
        at=at,
        paper=issued,
        number=issued.number,
        signed_by=by,
        signed_at=at,
        talk_on=talk_on,
        talk_place=talk_place.strip(),
    )
    _note(finding, "ladder_signed", f"签发{supervision.get_step_display()}", by, at, issued.number)
    occasions.supervision_signed(supervision, by=by, at=at)
    return supervision


@transaction.atomic
def hold(*, supervision: Supervision, by: User, at: datetime, reason: str) -> Supervision:
    """Leave a draft unsigned for now, with the reason; it may still be signed while the term runs."""
    require_signer(supervision=supervision, by=by)
    moves.carry_out(supervision, table.HOLD, by=by, at=at, reason=reason, why=reason.strip())
    label = f"暂缓签发{supervision.get_step_display()}"
    _note(supervision.finding, "ladder_held", label, by, at, reason.strip())
    return supervision


@transaction.atomic
def record_talk(
    *, supervision: Supervision, talk_on: date, talk_record: str, by: User, at: datetime
) -> Supervision:
    """Keep what was said when the head was called in: the record sheet, in words."""
    require_recorder(supervision=supervision, by=by)
    if talk_on > clock.day_of(at):
        raise Refused("约谈日期还没有到，请在约谈以后登记。")
    if not talk_record.strip():
        raise Refused("请写明约谈记录：参加人、指出的问题、单位的说明和承诺。")
    moves.carry_out(
        supervision,
        table.RECORD,
        by=by,
        at=at,
        talk_on=talk_on,
        talk_record=talk_record.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    _note(supervision.finding, "talk_recorded", table.RECORD.label, by, at, supervision.number)
    return supervision


def require_recorder(*, supervision: Supervision, by: User) -> None:
    """Refuse who may not record a talk, and what is no talk that was called.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.NOTICE_ISSUE, unit=supervision.unit)
    if supervision.step != Step.TALK:
        raise NotFromHere("这份文书不是约谈通知，没有约谈记录可以登记。")
    moves.require_from(supervision, table.RECORD)
    if access.belongs_to(person=by, unit=supervision.unit):
        raise Refused("您是责任单位的人员，不能登记对本单位的约谈记录。请由督查办其他同志登记。")


def require_signer(*, supervision: Supervision, by: User) -> None:
    """Refuse who may not sign, and what is no longer to be signed.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.SUPERVISION_SIGN, unit=supervision.unit)
    moves.require_from(supervision, table.SIGN)
    if access.belongs_to(person=by, unit=supervision.unit):
        raise Refused("您是责任单位的人员，不能签发对本单位的督办文书。请由其他分管领导签发。")


def require_printable(*, supervision: Supervision, at: datetime) -> None:
    """Refuse a paper about a finding that names a person and goes into none yet.

    Raises: Refused
    Source: ADR 0040
    """
    rows = Finding.objects.filter(pk=supervision.finding_id)
    if naming.barred(rows, today=clock.day_of(at), book=calendar.load()).exists():
        raise NotFromHere(
            "该问题涉及人员，单位的异议期限未过或者异议正在办理，现在不能签发。请在异议答复以后办理。"
        )


def require_running(*, supervision: Supervision) -> None:
    """Refuse a paper about a term that does not run now.

    Raises: Refused
    """
    finding = supervision.finding
    if finding.paused_on is not None:
        raise NotFromHere("单位的异议正在办理，整改计时暂停，现在不能签发。请在异议答复以后办理。")
    if finding.runs_until is None or finding.unit_id != supervision.unit_id:
        raise NotFromHere("整改期限现在不在计时，督办文书不再需要。请刷新页面看最新情况。")
    if supervision.cause == Supervision.Cause.TERM and finding.runs_until != supervision.due_on:
        raise NotFromHere("整改期限已另行确定，这份督办文书不再需要。请刷新页面看最新情况。")


def _overdue(finding: Finding, at: datetime) -> int:
    start = finding.ladder_from or finding.runs_until or clock.day_of(at)
    return max(0, working_days_between(start=start, end=clock.day_of(at), book=calendar.load()))


def _note(finding: Finding, verb: str, label: str, by: Actor, at: datetime, reason: str = "") -> None:
    """A line on the timeline of the finding."""
    audit.record(at=at, by=by, verb=f"findings.{verb}", label=label, subject=finding, reason=reason)
