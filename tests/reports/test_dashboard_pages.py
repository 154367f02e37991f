"""The dashboard as its readers use it: every number opens what it counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from conduct import clock
from conduct.calendar import book
from findings.forms.filters import FilterForm
from findings.models import Finding
from findings.queries import filters
from people.models import User
from reports.actions import bulletins
from reports.gather import drawing
from reports.rules.periods import year_to
from tests.factories.cast import AT, Cast
from tests.factories.reports import TODAY, S, make_finding
from tests.reports.browsing import page, see

pytestmark = pytest.mark.django_db

YEAR = year_to(TODAY)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world's clock stands at the cast's Monday."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def behind(url: str, user: User) -> QuerySet[Finding]:
    """The rows of the ledger at an address, read as the ledger reads it."""
    form = FilterForm(QueryDict(urlsplit(url).query), user=user)
    wish = form.wish()
    assert not form.errors
    return filters.narrowed(Finding.objects.visible_to(user), wish, today=TODAY, book=book.load())


def problems(rows: QuerySet[Finding]) -> int:
    return int(rows.aggregate(n=Sum("count", default=0))["n"])


def year_of_work(cast: Cast) -> None:
    """Findings of every state, category, unit and light, in two months of this year and in the last."""
    late, soon = TODAY - timedelta(days=3), TODAY + timedelta(days=2)
    january, february = date(2026, 1, 20), date(2026, 2, 10)
    for unit, code, day, facts in (
        (cast.east, "D1-03", january, {"state": S.CLOSED, "days_to_close": 5}),
        (cast.east, "D1-03", february, {"state": S.RECTIFYING, "due_on": late}),
        (cast.east_bureau, "B1-01", february, {"state": S.RECEIVED, "due_on": soon}),
        (cast.east_bureau, "A1-01", february, {"state": S.CONFIRMED, "count": 2}),
        (cast.west, "C1-01", january, {"state": S.SUBMITTED, "due_on": date(2026, 4, 1)}),
        (cast.west, "C1-01", date(2025, 12, 30), {"state": S.ASSIGNED, "due_on": late}),
        (
            cast.west,
            "A1-01",
            date(2025, 12, 30),
            {"state": S.CLOSED, "closed_on": january, "days_to_close": 9},
        ),
        (cast.west, "D1-03", february, {"state": S.NEW}),
        (cast.west, "D1-03", february, {"state": S.DISMISSED}),
    ):
        make_finding(cast, unit, code, day=day, **facts)


def test_every_light_on_the_dashboard_opens_just_the_findings_it_counts(client: Client, cast: Cast) -> None:
    year_of_work(cast)

    board = see(client, cast.clerk, "dashboard").context["board"]

    counted = {stat.label: (stat.value, behind(stat.url, cast.clerk).count()) for stat in board.stats[:4]}
    assert counted == {"在办问题": (4, 4), "临期问题": (1, 1), "逾期问题": (2, 2), "本期销号": (2, 2)}


def test_the_ledger_itself_counts_as_the_dashboard_does(client: Client, cast: Cast) -> None:
    year_of_work(cast)
    board = see(client, cast.clerk, "dashboard").context["board"]

    ledger = client.get(board.stats[2].url).context["ledger"]

    assert ledger.pager.count == board.stats[2].value == 2


def test_every_problem_figure_opens_the_problems_it_counts(client: Client, cast: Cast) -> None:
    year_of_work(cast)

    figures = {one.key: one for one in see(client, cast.clerk, "dashboard").context["board"].figures}

    assert figures["problems"].value == problems(behind(figures["problems"].url, cast.clerk)) == 6
    for key in ("issued", "issued_and_closed", "closed"):
        assert figures[key].value == behind(figures[key].url, cast.clerk).count()


def test_the_figures_about_persons_open_the_problems_they_count(client: Client, cast: Cast) -> None:
    make_finding(cast, cast.east, day=TODAY, persons=3)
    make_finding(cast, cast.east, day=TODAY, persons=1)
    make_finding(cast, cast.west, day=TODAY, persons=0, count=2)

    figures = {one.key: one for one in see(client, cast.clerk, "dashboard").context["board"].figures}

    concerned = behind(figures["persons"].url, cast.clerk)
    assert figures["persons"].value == concerned.aggregate(n=Sum("persons"))["n"] == 4
    assert concerned.count() == 2
    nobody = figures["problems_not_about_a_person"]
    assert nobody.value == problems(behind(nobody.url, cast.clerk)) == 2
    assert "涉及人员：不涉及具体人员" in page(client.get(nobody.url))


def test_every_cell_of_the_charts_opens_the_problems_it_counts(client: Client, cast: Cast) -> None:
    year_of_work(cast)

    board = see(client, cast.clerk, "dashboard").context["board"]

    cells = [
        (value, problems(behind(url, cast.clerk)))
        for chart in (board.months, board.heat)
        for row in chart.rows
        for value, url in zip(row.values, row.urls, strict=True)
    ]
    assert len(cells) >= 20
    assert [cell for cell in cells if cell[0] != cell[1]] == []


def test_every_cell_of_the_tables_opens_the_problems_it_counts(client: Client, cast: Cast) -> None:
    year_of_work(cast)

    board = see(client, cast.clerk, "dashboard").context["board"]

    cells = [
        (cell.text, problems(behind(cell.url, cast.clerk)))
        for table in (board.categories, board.units)
        for row in table.rows
        for cell in row.cells[1:]  # the first names the row
        if cell.url
    ]
    assert len(cells) >= 12
    assert [cell for cell in cells if cell[0] != cell[1]] == []


def test_the_dashboard_prints_the_figures_of_the_bulletin(client: Client, cast: Cast) -> None:
    year_of_work(cast)
    bulletin = bulletins.draft(
        kind="ad_hoc", office=cast.city, period=YEAR, by=cast.clerk, at=AT, made_key="k"
    )

    board = see(client, cast.clerk, "dashboard").context["board"]

    printed = {one.label: one.value for one in drawing.thawed(bulletin.facts).figures}
    assert {one.label: one.words for one in board.figures} == printed


def test_every_number_of_the_dashboard_prints_its_definition(client: Client, cast: Cast) -> None:
    answer = see(client, cast.reader, "dashboard")

    text = page(answer)
    assert [one.label for one in answer.context["board"].figures if one.definition not in text] == []
    assert all(stat.definition in text for stat in answer.context["board"].stats)


def test_the_dashboard_says_first_what_is_late(client: Client, cast: Cast) -> None:
    year_of_work(cast)

    assert "2 件问题已经逾期，1 件临近期限" in page(see(client, cast.clerk, "dashboard"))


def test_the_dashboard_reads_its_numbers_in_eight_queries(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    year_of_work(cast)
    client.force_login(cast.clerk)
    url = reverse("reports:dashboard")
    client.get(url)

    # Four more say who is signed in, with which posts, in which office.
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    year_of_work(cast)
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_another_period_is_asked_by_its_days(client: Client, cast: Cast) -> None:
    year_of_work(cast)

    board = see(client, cast.clerk, "dashboard", first="2025-12-01", last="2025-12-31").context["board"]

    assert {one.key: one.value for one in board.figures}["problems"] == 2


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-03-02", "2026-03-01", "截止日期早于起始日期"),
        ("gestern", "2026-03-01", "日期请写成"),
        ("2000-01-01", "2026-03-01", "最长三年"),
    ],
)
def test_a_period_that_cannot_be_is_named_and_the_page_still_stands(
    client: Client, cast: Cast, first: str, last: str, sentence: str
) -> None:
    answer = see(client, cast.clerk, "dashboard", first=first, last=last)

    assert (answer.status_code, sentence in page(answer)) == (422, True)


@pytest.mark.parametrize("person", ["inspector", "east_head", "east_liaison", "system_admin", "auditor"])
@pytest.mark.parametrize("name", ["dashboard", "bulletin_list", "bulletin_new", "schedules"])
def test_who_reads_no_figures_is_shown_none(client: Client, cast: Cast, person: str, name: str) -> None:
    assert see(client, getattr(cast, person), name).status_code == 403
