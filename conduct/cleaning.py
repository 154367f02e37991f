"""What people type or paste, made fit to store, show and print: no invisible or disguising characters.

Plain Python. Emoji sequences, variation selectors and rare ideographs stay as they are.
"""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"
_BREAKS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)


def clean_text(text: str) -> str:
    """Text of several lines: one kind of line break, no control, zero-width or direction characters."""
    lines = text.replace("\r\n", "\n").translate(_BREAKS)
    return "".join(ch for place, ch in enumerate(lines) if _is_kept(lines, place, ch)).strip()


def clean_line(text: str) -> str:
    """Text of one line: as clean_text, with every run of white space made one blank."""
    return " ".join(clean_text(text).split())


def _is_kept(text: str, place: int, ch: str) -> bool:
    if ch == JOINER:
        return _joins_pictures(text, place)
    if ch in "\n\t":
        return True
    return unicodedata.category(ch) not in ("Cc", "Cf", "Cs") and not _is_noncharacter(ord(ch))


def _joins_pictures(text: str, place: int) -> bool:
    """A joiner is kept only inside an emoji, as in a family or a profession."""
    around = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return all(ch and (unicodedata.category(ch) in ("So", "Sk", "Mn") or ch == "\ufe0f") for ch in around)


def _is_noncharacter(code: int) -> bool:
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
