"""Drawing the rectification notice as a letter (信函式) of GB/T 9704-2012."""

from collections.abc import Mapping
from datetime import date

from conduct.pdfkit import official
from conduct.pdfkit.breaking import Run
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.pages import Document
from conduct.pdfkit.paint import paint
from conduct.pdfkit.sheet import Sheet, Shot
from conduct.pdfkit.text import chinese_number, date_and_weekday, ended, recorded
from findings.papers import Notice, NoticeFinding


def render(paper: Notice, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> bytes:
    """The notice as PDF; images are derivative photographs by their SHA-256."""
    return paint(lay_out(paper, fonts=fonts, images=images), images=images)


def lay_out(paper: Notice, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> Document:
    """The pages of the notice."""
    sheet = Sheet(fonts=fonts, images=images)
    official.letter_head(sheet, mark=paper.mark, number=_number(paper))
    official.title(sheet, paper.title)
    named = official.recipients(sheet, paper.unit)
    _opening(sheet, paper)
    _problems(sheet, paper)
    _demands(sheet, paper)
    _rights(sheet, paper)
    official.signature(
        sheet,
        issuer=paper.issuer,
        on=paper.issued_on,
        sealed=paper.is_sealed,
        spare=official.COLOPHON_SPARE if paper.copies_to or not named else 0.0,
        spare_on_any_page=True,
    )
    official.colophon(sheet, copies_to=paper.copies_to, recipients="" if named else paper.unit, ruled=False)
    official.number_pages(sheet, from_page=2)
    official.chain_head(sheet, paper.chain)
    watermark = "草稿" if paper.is_draft or paper.number is None else ""
    return sheet.finish(
        title=paper.title,
        issuer=paper.issuer,
        subject="整改通知书",
        watermark=watermark,
        dated=paper.issued_on,
    )


def _number(paper: Notice) -> str:
    year = paper.issued_on.year if paper.issued_on else "　　"
    return paper.number or f"{paper.symbol}〔{year}〕　　号"


def _opening(sheet: Sheet, paper: Notice) -> None:
    grounds = paper.grounds or "经明察暗访并核实"
    count = len(paper.findings)
    sheet.paragraph(
        f"{grounds.rstrip('，。')}，你单位存在以下{count}个问题。现通知你单位{paper.asked}，有关事项如下。"
    )


def _problems(sheet: Sheet, paper: Notice) -> None:
    sheet.paragraph(Run("hei", "一、存在的问题及整改要求"), keep_with_next=2)
    for index, finding in enumerate(paper.findings, start=1):
        _problem(sheet, finding, index)


def _problem(sheet: Sheet, finding: NoticeFinding, index: int) -> None:
    number = f"（编号：{finding.number}）" if finding.number else ""
    sheet.paragraph(
        Run("kai", f"（{chinese_number(index)}）问题{chinese_number(index)}{number}"), keep_with_next=1
    )
    sheet.body(finding.facts)
    sheet.photos([Shot(photo.sha256, photo.caption) for photo in finding.photos])
    if finding.verdict:
        sheet.paragraph(Run("kai", "认定情况："), ended(_verdict(finding)))
    said = (("问题类别：", finding.category), ("违反规定：", finding.rule), ("问题等级：", finding.grade))
    runs = [
        part for label, value in said if value != "" for part in (Run("kai", label), ended(recorded(value)))
    ]
    if runs:
        sheet.paragraph(*runs)
    sheet.paragraph(Run("kai", "整改要求："), ended(recorded(finding.requirement)))
    sheet.paragraph(Run("kai", "整改方式和时限："), _deadline(finding))


def _verdict(finding: NoticeFinding) -> str:
    reason = f"理由：{finding.verdict_reason}" if finding.verdict_reason else ""
    return f"{finding.verdict}，以上为经核实属实的部分。{reason}"


def _deadline(finding: NoticeFinding) -> str:
    days = f"（{finding.working_days}个工作日）" if finding.working_days else ""
    due = f"{date_and_weekday(finding.due_on)}前完成并报送整改报告" if finding.due_on else "完成时限未记录"
    return f"{recorded(finding.route)}{days}，{due}。"


def _demands(sheet: Sheet, paper: Notice) -> None:
    sheet.paragraph(Run("hei", "二、整改报告"), keep_with_next=2)
    parts = "；".join(f"（{index}）{part}" for index, part in enumerate(paper.report_parts, start=1))
    sheet.paragraph(
        "你单位应当逐项整改，一事一报。整改报告由主要负责人审定签字并加盖公章，报送我单位，不得直接报送领导个人。"
        f"整改报告应当包括：{parts}。"
    )
    sheet.paragraph("确需延期的，应当在时限届满前书面申请，说明理由和拟完成日期。")


def _rights(sheet: Sheet, paper: Notice) -> None:
    sheet.paragraph(Run("hei", "三、签收和异议"), keep_with_next=2)
    receipt = f"于{date_and_weekday(paper.receipt_until)}前" if paper.receipt_until else "即"
    sheet.paragraph(f"收到本通知书后，请{receipt}签收，并明确一名联络员。")
    sheet.paragraph(_objection(paper.objection_working_days, paper.objection_until))
    if paper.is_estimated:
        sheet.paragraph("上述日期为估算：有关年度的放假安排尚未录入，以公布的放假安排为准。")
    phone = f"，电话：{paper.phone}" if paper.phone else ""
    sheet.paragraph(f"联系人：{recorded(paper.contact)}{phone}。")


def _objection(working_days: int, until: date | None) -> str:
    day = f"（{date_and_weekday(until)}前）" if until else ""
    return (
        f"对本通知书认定的事实或者责任有异议的，可以自签收之日起{working_days}个工作日内{day}书面提出，"
        "写明理由并附证明材料，送交下列联系人。签收表示收到，不表示没有异议。"
    )
