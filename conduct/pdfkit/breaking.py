"""Breaking a paragraph into justified lines by the Chinese rules for line starts and line ends.

Widths come from the fonts; one uniform tracking per line makes it flush right. Linear in the length of the text:
positions are summed once, each line end is found by bisection and corrected within its own line.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.pages import Segment

# Source: GB/T 15834-2011 5.1, and units and marks an office does not start a line with.
NO_START = frozenset("，。、；：！？）》〉】〕｝」』〗”’…—·～％‰℃°％，．,.;:!?)]}%~﹏々ー／")
NO_END = frozenset("（《〈【〔｛「『〖“‘([{￥$§№＃#")
# Marks whose right half is blank: it may hang over the edge while the ink stays inside.
HALF_BLANK = frozenset("，。、；：！？）》〉】〕」』”’")
_IN_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:/-+_@%&=?#~*'")
# Further than this part of a line from its end, a word is cut rather than the line spread.
_WIDEST_SPREAD = 0.35


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one font role."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """One line: how far it is indented, its tracking, its width with tracking, and its pieces.

    All in points; the width ends at the em box of the last character.
    """

    indent: float
    tracking: float
    width: float
    segments: tuple[Segment, ...]


def _may_break(text: str, at: int, *, inside_words: bool = False) -> bool:
    """Whether a line may end before text[at]; spaces at the break vanish, so the rules look through them."""
    before, after = text[at - 1], text[at]
    if before == " " and at > 1:
        before = text[at - 2]
    if after == " ":
        if at + 1 == len(text):
            return True
        after = text[at + 1]
    if after in NO_START or before in NO_END or unicodedata.combining(after):
        return False
    in_word = before in _IN_WORD and after in _IN_WORD and " " not in text[at - 1 : at + 1]
    return inside_words or not in_word


def _legal_break(text: str, positions: Sequence[float], start: int, limit: int) -> int:
    """The last legal break in start < k <= limit; inside a word when the line would be spread too far."""
    nearest = positions[start] + (positions[limit] - positions[start]) * (1 - _WIDEST_SPREAD)
    for inside_words in (False, True):
        for at in range(limit, start, -1):
            if not inside_words and positions[at] < nearest:
                break
            if _may_break(text, at, inside_words=inside_words):
                return at
    return limit


def _hangs(text: str, at: int, room: float, size: float) -> bool:
    """Whether the half-blank mark at this place can be drawn into the line before it."""
    if text[at] not in HALF_BLANK or room < -0.05:
        return False
    return at + 1 == len(text) or _may_break(text, at + 1)


class _Paragraph:
    """The text of a paragraph with its widths, ready to be cut."""

    def __init__(self, runs: Sequence[Run], *, fonts: FontSet, size: float, tracking: float) -> None:
        self.text = "".join(run.text for run in runs)
        self.size = size
        self.tracking = tracking
        self._roles = [fonts.role(run.role) for run in runs]
        self._ends = list(accumulate(len(run.text) for run in runs))
        widths: list[float] = []
        for run, role in zip(runs, self._roles, strict=True):
            widths += [role.width[char] * size for char in run.text]
        self.positions = list(accumulate(widths, initial=0.0))

    def width(self, start: int, end: int) -> float:
        """Width of the characters without tracking."""
        return self.positions[end] - self.positions[start]

    def segments(self, start: int, end: int) -> tuple[Segment, ...]:
        """The characters as pieces of one font each."""
        pieces: list[Segment] = []
        at = 0
        for role, run_end in zip(self._roles, self._ends, strict=True):
            first, last = max(start, at), min(end, run_end)
            if first < last:
                pieces += role.segments(self.text[first:last])
            at = run_end
        return tuple(pieces)


def break_runs(
    runs: Sequence[Run],
    *,
    fonts: FontSet,
    width: float,
    size: float,
    advance: float,
    indent: float = 0.0,
    hanging: float = 0.0,
    justify: bool = True,
) -> list[BrokenLine]:
    """The lines of one paragraph.

    runs:    text already cleaned, without line ends
    advance: cell width of a full-width character; the difference to the size is the normal tracking
    indent:  of the first line; hanging: of the others, in points
    """
    tracking = advance - size
    paragraph = _Paragraph(runs, fonts=fonts, size=size, tracking=tracking)
    text = paragraph.text
    # Positions with tracking decide what fits; without it they give the spread.
    steps = [at + index * tracking for index, at in enumerate(paragraph.positions)]
    lines: list[BrokenLine] = []
    start, count = 0, len(text)
    while start < count:
        shift = hanging if lines else indent
        room = width - shift
        end = bisect_right(steps, steps[start] + room + 0.01, start) - 1
        hung = False
        if end <= start:
            end = start + 1
        if end < count:
            hung = _hangs(text, end, room - (steps[end] - steps[start]), size)
            end = end + 1 if hung else _legal_break(text, steps, start, end)
        last = end
        while last > start + 1 and text[last - 1] == " ":
            last -= 1
        natural = paragraph.width(start, last)
        gaps = last - start - 1
        used = tracking
        if justify and gaps and (hung or end < count):
            used = (room - tracking - natural + (size / 2 if hung else 0.0)) / gaps
        lines.append(BrokenLine(shift, used, natural + gaps * used, paragraph.segments(start, last)))
        start = end
        while start < count and text[start] == " ":
            start += 1
    return lines
