"""The notice stands where GB/T 9704-2012 clause 10.1 puts a letter, within 0.2 mm."""

from dataclasses import replace
from typing import Any

import pytest

from conduct.pdfkit.fontset import FontSet
from findings.pdf import notice
from tests.papers import reading as r
from tests.papers import samples
from tests.papers.test_bulletin_form import ink, near


@pytest.fixture(scope="module")
def pages(fonts: FontSet) -> list[Any]:
    """The pages of a notice of two problems."""
    return r.pages_of(notice.render(samples.notice(2), fonts=fonts))


def test_the_ink_of_the_mark_begins_30_mm_below_the_edge_of_the_page(pages: list[Any]) -> None:
    assert ink(pages[0], (20, 20, 190, 46))[0] == near(30.0)


def test_a_thick_rule_over_a_thin_one_runs_4_mm_below_the_mark(pages: list[Any]) -> None:
    _, mark_foot = ink(pages[0], (20, 20, 190, 46))
    thick, thin = r.strokes(pages[0], red=True)[:2]

    assert r.middle(thick) - thick["linewidth"] / 2 / r.MM - mark_foot == near(4.0)
    assert thick["linewidth"] > thin["linewidth"]
    assert r.middle(thick) < r.middle(thin)


def test_a_thin_rule_over_a_thick_one_runs_20_mm_above_the_edge_of_the_page(pages: list[Any]) -> None:
    thin, thick = r.strokes(pages[0], red=True)[2:]

    assert r.middle(thick) + thick["linewidth"] / 2 / r.MM == near(277.0)
    assert thick["linewidth"] > thin["linewidth"]


def test_the_red_rules_are_170_mm_long_and_centred(pages: list[Any]) -> None:
    for rule in r.strokes(pages[0], red=True):
        assert (rule["x0"] / r.MM, rule["x1"] / r.MM) == (near(20.0), near(190.0))


def test_only_the_first_page_bears_the_red_rules(pages: list[Any]) -> None:
    assert not any(r.strokes(page, red=True) for page in pages[1:])


def test_the_number_stands_flush_right_seven_eighths_of_a_character_below_the_rules(pages: list[Any]) -> None:
    number = r.line_with(pages[0], "〔2026〕8号")
    thin = r.strokes(pages[0], red=True)[1]

    assert number[-1]["x1"] / r.MM == near(r.RIGHT)
    assert r.em_top(number[0]) - r.middle(thin) - thin["linewidth"] / 2 / r.MM == near(15.75 * 7 / 8 / r.MM)


def test_the_title_stands_two_rows_below_the_number(pages: list[Any]) -> None:
    number = r.line_with(pages[0], "〔2026〕8号")
    title = r.lines_of(pages[0], size=22)[0]

    assert r.em_top(title[0]) - r.em_foot(number[0]) == near(2 * r.LINE)


def test_the_first_page_bears_no_number_and_the_second_does(pages: list[Any]) -> None:
    assert not any(r.said(line).startswith("—") for line in r.lines_of(pages[0]))
    assert r.said(r.line_with(pages[1], "— 2 —"))


def test_the_deadline_tells_the_weekday_and_the_working_days(fonts: FontSet) -> None:
    text = r.text_of(notice.render(samples.notice(1), fonts=fonts))

    assert "限期整改（15个工作日），2026年11月30日（周一）前完成" in text


def test_the_notice_tells_how_to_object_and_until_when(fonts: FontSet) -> None:
    text = r.text_of(notice.render(samples.notice(1), fonts=fonts))

    assert "自签收之日起5个工作日内（2026年11月16日（周一）前）书面提出" in text


def test_the_notice_says_whom_to_object_to_and_promises_no_pause(fonts: FontSet) -> None:
    text = r.text_of(notice.render(samples.notice(1), fonts=fonts))

    assert "送交下列联系人" in text
    assert "暂停" not in text


def test_the_notice_lists_the_parts_of_the_report(fonts: FontSet) -> None:
    text = r.text_of(notice.render(samples.notice(1), fonts=fonts))

    assert "（7）举一反三排查情况" in text


def test_an_estimated_day_says_so(fonts: FontSet) -> None:
    text = r.text_of(notice.render(replace(samples.notice(1), is_estimated=True), fonts=fonts))

    assert "上述日期为估算" in text


@pytest.mark.parametrize("problems", range(1, 6))
@pytest.mark.parametrize("is_sealed", [True, False])
def test_the_copies_never_stand_on_a_page_of_their_own(
    fonts: FontSet, problems: int, is_sealed: bool
) -> None:
    paper = replace(samples.notice(problems), is_sealed=is_sealed)
    last = r.pages_of(notice.render(paper, fonts=fonts))[-1]

    assert "抄送：甲区纪委监委。" in last.extract_text()
    assert "2026年11月9日" in last.extract_text()


def test_a_letter_without_a_number_is_a_draft(fonts: FontSet) -> None:
    page = r.pages_of(notice.render(replace(samples.notice(1), number=None), fonts=fonts))[0]

    assert {"草", "稿"} == {char["text"] for char in page.chars if r.is_slanted(char)}
