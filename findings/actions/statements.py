from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from conduct import clock, moves
from conduct.calendar import book as calendar
from conduct.errors import NotFromHere, Refused
from conduct.search import filling
from findings.models import Finding, SideTerm, UnitStatement
from findings.rules import triage
from findings.rules.deadline import STATEMENT_WORKING_DAYS, deadline
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, terms

Means = UnitStatement.Means


@transaction.atomic
def ask(*, finding: Finding, by: User, at: datetime) -> Finding:
    """Show the unit what is held against it and ask for its statement, due in three working days."""
    access.require(by, Permission.FINDING_TRIAGE, unit=finding.unit)
    _require_verifying(finding, "请单位陈述")
    if finding.statement_asked_at is not None:
        raise Refused("已经请单位陈述过，不必重复。请等待单位陈述，或在期限届满后记为逾期未陈述。")
    book = calendar.load()
    due = deadline(given_at=at, working_days=STATEMENT_WORKING_DAYS, book=book)
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="ask_statement",
        label="请单位陈述",
        statement_asked_at=at,
        statement_due_on=due.day,
        statement_due_is_estimate=due.is_estimate,
    )
    setting = terms.given(rule="提交陈述", working_days=STATEMENT_WORKING_DAYS, due=due, at=at, book=book)
    terms.write_side(of=SideTerm.Of.STATEMENT, matter=finding, setting=setting, at=at, book=book)
    occasions.statement_asked(finding, by=by, at=at)
    return finding


@transaction.atomic
def file(*, finding: Finding, text: str, speaker: str, by: User, at: datetime) -> UnitStatement:
    """The unit says online what it has to say; it may add to it until the facts are settled."""
    require_open(finding=finding, by=by)
    return _note(finding, Means.ONLINE, speaker, text, clock.day_of(at), by, at, label="单位提交陈述")


def require_open(*, finding: Finding, by: User) -> None:
    """Refuse the person who cannot file a statement now.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.STATEMENT_GIVE, unit=finding.unit)
    if finding.statement_asked_at is None:
        raise Refused("督查办尚未请单位就此陈述。")
    if finding.state != Finding.State.VERIFYING:
        raise NotFromHere("陈述已经截止。对整改通知书有异议的，请按通知书所列办法书面提出。")


@transaction.atomic
def enter(
    *, finding: Finding, means: str, speaker: str, text: str, heard_on: date, by: User, at: datetime
) -> UnitStatement:
    """The office notes what it heard, that the unit waived its statement, or that its time ran out."""
    access.require(by, Permission.FINDING_TRIAGE, unit=finding.unit)
    _require_verifying(finding, "记录陈述")
    today = clock.day_of(at)
    if means == Means.ONLINE:
        raise Refused("在线陈述由单位自己提交。请选择听取陈述的其他方式。")
    if heard_on > today:
        raise Refused("听取日期不能晚于今天，请改正后再提交。")
    if means == Means.SILENT:
        objection = triage.objection_to_silence(
            is_asked=finding.statement_asked_at is not None, due_on=finding.statement_due_on, today=today
        )
        if objection:
            raise Refused(objection)
    return _note(finding, means, speaker, text, heard_on, by, at, label="记录单位陈述")


def _note(
    finding: Finding,
    means: str,
    speaker: str,
    text: str,
    heard_on: date,
    by: User,
    at: datetime,
    *,
    label: str,
) -> UnitStatement:
    text, speaker = text.strip(), speaker.strip()
    if not text and means not in (Means.WAIVED, Means.SILENT):
        raise Refused("请写明陈述的内容。")
    if not speaker and means != Means.SILENT:
        raise Refused("请写明陈述人的岗位。")
    moves.revise(finding, expected=finding.version, by=by, at=at, verb="hear_statement", label=label)
    statement = UnitStatement.objects.create(
        finding=finding,
        means=means,
        speaker=speaker or "责任单位",
        text=text,
        heard_on=heard_on,
        entered_by=by,
        entered_at=at,
    )
    filling.changed(statement)
    return statement


def _require_verifying(finding: Finding, label: str) -> None:
    if finding.state != Finding.State.VERIFYING:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，只有核实中的问题才能{label}。")
