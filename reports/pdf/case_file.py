"""Drawing the case file (案卷): cover, contents with page numbers at the right, then every piece on its own page."""

from collections.abc import Mapping
from datetime import date

from conduct.pdfkit import official
from conduct.pdfkit.breaking import Run
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.grid import LINE, SIZE_2
from conduct.pdfkit.pages import Document
from conduct.pdfkit.paint import paint
from conduct.pdfkit.sheet import Sheet, Shot
from conduct.pdfkit.tables import Cell, Row, table
from conduct.pdfkit.text import chinese_date, paragraphs
from reports.papers import CaseFile, FiledTable, Piece

MARK_SIZE = 42.0
COVER_SHARES = (4.0, 10.0)
CONTENTS_SHARES = (1.3, 8.2, 4.0, 1.5)


def render(paper: CaseFile, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> bytes:
    """The case file as PDF; images are derivative photographs by their SHA-256."""
    return paint(lay_out(paper, fonts=fonts, images=images), images=images)


def lay_out(paper: CaseFile, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> Document:
    """The pages: laid out once to learn where each piece begins, and again with the contents that say so."""
    starts, pages = _lay_out(paper, Sheet(fonts=fonts, images=images), starts=(), pages=0)
    sheet = Sheet(fonts=fonts, images=images)
    _lay_out(paper, sheet, starts=starts, pages=pages)
    official.number_pages(sheet, from_page=2)
    official.chain_head(sheet, paper.chain)
    return sheet.finish(
        title=f"案卷：{paper.title}", issuer=paper.issuer, subject="案卷", dated=paper.compiled_on
    )


def _lay_out(
    paper: CaseFile, sheet: Sheet, *, starts: tuple[int, ...], pages: int
) -> tuple[tuple[int, ...], int]:
    """Fill the sheet; gives the first page of each piece and how many pages there are."""
    _cover(sheet, paper, pages)
    sheet.new_page()
    _contents(sheet, paper, starts)
    found = []
    for index, piece in enumerate(paper.pieces, start=1):
        sheet.new_page()
        found.append(len(sheet.pages))
        _piece(sheet, piece, index)
    return tuple(found), len(sheet.pages)


def _cover(sheet: Sheet, paper: CaseFile, pages: int) -> None:
    sheet.centred(paper.issuer, role="hei", size=SIZE_2, middle=3 * LINE)
    sheet.centred("案　卷", role="title", size=MARK_SIZE, middle=6 * LINE)
    sheet.y = 8 * LINE
    official.title(sheet, paper.title)
    sheet.skip(1)
    said = (
        ("责任单位", paper.unit),
        ("整改通知书", paper.number or "未发出"),
        ("列为问题", chinese_date(paper.opened_on)),
        ("销号", _day(paper.closed_on) or "未销号"),
        ("编卷时的状态", paper.state),
        ("编卷", f"{chinese_date(paper.compiled_on)}，{paper.compiled_by}"),
        ("卷内", f"{len(paper.pieces)}件，共{pages}页"),
    )
    table(sheet, [Row((Cell(label, role="hei"), Cell(value)), COVER_SHARES) for label, value in said])


def _contents(sheet: Sheet, paper: CaseFile, starts: tuple[int, ...]) -> None:
    sheet.y = (LINE - SIZE_2) / 2
    official.title(sheet, "卷内目录")
    head = Row(
        tuple(Cell(word, role="hei", align="centre") for word in ("序号", "题名", "日期", "页次")),
        CONTENTS_SHARES,
    )
    pages = [str(start) for start in starts] or [""] * len(paper.pieces)
    rows = [
        Row(
            (
                Cell(str(index), align="centre"),
                Cell(piece.title),
                Cell(_day(piece.day)),
                Cell(page, align="right"),
            ),
            CONTENTS_SHARES,
        )
        for index, (piece, page) in enumerate(zip(paper.pieces, pages, strict=True), start=1)
    ]
    table(sheet, rows, head=[head])


def _piece(sheet: Sheet, piece: Piece, index: int) -> None:
    sheet.paragraph(Run("hei", f"{index}．{piece.title}"), indent=0, keep_with_next=1)
    for part in piece.parts:
        first, *rest = paragraphs(part.text) or [""]
        label = [Run("kai", f"{part.label}：")] if part.label else []
        sheet.paragraph(*label, first)
        for text in rest:
            sheet.paragraph(text)
    if piece.table is not None:
        _table(sheet, piece.table)
    if piece.photos:
        sheet.space_below()
        sheet.photos([Shot(photo.sha256, photo.caption) for photo in piece.photos])


def _table(sheet: Sheet, filed: FiledTable) -> None:
    sheet.space_below()
    head = Row(tuple(Cell(word, role="hei") for word in filed.head), filed.shares)
    table(sheet, [Row(tuple(map(Cell, row)), filed.shares) for row in filed.rows], head=[head])


def _day(day: date | None) -> str:
    return chinese_date(day) if day else ""
