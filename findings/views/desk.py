"""What a person may do with a finding now: links to pages, and moves that need no page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.urls import reverse

from conduct.moves import Move
from conduct.shapes import MoveButton
from findings.forms.rectification import LiaisonForm
from findings.forms.statements import PartlyForm, ReasonForm
from findings.models import Finding, Rectification
from findings.moves import finding as table
from findings.queries import hearing, parties
from findings.rules import parting
from people import access
from people.models import User
from people.roles import Permission as P

S = Finding.State
# Handed over and received; whether it is still in time is said on the page that opens.
OBJECTED_IN = (S.RECEIVED, S.RECTIFYING, S.SUBMITTED, S.AWAITING_ACCEPTANCE, S.CLOSED)


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go on to."""

    label: str
    url: str


@dataclass
class Desk:
    """What lies before the person. note: why nothing does, where a rule keeps them from it."""

    primary: Link | None = None
    links: list[Link] = field(default_factory=list)
    moves: list[MoveButton] = field(default_factory=list)
    note: str = ""


def desk(user: User, finding: Finding, *, bound: Mapping[str, forms.Form] | None = None) -> Desk:
    """Everything this person may do with the finding now. bound: forms to show again, by the name of their move."""
    laid = Desk()
    person = _Person(user, finding, bound or {})
    _office(person, laid)
    _unit(person, laid)
    return laid


@dataclass(frozen=True)
class _Person:
    user: User
    finding: Finding
    bound: Mapping[str, forms.Form]

    def may(self, permission: P) -> bool:
        return access.may(self.user, permission, unit=self.finding.unit)

    def link(self, label: str, name: str) -> Link:
        return Link(label, reverse(f"findings:{name}", args=[self.finding.pk]))

    def button(
        self, move: Move, *, hint: str = "", is_primary: bool = False, label: str = "理由"
    ) -> MoveButton:
        form = self.bound.get(move.name)
        return MoveButton(
            name=move.name,
            label=move.label,
            url=reverse("findings:move", args=[self.finding.pk, move.name]),
            is_primary=is_primary,
            is_danger=move.danger,
            hint=hint,
            form=form or self.asking(move, label),
            is_open=form is not None,
        )

    def asking(self, move: Move, label: str) -> forms.Form | None:
        """What a move asks before it is made."""
        ids = f"{move.name}_%s"
        if move is table.CONFIRM_PARTLY:
            return PartlyForm(initial={"facts": self.finding.facts}, auto_id=ids)
        return ReasonForm(label=label, auto_id=ids) if move.needs_reason else None


def _office(person: _Person, laid: Desk) -> None:
    state = person.finding.state
    if state in (S.NEW, S.VERIFYING) and person.may(P.FINDING_TRIAGE):
        _triage(person, laid)
    if state == S.VERIFYING and person.may(P.FINDING_CONFIRM):
        laid.moves += [
            person.button(move, label="认定理由")
            for move in (table.CONFIRM, table.CONFIRM_PARTLY, table.DISMISS)
        ]
    if person.may(P.LEAD_MARK):
        # Always there: whether there is a mark is told on the page behind it alone.
        laid.links.append(person.link("问题线索", "lead"))
    if state in (S.CONFIRMED, S.PARTLY) and person.may(P.NOTICE_ISSUE):
        url = f"{reverse('findings:notice_issue')}?finding={person.finding.pk}"
        laid.primary = Link("发出整改通知书", url)
    if state in Finding.WITH_UNIT and person.may(P.NOTICE_ISSUE):
        laid.links.append(person.link("增加协办单位", "part_add"))
    if state == S.SUBMITTED and person.may(P.RECTIFICATION_REVIEW):
        _review(person, laid)
    if state == S.AWAITING_ACCEPTANCE and (person.may(P.FINDING_ACCEPT) or person.may(P.FINDING_CLOSE)):
        _acceptance(person, laid)


def _triage(person: _Person, laid: Desk) -> None:
    finding = person.finding
    laid.links += [person.link("修改研判内容", "triage"), person.link("拆分为两个问题", "split")]
    if finding.state == S.NEW:
        laid.moves.append(person.button(table.START_VERIFYING, is_primary=True))
        return
    if finding.statement_asked_at is None:
        laid.moves.append(
            MoveButton(
                name="ask_statement",
                label="请单位陈述",
                url=reverse("findings:ask_statement", args=[finding.pk]),
                hint="单位将看到问题事实，须在 3 个工作日内陈述。",
            )
        )
    laid.links.append(person.link("记录单位陈述", "hear"))
    if hearing.is_heard(finding):
        return
    if finding.statement_asked_at is not None:
        laid.note = "已请单位陈述：收到陈述，或如实记录单位不陈述后，才能认定属实或部分属实。"
    elif hearing.points_at_person(finding):
        laid.note = "问题指向具体人员：听取单位陈述后，才能认定属实或部分属实。"


def _review(person: _Person, laid: Desk) -> None:
    if objection := parties.objection_to_reviewer(finding=person.finding, person=person.user):
        laid.note = objection
    else:
        laid.primary = person.link("审核整改报告", "review")


def _acceptance(person: _Person, laid: Desk) -> None:
    finding, user = person.finding, person.user
    latest = Rectification.State.PASSED
    round_ = max(finding.rectifications.filter(state=latest).values_list("round", flat=True), default=1)
    if parties.accepted(finding, round=round_) >= parting.ACCEPTERS_NEEDED:
        if person.may(P.FINDING_CLOSE):
            laid.moves.append(person.button(table.CLOSE, is_primary=True))
        return
    if objection := parties.objection_to_accepter(finding=finding, round=round_, person=user):
        laid.note = objection
    elif person.may(P.FINDING_ACCEPT):
        laid.primary = person.link("验收", "accept")


def _unit(person: _Person, laid: Desk) -> None:
    finding = person.finding
    if finding.state == S.VERIFYING and finding.statement_asked_at and person.may(P.STATEMENT_GIVE):
        if hearing.is_heard(finding):
            laid.links.append(person.link("补充陈述", "statement"))
        else:
            laid.primary = person.link("提交陈述", "statement")
    if finding.state == S.ASSIGNED and finding.notice_id and person.may(P.NOTICE_RECEIVE):
        laid.primary = Link("阅读并签收整改通知", reverse("findings:notice_detail", args=[finding.notice_id]))
    if finding.state in (S.RECEIVED, S.RECTIFYING) and person.may(P.RECTIFICATION_DRAFT):
        _report(person, laid)
    is_returnable = finding.state in (S.RECEIVED, S.RECTIFYING) and not finding.transfer_requests
    if is_returnable and person.may(P.NOTICE_RECEIVE):
        # The page behind it says when the time for it is over.
        laid.links.append(person.link("不属本单位职责，退回", "transfer_ask"))
    if finding.state in OBJECTED_IN and person.may(P.RECTIFICATION_SIGN):
        laid.links.append(person.link("提出异议", "object"))
        if finding.runs_until is not None:
            laid.links.append(person.link("申请延期", "extension_ask"))


def _report(person: _Person, laid: Desk) -> None:
    finding = person.finding
    is_head = person.may(P.RECTIFICATION_SIGN)
    objection = parting.objection_to_drafter(
        is_head=is_head, liaison_id=finding.liaison_id, person_id=person.user.pk
    )
    if objection:
        laid.note = objection
        return
    label = "起草整改报告" if finding.state == S.RECEIVED else "继续写整改报告"
    laid.primary = person.link(label, "rectify")
    if is_head:
        people = parties.liaisons_for(finding)
        form = person.bound.get("appoint_liaison") or LiaisonForm(
            people=people, initial={"liaison": finding.liaison_id}, auto_id="liaison_%s"
        )
        laid.moves.append(
            MoveButton(
                name="appoint_liaison",
                label="更换联络员" if finding.liaison_id else "指定联络员",
                url=reverse("findings:liaison", args=[finding.pk]),
                form=form,
                is_open="appoint_liaison" in person.bound,
                hint="" if people else "本单位还没有登记联络员，请联系安全管理员登记。",
            )
        )
