"""The ledger of findings: narrowed, paged, and prepared as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse

from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar, working_days_between
from conduct.dates import Lamp, cn_day, light
from conduct.paging import BOUND, keyset
from conduct.shapes import Pager
from findings.models import Finding
from people.access import Asker

from . import filters, telling
from .filters import Wish

# Findings with a term have a due day: as an annotation it is paged as a column that is never empty,
# which lets an index serve the order.
ORDERS = {"newest": ("-raised_at", "id"), "deadline": ("due", "id")}
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
    "visited_on",
    "notice__number",
    "count",
    "returns",
    "is_historical",
)
GRADES: dict[int | None, str] = {value: str(label) for value, label in Finding.Grade.choices} | {None: "未定"}
STATES: dict[str, str] = {value: str(label) for value, label in Finding.State.choices}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger, nothing left to look up or to format."""

    url: str
    pk: str
    title: str
    unit: str
    department: str
    category: str
    grade: str
    state: str
    number: str
    visited: str
    count: int
    returns: int
    lamp: Lamp | None
    due: str
    is_estimate: bool
    is_selectable: bool


@dataclass(frozen=True)
class Ledger:
    """One page of the ledger."""

    rows: list[Row]
    pager: Pager


def ledger(*, user: Asker, wish: Wish, order: str, today: date, request_get: QueryDict) -> Ledger:
    """One page of what the person sees of the wish. order: newest or deadline, which lists open findings only."""
    book = calendar.load()
    rows, for_unit = Finding.objects.visible_to(user), telling.reads_as_unit(user)
    if for_unit:
        rows, wish = telling.asked_by_unit(rows, wish)
    rows = filters.narrowed(rows, wish, today=today, book=book)
    if order == "deadline":
        rows = rows.filter(filters.IsOpen(F("state")), due_on__isnull=False)
    page = keyset(
        rows.annotate(due=F("due_on")).values(*COLUMNS, "due"),
        order=ORDERS.get(order, ORDERS["newest"]),
        request_get=request_get,
        bound=BOUND,
        noun="个问题",
    )
    template = reverse("findings:detail", args=["00000000-0000-0000-0000-000000000000"])
    prefix = template.removesuffix("00000000-0000-0000-0000-000000000000/")
    return Ledger([_row(row, prefix, today, book, for_unit) for row in page.rows], page.pager)


def lamp_of(
    *, state: str, due_on: date | None, closed_on: date | None, today: date, book: WorkCalendar
) -> Lamp | None:
    """The light of a finding; none while no term runs."""
    if due_on is None or (state not in Finding.OPEN and closed_on is None):
        return None
    remaining = None if closed_on else working_days_between(start=today, end=due_on, book=book)
    return light(due_on=due_on, today=today, closed_on=closed_on, remaining=remaining)


def _row(row: dict[str, object], prefix: str, today: date, book: WorkCalendar, for_unit: bool) -> Row:
    value = row.__getitem__
    due_on: date | None = value("due_on")  # type: ignore[assignment]
    state = str(value("state"))
    return Row(
        url=f"{prefix}{value('id')}/",
        pk=str(value("id")),
        title=str(value("title")),
        unit=str(value("unit__short_name") or value("unit__name")),
        department=str(value("department")),
        category=f"{value('category__code')} {value('category__name')}",
        grade=GRADES[None if for_unit and not value("notice__number") else value("grade")],  # type: ignore[index]
        state=STATES[telling.state_for(state, for_unit=for_unit)],
        number=str(value("notice__number") or ""),
        visited=f"{value('visited_on'):%Y-%m-%d}",
        count=value("count"),  # type: ignore[arg-type]
        returns=value("returns"),  # type: ignore[arg-type]
        lamp=lamp_of(
            state=state,
            due_on=due_on,
            closed_on=value("closed_on"),  # type: ignore[arg-type]
            today=today,
            book=book,
        ),
        due=cn_day(due_on) if due_on else "",
        is_estimate=bool(value("due_is_estimate")),
        is_selectable=state in Finding.BEFORE_NOTICE,
    )
