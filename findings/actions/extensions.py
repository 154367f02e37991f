from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from conduct import clock, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import Due
from conduct.dates import plain_date
from conduct.errors import NotFromHere, Refused
from findings.models import Extension, Finding, Term
from findings.moves import extension as table
from findings.queries import spells
from findings.rules import extension as rules
from findings.rules.deadline import deadline
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, terms

TIMES = {1: "第一次", 2: "第二次"}


@transaction.atomic
def ask(*, finding: Finding, until: date, reason: str, by: User, at: datetime) -> Extension:
    """The head of the unit asks for a later deadline, before the present one has passed."""
    require_open(finding=finding, by=by, at=at)
    book = calendar.load()
    if finding.runs_until is None:
        raise RuntimeError(f"finding {finding.pk} has no running term")
    if objection := rules.objection_to_day(day=until, due_on=finding.runs_until, book=book):
        raise Refused(objection)
    if not reason.strip():
        raise Refused("请写明延期理由：做到了哪一步，为什么不能按期完成。")
    due = deadline(given_at=at, working_days=rules.DECIDE_WORKING_DAYS, book=book)
    wish = Extension(
        finding=finding,
        spell=spells.number(finding),
        ordinal=finding.extensions + 1,
        reason=reason.strip(),
        due_before=finding.runs_until,
        asked_for=until,
        asked_by=by,
        asked_at=at,
        decide_by=due.day,
        decide_by_is_estimate=due.is_estimate,
    )
    label = f"申请延期至{plain_date(until)}"
    moves.born(wish, state=Extension.State.ASKED, by=by, at=at, label=label, reason=wish.reason)
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="ask_extension",
        label=label,
        reason=wish.reason,
    )
    occasions.extension_asked(wish, by=by, at=at)
    return wish


@transaction.atomic
def grant(*, extension: Extension, until: date, reason: str, by: User, at: datetime) -> Extension:
    """Move the deadline on, as far as the unit asked or less far; the term first given stays on record."""
    require_decider(extension=extension, by=by)
    finding, book = extension.finding, calendar.load()
    if finding.runs_until is None:
        raise NotFromHere(
            "整改期限已不在计时（单位已提交报告，或异议正在办理），不能再准予延期。请刷新页面看最新情况。"
        )
    before = finding.runs_until
    if objection := rules.objection_to_day(day=until, due_on=before, book=book, latest=extension.asked_for):
        raise Refused(objection)
    moves.carry_out(
        extension,
        table.GRANT,
        by=by,
        at=at,
        reason=reason,
        granted_until=until,
        decided_by=by,
        decided_at=at,
        decision=reason.strip(),
    )
    due = Due(until, not book.knows(clock.day_of(at), until), book.version)
    rule = f"{TIMES[extension.ordinal]}延期，准予延至{plain_date(until)}"
    setting = terms.Setting(Term.Kind.EXTENDED, rule, due)
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="grant_extension",
        label=f"同意延期至{plain_date(until)}",
        reason=reason.strip(),
        extensions=F("extensions") + 1,
        **terms.columns(setting),
    )
    finding.refresh_from_db(fields=["extensions"])
    terms.write(finding=finding, setting=setting, before=before, at=at, book=book)
    occasions.extension_decided(extension, by=by, at=at)
    return extension


@transaction.atomic
def refuse(*, extension: Extension, reason: str, by: User, at: datetime) -> Extension:
    """Leave the deadline as it is, with reasons."""
    require_decider(extension=extension, by=by)
    moves.carry_out(
        extension,
        table.REFUSE,
        by=by,
        at=at,
        reason=reason,
        decided_by=by,
        decided_at=at,
        decision=reason.strip(),
    )
    finding = extension.finding
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="refuse_extension",
        label="不同意延期",
        reason=reason.strip(),
    )
    occasions.extension_decided(extension, by=by, at=at)
    return extension


def require_open(*, finding: Finding, by: User, at: datetime) -> None:
    """Refuse who may not ask, and a finding whose deadline cannot be moved.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.RECTIFICATION_SIGN, unit=finding.unit)
    if finding.state == Finding.State.ASSIGNED:
        raise NotFromHere("请先签收整改通知书，再申请延期。")
    objection = rules.objection_to_asking(
        runs_until=finding.runs_until,
        today=clock.day_of(at),
        is_waiting=finding.extension_wishes.filter(state=Extension.State.ASKED).exists(),
        granted=finding.extensions,
    )
    if objection:
        raise Refused(objection)


def require_decider(*, extension: Extension, by: User) -> None:
    """Refuse who may not decide, and what has been decided.

    Raises: Forbidden, Refused
    """
    unit = extension.finding.unit
    access.require(by, Permission.EXTENSION_GRANT, unit=unit)
    moves.require_from(extension, table.GRANT)
    objection = rules.objection_to_decider(
        ordinal=extension.ordinal,
        may_grant_again=access.may(by, Permission.EXTENSION_GRANT_AGAIN, unit=unit),
        is_of_unit=access.belongs_to(person=by, unit=unit),
    )
    if objection:
        raise Refused(objection)
