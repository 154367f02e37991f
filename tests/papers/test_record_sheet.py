"""The record sheet prints every field, and says where nothing was recorded."""

import re
from dataclasses import replace
from typing import Any

import pytest

from conduct.pdfkit.fontset import FontSet
from inspections.papers import ObservationEntry, RecordSheet
from inspections.pdf import record_sheet
from tests.papers import reading as r
from tests.papers import samples

FIELDS = (
    "安察记〔2026〕103号", "2026年第四季度机关作风暗访", "暗访", "本级", "2026年11月12日", "10:20至11:05",
    "甲区发展改革局", "综合科（服务窗口）", "㛃某（证件号：安纪检查第0012号）", "𬭎某", "应到：5", "实到：3",
    "请假：1", "公出：0", "缺岗：1", "请销假登记", "D1-03上网聊天玩游戏", "综合科工作人员", "口头纠正",
    "将按规定处理。", "谈话录音", "拒绝签字", "欧阳某（组长）", "经办人员", "“35分钟”应为“25分钟”",
)  # fmt: skip


@pytest.fixture(scope="module")
def text(fonts: FontSet) -> str:
    """What the sample sheet says."""
    return r.text_of(record_sheet.render(samples.record_sheet(), fonts=fonts))


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_printed(text: str, field: str) -> None:
    assert field in text


def test_a_person_who_was_not_recorded_is_printed_as_such(text: str) -> None:
    assert "在场人员未记录" in text


def test_a_check_value_takes_two_lines_at_most(fonts: FontSet) -> None:
    # All digits: wider than any check value turns out.
    value = "80" * 32
    sheet = samples.record_sheet()
    paper = replace(sheet, evidence=(replace(sheet.evidence[0], sha256=value), *sheet.evidence[1:]))
    pages = r.pages_of(record_sheet.render(paper, fonts=fonts))
    pieces = [
        piece
        for page in pages
        for line in r.lines_of(page, size=12)
        for piece in re.findall("[80]{8,}", r.said(line))
    ]

    assert "".join(pieces) == value
    assert len(pieces) <= 2


def test_a_visit_without_problem_says_so(fonts: FontSet) -> None:
    paper = replace(samples.record_sheet(), observations=(), is_without_problem=True)

    assert "本次检查未发现问题。" in r.text_of(record_sheet.render(paper, fonts=fonts))


def test_an_unlocked_sheet_is_a_draft_and_a_locked_one_is_not(fonts: FontSet) -> None:
    def slanted(paper: RecordSheet) -> set[str]:
        pages = r.pages_of(record_sheet.render(paper, fonts=fonts))
        return {char["text"] for page in pages for char in page.chars if r.is_slanted(char)}

    assert slanted(samples.record_sheet(locked=False)) == {"草", "稿"}
    assert slanted(samples.record_sheet(locked=True)) == set()


def test_forty_observations_are_all_printed_inside_the_text_block(fonts: FontSet) -> None:
    many = tuple(ObservationEntry(facts=samples.FACTS, number=number) for number in range(1, 41))
    pages = r.pages_of(record_sheet.render(replace(samples.record_sheet(), observations=many), fonts=fonts))
    heads = [
        r.said(line) for page in pages for line in r.lines_of(page) if r.said(line).startswith("发现问题（")
    ]

    assert heads == [f"发现问题（{number}）" for number in range(1, 41)]
    assert _lowest_form_text(pages) < r.FOOT


def test_the_head_of_an_observation_is_never_the_last_row_of_a_page(fonts: FontSet) -> None:
    many = tuple(ObservationEntry(facts=samples.FACTS, number=number) for number in range(1, 41))
    pages = r.pages_of(record_sheet.render(replace(samples.record_sheet(), observations=many), fonts=fonts))

    for page in pages:
        lines = [r.said(line) for line in r.lines_of(page, size=12)]
        assert not lines[-1].startswith("发现问题（")


def _lowest_form_text(pages: list[Any]) -> float:
    return max(r.em_foot(line[0]) for page in pages for line in r.lines_of(page, size=12))
