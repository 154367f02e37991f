"""The ledger of findings: narrowed, paged, and prepared as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse

from conduct import drawing
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar
from conduct.dates import cn_day
from conduct.paging import BOUND, Page, keyset_of
from conduct.shapes import Pager
from findings.models import Finding, FindingQuerySet
from people.access import Asker

from . import filters, lamps, telling
from .filters import Wish

BOUND_WITH_WORDS = 200
NEWEST, DEADLINE = ("-raised_at", "id"), ("due", "id")
COLUMNS = (
    "id",
    "raised_at",
    "title",
    "department",
    "unit__name",
    "unit__short_name",
    "category__code",
    "category__name",
    "grade",
    "state",
    "due_on",
    "due_is_estimate",
    "closed_on",
    "handed_in_on",
    "paused_on",
    "visited_on",
    "notice__number",
    "returns",
)
GRADES: dict[int | None, str] = {value: str(label) for value, label in Finding.Grade.choices} | {None: "未定"}
STATES: dict[str, str] = {value: str(label) for value, label in Finding.State.choices}


@dataclass(slots=True)
class Row:
    """One line of the ledger, nothing left to look up or to format; what does not apply is empty."""

    url: str
    pk: str
    title: str
    unit: str
    department: str
    category: str
    grade: str
    state: str
    returned: str
    light: str
    number: str
    unsent: str
    visited: str
    box: str = ""


@dataclass(frozen=True)
class Ledger:
    """One page of the ledger."""

    rows: list[Row]
    pager: Pager


@dataclass(frozen=True)
class Selection:
    """The findings of a wish as the person sees them, and the order they come in.

    by:     columns of the order, the last one unique
    extra:  what the order needs beside the columns shown
    """

    rows: FindingQuerySet
    by: tuple[str, ...]
    extra: tuple[str, ...]
    for_unit: bool


def selected(*, user: Asker, wish: Wish, order: str, today: date, book: WorkCalendar) -> Selection:
    """What the person sees of the wish. order: newest or deadline, which lists open findings only."""
    rows, for_unit = Finding.objects.visible_to(user), telling.reads_as_unit(user)
    if for_unit:
        rows, wish = telling.asked_by_unit(rows, wish)
    rows = filters.narrowed(rows, wish, today=today, book=book)
    if order != "deadline":
        return Selection(rows, NEWEST, (), for_unit)
    # These findings have a due day: as an annotation it is paged as a column that is never empty,
    # which lets an index serve the order.
    if wish.state in filters.WITH_TERM:
        rows = rows.annotate(due=F("runs_until"))
    else:
        rows = rows.filter(filters.IsOpen(F("state")), due_on__isnull=False).annotate(due=F("due_on"))
    return Selection(rows, DEADLINE, ("due",), for_unit)


def ledger(*, user: Asker, wish: Wish, order: str, today: date, request_get: QueryDict) -> Ledger:
    """One page of what the person sees of the wish."""
    book = calendar.load()
    found = selected(user=user, wish=wish, order=order, today=today, book=book)
    page = page_of(found, COLUMNS, wish=wish, request_get=request_get)
    return Ledger(list(_rows(page.rows, today=today, book=book, for_unit=found.for_unit)), page.pager)


def page_of(
    found: Selection, columns: tuple[str, ...], *, wish: Wish, request_get: QueryDict
) -> Page[dict[str, Any]]:
    """One page of the findings as dicts of these columns."""
    return keyset_of(
        found.rows,
        (*columns, *found.extra),
        order=found.by,
        request_get=request_get,
        # Rows that hold a common word are counted by reading them one after another.
        bound=BOUND_WITH_WORDS if wish.words else BOUND,
        noun="个问题",
    )


def _rows(page: list[dict[str, Any]], *, today: date, book: WorkCalendar, for_unit: bool) -> Iterator[Row]:
    some = UUID(int=0)
    prefix = reverse("findings:detail", args=[some]).removesuffix(f"{some}/")
    # Many findings of a page share their deadline.
    light = cache(partial(lit, today=today, book=book))
    for row in page:
        number, state, pk = row["notice__number"], row["state"], row["id"]
        line = Row(
            url=f"{prefix}{pk}/",
            pk=str(pk),
            title=row["title"],
            unit=row["unit__short_name"] or row["unit__name"],
            department=row["department"],
            category=f"{row['category__code']} {row['category__name']}",
            grade=GRADES[None if for_unit and not number else row["grade"]],
            state=STATES[telling.state_for(state, for_unit=for_unit)],
            returned=f"退回 {row['returns']} 次" if row["returns"] else "",
            light=light(lamps.facts_of(row), row["due_is_estimate"]),
            number=number or "",
            unsent="" if number else "未发",
            visited=row["visited_on"].isoformat(),
        )
        if state in Finding.BEFORE_NOTICE:
            line.box = drawing.rows("findings/_box.html", [line])
        yield line


def lit(
    facts: tuple[bool, date | None, date | None, date | None, bool],
    is_estimate: bool,
    *,
    today: date,
    book: WorkCalendar,
) -> str:
    """The light of a finding beside its day, drawn; none before a term is given."""
    lamp, due_on = lamps.lamp(*facts, today=today, book=book), facts[1]
    if lamp is None or due_on is None:
        return drawing.part("findings/_no_light.html")
    return drawing.part(
        "findings/_light.html", lamp=lamp, due=cn_day(due_on, beside=today), is_estimate=is_estimate
    )
