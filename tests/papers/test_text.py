"""Text of people comes into a paper through one door."""

from datetime import UTC, date, datetime

import pytest

from conduct.pdfkit.text import (
    LONGEST,
    chinese_date,
    chinese_moment,
    chinese_number,
    clean,
    date_and_weekday,
    ended,
    one_line,
    paragraphs,
)

HARMFUL = [
    0x00,
    0x07,
    0x1B,
    0x7F,
    0x9F,
    0xD800,
    0xDFFF,
    0x200B,
    0x200D,
    0x202E,
    0x2066,
    0xFE0F,
    0xFEFF,
    0xE0001,
]


@pytest.mark.parametrize("code", HARMFUL, ids=hex)
def test_a_character_that_is_invisible_or_acts_is_taken_out(code: int) -> None:
    assert clean(f"督{chr(code)}查") == "督查"


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x85"])
def test_every_line_end_becomes_the_same(ending: str) -> None:
    assert clean(f"一{ending}二") == "一\n二"


def test_rare_characters_emoji_and_markup_are_left_as_they_are() -> None:
    text = "㛃䶮𬭎 😀 <b>&amp;</b> {{x}} \\n %s"

    assert clean(text) == text


def test_cleaning_twice_changes_nothing() -> None:
    once = clean("长" * (LONGEST + 5) + "\u202e")

    assert clean(once) == once


def test_a_text_beyond_the_longest_says_that_it_was_cut() -> None:
    cut = clean("长" * (LONGEST + 5))

    assert len(cut) == LONGEST
    assert cut.endswith("全文见系统）")


def test_paragraphs_are_told_apart_and_blank_ones_dropped() -> None:
    assert paragraphs("　　第一段  话\r\n\r\n 第二段 ") == ["第一段 话", "第二段"]


def test_a_place_for_one_line_gets_one_line() -> None:
    assert one_line("第一行\n第二行") == "第一行 第二行"


def test_dates_are_written_as_offices_write_them() -> None:
    assert chinese_date(date(2026, 11, 5)) == "2026年11月5日"
    assert date_and_weekday(date(2026, 11, 30)) == "2026年11月30日（周一）"


def test_a_moment_that_knows_its_zone_is_told_in_beijing_time() -> None:
    assert chinese_moment(datetime(2026, 11, 30, 16, 30, tzinfo=UTC)) == "2026年12月1日 00:30"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (103, "一百零三"),
        (110, "一百一十"),
        (200, "二百"),
        (1000, "1000"),
    ],
)
def test_headings_are_numbered_in_chinese(number: int, written: str) -> None:
    assert chinese_number(number) == written


@pytest.mark.parametrize(
    ("text", "closed"),
    [("属实", "属实。"), ("属实。", "属实。"), ("称“忙。”", "称“忙。”"), ("称“忙”", "称“忙”。")],
)
def test_a_sentence_is_ended_once(text: str, closed: str) -> None:
    assert ended(text) == closed
