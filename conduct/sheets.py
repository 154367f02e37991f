"""XLSX files handed out: text stays text, so a cell that begins with = is no formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40
MOST_LETTERS = 32_767  # in one cell; what is longer no reader of the format opens
WRAPPED = {"text_wrap": True, "valign": "top"}
A4 = 9


def workbook(*, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with a bold, frozen heading row; whole and broken numbers stay numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True}) as book:
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bottom": 1})
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, min(WIDEST, 4 + 2 * len(heading)))
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(number, place, value)
                else:
                    sheet.write_string(number, place, "" if value is None else str(value))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. kind: "" for text, "num", "date"; width in letters of the Latin alphabet."""

    label: str
    width: int
    kind: str = ""


def write_book(
    path: Path, *, title: str, heads: Sequence[Head], lines: Iterable[Sequence[object]], made_at: datetime
) -> int:
    """Write one sheet of any length to a file, in little memory; returns how many lines it holds.

    Heads stand still, filter and repeat on paper; text is text whatever it begins with; days are days.
    """
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
        sheet = book.add_worksheet(title[:31])
        _lay_out(book, sheet, heads)
        text, day = book.add_format(WRAPPED), book.add_format(WRAPPED | {"num_format": "yyyy-mm-dd"})
        number = 0
        for number, line in enumerate(lines, start=1):
            for place, value in enumerate(line):
                if isinstance(value, str):
                    if value:
                        sheet.write_string(number, place, value[:MOST_LETTERS], text)
                elif isinstance(value, int):
                    sheet.write_number(number, place, value, text)
                elif value is not None:
                    sheet.write_datetime(number, place, value, day)
        sheet.autofilter(0, 0, number, len(heads) - 1)
    return number


def _lay_out(book: Any, sheet: Any, heads: Sequence[Head]) -> None:
    """Widths, and the row of heads; on paper broad, one page wide, with the heads on each."""
    bold = book.add_format(WRAPPED | {"bold": True, "bg_color": "#EDEFF2", "bottom": 1})
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    for place, head in enumerate(heads):
        sheet.set_column(place, place, head.width)
        sheet.write_string(0, place, head.label, bold)


def hand_out_file(path: Path, *, filename: str) -> HttpResponseBase:
    """The same with a workbook that lies in the store."""
    response = FileResponse(path.open("rb"), as_attachment=True, filename=filename, content_type=XLSX)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def hand_out(content: bytes, *, filename: str) -> HttpResponse:
    """Answer with a workbook as a download."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
