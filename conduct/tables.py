"""Tables people hand in: XLSX, CSV or JSON, told apart by content, into rows that know their number in the file.

Bounds are checked before a parser sees the bytes: a small file can unfold into more memory than there is.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import python_calamine as calamine

from .cleaning import clean_text
from .errors import Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_UNFOLDED = 50 * MEGABYTE
MOST_RATIO = 100
MOST_ENTRIES = 200
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000
FORMATS = "XLSX、CSV 或 JSON"
_REFERENCE = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3}\d{1,7})["'][^>]*>\s*<(?:\w+:)?f\b""")
SHEETS = "xl/worksheets/"


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the code, its heading in the file, and other headings it goes by."""

    key: str
    title: str
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One row: its number as the person counts it in the file, and its texts by column key ("" when empty)."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


@dataclass(frozen=True)
class Fault:
    """What is wrong in which row, and what to do; row 0 is the file as a whole."""

    row: int
    message: str
    column: str = ""

    def __str__(self) -> str:
        place = f"第 {self.row} 行" if self.row else ""
        return (
            "，".join(part for part in (place, self.column) if part)
            + ("：" if self.row else "")
            + self.message
        )


@dataclass
class Faults:
    """Faults gathered while reading on, so that a person sees all of them at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, row: int, message: str, column: str = "") -> None:
        """One more."""
        self.found.append(Fault(row, message, column))

    def rows(self) -> set[int]:
        """Numbers of the rows that have one."""
        return {fault.row for fault in self.found}

    def in_order(self) -> list[Fault]:
        """As the person reads the file."""
        return sorted(self.found, key=lambda fault: fault.row)


def read(
    *,
    name: str,
    content: bytes,
    columns: Sequence[Column],
    most_rows: int = MOST_ROWS,
    refuse_formulas: bool = False,
) -> list[Line]:
    """The rows of a table, empty ones left out.

    name:            the file's name, for the message
    refuse_formulas: whether a workbook must hold what was written and nothing computed
    Raises:          Refused with what is wrong with the file and what to do
    """
    check_size(name=name, content=content)
    if refuse_formulas and content.startswith(b"PK\x03\x04"):
        _check_archive(name, content)
        _refuse_formulas(name, content)
    if _looks_like_json(content):
        return _from_objects(name, read_json(name=name, content=content), columns, most_rows)
    rows = _from_xlsx(name, content) if content.startswith(b"PK\x03\x04") else _from_csv(name, content)
    return _lines(name, rows, columns, most_rows)


def read_json(*, name: str, content: bytes) -> Any:
    """The value of a JSON file.

    Raises: Refused when it is not JSON
    """
    check_size(name=name, content=content)
    try:
        return json.loads(_decoded(name, content))
    except (ValueError, RecursionError) as fault:
        place = f"（第 {fault.lineno} 行附近）" if isinstance(fault, json.JSONDecodeError) else ""
        raise Refused(f"“{name}”不是完整的 JSON 文件{place}。请用原系统重新导出后再上传。") from fault


def is_json(content: bytes) -> bool:
    """Whether the bytes begin like JSON."""
    return _looks_like_json(content)


def check_size(*, name: str, content: bytes) -> None:
    """Refuse an empty file and one beyond the limit. Raises: Refused"""
    if not content.strip():
        raise Refused(f"“{name}”是空文件，没有可以导入的内容。请重新选择。")
    if len(content) > MOST_BYTES:
        raise Refused(
            f"“{name}”有 {len(content) / MEGABYTE:.1f} MB，超过上限 {MOST_BYTES // MEGABYTE} MB。请分成几个文件导入。"
        )


def _looks_like_json(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _from_csv(name: str, content: bytes) -> Iterator[list[Any]]:
    text = _decoded(name, content)
    first = text.partition("\n")[0]
    delimiter = max((",", "\t", ";"), key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as fault:
        raise Refused(
            f"“{name}”不是完整的 CSV 文件，引号可能没有成对。请用表格软件打开后另存为 XLSX 再上传。"
        ) from fault


def _decoded(name: str, content: bytes) -> str:
    """Text in the encodings Chinese office software writes."""
    has_wide_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if has_wide_mark else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(f"“{name}”不是可以导入的表格。请使用 {FORMATS} 文件（旧版 Excel 的 XLS 请另存为 XLSX）。")


def _from_xlsx(name: str, content: bytes) -> list[list[Any]]:
    _check_archive(name, content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        return sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError, OSError, IndexError) as fault:
        raise Refused(f"“{name}”打不开，文件可能已损坏。请用表格软件打开后另存为 XLSX 再上传。") from fault


def _check_archive(name: str, content: bytes) -> None:
    """Refuse an archive that unfolds too far, is no workbook, or whose cells reach too far out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as fault:
        raise Refused(f"“{name}”打不开，文件可能没有传完整。请重新选择。") from fault
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Refused(f"“{name}”不是 Excel 工作簿。请使用 {FORMATS} 文件。")
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"“{name}”里的内容过多，不像一份普通表格。请只保留一张工作表，另存后再上传。")
    unfolded = rows = columns = 0
    for entry in entries:
        body = _inflated(content, entry, MOST_UNFOLDED - unfolded)
        if body is None or len(body) > max(MEGABYTE, entry.compress_size * MOST_RATIO):
            raise Refused(f"“{name}”展开后过大，不能导入。请删去空白行、图片和多余的工作表，另存后再上传。")
        unfolded += len(body)
        for letters, digits in _REFERENCE.findall(body):
            rows, columns = max(rows, int(digits)), max(columns, _column_number(letters))
    if rows * columns > MOST_CELLS:
        raise Refused(
            f"“{name}”的表格伸展到第 {rows:,} 行、第 {columns:,} 列，过大。请删去远处的空白单元格，另存后再上传。"
        )


def _refuse_formulas(name: str, content: bytes) -> None:
    """Refuse a workbook with formulas; asked of one whose size has been checked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            body = _inflated(content, entry, MOST_UNFOLDED) if entry.filename.startswith(SHEETS) else b""
            found = _FORMULA.search(body or b"")
            if found:
                raise Refused(
                    f"“{name}”的 {found[1].decode()} 单元格是公式，导入的内容应是写定的文字和数字。"
                    "请全选复制后“选择性粘贴”为数值，另存后再上传。"
                )


def _inflated(content: bytes, entry: zipfile.ZipInfo, most: int) -> bytes | None:
    """What an entry really unfolds to, whatever its header says; None when that is more than `most`."""
    header = entry.header_offset
    start = (
        header
        + 30
        + int.from_bytes(content[header + 26 : header + 28], "little")
        + int.from_bytes(content[header + 28 : header + 30], "little")
    )
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return packed if len(packed) <= most else None
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return None
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = machine.decompress(packed, most + 1)
    except zlib.error:
        return None
    return body if len(body) <= most else None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _lines(name: str, rows: Iterable[list[Any]], columns: Sequence[Column], most_rows: int) -> list[Line]:
    places: dict[int, str] | None = None
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        if len(row) > MOST_COLUMNS:
            raise Refused(
                f"“{name}”第 {number} 行有 {len(row)} 列，超过上限 {MOST_COLUMNS} 列。请删去多余的列。"
            )
        texts = [_text(value) for value in row]
        if not any(texts):
            continue
        if places is None:
            places = _places(name, texts, columns)
            continue
        lines.append(Line(number, {key: texts[place] for place, key in places.items() if place < len(texts)}))
        if len(lines) > most_rows:
            raise Refused(f"“{name}”超过 {most_rows:,} 行。请分成几个文件导入。")
    if not lines:
        raise Refused(f"“{name}”里没有数据行。请从模板的第 2 行开始填写。")
    return lines


def _places(name: str, headings: list[str], columns: Sequence[Column]) -> dict[int, str]:
    """Where each column stands, by the headings of the first row that is not empty."""
    places: dict[int, str] = {}
    for column in columns:
        known = {column.title, column.key, *column.also}
        found = [place for place, heading in enumerate(headings) if heading.strip("*＊ ") in known]
        if len(found) > 1:
            raise Refused(f"“{name}”有 {len(found)} 列都叫“{column.title}”。请只保留一列。")
        if found:
            places[found[0]] = column.key
        elif column.required:
            wanted = "、".join(item.title for item in columns if item.required)
            raise Refused(
                f"“{name}”的表头没有“{column.title}”一列。必须有的列：{wanted}。请对照模板修改表头。"
            )
    return places


def _from_objects(name: str, value: Any, columns: Sequence[Column], most_rows: int) -> list[Line]:
    """JSON as a list of objects; the row number is the place in the list, from 1."""
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Refused(f"“{name}”的 JSON 应当是一个列表，每一项写明各列的内容。请对照模板修改。")
    if not value:
        raise Refused(f"“{name}”里没有数据。请填写后再上传。")
    if len(value) > most_rows:
        raise Refused(f"“{name}”超过 {most_rows:,} 项。请分成几个文件导入。")
    lines = []
    for number, item in enumerate(value, start=1):
        cells = {}
        for column in columns:
            names = (column.key, column.title, *column.also)
            cells[column.key] = _text(next((item[key] for key in names if key in item), ""))
        lines.append(Line(number, cells))
    return lines


def _text(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list):
        return "、".join(_text(item) for item in value)
    return clean_text(str(value))
