"""Drawing the bulletin as an official paper (文件式) of GB/T 9704-2012."""

from collections.abc import Iterator, Mapping

from conduct.pdfkit import official
from conduct.pdfkit.breaking import Run
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.pages import Document
from conduct.pdfkit.paint import paint
from conduct.pdfkit.sheet import Sheet, Shot
from conduct.pdfkit.tables import Cell, Row, table
from conduct.pdfkit.text import chinese_number, ended, recorded
from reports.papers import Bulletin, Case, CategoryRow, UnitRow

UNITS_NAME = "各单位发现问题及整改情况表"
DEFINITIONS_NAME = "指标口径"


def render(paper: Bulletin, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> bytes:
    """The bulletin as PDF; images are redacted photographs by their SHA-256."""
    return paint(lay_out(paper, fonts=fonts, images=images), images=images)


def lay_out(paper: Bulletin, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> Document:
    """The pages of the bulletin."""
    sheet = Sheet(fonts=fonts, images=images)
    official.red_head(sheet, mark=paper.mark, number=_number(paper))
    official.title(sheet, paper.title)
    named = official.recipients(sheet, paper.recipients)
    _body(sheet, paper)
    attachments = [name for name, is_there in _attachments(paper) if is_there]
    official.attachment_note(sheet, attachments)
    spare = 0.0 if attachments else official.COLOPHON_SPARE
    official.signature(sheet, issuer=paper.issuer, on=paper.dated, sealed=paper.is_sealed, spare=spare)
    _attach(sheet, paper, attachments)
    unnumbered = official.colophon(
        sheet,
        copies_to=paper.copies_to,
        printer=paper.printer or paper.issuer,
        printed_on=paper.printed_on or paper.dated,
        recipients="" if named else paper.recipients,
    )
    official.number_pages(sheet, unnumbered_end=unnumbered)
    official.chain_head(sheet, paper.chain)
    watermark = "草稿" if paper.is_draft or paper.number is None else ""
    return sheet.finish(
        title=paper.title, issuer=paper.issuer, subject="情况通报", watermark=watermark, dated=paper.dated
    )


def _number(paper: Bulletin) -> str:
    year = paper.dated.year if paper.dated else "　　"
    return paper.number or f"{paper.symbol}〔{year}〕　　号"


def _attachments(paper: Bulletin) -> list[tuple[str, bool]]:
    return [(UNITS_NAME, bool(paper.unit_rows)), (DEFINITIONS_NAME, bool(paper.figures))]


def _body(sheet: Sheet, paper: Bulletin) -> None:
    sheet.body(paper.opening or f"现将{paper.period}明察暗访情况通报如下。")
    ordinals = (chinese_number(number) for number in range(1, 10))
    _overview(sheet, paper, ordinals)
    if paper.category_rows:
        _categories(sheet, paper, ordinals)
    if paper.cases:
        sheet.paragraph(Run("hei", f"{next(ordinals)}、发现的主要问题"), keep_with_next=2)
        for index, case in enumerate(paper.cases, start=1):
            _case(sheet, case, index)
    if paper.next_steps:
        sheet.paragraph(Run("hei", f"{next(ordinals)}、下一步工作要求"), keep_with_next=2)
        for index, step in enumerate(paper.next_steps, start=1):
            sheet.paragraph(f"{index}. {step}")
    for note in paper.notes:
        sheet.body(note)


def _overview(sheet: Sheet, paper: Bulletin, ordinals: Iterator[str]) -> None:
    sheet.paragraph(Run("hei", f"{next(ordinals)}、总体情况"), keep_with_next=2)
    sheet.body(paper.overview)
    if paper.figures:
        listed = "；".join(f"{figure.label}{figure.value}" for figure in paper.figures)
        sheet.paragraph(f"{paper.period}主要数据：{listed}。")
    if not paper.cases and not any(row.found for row in paper.category_rows):
        sheet.paragraph(f"{paper.period}未发现需要通报的问题。")


def _categories(sheet: Sheet, paper: Bulletin, ordinals: Iterator[str]) -> None:
    sheet.paragraph(Run("hei", f"{next(ordinals)}、问题分类及整改情况"), keep_with_next=3)
    sheet.paragraph("按问题类别统计，发现、销号和逾期情况如下。", keep_with_next=3)
    shares = (3.0, 10.0, 5.0, 5.0, 5.0)
    rows = [_category(row, shares) for row in paper.category_rows]
    if paper.category_total:
        rows.append(_category(paper.category_total, shares, role="hei"))
    table(sheet, rows, head=[_head(("代码", "问题类别", "发现（个）", "销号（个）", "逾期（个）"), shares)])
    sheet.space_below()


def _category(row: CategoryRow, shares: tuple[float, ...], *, role: str = "fang") -> Row:
    numbers = [Cell(recorded(value), role, "centre") for value in (row.found, row.closed, row.overdue)]
    return Row((Cell(row.code, role, "centre"), Cell(row.name, role), *numbers), shares)


def _case(sheet: Sheet, case: Case, index: int) -> None:
    sheet.paragraph(Run("kai", f"（{chinese_number(index)}）{ended(case.heading)}"), keep_with_next=2)
    where = [("时间", case.time), ("地点", case.place), ("单位和岗位", _unit_and_post(case))]
    runs: list[Run | str] = []
    for label, value in where:
        runs += [Run("kai", f"{label}："), ended(recorded(value))]
    sheet.paragraph(*runs)
    for label, value in (("情节", case.facts), ("定性依据", case.basis), ("处理结果", case.result)):
        _labelled(sheet, label, ended(recorded(value)))
    sheet.photos([Shot(photo.sha256, photo.caption) for photo in case.photos])


def _labelled(sheet: Sheet, label: str, text: str) -> None:
    """A text whose first paragraph begins with its label."""
    first, _, rest = text.strip().partition("\n")
    sheet.paragraph(Run("kai", f"{label}："), first)
    sheet.body(rest)


def _unit_and_post(case: Case) -> str | None:
    parts = [part for part in (case.unit, case.post) if part]
    return "，".join(parts) or None


def _attach(sheet: Sheet, paper: Bulletin, attachments: list[str]) -> None:
    tables = {UNITS_NAME: _units, DEFINITIONS_NAME: _definitions}
    for index, name in enumerate(attachments, start=1):
        label = f"附件{index}" if len(attachments) > 1 else "附件"
        official.attachment_head(sheet, label=label, name=name)
        is_last = index == len(attachments)
        tables[name](sheet, paper, official.COLOPHON_SPARE if is_last else 0.0)


def _units(sheet: Sheet, paper: Bulletin, spare: float) -> None:
    shares = (2.6, 9.3, 4.7, 4.7, 4.7, 4.0)
    rows = [_unit(str(index), row, shares) for index, row in enumerate(paper.unit_rows, start=1)]
    if paper.unit_total:
        rows.append(_unit("", paper.unit_total, shares, role="hei"))
    head = _head(("序号", "单位", "发现（个）", "销号（个）", "逾期（个）", "整改率"), shares)
    table(sheet, rows, head=[head], spare=spare)


def _unit(ordinal: str, row: UnitRow, shares: tuple[float, ...], *, role: str = "fang") -> Row:
    values = (recorded(row.found), recorded(row.closed), recorded(row.overdue), recorded(row.rate))
    numbers = [Cell(value, role, "centre") for value in values]
    return Row((Cell(ordinal, role, "centre"), Cell(row.unit, role), *numbers), shares)


def _definitions(sheet: Sheet, paper: Bulletin, spare: float) -> None:
    shares = (3.0, 7.0, 6.0, 14.0)
    rows = [
        Row(
            (
                Cell(str(index), align="centre"),
                Cell(figure.label),
                Cell(figure.value, align="centre"),
                Cell(figure.definition),
            ),
            shares,
        )
        for index, figure in enumerate(paper.figures, start=1)
    ]
    table(sheet, rows, head=[_head(("序号", "指标", "数值", "口径"), shares)], spare=spare)


def _head(texts: tuple[str, ...], shares: tuple[float, ...]) -> Row:
    return Row(tuple(Cell(text, "hei", "centre") for text in texts), shares)
