"""The bulletin (情况通报) as frozen values: units and posts, never persons' names; None means 未记录."""

from dataclasses import dataclass
from datetime import date

from conduct.pdfkit.frozen import ChainHead, Paper


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number as it is printed, and what it counts."""

    key: str
    label: str
    value: str
    definition: str


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """Problems of one category; code is empty for the total."""

    code: str
    name: str
    found: int | None = None
    closed: int | None = None
    overdue: int | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Problems of one unit; rate is printed as it comes."""

    unit: str
    found: int | None = None
    closed: int | None = None
    overdue: int | None = None
    rate: str | None = None


@dataclass(frozen=True, slots=True)
class BulletinPhoto:
    """A photograph by the SHA-256 of its redacted derivative, with its caption."""

    sha256: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it may be published; post says who, no name."""

    heading: str
    facts: str
    time: str | None = None
    place: str | None = None
    unit: str | None = None
    post: str | None = None
    basis: str | None = None
    result: str | None = None
    photos: tuple[BulletinPhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin(Paper):
    """A periodic or single bulletin; without a number it prints as a draft.

    mark:       发文机关标志, in full (“……文件”)
    symbol:     代字, shown with an open number while there is none
    recipients: 主送
    totals:     last rows of the tables are the caller's, nothing is added up here
    """

    mark: str
    issuer: str
    title: str
    recipients: str
    period: str
    number: str | None = None
    symbol: str = ""
    opening: str | None = None
    overview: str = ""
    figures: tuple[Figure, ...] = ()
    category_rows: tuple[CategoryRow, ...] = ()
    category_total: CategoryRow | None = None
    unit_rows: tuple[UnitRow, ...] = ()
    unit_total: UnitRow | None = None
    cases: tuple[Case, ...] = ()
    next_steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dated: date | None = None
    is_sealed: bool = True
    copies_to: str = ""
    printer: str = ""
    printed_on: date | None = None
    is_draft: bool = False
    chain: ChainHead | None = None


@dataclass(frozen=True, slots=True)
class Correction(Paper):
    """A correction notice (更正通知) of one issued paper; without a number it prints as a draft.

    corrected:  the paper put right, by title and number
    recipients: those of the paper corrected, and so is copies_to
    clearing:   what is said to clear a name; "" where nothing was published
    """

    mark: str
    issuer: str
    title: str
    recipients: str
    corrected: str
    corrected_number: str
    corrected_on: date
    statement: str
    reason: str
    clearing: str = ""
    number: str | None = None
    symbol: str = ""
    contact: str | None = None
    dated: date | None = None
    is_sealed: bool = True
    copies_to: str = ""
    is_draft: bool = False
    chain: ChainHead | None = None


@dataclass(frozen=True, slots=True)
class FiledPart:
    """A labelled passage of a piece; an empty label is plain text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class FiledTable:
    """A table of a piece; shares are the relative widths of its columns."""

    head: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a case file, which begins on a page of its own."""

    title: str
    day: date | None = None
    parts: tuple[FiledPart, ...] = ()
    table: FiledTable | None = None
    photos: tuple[BulletinPhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile(Paper):
    """Everything about one finding put together (案卷): posts, never the names of persons dealt with.

    opened_on: the day it was made a finding
    compiled_by: who put it together, as they are called then
    """

    issuer: str
    title: str
    unit: str
    state: str
    opened_on: date
    compiled_on: date
    compiled_by: str
    pieces: tuple[Piece, ...]
    number: str = ""
    closed_on: date | None = None
    chain: ChainHead | None = None
