"""A paper that is laid out and not yet drawn: pages of lines, rules and pictures at fixed places.

Lengths are points from the lower left corner of the page, as PDF counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from conduct.pdfkit.face import Face

BLACK = (0.0, 0.0, 0.0)
RED = (1.0, 0.0, 0.0)
GREY = (0.55, 0.55, 0.55)
Colour = tuple[float, float, float]


class Segment(NamedTuple):
    """Characters drawn with one font; the offset is where they start in their line, in points."""

    face: Face
    text: str
    offset: float = 0.0


class Line(NamedTuple):
    """A line of text from its left end on its baseline; stretch narrows the letters of a long name."""

    x: float
    y: float
    size: float
    tracking: float
    segments: tuple[Segment, ...]
    colour: Colour = BLACK
    stretch: float = 1.0


class Rule(NamedTuple):
    """A straight stroke whose middle runs from one point to the other."""

    x1: float
    y1: float
    x2: float
    y2: float
    thickness: float
    colour: Colour = BLACK


class Picture(NamedTuple):
    """A photograph in its box, by the SHA-256 of its bytes."""

    x: float
    y: float
    width: float
    height: float
    sha256: str


@dataclass(slots=True)
class Page:
    """One side of paper."""

    lines: list[Line] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    watermark: tuple[Segment, ...] = ()


@dataclass(slots=True)
class Document:
    """The pages of one paper with what a reader's program shows about it; a draft has no date yet."""

    title: str
    issuer: str
    subject: str
    dated: date | None = None
    pages: list[Page] = field(default_factory=list)
