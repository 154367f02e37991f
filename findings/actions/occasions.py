"""Whom findings tell what: called inside the action that it is about. No title, fact or reason goes into a message."""

from __future__ import annotations

from datetime import datetime

from conduct import clock, messages
from conduct.audit import Actor
from findings.models import (
    CoUnit,
    Extension,
    Finding,
    Notice,
    Objection,
    Rectification,
    RectificationPlan,
    Supervision,
    TransferRequest,
)
from people.models import User
from people.queries import addressees

NOTICE = messages.declare("findings.notice", "整改通知书待签收", is_floor=True)
SERVED = messages.declare("findings.served", "整改通知书视为送达", is_floor=True)
REMINDER = messages.declare("findings.reminder", "签收和整改期限提醒", is_floor=True)
STATEMENT = messages.declare("findings.statement", "请单位陈述", is_floor=True)
RETURNED = messages.declare("findings.returned", "整改报告退回", is_floor=True)
PLAN_RETURNED = messages.declare("findings.plan_returned", "整改方案退回", is_floor=True)
HANDED_IN = messages.declare("findings.handed_in", "整改报告待审核")
AWAITING = messages.declare("findings.awaiting", "问题待验收")
PASSED = messages.declare("findings.passed", "整改报告审核通过")
PLAN_HANDED_IN = messages.declare("findings.plan_handed_in", "整改方案待审核")
PLAN_APPROVED = messages.declare("findings.plan_approved", "整改方案审核同意")
CLOSED = messages.declare("findings.closed", "问题销号")
RELAPSED = messages.declare("findings.relapsed", "问题反弹，重新整改", is_floor=True)
TRANSFER = messages.declare("findings.transfer", "不属本单位职责退回")
LADDER = messages.declare("findings.ladder", "临期、到期和逾期催办", is_floor=True)
DRAFTED = messages.declare("findings.ladder_drafted", "督办文书待签发")
SUPERVISION = messages.declare("findings.supervision", "督办文书", is_floor=True)
PART = messages.declare("findings.part", "协办事项", is_floor=True)
OBJECTION = messages.declare("findings.objection", "异议待答复")
OBJECTION_DECIDED = messages.declare("findings.objection_decided", "异议答复", is_floor=True)
EXTENSION = messages.declare("findings.extension", "延期申请待批复")
EXTENSION_DECIDED = messages.declare("findings.extension_decided", "延期批复")


def notice_issued(notice: Notice, *, by: Actor, at: datetime) -> None:
    """The unit has a notice to sign for."""
    words = f"{notice.number}整改通知书已发出，请单位主要负责人签收。"
    _tell_of_notice(NOTICE, notice, step="issued", words=words, by=by, at=at)


def served(notice: Notice, *, by: Actor, at: datetime) -> None:
    """Nobody signed for the notice in time, so it counts as served."""
    words = f"{notice.number}整改通知书逾期未签收，视为送达，整改期限照常计算，仍请签收。"
    _tell_of_notice(SERVED, notice, step="served", words=words, by=by, at=at)


def statement_asked(finding: Finding, *, by: User, at: datetime) -> None:
    """The head of the unit is asked what they have to say."""
    messages.tell(
        STATEMENT,
        to=addressees.heads(finding.unit, day=clock.day_of(at)),
        matter=finding,
        step="statement_asked",
        words="督查办正在核实涉及本单位的一个问题，请提交陈述。",
        unit=finding.unit.name,
        due_on=finding.statement_due_on,
        is_estimate=finding.statement_due_is_estimate,
        url_name="findings:statement",
        url_args=[finding.pk],
        by=by,
        at=at,
    )


def handed_in(report: Rectification, *, by: User, at: datetime) -> None:
    """The office has a report to review."""
    finding = report.finding
    _tell_office(
        HANDED_IN,
        finding,
        step=f"handed_in:{report.round}",
        words="单位已提交整改报告{of}，请审核。",
        by=by,
        at=at,
    )


def passed_on(report: Rectification, *, by: User, at: datetime) -> None:
    """The report is in order: the unit is told, and the office that someone is to accept."""
    finding = report.finding
    step = f"passed:{report.round}"
    _tell_unit(PASSED, finding, step=step, words="整改报告{of}审核通过，等待验收。", by=by, at=at)
    _tell_office(AWAITING, finding, step=step, words="整改报告{of}审核通过，请安排验收。", by=by, at=at)


def returned(report: Rectification, *, by: User, at: datetime) -> None:
    """The report comes back to the unit, from the review or from the acceptance."""
    words = "整改报告{of}被退回，请按意见继续整改后重新提交。"
    _tell_unit(RETURNED, report.finding, step=f"returned:{report.round}", words=words, by=by, at=at)


def plan_handed_in(plan: RectificationPlan, *, by: User, at: datetime) -> None:
    """The office has a plan to judge."""
    words = "单位已提交整改方案{of}，请审核。"
    step = f"plan_handed_in:{plan.pk}:{plan.returns}"
    _tell_office(PLAN_HANDED_IN, plan.finding, step=step, words=words, by=by, at=at)


def plan_approved(plan: RectificationPlan, *, by: User, at: datetime) -> None:
    """The unit may go by its plan."""
    words = "整改方案{of}已同意，请按方案整改，逐条登记完成情况。"
    _tell_unit(PLAN_APPROVED, plan.finding, step=f"plan_approved:{plan.pk}", words=words, by=by, at=at)


def plan_returned(plan: RectificationPlan, *, by: User, at: datetime) -> None:
    """The plan comes back to the unit."""
    words = "整改方案{of}被退回，请按意见修改后重新提交。"
    step = f"plan_returned:{plan.pk}:{plan.returns}"
    _tell_unit(PLAN_RETURNED, plan.finding, step=step, words=words, by=by, at=at)


def closed(finding: Finding, *, by: User, at: datetime) -> None:
    """The unit is told that the matter is over."""
    _tell_unit(CLOSED, finding, step=f"closed:{at:%Y%m%d}", words="问题{of}已销号。", by=by, at=at)


def relapsed(finding: Finding, *, by: User, at: datetime) -> None:
    """The unit has the matter again, in a new term."""
    words = "回头看发现问题{of}反弹，请重新整改并提交报告。"
    step = f"relapsed:{finding.occurrence}"
    _tell_unit(RELAPSED, finding, step=step, words=words, by=by, at=at)


def transfer_asked(request: TransferRequest, *, by: User, at: datetime) -> None:
    """The office is to decide whether a matter goes to another unit."""
    words = "单位以不属本单位职责退回问题{of}，请决定是否改派。"
    _tell_office(TRANSFER, request.finding, step=f"transfer:{request.pk}", words=words, by=by, at=at)


def transfer_granted(request: TransferRequest, *, by: User, at: datetime) -> None:
    """The unit is told that it is rid of the matter. Call before the finding goes to the other unit."""
    finding = request.finding
    messages.tell(
        TRANSFER,
        to=addressees.answering(request.unit, day=clock.day_of(at), liaison=finding.liaison_id),
        matter=finding,
        step=f"given_on:{request.pk}",
        words=f"督查办同意改派问题（{request.notice.number}），本单位不再答复；未答复的异议、延期申请随之终止。",
        unit=request.unit.name,
        url_name="findings:transfer",
        url_args=[request.pk],
        by=by,
        at=at,
    )


def transfer_declined(request: TransferRequest, *, by: User, at: datetime) -> None:
    """The unit is told that the matter stays with it."""
    words = "督查办不同意改派问题{of}，请按期整改。"
    _tell_unit(TRANSFER, request.finding, step=f"kept:{request.pk}", words=words, by=by, at=at)


def objection_filed(objection: Objection, *, by: User, at: datetime) -> None:
    """Somebody of the office without a part in the finding is to answer an objection."""
    _ask_office(
        OBJECTION,
        objection,
        url_name="findings:objection",
        words="单位对整改通知书{of}提出异议，请由未参与检查和认定的同志答复。",
        by=by,
        at=at,
    )


def objection_decided(objection: Objection, *, by: User, at: datetime) -> None:
    """The answer with its reasons is served on the unit."""
    label = objection.get_state_display()
    words = f"督查办已答复异议{{of}}：{label}，答复理由请登录查看。"
    step = f"objection:{objection.pk}"
    _tell_unit(OBJECTION_DECIDED, objection.finding, step=step, words=words, by=by, at=at)


def extension_asked(extension: Extension, *, by: User, at: datetime) -> None:
    """The office is to decide on a later deadline."""
    words = "单位申请延期整改{of}，请批复。"
    _ask_office(EXTENSION, extension, url_name="findings:extension", words=words, by=by, at=at)


def extension_decided(extension: Extension, *, by: User, at: datetime) -> None:
    """The unit is told by when it is to be done now."""
    is_granted = extension.state == Extension.State.GRANTED
    words = "督查办同意延期整改{of}。" if is_granted else "督查办不同意延期整改{of}，请按现期限完成。"
    step = f"extension:{extension.pk}"
    _tell_unit(EXTENSION_DECIDED, extension.finding, step=step, words=words, by=by, at=at)


def part_given(part: CoUnit, *, by: User, at: datetime) -> None:
    """The head of a co-unit has a part to answer, for the first time or again."""
    messages.tell(
        PART,
        to=addressees.heads(part.unit, day=clock.day_of(at)),
        matter=part,
        step=f"given:{part.returns}",
        words="有一件协办事项，请办理并答复。",
        unit=part.unit.name,
        due_on=part.due_on,
        is_estimate=part.due_is_estimate,
        url_name="findings:part",
        url_args=[part.pk],
        by=by,
        at=at,
    )


def part_answered(part: CoUnit, *, by: User, at: datetime) -> None:
    """The leading unit is told that a co-unit has answered."""
    step = f"part:{part.pk}:{part.returns}"
    _tell_unit(PART, part.finding, step=step, words="问题{of}的协办单位已答复。", by=by, at=at)


def supervision_signed(row: Supervision, *, by: User, at: datetime) -> None:
    """The unit has a paper that presses it."""
    messages.tell(
        SUPERVISION,
        to=addressees.answering(row.unit, day=clock.day_of(at), liaison=row.finding.liaison_id),
        matter=row,
        step="signed",
        words=f"{row.number}{row.get_step_display()}已签发，请立即整改并报送整改报告。",
        unit=row.unit.name,
        due_on=row.talk_on or row.finding.runs_until,
        url_name="findings:supervision",
        url_args=[row.pk],
        by=by,
        at=at,
    )


def _tell_of_notice(
    kind: messages.Kind, notice: Notice, *, step: str, words: str, by: Actor, at: datetime
) -> None:
    messages.tell(
        kind,
        to=addressees.answering(notice.unit, day=clock.day_of(at)),
        matter=notice,
        step=step,
        words=words,
        unit=notice.unit.name,
        due_on=notice.receipt_due_on,
        is_estimate=notice.receipt_due_is_estimate,
        url_name="findings:notice_detail",
        url_args=[notice.pk],
        by=by,
        at=at,
    )


def _ask_office(
    kind: messages.Kind, row: Objection | Extension, *, url_name: str, words: str, by: User, at: datetime
) -> None:
    """Something waits for an answer of the office by a day of its own."""
    finding = row.finding
    number = finding.notice.number if finding.notice else ""
    messages.tell(
        kind,
        to=addressees.office_of(finding.unit, day=clock.day_of(at)),
        matter=row,
        step="asked",
        words=words.format(of=f"（{number}）" if number else ""),
        unit=finding.unit.name,
        due_on=row.decide_by,
        is_estimate=row.decide_by_is_estimate,
        url_name=url_name,
        url_args=[row.pk],
        by=by,
        at=at,
    )


def _tell_unit(
    kind: messages.Kind, finding: Finding, *, step: str, words: str, by: User, at: datetime
) -> None:
    to = addressees.answering(finding.unit, day=clock.day_of(at), liaison=finding.liaison_id)
    _tell(kind, finding, to=to, step=step, words=words, by=by, at=at)


def _tell_office(
    kind: messages.Kind, finding: Finding, *, step: str, words: str, by: User, at: datetime
) -> None:
    to = addressees.office_of(finding.unit, day=clock.day_of(at))
    _tell(kind, finding, to=to, step=step, words=words, by=by, at=at)


def _tell(
    kind: messages.Kind,
    finding: Finding,
    *,
    to: list[int],
    step: str,
    words: str,
    by: User,
    at: datetime,
) -> None:
    number = finding.notice.number if finding.notice else ""
    messages.tell(
        kind,
        to=to,
        matter=finding,
        step=step,
        words=words.format(of=f"（{number}）" if number else ""),
        unit=finding.unit.name,
        due_on=finding.runs_until,
        is_estimate=finding.due_is_estimate,
        url_name="findings:detail",
        url_args=[finding.pk],
        by=by,
        at=at,
    )
