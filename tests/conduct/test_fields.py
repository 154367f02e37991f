"""What people type: invisible and disguising characters go, everything a name can hold stays."""

from __future__ import annotations

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from conduct.cleaning import clean_line, clean_text
from conduct.fields import CleanCharField, CleanTextField


class Slip(forms.Form):
    title = CleanCharField(label="标题", max_length=10)
    body = CleanTextField(label="正文", required=False)


def errors(**given: str) -> str:
    return str(Slip(given).errors)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("㛃䶮𬭎", "㛃䶮𬭎"),
        ("👨‍👩‍👧 ❤️ 👍🏽", "👨‍👩‍👧 ❤️ 👍🏽"),
        ("葛󠄀", "葛󠄀"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("收\u200b费\u200d处\ufeff", "收费处"),
        ("abc\u202efdp.exe", "abcfdp.exe"),
        ("\u2066甲\u2069\u200f", "甲"),
        ("一\r\n二\r三\u2028四\x85五", "一\n二\n三\n四\n五"),
        ("甲\ud800乙", "甲乙"),
        ("甲\ufffe乙", "甲乙"),
        ("\t 缩进 \n", "缩进"),
    ],
)
def test_what_stays_of_a_text(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_a_line_has_no_breaks_and_single_blanks() -> None:
    assert clean_line(" 东区\r\n  行政\t审批局 ") == "东区 行政 审批局"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    assert clean_text(clean_text(typed)) == clean_text(typed)


@given(st.text(st.characters(whitelist_categories=["Lo"]), max_size=50))
def test_letters_of_every_script_stay(typed: str) -> None:
    assert clean_text(typed) == typed


def test_a_form_gives_the_cleaned_text() -> None:
    slip = Slip({"title": " 收\u200b费 ", "body": "一\r\n二"})

    assert slip.is_valid()
    assert slip.cleaned_data == {"title": "收费", "body": "一\n二"}


def test_only_invisible_characters_count_as_nothing() -> None:
    assert "这个字段是必填项" in errors(title="\u200b\x07")


def test_too_long_says_the_limit_and_the_given_length() -> None:
    assert "最多 10 个字，现在是 12 个字，请删去 2 个字后再提交。" in errors(title="长" * 12)


def test_the_length_counts_what_is_kept() -> None:
    assert errors(title="长" * 10 + "\u200b" * 5) == ""


def test_a_text_of_twenty_thousand_passes_and_one_more_does_not() -> None:
    assert errors(title="题", body="长" * 20_000) == ""
    assert "最多 20,000 个字，现在是 20,001 个字" in errors(title="题", body="长" * 20_001)


def test_the_browser_is_not_told_to_cut_a_pasted_text() -> None:
    assert "maxlength" not in str(Slip()["title"])


def test_a_text_field_has_the_lines_asked_for() -> None:
    assert 'rows="5"' in str(Slip()["body"])
