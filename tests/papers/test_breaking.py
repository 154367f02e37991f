"""Lines break where Chinese allows it, whatever people write."""

import itertools
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from conduct.pdfkit import fontset
from conduct.pdfkit.breaking import NO_END, NO_START, BrokenLine, Run, break_runs
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.grid import ADVANCE, BODY_TRACKING, SIZE_3, WIDTH

# What a line must not begin or end with, written down here and not taken from the breaker.
FORBIDDEN_START = set("，。、；：！？）》〉】〕」』”’…—·％‰℃,.;:!?)]}%～")
FORBIDDEN_END = set("（《〈【〔「『“‘([{￥$§№＃")
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
LONGEST_UNBREAKABLE = 20


def broken(text: str, *, width: float = WIDTH, fonts: FontSet | None = None) -> list[BrokenLine]:
    """Body lines of a text."""
    return break_runs(
        [Run("fang", text)],
        fonts=fonts or fontset.load(),
        width=width,
        size=SIZE_3,
        advance=ADVANCE,
        indent=2 * ADVANCE,
    )


def said(line: BrokenLine) -> str:
    """The text of a line."""
    return "".join(segment.text for segment in line.segments)


words = st.text(alphabet=HAN, min_size=1, max_size=12)
latin = st.from_regex(r"[A-Za-z0-9]{1,12}([-./][A-Za-z0-9]{1,6})?", fullmatch=True)
openers = st.sampled_from(sorted(FORBIDDEN_END)).map(lambda mark: mark)
closers = st.text(alphabet=sorted(FORBIDDEN_START), min_size=1, max_size=3)
pieces = st.one_of(
    words, words, words, latin, openers, closers, st.sampled_from(["——", "……", " ", "㛃", "𬭎", "😀"])
)
texts = st.lists(pieces, min_size=1, max_size=80).map("".join)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_no_line_begins_or_ends_with_a_forbidden_mark(text: str) -> None:
    lines = [said(line) for line in broken(text)]

    for before, after in itertools.pairwise(lines):
        stuck = before[-LONGEST_UNBREAKABLE:] + after[:1]
        if all(char in FORBIDDEN_START | FORBIDDEN_END or char.isascii() for char in stuck):
            continue
        assert after[0] not in FORBIDDEN_START, (before, after)
        assert before[-1] not in FORBIDDEN_END, (before, after)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_every_character_is_printed_once_and_in_order(text: str) -> None:
    printed = "".join(said(line) for line in broken(text))

    assert printed.replace(" ", "") == text.replace(" ", "")


@settings(max_examples=100, deadline=None)
@given(texts)
def test_every_line_but_the_last_is_flush_right_and_none_is_wider(text: str) -> None:
    lines = broken(text)

    for line in lines[:-1]:
        if len(said(line)) > 1:
            assert abs(line.indent + line.width - (WIDTH - BODY_TRACKING)) < 0.01
    for line in lines[-1:]:
        assert line.indent + line.width <= WIDTH - BODY_TRACKING + 0.05 or len(said(line)) == 1


def test_the_marks_of_the_breaker_cover_those_of_the_standard() -> None:
    assert FORBIDDEN_START <= NO_START
    assert FORBIDDEN_END <= NO_END


def test_a_word_of_latin_letters_is_not_cut() -> None:
    lines = [said(line) for line in broken("督查工作" * 6 + "GB/T9704-2012" + "的规定" * 10)]

    assert any("GB/T9704-2012" in line for line in lines)


def test_a_dash_of_two_cells_stays_together() -> None:
    for lead in range(20, 30):
        lines = [said(line) for line in broken("查" * lead + "——" + "督" * 20)]

        assert sum("——" in line for line in lines) == 1


def test_a_string_without_any_break_is_cut_at_the_edge() -> None:
    lines = broken("A" * 600)

    assert "".join(said(line) for line in lines) == "A" * 600
    assert all(line.indent + line.width <= WIDTH + 0.5 for line in lines)


def test_a_column_narrower_than_a_character_still_ends() -> None:
    lines = broken("督查，工作。", width=ADVANCE / 2)

    assert "".join(said(line) for line in lines) == "督查，工作。"


def _seconds(text: str) -> float:
    start = time.process_time()
    broken(text)
    return time.process_time() - start


def test_twenty_thousand_characters_cost_ten_times_two_thousand() -> None:
    sentence = "检查组发现该单位窗口无人值守，群众等候35分钟；经询问，其称“刚忙完”。"
    short, long = sentence * 58, sentence * 580
    broken(short)

    ratio = min(_seconds(long) for _ in range(3)) / max(min(_seconds(short) for _ in range(5)), 1e-6)

    assert ratio < 30


def test_twenty_thousand_closing_marks_cost_ten_times_two_thousand() -> None:
    ratio = min(_seconds("！" * 20000) for _ in range(3)) / max(
        min(_seconds("！" * 2000) for _ in range(5)), 1e-6
    )

    assert ratio < 30
