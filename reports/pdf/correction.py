"""Drawing a correction notice as a letter (信函式) of GB/T 9704-2012."""

from conduct.pdfkit import official
from conduct.pdfkit.breaking import Run
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.pages import Document
from conduct.pdfkit.paint import paint
from conduct.pdfkit.sheet import Sheet
from conduct.pdfkit.text import chinese_date, chinese_number, recorded
from reports.papers import Correction


def render(paper: Correction, *, fonts: FontSet) -> bytes:
    """The correction as PDF."""
    return paint(lay_out(paper, fonts=fonts))


def lay_out(paper: Correction, *, fonts: FontSet) -> Document:
    """The pages of the correction."""
    sheet = Sheet(fonts=fonts)
    official.letter_head(sheet, mark=paper.mark, number=_number(paper))
    official.title(sheet, paper.title)
    named = official.recipients(sheet, paper.recipients)
    sheet.paragraph(
        f"我单位{chinese_date(paper.corrected_on)}印发的《{paper.corrected}》（{paper.corrected_number}），"
        "经办理单位异议，有关内容应当更正。现通知如下。"
    )
    _parts(sheet, paper)
    sheet.paragraph("原文书其他内容不变。请将本通知与原文书一并保存，并在原文书的使用范围内周知。")
    sheet.paragraph(f"联系人：{recorded(paper.contact)}。")
    spare = official.COLOPHON_SPARE if paper.copies_to or not named else 0.0
    official.signature(
        sheet,
        issuer=paper.issuer,
        on=paper.dated,
        sealed=paper.is_sealed,
        spare=spare,
        spare_on_any_page=True,
    )
    official.colophon(
        sheet, copies_to=paper.copies_to, recipients="" if named else paper.recipients, ruled=False
    )
    official.number_pages(sheet, from_page=2)
    official.chain_head(sheet, paper.chain)
    watermark = "草稿" if paper.is_draft or paper.number is None else ""
    return sheet.finish(
        title=paper.title, issuer=paper.issuer, subject="更正通知", watermark=watermark, dated=paper.dated
    )


def _number(paper: Correction) -> str:
    year = paper.dated.year if paper.dated else "　　"
    return paper.number or f"{paper.symbol}〔{year}〕　　号"


def _parts(sheet: Sheet, paper: Correction) -> None:
    said = (("更正内容", paper.statement), ("更正理由", paper.reason), ("澄清", paper.clearing))
    told = [(head, text) for head, text in said if text]
    for index, (head, text) in enumerate(told, start=1):
        sheet.paragraph(Run("hei", f"{chinese_number(index)}、{head}"), keep_with_next=2)
        sheet.body(text)
