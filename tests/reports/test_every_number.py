"""Every number of the dashboard and of a bulletin opens the list of exactly the rows it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conduct import clock
from findings.models import Finding
from people.models import User
from people.roles import Role
from reports.actions import bulletins
from reports.gather import drawing
from reports.rules.periods import Period, year_to
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.reports import TODAY, S, make_finding, make_history, make_record, make_visit
from tests.reports.browsing import page, see

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="(/findings/\?[^"]*)">([^<]+)(?:<span class="stat-unit">([^<]*)</span>)?</a>')
PLAIN = re.compile(r"([\d,]+(?:\.\d)?)(\D*)$")
JANUARY, FEBRUARY = date(2026, 1, 20), date(2026, 2, 10)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world's clock stands at the cast's Monday."""
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Findings of every state, light and category, in the city, its counties and below, and history."""
    late, soon = TODAY - timedelta(days=3), TODAY + timedelta(days=2)
    for unit, code, day, facts in (
        (cast.city, "A1-01", FEBRUARY, {"state": S.RECTIFYING, "due_on": late}),
        (cast.east, "D1-03", JANUARY, {"state": S.CLOSED, "days_to_close": 5, "persons": 2}),
        (cast.east, "D1-03", FEBRUARY, {"state": S.RECTIFYING, "due_on": late, "count": 3}),
        (cast.east_bureau, "B1-01", FEBRUARY, {"state": S.RECEIVED, "due_on": soon}),
        (cast.east_bureau, "A1-01", FEBRUARY, {"state": S.CONFIRMED, "count": 2, "persons": 1}),
        (cast.west, "C1-01", JANUARY, {"state": S.SUBMITTED, "due_on": date(2026, 4, 1)}),
        (cast.west, "C1-01", date(2025, 12, 30), {"state": S.ASSIGNED, "due_on": late}),
        (
            cast.west,
            "A1-01",
            date(2025, 12, 30),
            {"state": S.CLOSED, "closed_on": JANUARY, "days_to_close": 9},
        ),
        (cast.west, "R3-01", TODAY, {"state": S.PARTLY}),
        (cast.west, "D1-03", FEBRUARY, {"state": S.NEW}),
        (cast.west, "D1-03", FEBRUARY, {"state": S.DISMISSED}),
    ):
        make_finding(cast, unit, code, day=day, **facts)
    campaign = make_history(cast, day=JANUARY, pool=9, visited=4)
    visit = make_visit(campaign, cast.east, day=JANUARY, is_historical=True, departed_at=None, state="locked")
    make_record(cast, visit, "D1-01", persons=5, count=5)
    return cast


def clerk_of_the_east(cast: Cast) -> User:
    person = make_user("east_clerk", "东区经办", home=cast.east)
    give_post(person, cast.east, Role.OFFICE_CLERK)
    return person


def leader_of_two(cast: Cast) -> User:
    person = make_user("two_leader", "分管两处", home=cast.city)
    give_post(person, cast.east_bureau, Role.READING_LEADER)
    give_post(person, cast.west, Role.READING_LEADER)
    return person


READERS: dict[str, Callable[[Cast], User]] = {
    "clerk": lambda cast: cast.clerk,
    "leader": lambda cast: cast.leader,
    "reader": lambda cast: cast.reader,
    "clerk of a county": clerk_of_the_east,
    "leader of two branches": leader_of_two,
}
PERIODS = {
    "this year": year_to(TODAY),
    "a month": Period(date(2026, 1, 1), date(2026, 1, 31)),
    "a week": Period(date(2026, 2, 9), date(2026, 2, 15)),
    "over months": Period(date(2025, 12, 15), date(2026, 2, 10)),
}


def listed(client: Client, address: str) -> list[Finding]:
    """The rows of the list at an address, all its pages."""
    found: list[str] = []
    while address:
        ledger = client.get(address).context["ledger"]
        found += [row.pk for row in ledger.rows]
        older = ledger.pager.older_url
        address = f"{reverse('findings:list')}{older}" if older else ""
    assert len(found) == len(set(found))
    return list(Finding.objects.filter(pk__in=found))


MEANINGS: dict[str, Callable[[list[Finding]], float]] = {
    "": lambda rows: sum(row.count for row in rows),
    "个": lambda rows: sum(row.count for row in rows),
    "件": len,
    "人次": lambda rows: sum(row.persons for row in rows),
    "家": lambda rows: len({row.unit_id for row in rows}),
    "%": lambda rows: round(sum(row.state == S.CLOSED for row in rows) * 100 / len(rows), 1),
    "个工作日": lambda rows: round(sum(row.days_to_close or 0 for row in rows) / len(rows), 1),
}


def not_as_listed(client: Client, text: str) -> tuple[int, list[tuple[str, str, float]]]:
    """How many numbers of a page open a list, and those that do not count it: (number, address, counted)."""
    links = {
        (unescape(address), number.strip() + (unit or "")) for address, number, unit in LINK.findall(text)
    }
    wrong = []
    for address, number in sorted(links):
        match = PLAIN.match(number)
        assert match, number
        counted = MEANINGS[match[2]](listed(client, address))
        if counted != float(match[1].replace(",", "")):
            wrong.append((number, address, counted))
    return len(links), wrong


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("reader", READERS)
def test_every_number_of_the_dashboard(client: Client, busy: Cast, reader: str, period: str) -> None:
    days = PERIODS[period]
    answer = see(client, READERS[reader](busy), "dashboard", first=days.first, last=days.last)

    numbers, wrong = not_as_listed(client, page(answer))

    assert wrong == []
    assert numbers >= 3


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("office", ["city", "east"])
def test_every_number_of_a_bulletin(client: Client, busy: Cast, office: str, period: str) -> None:
    bulletin = bulletins.draft(
        kind="ad_hoc",
        office=getattr(busy, office),
        period=PERIODS[period],
        by=busy.clerk,
        at=AT,
        made_key="k",
    )

    numbers, wrong = not_as_listed(client, page(see(client, busy.clerk, "bulletin_detail", bulletin.pk)))

    assert wrong == []
    assert numbers >= 3


def test_a_bulletin_counts_as_the_dashboard_of_its_office_does(client: Client, busy: Cast) -> None:
    days = PERIODS["over months"]
    bulletin = bulletins.draft(
        kind="ad_hoc", office=busy.east, period=days, by=busy.clerk, at=AT, made_key="k"
    )
    paper: Any = drawing.thawed(bulletin.facts)

    board = see(client, clerk_of_the_east(busy), "dashboard", first=days.first, last=days.last).context[
        "board"
    ]

    assert {one.label: (one.value, one.definition) for one in paper.figures} == {
        one.label: (one.words, one.definition) for one in board.figures
    }
    shown = [(name, [number for number, _ in cells]) for (name, _), cells in board.categories.numbers]
    assert [
        (f"{row.code} {row.name}", row.found, row.closed, row.overdue) for row in paper.category_rows
    ] == [(name, found, closed, overdue) for name, (found, closed, _, overdue) in shown]
    units = [(name, [number for number, _ in cells]) for (name, _), cells in board.units.numbers]
    assert [(row.unit, row.found, row.closed, row.overdue) for row in paper.unit_rows] == [
        (name, found, closed, overdue) for name, (found, closed, _, overdue) in units
    ]


def test_the_same_numbers_are_drawn_once_and_a_change_is_seen_at_once(client: Client, busy: Cast) -> None:
    first = see(client, busy.clerk, "dashboard").context["board"]
    again = see(client, busy.reader, "dashboard").context["board"]
    Finding.objects.filter(state=S.CONFIRMED).update(state=S.DISMISSED)

    after = see(client, busy.clerk, "dashboard")

    assert again is first
    values = {one.key: one.value for one in after.context["board"].figures}
    assert values["problems"] == {one.key: one.value for one in first.figures}["problems"] - 2
    assert not_as_listed(client, page(after))[1] == []
