"""A year's notice as people hand it in: what is read from it, and every fault with its place and what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from conduct.calendar import book, drafts
from conduct.calendar.drafts import OFF, WORK, Span, YearDraft
from conduct.errors import Refused
from conduct.tables import Fault, Faults

NEW_YEAR = date(2027, 1, 1)
SAMPLE = "请对照随系统提供的节假日文件的格式。"


def read(*rows: str) -> tuple[list[YearDraft], list[Fault]]:
    """What a table with these rows says."""
    lines = ["起始日,终止日,类型,名称,依据", *rows]
    return book.read(name="日历.csv", content="\n".join(lines).encode())


def notice(year: str = "2027", **lists: list[Any]) -> tuple[list[YearDraft], list[Fault]]:
    """What the shipped shape says with these lists."""
    return drafts.from_notice({"years": {year: lists}})


def test_a_row_is_read_with_its_days_their_name_and_the_source() -> None:
    years, faults = read("2027-01-01,2027-01-02,放假,元旦,国办通知")

    assert faults == []
    assert years == [YearDraft(2027, "国办通知", {NEW_YEAR: (OFF, "元旦"), date(2027, 1, 2): (OFF, "元旦")})]


def test_years_stand_in_their_order_and_without_a_source_when_none_is_named() -> None:
    years, _ = read("2028-01-01,,放假,,", "2027-01-01,,放假,元旦,")

    assert [(year.year, year.source) for year in years] == [(2027, ""), (2028, "")]


def test_the_first_source_of_a_year_counts() -> None:
    years, _ = read("2027-01-01,,放假,元旦,通知", "2027-05-01,,放假,,后来的通知")

    assert years[0].source == "通知"


def test_a_name_and_a_source_too_long_are_cut_to_what_is_kept() -> None:
    years, _ = read(f"2027-01-01,,放假,{'名' * 51},{'源' * 201}")

    assert years == [YearDraft(2027, "源" * 200, {NEW_YEAR: (OFF, "名" * 50)})]


def test_all_bad_rows_are_told_at_once_in_the_order_of_the_file() -> None:
    _, faults = read(
        "2027-01-03,2027-01-01,放假,,", "2027-01-01,,放假,,", "2027-02-30,,放假,,", "2027-01-01,,放假,,"
    )

    assert [str(fault) for fault in faults] == [
        "第 2 行：终止日 2027-01-01 早于起始日 2027-01-03，请核对。",
        "第 4 行，起始日：“2027-02-30”不是日期，请写成 2026-01-04 的样子。",
        "第 5 行：2027-01-01 前面已经写过（放假），请只保留一处。",
    ]


def test_a_year_without_a_day_off_is_a_fault_of_the_file_as_a_whole() -> None:
    _, faults = read("2027-01-02,,调休上班,,")

    assert faults == [Fault(0, "2027 年没有一天放假。请补齐全年的放假安排后再保存。")]


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2100, 12, 31)])
def test_the_first_and_the_last_year_there_may_be(day: date) -> None:
    years, faults = read(f"{day.isoformat()},,放假,,")

    assert faults == [] and years[0].year == day.year


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01"])
def test_a_year_beyond_them_is_a_slip(day: str) -> None:
    _, faults = read(f"{day},,放假,,")

    assert str(faults[0]) == f"第 2 行：{day[:4]} 年不在 2000 至 2100 年之间，请核对年份。"


def test_sixty_days_in_a_row_may_be_and_sixty_one_are_a_slip() -> None:
    assert read("2027-01-01,2027-03-01,放假,,")[1] == []

    _, faults = read("2027-01-01,2027-03-02,放假,,")
    assert str(faults[0]) == "第 2 行：一段有 61 天，超过 60 天，请核对终止日。"


@pytest.mark.parametrize(
    "text",
    ["2027-1-4", "2027/1/4", "2027.1.4", "2027年1月4日", " 2027 - 01 - 04 ", "2027-01-04 00:00:00"],
)
def test_a_date_as_people_write_it(text: str) -> None:
    assert drafts.parse_date(text) == date(2027, 1, 4)


@pytest.mark.parametrize("text", ["", "2027-02-30", "27-1-4", "2027-1", "2027-1-4 起", "元旦"])
def test_what_is_no_date(text: str) -> None:
    assert drafts.parse_date(text) is None


def test_the_shipped_shape_is_read_with_names_and_sources() -> None:
    years, faults = drafts.from_notice(
        {
            "source": {"2027": "国办通知", "说明": "不是年份"},
            "years": {"2027": {"off": [["2027-01-01", "2027-01-02", "元旦"]], "work": ["2027-01-09"]}},
        }
    )

    assert faults == []
    assert years == [
        YearDraft(
            2027,
            "国办通知",
            {NEW_YEAR: (OFF, "元旦"), date(2027, 1, 2): (OFF, "元旦"), date(2027, 1, 9): (WORK, "")},
        )
    ]


def test_a_span_without_a_name_and_a_single_day_are_read_as_well() -> None:
    years, faults = notice(off=[["2027-01-01", "2027-01-02"], ["2027-05-01"], "2027-10-01"])

    assert faults == []
    assert list(years[0].days.values()) == [(OFF, "")] * 4


def test_a_name_or_source_too_long_is_cut_in_the_shipped_shape_too() -> None:
    years, _ = drafts.from_notice(
        {
            "source": {"2027": "源" * 201},
            "years": {"2027": {"off": [["2027-01-01", "2027-01-01", "名" * 51]]}},
        }
    )

    assert years == [YearDraft(2027, "源" * 200, {NEW_YEAR: (OFF, "名" * 50)})]


@pytest.mark.parametrize("source", [None, "国办通知", ["国办通知"]])
def test_a_source_of_another_shape_is_left_out(source: object) -> None:
    years, faults = drafts.from_notice({"source": source, "years": {"2027": {"off": ["2027-01-01"]}}})

    assert faults == []
    assert years[0].source == ""


def test_entries_are_counted_through_the_file_and_every_bad_one_is_named() -> None:
    _, faults = drafts.from_notice(
        {
            "years": {
                "2027": {"off": ["2027-01-01", ["2027-01-03", "明天", "元旦"]], "work": [["元旦", "x"]]},
                "2028": {"off": ["2028-01-01", "2027-05-01", "2028-01-01"]},
            }
        }
    )

    assert faults == [
        Fault(2, "“2027-01-03、明天、元旦”不是日期，请写成 2026-01-04 的样子。"),
        Fault(3, "“元旦、x”不是日期，请写成 2026-01-04 的样子。"),
        Fault(5, "2027-05-01 写在 2028 年之下，请移到 2027 年。"),
        Fault(6, "2028-01-01 前面已经写过（放假），请只保留一处。"),
    ]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "JSON 的最外层应当是一个对象（花括号）。"),
        ({"year": {}}, "JSON 里没有“years”一项。"),
        ({"years": ["2027"]}, '“years”应当是以年份为名的对象，如 {"2027": {"off": [], "work": []}}。'),
        ({"years": {}}, "“years”里一个年份也没有。"),
    ],
)
def test_another_shape_is_a_fault_of_the_file_as_a_whole(value: object, problem: str) -> None:
    assert drafts.from_notice(value) == ([], [Fault(0, problem + SAMPLE)])


@pytest.mark.parametrize("lists", [[], {"off": {}}, {"off": ["2027-01-01"], "work": "2027-01-09"}])
def test_a_year_of_another_shape_is_named_and_the_others_are_read(lists: object) -> None:
    years, faults = drafts.from_notice({"years": {"2027": lists, "2028": {"off": ["2028-01-01"]}}})

    assert faults == [Fault(0, f"2027 年应当有“off”和“work”两个列表。{SAMPLE}")]
    assert [year.year for year in years] == [2028]


def test_days_are_joined_by_kind_and_name_and_numbered_for_the_form() -> None:
    days = {
        date(2027, 5, 2): (OFF, "劳动节"),
        date(2027, 5, 1): (OFF, "劳动节"),
        date(2027, 5, 3): (OFF, "调休"),
        date(2027, 5, 5): (OFF, "调休"),
        date(2027, 5, 8): (WORK, ""),
        date(2027, 5, 9): (WORK, ""),
    }

    assert drafts.spans_of(days) == [
        Span(1, date(2027, 5, 1), date(2027, 5, 2), OFF, "劳动节"),
        Span(2, date(2027, 5, 3), date(2027, 5, 3), OFF, "调休"),
        Span(3, date(2027, 5, 5), date(2027, 5, 5), OFF, "调休"),
        Span(4, date(2027, 5, 8), date(2027, 5, 8), WORK, ""),
        Span(5, date(2027, 5, 9), date(2027, 5, 9), WORK, ""),
    ]


def test_no_days_are_no_spans() -> None:
    assert drafts.spans_of({}) == []
    assert drafts.gather([], sources={}, faults=Faults()) == []


@pytest.mark.parametrize("name", ["日历.json", "日历.csv"])
def test_a_file_that_cannot_be_read_is_called_by_its_name(name: str) -> None:
    content = b'{"years": ' if name.endswith("json") else '起始日,类型\n"2027-01-01,放假'.encode()

    with pytest.raises(Refused, match=f"“{name}”"):
        book.read(name=name, content=content)


def test_json_may_hold_a_table_instead() -> None:
    years, faults = book.read(
        name="日历.json", content='{"日历": [{"起始日": "2027-01-01", "类型": "放假"}]}'.encode()
    )

    assert faults == []
    assert years == [YearDraft(2027, "", {NEW_YEAR: (OFF, "")})]


def test_a_source_under_a_number_that_is_no_year_is_left_out() -> None:
    value = {
        "source": {"2027": "国办通知", "9" * 5000: "别的通知", "二〇二七": "别的通知"},
        "years": {"2027": {"off": [["2027-01-01", "2027-01-01", "元旦"]]}},
    }

    years, faults = drafts.from_notice(value)

    assert (faults, [(year.year, year.source) for year in years]) == ([], [(2027, "国办通知")])
