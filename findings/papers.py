"""The rectification notice (整改通知书) as frozen values; None everywhere means 未记录."""

from dataclasses import dataclass
from datetime import date

from conduct.pdfkit.frozen import ChainHead, Paper

# Parts of the unit's answer. Source: DOMAIN 2.2 item 5.
REPORT_PARTS = (
    "问题概述",
    "调查核实情况",
    "原因分析（思想、管理、制度）",
    "已采取的措施",
    "责任人员处理情况",
    "建章立制情况",
    "举一反三排查情况",
    "未完成事项及时限",
    "佐证材料",
    "主要负责人签字、盖章和日期",
)


@dataclass(frozen=True, slots=True)
class NoticePhoto:
    """A photograph by the SHA-256 of the derivative that people see, with its caption."""

    sha256: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """One problem put to the unit: what, which rule, how grave, what to do, by which way and day.

    category, rule, grade: "" where nothing is to be said of it
    verdict:               "" where the facts were confirmed in full
    """

    facts: str
    number: str | None = None
    category: str | None = None
    rule: str | None = None
    grade: str | None = None
    requirement: str | None = None
    route: str | None = None
    working_days: int | None = None
    due_on: date | None = None
    photos: tuple[NoticePhoto, ...] = ()
    verdict: str = ""
    verdict_reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice(Paper):
    """A notice of one to many problems to one unit; without a number it prints as a draft.

    mark:      issuer's name at the head of the letter
    symbol:    代字, shown with an open number while there is none
    asked:     what the unit is told to do, in the first paragraph
    estimated: a day was counted without the year's holiday table
    """

    mark: str
    issuer: str
    unit: str
    findings: tuple[NoticeFinding, ...]
    number: str | None = None
    symbol: str = ""
    title: str = "关于限期整改有关问题的通知书"
    asked: str = "限期整改"
    grounds: str | None = None
    receipt_until: date | None = None
    objection_working_days: int = 5
    objection_until: date | None = None
    report_parts: tuple[str, ...] = REPORT_PARTS
    contact: str | None = None
    phone: str | None = None
    issued_on: date | None = None
    is_estimated: bool = False
    is_sealed: bool = True
    copies_to: str = ""
    is_draft: bool = False
    chain: ChainHead | None = None


@dataclass(frozen=True, slots=True)
class Supervision(Paper):
    """A paper that presses one unit about one problem (督办函, 黄牌, 约谈, 红牌通报); without a number it is a draft.

    kind:      letter, yellow, talk or red
    returns:   how often the report came back, where that and not the term is the ground; else 0
    answer_by: by when the unit is to report
    """

    mark: str
    issuer: str
    unit: str
    kind: str
    title: str
    problem: str
    requirement: str
    notice_number: str
    notice_on: date | None
    due_on: date | None
    issued_on: date
    overdue_days: int = 0
    returns: int = 0
    answer_by: date | None = None
    is_estimated: bool = False
    talk_on: date | None = None
    talk_place: str = ""
    contact: str = ""
    number: str | None = None
    symbol: str = ""
    is_sealed: bool = True
    chain: ChainHead | None = None
