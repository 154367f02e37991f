"""Breaking a paragraph into justified lines by the Chinese rules for line starts and line ends.

Widths come from the fonts; one uniform tracking per line makes it flush right. Linear in the length of the text:
positions are summed once, each line end is found by bisection and corrected within its own line.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.pages import Segment

# Source: GB/T 15834-2011 5.1, and units and marks an office does not start a line with.
NO_START = frozenset("，。、；：！？）》〉】〕｝」』〗”’…—·～％‰℃°％，．,.;:!?)]}%~﹏々ー／")
NO_END = frozenset("（《〈【〔｛「『〖“‘([{￥$§№＃#")
_IN_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:/-+_@%&=?#~*'")
# Further than this part of a line from its end, a word is cut rather than the line spread.
_WIDEST_SPREAD = 0.35
_ROUNDING = 0.001


class Run(NamedTuple):
    """A stretch of text in one font role."""

    role: str
    text: str


class BrokenLine(NamedTuple):
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


class _Paragraph:
    """The text of a paragraph with its widths and fonts, ready to be cut from front to back."""

    def __init__(self, runs: Sequence[Run], *, fonts: FontSet, tracking: float) -> None:
        self.text = "".join([run.text for run in runs])
        roles = [fonts.role(run.role) for run in runs]
        advances = [
            map(role.advances(tracking).__getitem__, run.text) for role, run in zip(roles, runs, strict=True)
        ]
        # Where each character starts, in em, tracking included.
        self.starts = list(accumulate(chain(*advances), initial=0.0))
        self._pieces = [
            piece for role, run in zip(roles, runs, strict=True) for piece in role.segments(run.text)
        ]
        self._piece = 0
        self._piece_start = 0

    def segments(self, start: int, end: int, *, size: float, spread: float) -> tuple[Segment, ...]:
        """The characters as pieces of one font each; asked for from front to back.

        spread: what justification adds to the tracking, in em
        """
        face, text, _ = self._pieces[self._piece]
        at = start - self._piece_start
        if at + end - start <= len(text):
            return (Segment(face, text[at : at + end - start]),)
        found: list[Segment] = []
        origin = self.starts[start]
        here = start
        while here < end:
            face, text, _ = self._pieces[self._piece]
            at = here - self._piece_start
            taken = text[at : at + end - here]
            if taken:
                offset = self.starts[here] - origin + (here - start) * spread
                found.append(Segment(face, taken, offset * size))
                here += len(taken)
            else:
                self._piece_start += len(text)
                self._piece += 1
        return tuple(found)


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
    tracking = advance / size - 1
    paragraph = _Paragraph(runs, fonts=fonts, tracking=tracking)
    text, starts = paragraph.text, paragraph.starts
    lines: list[BrokenLine] = []
    start, count = 0, len(text)
    while start < count:
        shift = hanging if lines else indent
        room = (width - shift) / size
        end = max(bisect_right(starts, starts[start] + room + _ROUNDING, start) - 1, start + 1)
        if end < count:
            end = _legal_break(text, starts, start, end)
        last = end
        while last > start + 1 and text[last - 1] == " ":
            last -= 1
        gaps = last - start - 1
        natural = starts[last] - starts[start] - (gaps + 1) * tracking
        used = tracking
        if justify and gaps and end < count:
            used = (room - tracking - natural) / gaps
        segments = paragraph.segments(start, last, size=size, spread=used - tracking)
        lines.append(BrokenLine(shift, used * size, (natural + gaps * used) * size, segments))
        start = end
        while start < count and text[start] == " ":
            start += 1
    return lines
