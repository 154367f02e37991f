"""The ledger with the columns somebody has chosen, drawn for the page and for print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from html import escape

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar
from conduct.shapes import Pager
from findings.models import Finding
from findings.rules.ledger import BY_KEY, FULL, USUAL, LedgerColumn, chosen
from people.access import Asker
from people.models import User

from . import lamps, listing, telling
from .filters import Wish
from .ledger import ROW, Lines, Record, Value

PAGE = "findings:list"
MOST_PRINTED = 1000
MOST_SHOWN = 120
LONG = 30  # a column as broad as this holds sentences
# Columns whose cells lead to the list of all that say the same, by the filter of the address.
NARROWING = {"unit": "unit", "category": "top", "grade": "grade", "state": "state"}
Narrow = Callable[[str, str], str]


@dataclass(frozen=True)
class Wide:
    """Rows of the ledger drawn with the columns chosen. is_cut: there are more than fit on paper."""

    columns: Sequence[LedgerColumn]
    body: str
    pager: Pager
    rows: int
    is_cut: bool = False


def columns_for(user: User, request_get: QueryDict) -> tuple[str, ...]:
    """The columns of the address, or else those the person keeps, or else the usual ones."""
    named = request_get.get("columns", "")
    wanted = named.split(",") if named else user.pages.get(PAGE, ())
    return chosen(wanted if isinstance(wanted, list) else ()) or USUAL


def page(
    *,
    user: Asker,
    wish: Wish,
    order: str,
    today: date,
    request_get: QueryDict,
    columns: Sequence[str],
    narrow: Narrow,
    may_select: bool,
) -> Wide:
    """One page of what the person sees of the wish, with these columns.

    narrow: the address of this list with one more filter
    """
    book = calendar.load()
    found = listing.selected(user=user, wish=wish, order=order, today=today, book=book)
    got = listing.page_of(found, ROW, wish=wish, request_get=request_get)
    lines = Lines(columns, for_unit=found.for_unit, today=today, book=book)
    drawing = _Drawing(lines, today=today, book=book, narrow=narrow, may_select=may_select)
    body = drawing.body(got.rows, lines.of(got.rows))
    return Wide([BY_KEY[key] for key in columns], body, got.pager, len(got.rows))


def printed(*, user: Asker, wish: Wish, order: str, today: date, columns: Sequence[str]) -> Wide:
    """All of them for paper, up to a bound, in full and without links."""
    book = calendar.load()
    found = listing.selected(user=user, wish=wish, order=order, today=today, book=book)
    ordered = found.rows.order_by(*found.by).values(*ROW, *found.extra)
    got = list(ordered[: MOST_PRINTED + 1])
    shown = got[:MOST_PRINTED]
    lines = Lines(columns, for_unit=found.for_unit, today=today, book=book).of(shown)
    heads = [BY_KEY[key] for key in columns]
    body = "".join(f"<tr>{''.join(map(_on_paper, heads, line))}</tr>\n" for line in lines)
    return Wide(
        heads,
        SafeString(body),
        Pager(count=len(shown), bound=MOST_PRINTED + 1, noun="个问题"),
        len(shown),
        is_cut=len(got) > MOST_PRINTED,
    )


def columns_to_print(columns: tuple[str, ...]) -> tuple[str, ...]:
    """What goes on paper: the columns chosen, and the whole ledger where nothing was chosen."""
    return FULL if columns == USUAL else columns


class _Drawing:
    """Lines as rows of the page's table."""

    def __init__(
        self, lines: Lines, *, today: date, book: WorkCalendar, narrow: Narrow, may_select: bool
    ) -> None:
        some = "00000000-0000-0000-0000-000000000000"
        self.prefix = reverse("findings:detail", args=[some]).removesuffix(f"{some}/")
        self.columns, self.for_unit = [BY_KEY[key] for key in lines.columns], lines.for_unit
        self.narrow, self.may_select = cache(narrow), may_select
        self.lit = cache(partial(listing.lit, today=today, book=book))

    def body(self, rows: Sequence[Record], lines: Sequence[Sequence[Value]]) -> str:
        return SafeString("".join(map(self.line, rows, lines)))

    def line(self, row: Record, values: Sequence[Value]) -> str:
        url = f"{self.prefix}{row['id']}/"
        cells = [
            self.cell(column, row, value, url) for column, value in zip(self.columns, values, strict=True)
        ]
        if self.may_select:
            is_ready = row["state"] in Finding.BEFORE_NOTICE
            cells.insert(0, f'<td class="tick">{self.box(row) if is_ready else ""}</td>')
        return f'<tr data-href="{url}">{"".join(cells)}</tr>\n'

    def cell(self, column: LedgerColumn, row: Record, value: Value, url: str) -> str:
        if column.key == "title":
            return f'<td class="long"><a href="{url}">{escape(_text(value))}</a></td>'
        return _cell(column, self.told(column, row, value))

    def told(self, column: LedgerColumn, row: Record, value: Value) -> str:
        if column.key in ("due", "light") and not row["is_historical"] and row["due_on"] is not None:
            return self.lit(lamps.facts_of(row), row["due_is_estimate"])
        text, name = _short(_text(value)), NARROWING.get(column.key, "")
        wanted = self.wanted(name, row) if name else ""
        return f'<a href="{escape(self.narrow(name, wanted))}">{escape(text)}</a>' if wanted else escape(text)

    def wanted(self, name: str, row: Record) -> str:
        """What the filter asks for to find all that say the same; nothing the reader is not told."""
        if name == "state":
            return telling.state_for(row["state"], for_unit=self.for_unit)
        if name == "grade" and self.for_unit and not row["notice__number"]:
            return ""
        return str(row[name] or "")

    def box(self, row: Record) -> str:
        return (
            '<input class="form-check-input" type="checkbox" name="finding" '
            f'value="{row["id"]}" aria-label="选择：{escape(row["title"])}">'
        )


def _on_paper(column: LedgerColumn, value: Value) -> str:
    return _cell(column, escape(_text(value)))


def _cell(column: LedgerColumn, drawn: str) -> str:
    kind = column.kind or ("long" if column.width >= LONG else "")
    told = f' class="{kind}"' if kind else ""
    return f'<td{told} data-label="{column.label}">{drawn}</td>'


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
