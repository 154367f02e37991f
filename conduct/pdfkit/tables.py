"""Tables and forms: rows of cells that wrap, heads repeated on every page, long rows continued on the next."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from conduct.pdfkit.breaking import BrokenLine, Run, break_runs
from conduct.pdfkit.grid import HEIGHT, LEFT, MIDDLE, PAGE_HEIGHT, SIZE_SMALL_4, TOP, WIDTH
from conduct.pdfkit.pages import Line, Rule
from conduct.pdfkit.sheet import Sheet
from conduct.pdfkit.text import paragraphs

STROKE = 0.5
PADDING = 4.0
SIZE = SIZE_SMALL_4
LEADING = 17.0
# A row higher than this part of a page may be continued on the next page.
_HIGHEST_WHOLE_ROW = 0.35
_FEWEST_LINES = 3


class Cell(NamedTuple):
    """One cell; indent is that of the first line of each paragraph, in characters."""

    text: str
    role: str = "fang"
    align: str = "left"
    indent: float = 0.0


class Row(NamedTuple):
    """Cells side by side; shares of the width are relative; tall is the least number of lines kept free."""

    cells: tuple[Cell, ...]
    shares: tuple[float, ...]
    tall: int = 1


class _Laid:
    """A row with its cells broken into lines."""

    def __init__(self, row: Row, sheet: Sheet) -> None:
        total = sum(row.shares)
        edges = accumulate((share * WIDTH / total for share in row.shares), initial=LEFT)
        self.edges = list(edges)
        self.cells = row.cells
        self.lines = [
            _broken(cell, right - left - 2 * PADDING, sheet)
            for cell, left, right in zip(row.cells, self.edges, self.edges[1:], strict=False)
        ]
        self.tall = row.tall

    @property
    def rows(self) -> int:
        """Lines of the fullest cell."""
        return max(self.tall, *(len(lines) for lines in self.lines))

    def part(self, start: int, end: int) -> "_Laid":
        """The lines from start to end of every cell."""
        piece = object.__new__(_Laid)
        piece.edges, piece.cells = self.edges, self.cells
        piece.lines = [lines[start:end] for lines in self.lines]
        piece.tall = end - start
        return piece


def _broken(cell: Cell, width: float, sheet: Sheet) -> list[BrokenLine]:
    lines: list[BrokenLine] = []
    for text in paragraphs(cell.text):
        lines += break_runs(
            [Run(cell.role, text)],
            fonts=sheet.fonts,
            width=width,
            size=SIZE,
            advance=SIZE,
            indent=cell.indent * SIZE,
            justify=cell.align == "left",
        )
    return lines


def table(sheet: Sheet, rows: Sequence[Row], *, head: Sequence[Row] = (), spare: float = 0.0) -> None:
    """Draw rows under a head that comes again on every page.

    spare: height kept free below the last row on an even page, where the colophon wants to stand
    """
    laid_head = [_Laid(row, sheet) for row in head]
    laid = [_Laid(row, sheet) for row in rows]
    head_height = sum(_height(row.rows) for row in laid_head)
    # A head, or a first row that titles the rest, does not stand alone at the foot of a page.
    first = sum(_height(min(row.rows, _FEWEST_LINES)) for row in laid[:2])
    if sheet.y + head_height + first > HEIGHT:
        sheet.new_page()
    _head(sheet, laid_head)
    for row in laid:
        is_last = row is laid[-1] and len(sheet.pages) % 2 == 0
        if is_last and sheet.y + _height(row.rows) + spare > HEIGHT and len(laid) > 1:
            sheet.new_page()
            _head(sheet, laid_head)
        _row(sheet, row, laid_head)
    sheet.end_text()


def _height(lines: int) -> float:
    return lines * LEADING + 2 * PADDING


def _head(sheet: Sheet, head: Sequence[_Laid]) -> None:
    for row in head:
        _draw(sheet, row)


def _row(sheet: Sheet, row: _Laid, head: Sequence[_Laid]) -> None:
    """One row, whole where that is sensible, else continued on the next page."""
    done = 0
    while True:
        left = row.rows - done
        room = HEIGHT - sheet.y
        if _height(left) <= room:
            _draw(sheet, row.part(done, row.rows))
            return
        fitting = int((room - 2 * PADDING) // LEADING)
        may_split = _height(left) > HEIGHT * _HIGHEST_WHOLE_ROW and fitting >= _FEWEST_LINES
        if may_split:
            _draw(sheet, row.part(done, done + fitting))
            done += fitting
        sheet.new_page()
        _head(sheet, head)


def _draw(sheet: Sheet, row: _Laid) -> None:
    """One row, or a piece of one, at the place of the sheet."""
    height = _height(row.rows)
    top = PAGE_HEIGHT - TOP - sheet.y
    page = sheet.page
    for cell, lines, left, right in zip(row.cells, row.lines, row.edges, row.edges[1:], strict=False):
        y = top - (height - len(lines) * LEADING) / 2 - LEADING / 2 - MIDDLE * SIZE
        for line in lines:
            x = left + PADDING + line.indent
            if cell.align == "centre":
                x = (left + right - line.width) / 2
            elif cell.align == "right":
                x = right - PADDING - line.width
            page.lines.append(Line(x, y, SIZE, line.tracking, line.segments))
            y -= LEADING
    for x in row.edges:
        page.rules.append(Rule(x, top + STROKE / 2, x, top - height - STROKE / 2, STROKE))
    for y in (top, top - height):
        page.rules.append(Rule(row.edges[0], y, row.edges[-1], y, STROKE))
    sheet.y += height
