"""Reading a drawn paper back: millimetres from the top left corner, and lines of characters."""

import io
import itertools
from typing import Any

import pdfplumber

MM = 72 / 25.4
LEFT, RIGHT, TOP, FOOT = 28.0, 184.0, 37.0, 262.0
LINE = 225 / 22
ADVANCE = 156 / 28


def pages_of(pdf: bytes) -> list[Any]:
    """The pages of a PDF."""
    return list(pdfplumber.open(io.BytesIO(pdf)).pages)


def text_of(pdf: bytes) -> str:
    """All text of a PDF without line ends and spaces."""
    return "".join("".join((page.extract_text() or "").split()) for page in pages_of(pdf))


def baseline(char: dict[str, Any]) -> float:
    """Where a character stands, in mm below the top of the page."""
    return float(297 - char["matrix"][5] / MM)


def em_top(char: dict[str, Any]) -> float:
    """Top of the character's em box, in mm below the top of the page (the box reaches 0.88 em up)."""
    return baseline(char) - 0.88 * char["size"] / MM


def em_foot(char: dict[str, Any]) -> float:
    """Foot of the character's em box, in mm below the top of the page."""
    return em_top(char) + char["size"] / MM


def is_slanted(char: dict[str, Any]) -> bool:
    """Whether a character belongs to the watermark across the page."""
    return bool(char["matrix"][1] != 0)


def lines_of(page: Any, *, size: float | None = None) -> list[list[dict[str, Any]]]:
    """Level characters line by line from the top, each line from left to right."""
    chars = [c for c in page.chars if not is_slanted(c) and (size is None or abs(c["size"] - size) < 0.01)]
    chars.sort(key=lambda c: (round(baseline(c), 1), c["x0"]))
    return [list(group) for _, group in itertools.groupby(chars, key=lambda c: round(baseline(c), 1))]


def said(line: list[dict[str, Any]]) -> str:
    """The text of a line."""
    return "".join(char["text"] for char in line)


def line_with(page: Any, text: str) -> list[dict[str, Any]]:
    """The first line that contains a text."""
    return next(line for line in lines_of(page) if text in said(line))


def strokes(page: Any, *, red: bool) -> list[dict[str, Any]]:
    """Horizontal rules of a colour from the top."""
    found = [s for s in page.lines if abs(s["top"] - s["bottom"]) < 0.01]
    return sorted((s for s in found if (s["stroking_color"] == (1, 0, 0)) is red), key=lambda s: s["top"])


def middle(stroke: dict[str, Any]) -> float:
    """Height of a rule in mm below the top of the page."""
    return float(stroke["top"] / MM)
