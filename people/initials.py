"""Pinyin initials, by which names are found from a keyboard."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def initials_of(text: str) -> str:
    """The first letter of each syllable, small: 东区行政审批局 → dqxzspj; Latin letters and digits stay."""
    # Its dictionaries take half a second and 30 MB, which only a process that names something should pay.
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return "".join(ch for part in syllables for ch in part.lower() if ch.isascii() and ch.isalnum())
