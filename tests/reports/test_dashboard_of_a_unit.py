"""Category by unit by month: the board of one unit, opened from its name, with the months of its categories."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from conduct import clock
from people.models import User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.reports import S, make_finding
from tests.reports.browsing import page, see
from tests.reports.test_dashboard_pages import behind, problems

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]
JANUARY, FEBRUARY = date(2026, 1, 20), date(2026, 2, 10)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def work(cast: Cast) -> None:
    for unit, code, day in (
        (cast.east, "D1-03", JANUARY),
        (cast.east, "D1-03", FEBRUARY),
        (cast.east_bureau, "B1-01", FEBRUARY),
        (cast.west, "B1-01", FEBRUARY),
    ):
        make_finding(cast, unit, code, day=day, state=S.RECTIFYING, due_on=date(2026, 4, 1))


@pytest.fixture
def east_clerk(cast: Cast) -> User:
    """A clerk of the county's own office."""
    user = make_user("east_clerk", "东区经办", home=cast.east)
    give_post(user, cast.east, Role.OFFICE_CLERK)
    return user


def cells(board: object) -> dict[tuple[str, str], int]:
    """{(category, month): problems} of the chart of months."""
    months = board.months  # type: ignore[attr-defined]
    return {
        (row.label[0], month): value
        for row in months.rows
        for month, value in zip(months.columns, row.values, strict=True)
        if value
    }


@pytest.mark.usefixtures("work")
def test_the_name_of_a_unit_opens_its_own_months(client: Client, cast: Cast) -> None:
    board = see(client, cast.clerk, "dashboard").context["board"]
    address = next(row.cells[0].url for row in board.units.rows if row.cells[0].text == cast.east.name)

    answer = client.get(f"/dashboard/{address}")

    assert cells(answer.context["board"]) == {("D", "1月"): 1, ("D", "2月"): 1, ("B", "2月"): 1}
    assert f"{cast.east.name}（含下级）" in page(answer)


@pytest.mark.usefixtures("work")
def test_every_number_of_the_unit_opens_just_its_findings(client: Client, cast: Cast) -> None:
    board = see(client, cast.clerk, "dashboard", unit=cast.east.code, **_year()).context["board"]

    months = board.months
    pairs = [
        (value, url) for row in months.rows for value, url in zip(row.values, row.urls, strict=True) if value
    ]
    pairs += [(stat.value, stat.url) for stat in board.stats if isinstance(stat.value, int) and stat.url]
    pairs += [(cell.text, cell.url) for row in board.categories.rows for cell in row.cells[1:] if cell.url]
    assert len(pairs) > 8
    assert [(value, url) for value, url in pairs if problems(behind(url, cast.clerk)) != value] == []


@pytest.mark.usefixtures("work")
def test_the_other_periods_keep_the_unit(client: Client, cast: Cast) -> None:
    answer = see(client, cast.clerk, "dashboard", unit=cast.east.code, **_year())

    assert all(f"unit={cast.east.code}" in preset.url for preset in answer.context["presets"])


@pytest.mark.usefixtures("work")
def test_a_unit_one_has_no_figures_of_shows_none(client: Client, cast: Cast, east_clerk: User) -> None:
    board = see(client, east_clerk, "dashboard", unit=cast.west.code, **_year()).context["board"]

    assert board.units.rows == [] and cells(board) == {}


@pytest.mark.usefixtures("work")
def test_a_unit_above_is_read_as_far_as_one_may(client: Client, cast: Cast, east_clerk: User) -> None:
    board = see(client, east_clerk, "dashboard", unit=cast.city.code, **_year()).context["board"]

    assert sum(cells(board).values()) == 3


def test_a_unit_that_does_not_exist_is_named_and_the_page_still_stands(client: Client, cast: Cast) -> None:
    answer = see(client, cast.clerk, "dashboard", unit="没有这家", **_year())

    assert answer.status_code == 422
    assert "没有找到“没有这家”" in page(answer)


def _year() -> dict[str, str]:
    return {"first": "2026-01-01", "last": "2026-03-02"}
