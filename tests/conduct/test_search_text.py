"""Words and texts as the search compares them, and where the words stand in a text that is shown."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct.errors import Refused
from conduct.search import text
from conduct.search.text import Piece

TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def test_folding_keeps_one_character_for_each_and_looks_at_none_of_its_neighbours() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]

    assert text.fold("".join(every)) == "".join(text.fold(letter) for letter in every)
    assert {len(text.fold(letter)) for letter in every} == {1}


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＡＢ岗", "ab岗"), ("AB岗", "ab岗"), ("１２号　楼", "12号 楼"), ("ΑΣ", "ας".replace("ς", "σ"))],
)
def test_case_and_width_make_no_difference(one: str, other: str) -> None:
    assert text.fold(one) == other


def test_words_are_parted_at_blanks_of_any_width_and_counted_once() -> None:
    assert text.words_of(" 窗口　无人  窗口 AB岗 ") == ["窗口", "无人", "ab岗"]


@pytest.mark.parametrize(
    ("typed", "said"), [("一 二 三 四 五 六", "一次最多查 5 个词"), ("长" * 21, "每个词最多 20 个字")]
)
def test_too_much_is_refused_with_what_to_do(typed: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        text.words_of(typed)


def test_a_word_of_twenty_characters_is_taken() -> None:
    assert text.words_of("长" * 20) == ["长" * 20]


@given(TYPED, st.lists(TYPED, max_size=3))
def test_pieces_are_the_text_again(shown: str, words: list[str]) -> None:
    pieces = text.pieces(shown, [text.fold(word) for word in words])

    assert "".join(piece.text for piece in pieces) == shown


@given(TYPED, TYPED.filter(bool))
def test_a_word_is_marked_exactly_where_it_stands(shown: str, word: str) -> None:
    folded = text.fold(word)

    marked = any(piece.is_hit for piece in text.pieces(shown, [folded]))

    assert marked == (folded in text.fold(shown))


def test_words_that_overlap_are_marked_as_one() -> None:
    assert text.pieces("三号窗口无人", ["窗口", "口无"]) == [
        Piece("三号"),
        Piece("窗口无", True),
        Piece("人"),
    ]


def test_a_quotation_is_cut_around_the_word_and_says_so() -> None:
    long = "前" * 40 + "窗口无人" + "后" * 90

    pieces = text.quote(["标题", long], ["窗口"])

    assert pieces[0] == pieces[-1] == Piece("…")
    assert [piece.text for piece in pieces if piece.is_hit] == ["窗口"]
    assert sum(len(piece.text) for piece in pieces) < 100


def test_no_word_is_found_across_two_parts() -> None:
    assert not text.holds(["三号窗", "口无人"], ["窗口"])
    assert text.holds(["三号窗口", "无人"], ["窗口", "无人"])
