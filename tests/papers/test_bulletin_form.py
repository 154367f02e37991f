"""The bulletin stands where GB/T 9704-2012 puts it: every distance within 0.2 mm (DOMAIN 5)."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from conduct.pdfkit.fontset import FontSet
from reports.pdf import bulletin
from tests.papers import reading as r
from tests.papers import samples

TOLERANCE = 0.2
INK_DPI = 400


def near(value: float) -> Any:
    """Within the tolerance of the office."""
    return pytest.approx(value, abs=TOLERANCE)


def ink(page: Any, box: tuple[float, float, float, float], *, red: bool = False) -> tuple[float, float]:
    """Top and foot of the ink in a box (left, top, right, foot), all in mm."""
    image = page.to_image(resolution=INK_DPI).original.convert("RGB")
    scale = INK_DPI / 25.4
    part = image.crop(tuple(round(side * scale) for side in box))
    channel = part.getchannel("G").point(lambda level: 255 if level < 128 else 0)
    assert channel.getbbox() is not None
    _, top, _, foot = channel.getbbox()
    return box[1] + top / scale, box[1] + foot / scale


def test_the_ink_of_the_issuers_mark_begins_35_mm_below_the_text_block(bulletin_pages: list[Any]) -> None:
    top, _ = ink(bulletin_pages[0], (20, 40, 190, 105))

    assert top == near(72.0)


def test_the_document_number_stands_two_rows_below_the_mark(bulletin_pages: list[Any]) -> None:
    _, mark_foot = ink(bulletin_pages[0], (20, 40, 190, 105))
    row_top = r.em_top(r.line_with(bulletin_pages[0], "〔2026〕12号")[0]) - (r.LINE - 16 / r.MM) / 2

    assert row_top - mark_foot == near(2 * r.LINE)


def test_the_document_number_is_centred(bulletin_pages: list[Any]) -> None:
    line = r.line_with(bulletin_pages[0], "〔2026〕12号")

    assert (line[0]["x0"] + line[-1]["x1"]) / 2 / r.MM == near(106.0)


def test_the_red_rule_runs_4_mm_below_the_number_over_the_whole_text_block(bulletin_pages: list[Any]) -> None:
    number = r.line_with(bulletin_pages[0], "〔2026〕12号")
    (rule,) = r.strokes(bulletin_pages[0], red=True)

    assert r.middle(rule) - r.em_foot(number[0]) == near(4.0)
    assert (rule["x0"] / r.MM, rule["x1"] / r.MM) == (near(28.0), near(184.0))


def test_the_title_stands_two_rows_below_the_red_rule_in_size_2(bulletin_pages: list[Any]) -> None:
    (rule,) = r.strokes(bulletin_pages[0], red=True)
    title = r.lines_of(bulletin_pages[0], size=22)

    assert r.em_top(title[0][0]) - r.middle(rule) == near(2 * r.LINE)
    assert all((line[0]["x0"] + line[-1]["x1"]) / 2 / r.MM == near(106.0) for line in title)
    assert all("FandolSong-Bold" in char["fontname"] for line in title for char in line)


def test_the_addressees_stand_flush_left_one_row_below_the_title(bulletin_pages: list[Any]) -> None:
    last_title = r.lines_of(bulletin_pages[0], size=22)[-1]
    addressees = r.line_with(bulletin_pages[0], "各县（市、区）")

    assert addressees[0]["x0"] / r.MM == near(28.0)
    assert 1.0 < (r.em_top(addressees[0]) - r.em_foot(last_title[0])) / r.LINE < 1.5


def test_every_body_line_stands_on_the_grid_of_22_rows(bulletin_pages: list[Any]) -> None:
    body = [line for page in bulletin_pages for line in r.lines_of(page, size=16)]
    rows = [(r.em_top(line[0]) - (r.LINE - 16 / r.MM) / 2 - r.TOP) / r.LINE for line in body]

    assert len(body) > 60
    assert max(abs(row - round(row)) for row in rows) * r.LINE < TOLERANCE


def test_a_full_line_holds_28_characters_of_equal_advance(fonts: FontSet) -> None:
    page = r.pages_of(bulletin.render(replace(samples.bulletin(0), overview="督" * 200), fonts=fonts))[0]
    full = next(line for line in r.lines_of(page, size=16) if len(line) == 28)
    advances = [(right["x0"] - left["x0"]) / r.MM for left, right in itertools.pairwise(full)]

    assert max(abs(advance - r.ADVANCE) for advance in advances) < 0.01
    assert full[0]["x0"] / r.MM == near(r.LEFT)


def test_the_first_line_of_a_paragraph_is_indented_by_two_characters(bulletin_pages: list[Any]) -> None:
    line = r.line_with(bulletin_pages[0], "为持续改进机关作风")

    assert line[0]["x0"] / r.MM == near(r.LEFT + 2 * r.ADVANCE)


def test_full_lines_end_at_the_right_edge(bulletin_pages: list[Any]) -> None:
    for page in bulletin_pages:
        lines = [line for line in r.lines_of(page, size=16) if line[0]["x0"] / r.MM < 40]
        for line, following in itertools.pairwise(lines):
            continues = following[0]["x0"] / r.MM < r.LEFT + 1
            if continues and r.em_top(following[0]) - r.em_top(line[0]) < r.LINE * 1.1:
                assert line[-1]["x1"] / r.MM == near(r.RIGHT), r.said(line)


@pytest.mark.parametrize(
    ("text", "font"), [("一、总体情况", "FandolHei"), ("（一）甲区", "FandolKai"), ("1. 压实", "Fandol")]
)
def test_each_level_of_heading_has_its_font(bulletin_pages: list[Any], text: str, font: str) -> None:
    line = next(line for page in bulletin_pages for line in r.lines_of(page) if r.said(line).startswith(text))

    assert font in line[0]["fontname"]
    assert line[0]["size"] == pytest.approx(16)
    assert line[0]["x0"] / r.MM == near(r.LEFT + 2 * r.ADVANCE)


def test_a_heading_is_never_the_last_line_of_a_page(fonts: FontSet) -> None:
    for cases in range(1, 7):
        for page in r.pages_of(bulletin.render(samples.bulletin(cases), fonts=fonts)):
            body = r.lines_of(page, size=16)
            assert not body or "FandolHei" not in body[-1][-1]["fontname"] or "附件" in r.said(body[-1])


def test_with_a_place_for_the_seal_the_date_stands_four_characters_from_the_right(fonts: FontSet) -> None:
    paper = replace(samples.bulletin(1), issuer="安平市督查室")
    page = next(
        p for p in r.pages_of(bulletin.render(paper, fonts=fonts)) if "（印章）" in (p.extract_text() or "")
    )
    day = r.line_with(page, "2026年12月2日")
    name = r.line_with(page, "安平市督查室")

    assert day[-1]["x1"] / r.MM == near(r.RIGHT - 4 * r.ADVANCE)
    assert (name[0]["x0"] + name[-1]["x1"]) / 2 == pytest.approx((day[0]["x0"] + day[-1]["x1"]) / 2, abs=0.5)


def test_without_a_seal_the_date_begins_two_characters_right_of_the_name(fonts: FontSet) -> None:
    paper = replace(samples.bulletin(1), is_sealed=False)
    pages = r.pages_of(bulletin.render(paper, fonts=fonts))
    page = next(p for p in pages if any(r.said(line) == "2026年12月2日" for line in r.lines_of(p, size=16)))
    day = next(line for line in r.lines_of(page, size=16) if r.said(line) == "2026年12月2日")
    name = next(line for line in r.lines_of(page, size=16) if r.said(line) == paper.issuer)

    assert name[-1]["x1"] / r.MM == near(r.RIGHT - 2 * r.ADVANCE)
    assert (day[0]["x0"] - name[0]["x0"]) / r.MM == near(2 * r.ADVANCE)
    assert r.em_top(day[0]) - r.em_top(name[0]) == near(r.LINE)


def test_attachments_are_named_below_the_body_and_begin_on_pages_of_their_own(
    bulletin_pages: list[Any],
) -> None:
    note = next(line for p in bulletin_pages for line in r.lines_of(p) if r.said(line).startswith("附件："))
    heads = [page for page in bulletin_pages if r.said(r.lines_of(page)[0]).startswith("附件")]
    title = r.lines_of(heads[0], size=22)[0]

    assert note[0]["x0"] / r.MM == near(r.LEFT + 2 * r.ADVANCE)
    assert [r.said(r.lines_of(page)[0]) for page in heads] == ["附件1", "附件2"]
    assert r.em_top(title[0]) == near(r.TOP + 2 * r.LINE + (r.LINE - 22 / r.MM) / 2)


def test_the_colophon_ends_at_the_foot_of_the_text_block_on_an_even_page(bulletin_pages: list[Any]) -> None:
    rules = r.strokes(bulletin_pages[-1], red=False)

    assert len(bulletin_pages) % 2 == 0
    assert r.middle(rules[-1]) == near(r.FOOT)
    assert [round(rule["linewidth"] / r.MM, 2) for rule in rules] == [0.35, 0.25, 0.35]
    assert all(rule["x0"] / r.MM == near(r.LEFT) and rule["x1"] / r.MM == near(r.RIGHT) for rule in rules)


def test_the_colophon_keeps_one_character_free_on_both_sides(bulletin_pages: list[Any]) -> None:
    printed = r.line_with(bulletin_pages[-1], "印发")

    assert printed[0]["x0"] / r.MM == near(r.LEFT + 14 / r.MM)
    assert printed[-1]["x1"] / r.MM == near(r.RIGHT - 14 / r.MM)
    assert printed[0]["size"] == pytest.approx(14)


def test_the_dash_of_the_page_number_lies_7_mm_below_the_text_block(bulletin_pages: list[Any]) -> None:
    dash = r.line_with(bulletin_pages[0], "— 1 —")[0]
    box = (dash["x0"] / r.MM, 264.0, dash["x1"] / r.MM, 274.0)

    assert ink(bulletin_pages[0], box)[0] == near(269.0)


def test_page_numbers_stand_outside_right_on_odd_and_left_on_even_pages(bulletin_pages: list[Any]) -> None:
    odd, even = r.line_with(bulletin_pages[0], "— 1 —"), r.line_with(bulletin_pages[1], "— 2 —")

    assert odd[-1]["x1"] / r.MM == near(r.RIGHT - 14 / r.MM)
    assert even[0]["x0"] / r.MM == near(r.LEFT + 14 / r.MM)
    assert {round(char["size"]) for char in (*odd, *even)} == {14}


@pytest.mark.parametrize("cases", [0, 1, 2, 3, 5, 8, 13])
def test_whatever_its_length_no_page_is_blank_and_the_colophon_ends_an_even_page(
    fonts: FontSet, cases: int
) -> None:
    pages = r.pages_of(bulletin.render(samples.bulletin(cases, units=cases * 3), fonts=fonts))

    assert all(page.extract_text().strip() for page in pages)
    assert len(pages) % 2 == 0
    assert "印发" in pages[-1].extract_text()


@pytest.mark.parametrize("cases", range(9))
def test_without_attachments_too_the_signature_never_stands_on_a_page_alone(
    fonts: FontSet, cases: int
) -> None:
    paper = replace(samples.bulletin(cases, units=0), figures=(), copies_to="")
    pages = r.pages_of(bulletin.render(paper, fonts=fonts))
    signed = next(page for page in pages if "（印章）" in page.extract_text())
    first = r.said(r.lines_of(signed)[0])

    assert first != "（印章）"
    assert all(page.extract_text().strip() for page in pages)


def test_many_addressees_move_to_the_colophon_so_that_the_first_page_shows_the_body(fonts: FontSet) -> None:
    paper = replace(samples.bulletin(1), recipients="，".join(f"第{index}县纪委监委" for index in range(60)))
    pages = r.pages_of(bulletin.render(paper, fonts=fonts))

    assert "为持续改进机关作风" in pages[0].extract_text()
    assert "主送：第0县纪委监委" in pages[-1].extract_text()


def test_an_unnumbered_bulletin_shows_an_open_number_and_draft_on_every_page(fonts: FontSet) -> None:
    pages = r.pages_of(bulletin.render(samples.bulletin(1, number=None), fonts=fonts))

    assert "安明察通〔2026〕" in pages[0].extract_text()
    assert all({"草", "稿"} <= {char["text"] for char in page.chars if r.is_slanted(char)} for page in pages)


def test_a_numbered_bulletin_bears_no_watermark(bulletin_pages: list[Any]) -> None:
    assert not any(r.is_slanted(char) for page in bulletin_pages for char in page.chars)
