"""Drawing the papers of the ladder (督办函, 黄牌, 约谈, 红牌通报) as letters (信函式) of GB/T 9704-2012."""

from conduct.pdfkit import official
from conduct.pdfkit.breaking import Run
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.pages import Document
from conduct.pdfkit.paint import paint
from conduct.pdfkit.sheet import Sheet
from conduct.pdfkit.tables import Cell, Row, table
from conduct.pdfkit.text import date_and_weekday, ended, recorded
from findings.papers import Supervision

# What each paper says it does, and what it tells the unit will follow.
SAID = {
    "letter": ("现予督办", "逾期仍不整改的，将给予黄牌警告。"),
    "yellow": ("现对你单位给予黄牌警告", "仍不整改的，将约谈你单位主要负责人。"),
    "talk": ("现决定约谈你单位主要负责人", "仍不整改的，将给予红牌警告并予以通报。"),
    "red": ("现对你单位给予红牌警告，并予以通报", "仍不整改的，将按规定提出追究责任的建议。"),
}
RECORD_SHEET = "约谈记录"
# Label and lines kept free; None in the label row is filled by hand.
RECORD_ROWS = (
    ("被约谈人及职务", 1),
    ("约谈人及职务", 1),
    ("记录人", 1),
    ("指出的问题", 5),
    ("被约谈人的说明", 5),
    ("整改承诺及时限", 5),
    ("被约谈人签字", 2),
    ("约谈人签字", 2),
)
SHARES = (1.0, 3.2)


def render(paper: Supervision, *, fonts: FontSet) -> bytes:
    """The paper as PDF."""
    return paint(lay_out(paper, fonts=fonts))


def lay_out(paper: Supervision, *, fonts: FontSet) -> Document:
    """The pages of the paper; a call to a talk has the record sheet attached."""
    sheet = Sheet(fonts=fonts)
    official.letter_head(sheet, mark=paper.mark, number=_number(paper))
    official.title(sheet, paper.title)
    named = official.recipients(sheet, paper.unit)
    _ground(sheet, paper)
    _demand(sheet, paper)
    if paper.kind == "talk":
        official.attachment_note(sheet, [RECORD_SHEET])
    official.signature(
        sheet,
        issuer=paper.issuer,
        on=paper.issued_on if paper.number else None,
        sealed=paper.is_sealed,
        spare=0.0 if named else official.COLOPHON_SPARE,
        spare_on_any_page=True,
    )
    official.colophon(sheet, copies_to="", recipients="" if named else paper.unit, ruled=False)
    if paper.kind == "talk":
        _record_sheet(sheet, paper)
    official.number_pages(sheet, from_page=2)
    official.chain_head(sheet, paper.chain)
    return sheet.finish(
        title=paper.title,
        issuer=paper.issuer,
        subject="督办文书",
        watermark="" if paper.number else "草稿",
        dated=paper.issued_on,
    )


def _number(paper: Supervision) -> str:
    return paper.number or f"{paper.symbol}〔{paper.issued_on.year}〕　　号"


def _ground(sheet: Sheet, paper: Supervision) -> None:
    given = f"{date_and_weekday(paper.notice_on)}，" if paper.notice_on else ""
    term = f"，整改期限为{date_and_weekday(paper.due_on)}" if paper.due_on else ""
    sheet.paragraph(f"{given}我单位以{paper.notice_number}整改通知书要求你单位整改下列问题{term}。")
    if paper.returns:
        state = f"你单位报送的整改报告已被退回{paper.returns}次，问题仍未整改到位"
    else:
        state = f"至本文书签发之日已逾期{paper.overdue_days}个工作日，你单位仍未报送整改报告"
    does, _ = SAID[paper.kind]
    sheet.paragraph(f"{state}。{does}。有关事项如下。")
    sheet.paragraph(Run("hei", "一、督办的问题"), keep_with_next=2)
    sheet.paragraph(Run("kai", "问题："), ended(paper.problem))
    sheet.paragraph(Run("kai", "整改要求："), ended(recorded(paper.requirement)))


def _demand(sheet: Sheet, paper: Supervision) -> None:
    if paper.kind == "talk":
        sheet.paragraph(Run("hei", "二、约谈安排"), keep_with_next=2)
        day = date_and_weekday(paper.talk_on) if paper.talk_on else "　　年　月　日"
        sheet.paragraph(
            f"请你单位主要负责人于{day}到{paper.talk_place or '　　　　　　'}接受约谈，携带书面整改情况，"
            "不得由他人代替。约谈情况记入所附约谈记录，由双方签字。"
        )
    else:
        sheet.paragraph(Run("hei", "二、办理要求"), keep_with_next=2)
    by = f"于{date_and_weekday(paper.answer_by)}前" if paper.answer_by else "尽快"
    _, follows = SAID[paper.kind]
    sheet.paragraph(f"请你单位主要负责人亲自负责，立即整改，{by}报送整改报告。{follows}")
    if paper.is_estimated:
        sheet.paragraph("上述日期为估算：有关年度的放假安排尚未录入，以公布的放假安排为准。")
    sheet.paragraph(f"联系人：{recorded(paper.contact)}。")


def _record_sheet(sheet: Sheet, paper: Supervision) -> None:
    """The sheet on which the talk is written down by hand."""
    official.attachment_head(sheet, label="附件", name=RECORD_SHEET)
    day = date_and_weekday(paper.talk_on) if paper.talk_on else ""
    known = (
        ("单位", paper.unit),
        ("约谈事由", paper.problem),
        ("时间和地点", f"{day}　{paper.talk_place}".strip()),
    )
    rows = [_row(label, text, 1) for label, text in known]
    table(sheet, [*rows, *(_row(label, "", tall) for label, tall in RECORD_ROWS)])


def _row(label: str, text: str, tall: int) -> Row:
    return Row((Cell(label, role="hei", align="centre"), Cell(text)), SHARES, tall)
