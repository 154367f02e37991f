"""A month of deadlines on the office calendar: days off, make-up days, and what is due on each day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count
from django.urls import reverse

from conduct.calendar import book as calendar
from findings.models import Finding
from people import access
from people.models import User
from people.roles import UNIT_ROLES, Permission

from . import home

MINE, OWN, ALL = "mine", "own", "all"
SCOPES = {MINE: "等我办理的", OWN: "本单位的整改期限", ALL: "范围内的整改期限"}
MOST = 200
SHOWN_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Due:
    """One thing due on a day."""

    label: str
    unit: str
    url: str


@dataclass
class Day:
    """One day: whether it is worked and why not, what is due, and how much more there is."""

    day: date
    is_of_month: bool
    is_today: bool
    mark: str
    is_working: bool
    count: int = 0
    due: list[Due] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.due)


@dataclass(frozen=True)
class Month:
    """The page."""

    first: date
    weeks: list[list[Day]]
    scope: str
    scopes: list[tuple[str, str]]
    before: str
    after: str
    is_estimate: bool
    total: int


def month(*, user: User, first: date, scope: str, today: date, only: date | None = None) -> Month:
    """The weeks that hold a month. only: the one day of which everything is listed"""
    offered = _offered(user)
    scope = scope if scope in offered else offered[0]
    start = first - timedelta(days=first.weekday())
    end_of_month = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    end = end_of_month + timedelta(days=6 - end_of_month.weekday())
    book, names = calendar.load(), calendar.names(first=start, last=end)
    days = {
        day: Day(
            day,
            day.month == first.month,
            day == today,
            _mark(day, is_working=book.is_working(day), name=names.get(day, "")),
            book.is_working(day),
        )
        for day in (start + timedelta(days=n) for n in range((end - start).days + 1))
    }
    most = MOST if only else SHOWN_A_DAY
    if scope == MINE:
        _fill_mine(days, user, today, only, most)
    else:
        _fill_findings(days, user, scope, only, most)
    rows = list(days.values())
    return Month(
        first=first,
        weeks=[rows[at : at + 7] for at in range(0, len(rows), 7)],
        scope=scope,
        scopes=[(name, SCOPES[name]) for name in offered],
        before=f"{first - timedelta(days=1):%Y-%m}" if first.year > 1900 else "",
        after=f"{end_of_month + timedelta(days=1):%Y-%m}" if first.year < 2999 else "",
        is_estimate=not book.knows(first, end_of_month),
        total=sum(day.count for day in rows if day.is_of_month),
    )


def _offered(user: User) -> list[str]:
    """Which deadlines this person may choose: their own work, their unit's, and all they see."""
    if access.reach(user, Permission.FINDING_VIEW, roles=UNIT_ROLES):
        return [MINE, OWN, ALL]
    return [MINE, ALL]


def _fill_mine(days: dict[date, Day], user: User, today: date, only: date | None, most: int) -> None:
    for item in home.due_items(user, today):
        if item.due_on not in days:
            continue
        day = days[item.due_on]
        day.count += 1
        if len(day.due) < most and only in (None, day.day):
            day.due.append(Due(f"{item.verb}：{item.title}", item.unit, item.url))


def _fill_findings(days: dict[date, Day], user: User, scope: str, only: date | None, most: int) -> None:
    """Running terms: counted by day in one question, and in another the first few of each."""
    rows = Finding.objects.visible_to(user).filter(runs_until__range=(min(days), max(days)))
    if scope == OWN:
        own = [post.unit_id for post in access.posts_of(user) if post.role in UNIT_ROLES]
        rows = rows.filter(unit__in=own)
    for day, count in rows.values_list("runs_until").annotate(Count("pk")).order_by():
        days[day].count = count
    shown = rows.filter(runs_until=only) if only else rows
    shown = shown.select_related("unit").only("id", "title", "runs_until", "unit__name")
    for row in shown.order_by("runs_until", "pk")[:MOST]:
        due = days[row.runs_until].due if row.runs_until else []
        if len(due) < most:
            due.append(Due(row.title, row.unit.name, reverse("findings:detail", args=[row.pk])))


def _mark(day: date, *, is_working: bool, name: str) -> str:
    """What the day is, where it is not what its weekday says."""
    if is_working:
        return "班" if day.weekday() >= 5 else ""
    # A plain weekend needs no word: the grid shows it by its ground.
    return f"休 {name}".strip() if name or day.weekday() < 5 else ""
