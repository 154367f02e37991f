"""Filling pages from top to bottom: body lines on the grid, tables and photographs between them.

The place on the page is a distance from the top of the text block, in points. Body lines always stand on a row of
the grid; what comes after a table or photograph goes to the next row.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from conduct.pdfkit.breaking import BrokenLine, Run, break_runs
from conduct.pdfkit.fontset import FontSet
from conduct.pdfkit.grid import (
    ADVANCE,
    BODY_TRACKING,
    EPSILON,
    HEIGHT,
    LEFT,
    LINE,
    MIDDLE,
    MM,
    PAGE_HEIGHT,
    SIZE_3,
    SIZE_SMALL_4,
    TOP,
    WIDTH,
)
from conduct.pdfkit.pages import BLACK, GREY, Colour, Document, Line, Page, Picture
from conduct.pdfkit.paint import picture_size
from conduct.pdfkit.text import one_line, paragraphs

PHOTO_GAP = 6 * MM
PHOTO_HIGHEST = 58 * MM
PHOTO_MARGIN = 7.0
SMALLEST_PHOTO = 0.6
CAPTION_LEADING = 16.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph to be placed: the SHA-256 of its derivative, and its caption."""

    sha256: str
    caption: str


class Sheet:
    """The pages being filled."""

    def __init__(self, *, fonts: FontSet, images: Mapping[str, bytes] | None = None) -> None:
        self.fonts = fonts
        self.images = images or {}
        self.pages: list[Page] = [Page()]
        # Where the grid of this page starts and where the next element goes.
        self.origin = 0.0
        self.y = 0.0
        self._tail = 0

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    @property
    def rows_left(self) -> int:
        """Whole rows of the grid left on this page."""
        return max(0, math.floor((HEIGHT - self._on_grid()) / LINE + EPSILON))

    def _on_grid(self) -> float:
        rows = math.ceil((self.y - self.origin) / LINE - EPSILON)
        return self.origin + rows * LINE

    def new_page(self) -> None:
        """Go to the top of the next page."""
        self.pages.append(Page())
        self.origin = self.y = 0.0
        self._tail = 0

    def skip(self, rows: int) -> None:
        """Leave rows blank; at the foot of a page they are swallowed."""
        self.y = self._on_grid() + rows * LINE
        self._tail = 0

    def space_below(self) -> None:
        """Keep body text away from the table above it."""
        self.y += LINE / 4

    def end_text(self) -> None:
        """What stands last on the page is not body text and stays where it is."""
        self._tail = 0

    def keep(self, rows: int) -> None:
        """Go to a new page when fewer rows are left on this one."""
        if self.rows_left < rows and self.y > self.origin:
            self.new_page()

    def put(
        self,
        text: str,
        *,
        role: str,
        size: float,
        x: float,
        middle: float,
        tracking: float = 0.0,
        colour: Colour = BLACK,
        stretch: float = 1.0,
    ) -> None:
        """One line at a fixed place: its left end, and how far its middle lies below the text block's top."""
        segments = self.fonts.role(role).placed(text, size, tracking)
        baseline = PAGE_HEIGHT - TOP - middle - MIDDLE * size
        self.page.lines.append(Line(x, baseline, size, tracking, segments, colour, stretch))

    def centred(self, text: str, *, role: str, size: float, middle: float, tracking: float = 0.0) -> None:
        """One line in the middle of the text block."""
        width = self.fonts.role(role).text_width(text, size, tracking)
        self.put(text, role=role, size=size, x=LEFT + (WIDTH - width) / 2, middle=middle, tracking=tracking)

    def lines_of(self, runs: Sequence[Run], *, indent: float = 2.0, hanging: float = 0.0) -> list[BrokenLine]:
        """Body text broken for the grid; indents in characters."""
        return break_runs(
            runs,
            fonts=self.fonts,
            width=WIDTH,
            size=SIZE_3,
            advance=ADVANCE,
            indent=indent * ADVANCE,
            hanging=hanging * ADVANCE,
        )

    def paragraph(
        self, *runs: Run | str, indent: float = 2.0, hanging: float = 0.0, keep_with_next: int = 0
    ) -> None:
        """One paragraph of body text; plain strings are 仿宋.

        keep_with_next: rows that must follow on the same page, so that no heading stands alone at the foot
        """
        whole = [run if isinstance(run, Run) else Run("fang", run) for run in runs]
        whole = [Run(run.role, one_line(run.text)) for run in whole]
        lines = self.lines_of(whole, indent=indent, hanging=hanging)
        if keep_with_next:
            self.keep(min(len(lines), 3) + keep_with_next)
        self.place(lines)

    def body(self, text: str) -> None:
        """A text of people: each of its paragraphs as body text."""
        for paragraph in paragraphs(text):
            self.place(self.lines_of([Run("fang", paragraph)]))

    def place(self, lines: Sequence[BrokenLine]) -> None:
        """Put broken lines on the following rows."""
        self._tail = 0
        y = self._on_grid()
        append = self.page.lines.append
        for line in lines:
            if y + LINE > HEIGHT + EPSILON:
                self.new_page()
                append = self.page.lines.append
                y = 0.0
            baseline = PAGE_HEIGHT - TOP - y - LINE / 2 - MIDDLE * SIZE_3
            append(Line(LEFT + line.indent, baseline, SIZE_3, line.tracking, line.segments))
            y += LINE
            self._tail += 1
        self.y = y

    def keep_tail_with(self, rows: int) -> None:
        """Make room for a block that must not stand on a page without text: the last lines go along with it."""
        if self.rows_left >= rows:
            return
        count = min(self._tail, 2)
        taken = self.page.lines[len(self.page.lines) - count :]
        del self.page.lines[len(self.page.lines) - count :]
        self.new_page()
        for line in taken:
            baseline = PAGE_HEIGHT - TOP - self.y - LINE / 2 - MIDDLE * SIZE_3
            self.page.lines.append(line._replace(y=baseline))
            self.y += LINE

    def photos(self, shots: Sequence[Shot]) -> None:
        """Photographs two by two with their captions; a pair is never torn."""
        for at in range(0, len(shots), 2):
            self._pair(shots[at : at + 2])

    def _pair(self, shots: Sequence[Shot]) -> None:
        box = (WIDTH - PHOTO_GAP) / 2
        sizes = [self._fit(shot, box) for shot in shots]
        captions = [self._caption(shot, box) for shot in shots]
        highest = max(height for _, height, _ in sizes)
        around = PHOTO_MARGIN * 2 + max(len(lines) for lines in captions) * CAPTION_LEADING
        room = HEIGHT - self.y - around
        if room < highest * SMALLEST_PHOTO:
            self.new_page()
        elif room < highest:
            # Rather a little smaller than a hole at the foot of the page.
            sizes = [
                (width * room / highest, height * room / highest, known) for width, height, known in sizes
            ]
            highest = room
        needed = highest + around
        top = self.y + PHOTO_MARGIN
        start = LEFT if len(shots) == 2 else LEFT + (WIDTH - box) / 2
        for index, (shot, (width, height, is_there)) in enumerate(zip(shots, sizes, strict=True)):
            left = start + index * (box + PHOTO_GAP)
            x = left + (box - width) / 2
            # Pictures of one pair stand on one foot line.
            foot = top + highest
            self.page.pictures.append(Picture(x, PAGE_HEIGHT - TOP - foot, width, height, shot.sha256))
            if not is_there:
                self._note_absence(x, width, foot - height / 2)
            for row, line in enumerate(captions[index]):
                middle = foot + 3 + (row + 0.5) * CAPTION_LEADING
                baseline = PAGE_HEIGHT - TOP - middle - MIDDLE * SIZE_SMALL_4
                start_x = left + (box - line.width) / 2
                self.page.lines.append(Line(start_x, baseline, SIZE_SMALL_4, line.tracking, line.segments))
        self.y += needed
        self._tail = 0

    def _fit(self, shot: Shot, box: float) -> tuple[float, float, bool]:
        """Width and height of a photograph in its box, and whether it can be shown."""
        size = picture_size(self.images.get(shot.sha256), shot.sha256)
        if size is None or not all(size):
            return box, PHOTO_HIGHEST / 2, False
        scale = min(box / size[0], PHOTO_HIGHEST / size[1])
        return size[0] * scale, size[1] * scale, True

    def _caption(self, shot: Shot, box: float) -> list[BrokenLine]:
        runs = [Run("kai", one_line(shot.caption))]
        size = SIZE_SMALL_4
        return break_runs(runs, fonts=self.fonts, width=box, size=size, advance=size, justify=False)

    def _note_absence(self, x: float, width: float, middle: float) -> None:
        note = "（照片缺失或校验不符，未印）"
        length = self.fonts.role("fang").text_width(note, SIZE_SMALL_4)
        left = x + (width - length) / 2
        self.put(note, role="fang", size=SIZE_SMALL_4, x=left, middle=middle, colour=GREY)

    def finish(
        self, *, title: str, issuer: str, subject: str, watermark: str = "", dated: date | None = None
    ) -> Document:
        """The finished document; a watermark goes behind every page. dated: the day the paper bears."""
        if watermark:
            segments = tuple(self.fonts.role("hei").segments(watermark))
            for page in self.pages:
                page.watermark = segments
        return Document(one_line(title), one_line(issuer), subject, dated, self.pages)

    def signature_width(self, text: str) -> float:
        """Width of a body line as signatures measure it."""
        return self.fonts.role("fang").text_width(text, SIZE_3, BODY_TRACKING)
