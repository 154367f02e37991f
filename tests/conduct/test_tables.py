"""Tables people hand in: what is read, with which row number, and what is refused in which words."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from conduct import sheets, tables
from conduct.errors import Refused
from conduct.tables import Column

COLUMNS = (
    Column("code", "单位代码", required=True),
    Column("name", "单位名称", required=True, also=("名称",)),
    Column("note", "备注"),
)
ROWS = [["A1", "东区", "一"], ["A2", "㛃䶮𬭎镇", ""]]


def xlsx(rows=ROWS, headings=("单位代码", "单位名称", "备注")) -> bytes:
    return sheets.workbook(title="表", headings=headings, rows=rows)


def csv_text(rows=ROWS) -> str:
    return "\r\n".join(",".join(row) for row in [["单位代码", "单位名称", "备注"], *rows])


def read(content: bytes, name: str = "单位.xlsx", **options):
    return tables.read(name=name, content=content, columns=COLUMNS, **options)


def refusal(content: bytes, **options) -> str:
    with pytest.raises(Refused) as caught:
        read(content, **options)
    return str(caught.value)


def test_a_workbook_is_read_with_the_row_numbers_of_the_file() -> None:
    lines = read(xlsx())

    assert [(line.number, line["code"], line["name"], line["note"]) for line in lines] == [
        (2, "A1", "东区", "一"),
        (3, "A2", "㛃䶮𬭎镇", ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding_office_software_writes(encoding: str) -> None:
    lines = read(csv_text().encode(encoding))

    assert [(line.number, line["name"]) for line in lines] == [(2, "东区"), (3, "㛃䶮𬭎镇")]


def test_a_tab_separated_text_is_read_too() -> None:
    lines = read(csv_text().replace(",", "\t").encode())

    assert lines[0]["name"] == "东区"


@pytest.mark.parametrize(
    "content",
    [
        '[{"code": "A1", "name": "东区"}]',
        '[{"单位代码": "A1", "名称": "东区"}]',
        '{"units": [{"code": "A1", "name": "东区"}]}',
        '\ufeff [{"code": "A1", "name": "东区"}]',
    ],
)
def test_json_is_read_by_key_or_by_heading(content: str) -> None:
    lines = read(content.encode())

    assert (lines[0].number, lines[0]["code"], lines[0]["name"]) == (1, "A1", "东区")


def test_empty_rows_are_left_out_and_the_numbers_stay_true() -> None:
    lines = read(csv_text([["A1", "东区", ""], ["", "", ""], ["A2", "西区", ""]]).encode())

    assert [line.number for line in lines] == [2, 4]


def test_headings_may_stand_in_any_order_and_carry_a_star() -> None:
    lines = read(xlsx([["东区", "A1"]], headings=("单位名称*", "单位代码＊")))

    assert (lines[0]["code"], lines[0]["name"]) == ("A1", "东区")


def test_a_number_and_a_date_are_read_as_a_person_sees_them() -> None:
    lines = read(xlsx([[1001, "东区", 2.5]]))

    assert (lines[0]["code"], lines[0]["note"]) == ("1001", "2.5")


def test_a_cell_that_begins_like_a_formula_stays_text() -> None:
    lines = read(xlsx([["A1", "=1+1", ""]]))

    assert lines[0]["name"] == "=1+1"


def test_control_characters_do_not_come_through() -> None:
    lines = read(csv_text([["A1", "东\x07\u200b\u202e区", ""]]).encode())

    assert lines[0]["name"] == "东区"


@pytest.mark.parametrize("content", [b"", b"  \r\n "])
def test_an_empty_file_is_refused_by_name(content: bytes) -> None:
    assert "“单位.xlsx”是空文件" in refusal(content)


def test_a_file_with_headings_only_says_where_to_begin() -> None:
    assert "没有数据行" in refusal(csv_text([]).encode())


def test_a_missing_heading_is_named() -> None:
    assert "表头没有“单位名称”一列" in refusal("单位代码,备注\nA1,x".encode())


def test_a_doubled_heading_is_named() -> None:
    assert "2 列都叫“单位名称”" in refusal("单位代码,单位名称,名称\nA1,东区,东区".encode())


def test_too_many_rows_are_refused_with_the_limit() -> None:
    assert "超过 1 行" in refusal(csv_text().encode(), most_rows=1)


def test_a_file_beyond_the_limit_is_refused_with_its_size() -> None:
    assert "11.0 MB，超过上限 10 MB" in refusal(b"a" * 11 * tables.MEGABYTE)


def test_an_old_workbook_is_told_to_be_saved_anew() -> None:
    assert "另存为 XLSX" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_a_picture_is_no_table() -> None:
    assert "不是可以导入的表格" in refusal(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 100)


def test_half_a_workbook_is_refused() -> None:
    assert "打不开" in refusal(xlsx()[:900])


def test_an_archive_of_an_unknown_version_is_refused() -> None:
    strange = bytearray(xlsx())
    strange[strange.rindex(b"PK\x01\x02") + 6] = 99

    assert "打不开" in refusal(bytes(strange))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert "不是 Excel 工作簿" in refusal(zipped({"a.txt": b"x"}))


def test_broken_json_names_the_line() -> None:
    assert "第 2 行附近" in refusal(b'[{"code":\n}')


def test_json_of_another_shape_is_refused() -> None:
    assert "应当是一个列表" in refusal(b"[1, 2]")


def test_deeply_nested_json_is_refused_and_not_an_error() -> None:
    assert "不是完整的 JSON" in refusal(b"[" * 200_000)


def test_a_workbook_that_unfolds_too_far_is_refused_before_it_is_parsed() -> None:
    assert "展开后过大" in refusal(
        zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000})
    )


def test_a_header_that_lies_about_the_size_is_not_believed() -> None:
    bomb = bytearray(zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000}))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = struct.pack("<I", 10)

    assert "展开后过大" in refusal(bytes(bomb))


def test_a_cell_far_out_is_refused_before_room_is_made_for_it() -> None:
    far = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )

    assert "第 1,048,576 行、第 16,384 列" in refusal(
        zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": far})
    )


def test_a_sheet_that_says_it_is_one_cell_is_read_whole() -> None:
    lying = rewritten(
        xlsx(), "xl/worksheets/sheet1.xml", lambda body: body.replace(b'ref="A1:C3"', b'ref="A1"')
    )

    assert len(read(lying)) == 2


def test_a_fault_says_row_and_column() -> None:
    assert str(tables.Fault(5, "没有填写。", "单位名称")) == "第 5 行，单位名称：没有填写。"


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return out.getvalue()


def rewritten(content: bytes, name: str, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    assert change(entries[name]) != entries[name]
    return zipped(entries | {name: change(entries[name])})
