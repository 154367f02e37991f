"""The fixed elements of an official paper: heads, title, addressees, signature, attachments, colophon, page numbers.

Source: GB/T 9704-2012 clauses 7 and 10.1; distances of the standard are named below, the rest follows from the grid.
"""

import math
from collections.abc import Sequence
from datetime import date

from conduct.pdfkit.breaking import BrokenLine, Run, break_runs
from conduct.pdfkit.frozen import ChainHead, short
from conduct.pdfkit.grid import (
    ADVANCE,
    BODY_TRACKING,
    HEIGHT,
    LEFT,
    LINE,
    MIDDLE,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    TOP,
    WIDTH,
)
from conduct.pdfkit.pages import GREY, RED, Line, Rule
from conduct.pdfkit.sheet import Sheet
from conduct.pdfkit.text import chinese_date, one_line
from conduct.pdfkit.titles import title_lines

MARK_TOP = 35 * MM
NUMBER_ROW = 7
RED_RULE_BELOW_NUMBER = 4 * MM
RED_RULE_THICKNESS = 0.35 * MM
NARROWEST_MARK = 0.5
MARK_SIZES = (46.0, 56.0)

LETTER_MARK_TOP = 30 * MM - TOP
LETTER_MARK_SIZE = 42.0
LETTER_RULE_BELOW_MARK = 4 * MM
LETTER_RULE_LENGTH = 170 * MM
LETTER_FOOT = 20 * MM
THICK, THIN, BETWEEN = 0.7 * MM, 0.25 * MM, 0.45 * MM
NUMBER_BELOW_LETTER_RULE = 15.75 * 7 / 8

COLOPHON_ROW = LINE * 0.72
# Room a colophon of up to three rows needs below the last element.
COLOPHON_SPARE = 3 * COLOPHON_ROW + LINE / 2
COLOPHON_THICK = 0.35 * MM
COLOPHON_THIN = 0.25 * MM
PAGE_NUMBER_BELOW = 7 * MM
SEAL_PLACE = "（印章）"
# The head of the audit chain stands in the margin below everything the standard places, as small as still copies.
CHAIN_ABOVE_EDGE = 12 * MM
SIZE_CHAIN = 9.0
# More addressees than this go to the colophon, so that the first page shows body text.
MOST_RECIPIENT_LINES = 5


def _mark(sheet: Sheet, name: str, *, top: float, size: float) -> float:
    """The issuer's name in red with its ink at this height, narrowed when long; gives where the ink ends."""
    role = sheet.fonts.role("title")
    stretch = min(1.0, WIDTH / max(role.text_width(name, size), 1.0))
    if stretch < NARROWEST_MARK:
        size, stretch = size * stretch / NARROWEST_MARK, NARROWEST_MARK
    low, high = _ink(sheet, "title", name)
    x = LEFT + (WIDTH - role.text_width(name, size) * stretch) / 2
    middle = top + (high - MIDDLE) * size
    sheet.put(name, role="title", size=size, x=x, middle=middle, colour=RED, stretch=stretch)
    return top + (high - low) * size


def _ink(sheet: Sheet, role: str, text: str) -> tuple[float, float]:
    """Lowest and highest ink of a line above its baseline, in em."""
    inks = [face.ink(piece) for face, piece, _ in sheet.fonts.role(role).segments(text)]
    inks = [ink for ink in inks if ink[0] != ink[1]] or [(-0.12, 0.78)]
    return min(low for low, _ in inks), max(high for _, high in inks)


def red_head(sheet: Sheet, *, mark: str, number: str) -> None:
    """文件式 head: issuer's mark, document number, red rule; the next element is the title."""
    mark = one_line(mark)
    low, high = _ink(sheet, "title", mark)
    smallest, largest = MARK_SIZES
    # The mark ends two rows above the number, which stands on the grid.
    size = min(max(((NUMBER_ROW - 2) * LINE - MARK_TOP) / (high - low), smallest), largest)
    _mark(sheet, mark, top=MARK_TOP, size=size)
    middle = (NUMBER_ROW + 0.5) * LINE
    sheet.centred(one_line(number), role="fang", size=SIZE_3, middle=middle, tracking=BODY_TRACKING)
    rule = middle + SIZE_3 / 2 + RED_RULE_BELOW_NUMBER
    y = PAGE_HEIGHT - TOP - rule
    sheet.page.rules.append(Rule(LEFT, y, LEFT + WIDTH, y, RED_RULE_THICKNESS, RED))
    sheet.y = rule + 2 * LINE


def title(sheet: Sheet, text: str) -> None:
    """The title with its em box at the place of the sheet; one row stays blank below it."""
    top = sheet.y
    lines = title_lines(text)
    for index, line in enumerate(lines):
        sheet.centred(line, role="title", size=SIZE_2, middle=top + SIZE_2 / 2 + index * LINE)
    sheet.y = top + SIZE_2 + (len(lines) - 1) * LINE
    sheet.skip(1)


def recipients(sheet: Sheet, text: str) -> bool:
    """The addressees flush left; when they are too many nothing is printed and the colophon must name them."""
    lines = sheet.lines_of([Run("fang", one_line(text).rstrip("：:。") + "：")], indent=0)
    if len(lines) > MOST_RECIPIENT_LINES:
        return False
    sheet.place(lines)
    return True


def letter_head(sheet: Sheet, *, mark: str, number: str) -> None:
    """信函式 head: mark, red double rules at head and foot of the first page, number flush right."""
    foot = _mark(sheet, one_line(mark), top=LETTER_MARK_TOP, size=LETTER_MARK_SIZE)
    top = foot + LETTER_RULE_BELOW_MARK
    thin = top + THICK + BETWEEN
    _letter_rule(sheet, top + THICK / 2, THICK)
    _letter_rule(sheet, thin + THIN / 2, THIN)
    page_foot = PAGE_HEIGHT - TOP - LETTER_FOOT
    _letter_rule(sheet, page_foot - THICK / 2, THICK)
    _letter_rule(sheet, page_foot - THICK - BETWEEN - THIN / 2, THIN)
    middle = thin + THIN + NUMBER_BELOW_LETTER_RULE + SIZE_3 / 2
    number = one_line(number)
    x = LEFT + WIDTH - sheet.signature_width(number)
    sheet.put(number, role="fang", size=SIZE_3, x=x, middle=middle, tracking=BODY_TRACKING)
    # The grid of this page hangs on the number; the title's em box lies two rows below.
    sheet.origin = middle - LINE / 2
    sheet.y = middle + SIZE_3 / 2 + 2 * LINE


def _letter_rule(sheet: Sheet, below: float, thickness: float) -> None:
    y = PAGE_HEIGHT - TOP - below
    left = (PAGE_WIDTH - LETTER_RULE_LENGTH) / 2
    sheet.page.rules.append(Rule(left, y, left + LETTER_RULE_LENGTH, y, thickness, RED))


def attachment_note(sheet: Sheet, names: Sequence[str]) -> None:
    """附件： with the names of the attachments, one row below the body."""
    if not names:
        return
    sheet.keep_tail_with(1 + len(names))
    if sheet.y:
        sheet.skip(1)
    for index, name in enumerate(names):
        ordinal = f"{index + 1}. " if len(names) > 1 else ""
        lead = f"附件：{ordinal}" if index == 0 else ordinal
        indent = 2.0 if index == 0 else 5.0
        hanging = indent + (sheet.signature_width(lead) + BODY_TRACKING) / ADVANCE
        sheet.place(sheet.lines_of([Run("fang", lead + one_line(name))], indent=indent, hanging=hanging))


def attachment_head(sheet: Sheet, *, label: str, name: str) -> None:
    """A new page with the attachment's label and, on row three, its title."""
    sheet.new_page()
    sheet.put(label, role="hei", size=SIZE_3, x=LEFT, middle=LINE / 2, tracking=BODY_TRACKING)
    sheet.y = 2 * LINE + (LINE - SIZE_2) / 2
    title(sheet, name)


def signature(
    sheet: Sheet,
    *,
    issuer: str,
    on: date | None,
    sealed: bool,
    spare: float = 0.0,
    spare_on_any_page: bool = False,
) -> None:
    """Issuer and date; with a place for the seal, which is never drawn.

    on:    None in a draft leaves the day open
    spare: height the colophon needs below when this is the last page, which is an even one unless any page will do
    """
    issuer = one_line(issuer)
    day = chinese_date(on) if on else "　　年　月　日"
    names = _signature_lines(sheet, issuer)
    blank = 2 if sealed else 1
    may_be_last = spare_on_any_page or len(sheet.pages) % 2 == 0
    below = math.ceil(spare / LINE) if may_be_last else 0
    sheet.keep_tail_with(blank + len(names) + (2 if sealed else 1) + below)
    sheet.skip(blank)
    name_width = max(sheet.signature_width(name) for name in names)
    day_width = sheet.signature_width(day)
    right = LEFT + WIDTH
    if sealed:
        centre = min(right - 4 * ADVANCE - day_width / 2, right - name_width / 2)
        day_x = centre - day_width / 2
        starts = [centre - sheet.signature_width(name) / 2 for name in names]
        place = sheet.fonts.role("fang").text_width(SEAL_PLACE, SIZE_4)
        middle = sheet.y - LINE / 2
        sheet.put(SEAL_PLACE, role="fang", size=SIZE_4, x=centre - place / 2, middle=middle, colour=GREY)
    else:
        name_x = right - 2 * ADVANCE - name_width
        day_x = name_x + 2 * ADVANCE
        if day_x + day_width > right - 2 * ADVANCE:
            day_x = right - 2 * ADVANCE - day_width
            name_x = day_x - 2 * ADVANCE
        starts = [name_x] * len(names)
    for x, text in [*zip(starts, names, strict=True), (day_x, day)]:
        middle = sheet.y + LINE / 2
        sheet.put(text, role="fang", size=SIZE_3, x=x, middle=middle, tracking=BODY_TRACKING)
        sheet.y += LINE


def _signature_lines(sheet: Sheet, issuer: str) -> list[str]:
    lines = break_runs(
        [Run("fang", issuer)],
        fonts=sheet.fonts,
        width=22 * ADVANCE,
        size=SIZE_3,
        advance=ADVANCE,
        justify=False,
    )
    return ["".join(segment.text for segment in line.segments) for line in lines] or ["　"]


def colophon(
    sheet: Sheet,
    *,
    copies_to: str,
    printer: str = "",
    printed_on: date | None = None,
    recipients: str = "",
    ruled: bool = True,
) -> int:
    """版记 at the foot of the last side; gives how many pages at the end carry no number.

    printer:    printing office and day stand in its last row; letters have none
    recipients: addressees that did not fit under the title
    ruled:      letters have no rules and need not end on an even page
    """
    blocks = [
        _colophon_block(sheet, label, text) for label, text in (("主送：", recipients), ("抄送：", copies_to))
    ]
    lines = [line for block in blocks for line in block]
    rows = len(lines) + bool(printer)
    if not rows:
        return 0
    unnumbered = _go_to_last_side(sheet, rows * COLOPHON_ROW, even=ruled)
    foot = HEIGHT
    top = foot - rows * COLOPHON_ROW
    for index, line in enumerate(lines):
        _colophon_line(sheet, line, top + (index + 0.5) * COLOPHON_ROW)
    if printer:
        middle = foot - COLOPHON_ROW / 2
        sheet.put(one_line(printer), role="fang", size=SIZE_4, x=LEFT + SIZE_4, middle=middle)
        day = (chinese_date(printed_on) if printed_on else "　　年　月　日") + "印发"
        width = sheet.fonts.role("fang").text_width(day, SIZE_4)
        sheet.put(day, role="fang", size=SIZE_4, x=LEFT + WIDTH - SIZE_4 - width, middle=middle)
    if ruled:
        _colophon_rules(sheet, top, foot, parted=bool(printer and lines))
    return unnumbered


def _colophon_rules(sheet: Sheet, top: float, foot: float, *, parted: bool) -> None:
    strokes = [(top, COLOPHON_THICK), (foot, COLOPHON_THICK)]
    if parted:
        strokes.append((foot - COLOPHON_ROW, COLOPHON_THIN))
    for below, thickness in strokes:
        y = PAGE_HEIGHT - TOP - below
        sheet.page.rules.append(Rule(LEFT, y, LEFT + WIDTH, y, thickness))


def _colophon_block(sheet: Sheet, label: str, text: str) -> list[BrokenLine]:
    named = one_line(text).rstrip("。.；;，,：:")
    if not named:
        return []
    return break_runs(
        [Run("fang", f"{label}{named}。")],
        fonts=sheet.fonts,
        width=WIDTH - 2 * SIZE_4,
        size=SIZE_4,
        advance=SIZE_4,
        hanging=len(label) * SIZE_4,
    )


def _colophon_line(sheet: Sheet, line: BrokenLine, middle: float) -> None:
    baseline = PAGE_HEIGHT - TOP - middle - MIDDLE * SIZE_4
    sheet.page.lines.append(Line(LEFT + SIZE_4 + line.indent, baseline, SIZE_4, line.tracking, line.segments))


def _go_to_last_side(sheet: Sheet, height: float, *, even: bool) -> int:
    """Open the page of the colophon; gives the number of pages without number (a blank one and its own)."""
    fits = sheet.y + height + LINE / 2 <= HEIGHT
    if fits and not (even and len(sheet.pages) % 2):
        return 0
    if even and len(sheet.pages) % 2 == 0:
        # Rather carry the last lines over than print a blank page.
        before = sheet.y
        sheet.keep_tail_with(1 + int(HEIGHT / LINE))
        carried = sheet.y > 0 and before > 0
        sheet.new_page()
        return 0 if carried else 2
    sheet.new_page()
    return 0


def number_pages(sheet: Sheet, *, from_page: int = 1, unnumbered_end: int = 0) -> None:
    """Page numbers in 4号 Song between dashes, odd pages right, even pages left."""
    role = sheet.fonts.role("song")
    _, dash_top = _ink(sheet, "song", "—")
    middle = HEIGHT + PAGE_NUMBER_BELOW + (dash_top - MIDDLE) * SIZE_4
    baseline = PAGE_HEIGHT - TOP - middle - MIDDLE * SIZE_4
    last = len(sheet.pages) - unnumbered_end
    for number, page in enumerate(sheet.pages[:last], start=1):
        if number < from_page:
            continue
        text = f"— {number} —"
        width = role.text_width(text, SIZE_4)
        x = LEFT + WIDTH - SIZE_4 - width if number % 2 else LEFT + SIZE_4
        page.lines.append(Line(x, baseline, SIZE_4, 0.0, role.placed(text, SIZE_4)))


def chain_head(sheet: Sheet, head: ChainHead | None) -> None:
    """The head of the audit chain at issue, centred in the foot margin of the last page; in short, four by four."""
    if head is None:
        return
    middle = PAGE_HEIGHT - TOP - CHAIN_ABOVE_EDGE
    text = f"审计链第{head.seq}号封存　校验码 {short(head.digest)}"
    sheet.centred(text, role="fang", size=SIZE_CHAIN, middle=middle)
