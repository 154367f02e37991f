"""Texts and words as the search compares them: folded, and cut into pairs of neighbouring characters. Plain Python.

Found is what holds the word as LIKE would say it: the same characters in a row, letters in either case, full-width
forms and half-width forms alike. Pairs only narrow the choice; the folded text itself decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from conduct.errors import Refused

MOST_LETTERS = 20
MOST_WORDS = 5
MOST_GRAMS = 6
# Stands between the parts of a text, so that no word is found across two of them; nobody can type it.
BREAK = "\x1f"

# Full-width forms, and the two capitals whose small letter depends on their place or is longer.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3A3: 0x3C3, 0x130: 0x69}
QUOTED_BEFORE, QUOTED_AFTER = 20, 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quoted text; is_hit: one of the words looked for."""

    text: str
    is_hit: bool = False


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """The spelling that is compared, one character for each of the original."""
    return text.translate(_PLAIN).lower()


def joined(parts: Iterable[str]) -> str:
    """The parts of a text as one, folded."""
    return BREAK.join(fold(part) for part in parts if part)


def words_of(typed: str) -> list[str]:
    """The words somebody looks for, folded; a text is found that holds all of them.

    Raises: Refused for more or longer words than the search takes
    """
    words = list(dict.fromkeys(fold(typed).replace(BREAK, " ").split()))
    if len(words) > MOST_WORDS:
        raise Refused(f"一次最多查 {MOST_WORDS} 个词，您写了 {len(words)} 个。请减少几个再查。")
    for word in words:
        if len(word) > MOST_LETTERS:
            raise Refused(
                f"每个词最多 {MOST_LETTERS} 个字，“{word[:10]}…”有 {len(word)} 个。请截取其中一段再查。"
            )
    return words


def holds(parts: Iterable[str], words: Iterable[str]) -> bool:
    """Whether the text holds every word."""
    folded = joined(parts)
    return all(word in folded for word in words)


def pairs(part: str) -> list[str]:
    """Every two neighbouring characters, in their order."""
    return [part[place : place + 2] for place in range(len(part) - 1)]


def grams_of(word: str) -> list[str]:
    """What a text must contain to hold the word: its pairs, or the one character it is.

    Of a long word some pairs from one end to the other are enough to narrow the choice.
    """
    found = pairs(word) if len(word) > 1 else [word]
    last = len(found) - 1
    if last < MOST_GRAMS:
        return found
    return [found[place * last // (MOST_GRAMS - 1)] for place in range(MOST_GRAMS)]


def quote(parts: Sequence[str], words: Sequence[str]) -> list[Piece]:
    """The place of the text that tells why it was found, with the words apart from what is around them."""
    for part in parts:
        folded = fold(part)
        places = [place for word in words if (place := folded.find(word)) >= 0]
        if places:
            start = max(0, min(places) - QUOTED_BEFORE)
            end = min(len(part), min(places) + QUOTED_AFTER)
            shown = pieces(" ".join(part[start:end].split()), words)
            return [*([Piece("…")] if start else []), *shown, *([Piece("…")] if end < len(part) else [])]
    return []


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """A text in stretches, the words looked for apart from the rest; words that overlap make one stretch."""
    folded = fold(text)
    is_hit = [False] * len(text)
    for word in filter(None, words):
        place = folded.find(word)
        while place >= 0:
            is_hit[place : place + len(word)] = [True] * len(word)
            place = folded.find(word, place + 1)
    found: list[Piece] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or is_hit[end] != is_hit[start]:
            found.append(Piece(text[start:end], is_hit[start]))
            start = end
    return found
