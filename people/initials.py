"""Pinyin initials, by which names are found from a keyboard."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=4096)
def initials_of(text: str) -> str:
    """The first letter of each syllable, small: 东区行政审批局 → dqxzspj; Latin letters and digits stay."""
    syllables = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return "".join(ch for part in syllables for ch in part.lower() if ch.isascii() and ch.isalnum())
