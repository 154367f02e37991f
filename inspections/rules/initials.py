"""The letters people type to find a Chinese name: tg for 脱岗."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def initials_of(name: str) -> str:
    """First letters of the syllables, small, in one run; digits and Latin letters stay, signs go."""
    return "".join(part[0] if len(part) > 1 or part.isalpha() else part for part in _syllables(name)).lower()


def _syllables(name: str) -> list[str]:
    kept = "".join(ch for ch in name if ch.isalnum())
    letters = lazy_pinyin(kept, style=Style.FIRST_LETTER)
    return [part for part in letters if part.isascii()]
