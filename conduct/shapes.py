"""What the shared page parts expect: frozen values a view puts in the context; no domain word, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the menu; items of one group stand together, a badge of 0 or None is not shown."""

    label: str
    url: str
    badge: int | None = None
    is_active: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, as the top bar says it."""

    name: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way back; without an address it is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; None and "" are printed as 未记录."""

    label: str
    value: Any
    url: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A further deadline of the same matter; remaining as in Standing."""

    label: str
    due_on: date
    remaining: int | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page about one matter always shows: state, desk, deadline, and what happens next.

    tone:      draft | open | waiting | done | stopped
    due_label: what the deadline is of, when the page tells of two
    remaining: working days left, 0 on the due day, negative once past
    then:      the deadline after this one
    how_url:   where it is told how the deadline was counted
    more:      what else is due meanwhile
    """

    state: str
    desk: str
    next: str = ""
    tone: str = "open"
    due_on: date | None = None
    remaining: int | None = None
    closed_on: date | None = None
    handed_in_on: date | None = None
    paused: bool = False
    estimated: bool = False
    has_deadline: bool = True
    due_label: str = "期限"
    then: Term | None = None
    how_url: str = ""
    more: Sequence[Term] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: who, when, what, why. tone: "" | pause | back | paper | done."""

    at: datetime
    who: str
    what: str
    why: str = ""
    post: str = ""
    url: str = ""
    url_label: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class MoveButton:
    """A move this person may make now; `form` is a bound or unbound form asking for more than a reason."""

    name: str
    label: str
    url: str
    needs_reason: bool = False
    is_primary: bool = False
    is_danger: bool = False
    hint: str = ""
    reason_label: str = "理由"
    form: Any = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: addresses of the neighbours, and a count that stops at its bound."""

    newer_url: str = ""
    older_url: str = ""
    count: int | None = None
    bound: int = 1000
    noun: str = "条"


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; kind: "" | num | date."""

    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table row."""

    text: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; with an address the whole row opens it."""

    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table; the first cell of each row names it."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    caption: str

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        """Each row with its cells beside their columns."""
        return [(row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]

    @property
    def numbers(self) -> list[tuple[tuple[Any, str], list[tuple[Any, str]]]]:
        """A table of numbers: (name of the row with its address or "", [(number, address or "")])."""
        rows = [[(cell.text, cell.url) for cell in row.cells] for row in self.rows]
        return [(name, numbers) for name, *numbers in rows]


@dataclass(frozen=True, slots=True)
class Stat:
    """A published number with its definition and the list behind it. tone: "" | good | warn | bad."""

    label: str
    value: Any
    unit: str = ""
    definition: str = ""
    url: str = ""
    trend: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One series, or one line of a heat map; values and urls run along the chart's columns."""

    label: str
    values: Sequence[float | None]
    urls: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the table beside it from the same values. kind: bar | stack | line | rank | heat."""

    id: str
    kind: str
    title: str
    columns: Sequence[str]
    rows: Sequence[ChartRow]
    definition: str = ""
    row_head: str = "项目"

    @property
    def data(self) -> dict[str, Any]:
        """The same values for the script that draws; their addresses it takes from the table."""
        return {
            "kind": self.kind,
            "title": self.title,
            "columns": list(self.columns),
            "rows": [{"label": row.label, "values": list(row.values)} for row in self.rows],
        }

    @property
    def lines(self) -> list[tuple[str, list[tuple[float | None, str]]]]:
        """(label, [(value, address or "")]) for the table."""
        return [
            (row.label, list(zip(row.values, row.urls or [""] * len(row.values), strict=True)))
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as shown: a re-encoded derivative, its words, and when it was taken."""

    thumb_url: str
    url: str
    alt: str
    caption: str = ""
    at: datetime | None = None
    width: int = 320
    height: int = 240


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a page sequence. state: done | current | todo; count: unsolved things, shown as a badge."""

    label: str
    url: str = ""
    state: str = "todo"
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file field: what it takes and its limits in words. Read with request.FILES.getlist(name)."""

    name: str
    label: str
    accept: str
    limits: str
    multiple: bool = True
    camera: bool = True
    required: bool = False
    errors: Sequence[str] = ()
    max_mb: int = 0


@dataclass(frozen=True, slots=True)
class PickerOption:
    """One choice; initials are the pinyin initials people type, parent the heading it stands under."""

    value: str
    code: str
    name: str
    initials: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class PickerGroup:
    """A tab of choices, e.g. category A."""

    code: str
    name: str
    options: Sequence[PickerOption]


@dataclass(frozen=True, slots=True)
class Picker:
    """A grouped choice that works as a plain select and becomes searchable with script."""

    name: str
    id: str
    label: str
    groups: Sequence[PickerGroup]
    value: str = ""
    required: bool = True
    errors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class JobView:
    """A background run as its asker sees it. state: waiting | running | done | failed.

    reason:   why it failed, or why it pauses
    again_at: when a run that pauses after a fault is tried again
    poll_url: answers with the same part, asked every two seconds while the run is not over
    """

    pk: str
    title: str
    state: str
    done: int = 0
    total: int = 0
    reason: str = ""
    again_at: datetime | None = None
    poll_url: str = ""
    page_url: str = ""
    result_url: str = ""
    result_label: str = "打开结果"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field two people changed."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved first; nothing typed is lost and nothing was overwritten."""

    by: str
    at: datetime
    reload_url: str
    fields: Sequence[Difference] = field(default_factory=tuple)
