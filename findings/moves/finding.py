"""The life of a finding: DOMAIN §4.3."""

from __future__ import annotations

from conduct.moves import Move
from findings.models import Finding
from findings.rules import parting
from people.roles import Permission

S = Finding.State

START_VERIFYING = Move(
    name="start_verifying",
    sources=frozenset({S.NEW}),
    target=S.VERIFYING,
    permission=Permission.FINDING_TRIAGE,
    label="开始核实",
)
CONFIRM = Move(
    name="confirm",
    sources=frozenset({S.VERIFYING}),
    target=S.CONFIRMED,
    permission=Permission.FINDING_CONFIRM,
    label="认定属实",
    needs_reason=True,
)
CONFIRM_PARTLY = Move(
    name="confirm_partly",
    sources=frozenset({S.VERIFYING}),
    target=S.PARTLY,
    permission=Permission.FINDING_CONFIRM,
    label="认定部分属实",
    needs_reason=True,
)
DISMISS = Move(
    name="dismiss",
    sources=frozenset({S.VERIFYING}),
    target=S.DISMISSED,
    permission=Permission.FINDING_CONFIRM,
    label="认定不属实",
    needs_reason=True,
    danger=True,
)
MERGE = Move(
    name="merge",
    sources=frozenset(Finding.BEFORE_NOTICE),
    target=S.MERGED,
    permission=Permission.FINDING_TRIAGE,
    label="并入另一问题",
)
ASSIGN = Move(
    name="assign",
    sources=frozenset({S.CONFIRMED, S.PARTLY}),
    target=S.ASSIGNED,
    permission=Permission.NOTICE_ISSUE,
    label="发出整改通知书",
)
RECEIVE = Move(
    name="receive",
    sources=frozenset({S.ASSIGNED}),
    target=S.RECEIVED,
    permission=Permission.NOTICE_RECEIVE,
    label="签收整改通知",
)
HAND_ON = Move(
    name="hand_on",
    sources=frozenset({S.RECEIVED, S.RECTIFYING}),
    target=S.ASSIGNED,
    permission=Permission.NOTICE_ISSUE,
    label="改派其他单位",
    needs_reason=True,
    second_person="不是原责任单位人员",
)
START_RECTIFYING = Move(
    name="start_rectifying",
    sources=frozenset({S.RECEIVED}),
    target=S.RECTIFYING,
    permission=Permission.RECTIFICATION_DRAFT,
    label="起草整改报告",
)
SUBMIT = Move(
    name="submit",
    sources=frozenset({S.RECTIFYING}),
    target=S.SUBMITTED,
    permission=Permission.RECTIFICATION_SIGN,
    label="签字提交整改报告",
)
SEND_BACK = Move(
    name="send_back",
    sources=frozenset({S.SUBMITTED}),
    target=S.RECTIFYING,
    permission=Permission.RECTIFICATION_REVIEW,
    label="退回整改报告",
    needs_reason=True,
    second_person="不是发现人，不是责任单位人员",
    danger=True,
    apart=parting.FROM_REVIEW,
)
PASS_ON = Move(
    name="pass_on",
    sources=frozenset({S.SUBMITTED}),
    target=S.AWAITING_ACCEPTANCE,
    permission=Permission.RECTIFICATION_REVIEW,
    label="审核通过并提请验收",
    needs_reason=True,
    second_person="不是发现人，不是责任单位人员",
    apart=parting.FROM_REVIEW,
)
ACCEPT = Move(
    name="accept",
    sources=frozenset({S.AWAITING_ACCEPTANCE}),
    target=S.AWAITING_ACCEPTANCE,
    permission=Permission.FINDING_ACCEPT,
    label="同意验收",
    needs_reason=True,
    second_person="不是发现人及其下属，不是责任单位人员；两位不同的同志",
    apart=parting.FROM_ACCEPTANCE,
)
ACCEPT_PARTLY = Move(
    name="accept_partly",
    sources=frozenset({S.AWAITING_ACCEPTANCE}),
    target=S.RECTIFYING,
    permission=Permission.FINDING_ACCEPT,
    label="部分通过并退回整改",
    needs_reason=True,
    second_person="不是发现人及其下属，不是责任单位人员",
    danger=True,
    apart=parting.FROM_ACCEPTANCE,
)
REFUSE = Move(
    name="refuse",
    sources=frozenset({S.AWAITING_ACCEPTANCE}),
    target=S.RECTIFYING,
    permission=Permission.FINDING_ACCEPT,
    label="不同意验收并退回整改",
    needs_reason=True,
    second_person="不是发现人及其下属，不是责任单位人员",
    danger=True,
    apart=parting.FROM_ACCEPTANCE,
)
CLOSE = Move(
    name="close",
    sources=frozenset({S.AWAITING_ACCEPTANCE}),
    target=S.CLOSED,
    permission=Permission.FINDING_CLOSE,
    label="销号",
    second_person="须有两位同志先同意验收；不是发现人，不是责任单位人员",
    apart=parting.FROM_CLOSING,
)
RELAPSE = Move(
    name="relapse",
    sources=frozenset({S.CLOSED}),
    target=S.RECTIFYING,
    permission=Permission.FINDING_CONFIRM,
    label="回头看发现反弹，重新整改",
    needs_reason=True,
    danger=True,
)
OVERTURN = Move(
    name="overturn",
    sources=frozenset({*Finding.OPEN, S.CLOSED}),
    target=S.DISMISSED,
    permission=Permission.OBJECTION_DECIDE,
    label="异议成立，撤销认定",
    needs_reason=True,
    second_person="不是发现人，不是认定人，不是责任单位人员",
)

TABLE = (
    START_VERIFYING,
    CONFIRM,
    CONFIRM_PARTLY,
    DISMISS,
    MERGE,
    ASSIGN,
    RECEIVE,
    HAND_ON,
    START_RECTIFYING,
    SUBMIT,
    SEND_BACK,
    PASS_ON,
    ACCEPT,
    ACCEPT_PARTLY,
    REFUSE,
    CLOSE,
    RELAPSE,
    OVERTURN,
)
