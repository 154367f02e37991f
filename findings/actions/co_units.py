from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from conduct import audit, clock, files, moves
from conduct.calendar import book as calendar
from conduct.dates import cn_date
from conduct.errors import NotFromHere, Refused
from findings.models import CoUnit, CoUnitFile, Finding, SideTerm
from findings.moves import co_unit as table
from findings.queries import parties
from findings.rules.deadline import deadline
from people import access
from people.models import Unit, User
from people.roles import Permission

from . import occasions, terms

S = CoUnit.State
MOST_FILES = 10


@transaction.atomic
def give(
    *, finding: Finding, unit: Unit, task: str, contact: str, working_days: int, by: User, at: datetime
) -> CoUnit:
    """Give another unit a part in the matter, with a term of its own that ends no later than the leading unit's."""
    require_giver(finding=finding, by=by)
    _check(finding, unit, task, contact, by)
    book = calendar.load()
    due = deadline(given_at=at, working_days=working_days, book=book)
    if finding.due_on is not None and due.day > finding.due_on:
        raise Refused(
            f"协办期限（{cn_date(due.day)}）晚于主办单位的整改期限（{cn_date(finding.due_on)}），请缩短。"
        )
    part = CoUnit(
        finding=finding,
        unit=unit,
        task=task.strip(),
        contact=contact.strip(),
        working_days=working_days,
        due_on=due.day,
        due_is_estimate=due.is_estimate,
        calendar_version=due.calendar_version,
        given_by=by,
        given_at=at,
    )
    moves.born(part, state=S.OPEN, by=by, at=at, label="交办协办事项")
    setting = terms.given(rule="协办事项", working_days=working_days, due=due, at=at, book=book)
    terms.write_side(of=SideTerm.Of.PART, matter=part, setting=setting, at=at, book=book)
    label = f"增加协办单位：{unit.name}"
    moves.revise(
        finding,
        expected=finding.version,
        by=by,
        at=at,
        verb="give_part",
        label=label[:64],
        co_units=finding.co_units + 1,
    )
    occasions.part_given(part, by=by, at=at)
    return part


@transaction.atomic
def answer(*, part: CoUnit, text: str, uploads: Sequence[UploadedFile], by: User, at: datetime) -> CoUnit:
    """The head of the co-unit answers its part, with files where there are any.

    Raises: Refused with the file's name, what is wrong with it and what to do (nothing has been written)
    """
    require_answerer(part=part, by=by)
    if not text.strip():
        raise Refused("请写明协办事项办理的情况，再提交。")
    if part.files.count() + len(uploads) > MOST_FILES:
        raise Refused(f"材料最多 {MOST_FILES} 件，请合并后再上传。")
    for upload in uploads:
        kept = files.take_document(upload=upload, by=by, at=at)
        CoUnitFile.objects.create(part=part, file=kept, added_by=by, added_at=at)
    said: dict[str, Any] = {"answer": text.strip(), "answered_by": by, "answered_at": at}
    first = part.first_answered_on or clock.day_of(at)
    moves.carry_out(part, table.ANSWER, by=by, at=at, first_answered_on=first, **said)
    _tell(part, table.ANSWER, by, at, "")
    occasions.part_answered(part, by=by, at=at)
    return part


@transaction.atomic
def send_back(*, part: CoUnit, reason: str, by: User, at: datetime) -> CoUnit:
    """The office returns the answer with reasons; the co-unit goes on from it."""
    access.require(by, Permission.RECTIFICATION_REVIEW, unit=part.finding.unit)
    if objection := parties.objection_to_reviewer(finding=part.finding, person=by):
        raise Refused(objection.replace("整改报告", "协办答复"))
    _require_running(part.finding, "退回协办答复")
    why: dict[str, Any] = {"returned_reason": reason.strip(), "returns": F("returns") + 1}
    moves.carry_out(part, table.RETURN, by=by, at=at, reason=reason, **why)
    part.refresh_from_db(fields=["returns"])
    _tell(part, table.RETURN, by, at, reason)
    occasions.part_given(part, by=by, at=at)
    return part


@transaction.atomic
def release(*, part: CoUnit, reason: str, by: User, at: datetime) -> CoUnit:
    """The office asks no more of the co-unit, e.g. after the part was given to the wrong one."""
    access.require(by, Permission.NOTICE_ISSUE, unit=part.finding.unit)
    moves.carry_out(part, table.RELEASE, by=by, at=at, reason=reason, returned_reason=reason.strip())
    _tell(part, table.RELEASE, by, at, reason)
    return part


def require_giver(*, finding: Finding, by: User) -> None:
    """Refuse who may not give parts of the matter, or gives them too early or too late.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.NOTICE_ISSUE, unit=finding.unit)
    _require_running(finding, "增加协办单位")


def require_answerer(*, part: CoUnit, by: User) -> None:
    """Refuse who may not answer the part, and a part that is not to be answered now.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.RECTIFICATION_SIGN, unit=part.unit)
    moves.require_from(part, table.ANSWER)


def _check(finding: Finding, unit: Unit, task: str, contact: str, by: User) -> None:
    if unit.pk == finding.unit_id:
        raise Refused(f"{unit.name}是主办单位，不能同时协办。请另选单位。")
    if not access.may(by, Permission.NOTICE_ISSUE, unit=unit):
        raise Refused(f"“{unit.name}”不在您的办理范围内。请选择范围内的单位，或请上级督查办交办。")
    if finding.parts.filter(unit=unit).exclude(state=S.RELEASED).exists():
        raise Refused(f"{unit.name}已经是协办单位，不必重复交办。")
    if not task.strip():
        raise Refused("请写明要协办单位办什么。协办单位只看得到这里写的内容。")
    if not contact.strip():
        raise Refused("请写明联系人及电话，协办单位有疑问时才找得到人。")


def _require_running(finding: Finding, what: str) -> None:
    if finding.state not in Finding.WITH_UNIT:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不能{what}。")


def _tell(part: CoUnit, move: moves.Move, by: User, at: datetime, reason: str) -> None:
    """A line on the finding's own timeline."""
    label = f"{part.unit.name}：{move.label}"[:64]
    verb, why = f"findings.{move.name}", reason.strip()
    audit.record(at=at, by=by, verb=verb, label=label, subject=part.finding, reason=why)
