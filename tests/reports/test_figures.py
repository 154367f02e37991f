"""Every published number, counted by hand in a small world and in two real campaigns."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from people.models import Unit
from reports.figures import Reading, published, scope, tables
from reports.rules.periods import Period
from tests.factories.cast import Cast, make_unit
from tests.factories.reports import (
    TODAY,
    S,
    make_campaign,
    make_finding,
    make_history,
    make_record,
    make_visit,
    plan_unit,
)

pytestmark = pytest.mark.django_db

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
DAY = date(2026, 2, 10)


def reading(
    cast: Cast, period: Period = FEBRUARY, *, today: date = TODAY, unit: Unit | None = None
) -> Reading:
    return Reading(scope=scope.of_office(unit or cast.city), period=period, today=today)


def values(cast: Cast, period: Period = FEBRUARY, **options: Any) -> dict[str, Any]:
    return {key: figure.value for key, figure in published.every(reading(cast, period, **options)).items()}


def test_a_unit_visited_twice_is_one_unit_and_two_visits(cast: Cast) -> None:
    campaign = make_campaign(cast, first=DAY, last=DAY)
    make_visit(campaign, cast.east, day=DAY)
    make_visit(campaign, cast.east, day=DAY + timedelta(days=1))
    make_visit(campaign, cast.west, day=DAY)

    found = values(cast)

    assert (found["units_visited"], found["visits"]) == (2, 3)


@pytest.mark.parametrize(
    "unseen",
    [
        {"departed_at": None, "state": "planned"},
        {"state": "aborted"},
        {"day": date(2026, 3, 1)},
    ],
)
def test_a_visit_not_made_in_the_period_is_not_counted(cast: Cast, unseen: dict[str, Any]) -> None:
    campaign = make_campaign(cast, first=DAY, last=DAY, method="covert")
    make_visit(campaign, cast.east, **({"day": DAY} | unseen))

    found = values(cast)

    assert (found["units_visited"], found["visits"]) == (0, 0)


def test_the_pool_is_what_started_campaigns_had_on_their_list(cast: Cast) -> None:
    plan_unit(make_campaign(cast, first=DAY, last=DAY), cast.east, cast.west)
    plan_unit(make_campaign(cast, first=date(2026, 3, 1), last=date(2026, 3, 2)), cast.east)

    assert values(cast)["units_pool"] == 2


def test_a_covert_campaign_that_has_not_started_leaves_no_trace_in_the_pool(cast: Cast) -> None:
    campaign = make_campaign(cast, first=DAY, last=DAY, method="covert", state="approved", started_at=None)
    plan_unit(campaign, cast.east)

    assert values(cast)["units_pool"] == 0


def test_problems_are_counted_as_often_as_their_source_says(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, count=3, persons=4)
    make_finding(cast, cast.west, day=DAY, persons=0)

    found = values(cast)

    assert found["problems"] == 4
    assert found["persons"] == 4
    assert found["problems_not_about_a_person"] == 1
    assert found["units_with_problems"] == 2


@pytest.mark.parametrize("state", [S.NEW, S.VERIFYING, S.DISMISSED])
def test_what_is_not_confirmed_is_no_problem_yet(cast: Cast, state: str) -> None:
    make_finding(cast, cast.east, day=DAY, state=state)

    found = values(cast)

    assert (found["problems"], found["units_with_problems"]) == (0, 0)


def test_a_problem_belongs_to_the_day_of_the_visit(cast: Cast) -> None:
    make_finding(cast, cast.east, day=date(2026, 1, 31))
    make_finding(cast, cast.east, day=date(2026, 2, 1))
    make_finding(cast, cast.east, day=date(2026, 2, 28))
    make_finding(cast, cast.east, day=date(2026, 3, 1))

    assert values(cast)["problems"] == 2


def test_a_county_office_counts_its_county(cast: Cast) -> None:
    make_finding(cast, cast.east_bureau, day=DAY)
    make_finding(cast, cast.west, day=DAY)

    assert values(cast, unit=cast.east)["problems"] == 1


def test_the_rate_is_closed_of_what_was_handed_over_in_the_period(cast: Cast) -> None:
    for _ in range(2):
        make_finding(cast, cast.east, day=DAY, state=S.CLOSED, days_to_close=5)
    make_finding(cast, cast.east, day=DAY, state=S.RECTIFYING)
    make_finding(cast, cast.east, day=date(2026, 1, 5), issued_on=date(2026, 1, 6), state=S.RECEIVED)

    found = values(cast)

    assert (found["issued"], found["issued_and_closed"]) == (3, 2)
    assert found["rectification_rate"] == 66.7


def test_without_a_notice_in_the_period_there_is_no_rate(cast: Cast) -> None:
    figure = published.rectification_rate(reading(cast))

    assert (figure.value, figure.words) == (None, "暂无")


def test_days_to_close_are_averaged_over_what_was_closed_in_the_period(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, state=S.CLOSED, days_to_close=4)
    make_finding(cast, cast.east, day=DAY, state=S.CLOSED, days_to_close=9)
    make_finding(cast, cast.east, day=DAY, state=S.CLOSED, days_to_close=90, closed_on=date(2026, 3, 1))

    found = values(cast)

    assert (found["days_to_close"], found["closed"]) == (6.5, 2)


@pytest.mark.parametrize(
    ("due_on", "lights"),
    [
        (TODAY - timedelta(days=1), (1, 0, 1)),
        (TODAY, (1, 1, 0)),
        (date(2026, 3, 5), (1, 1, 0)),
        (date(2026, 3, 6), (1, 0, 0)),
    ],
    ids=["yesterday", "today", "third working day", "fourth working day"],
)
def test_an_open_finding_is_in_time_or_soon_due_or_late(
    cast: Cast, due_on: date, lights: tuple[int, int, int]
) -> None:
    make_finding(cast, cast.east, day=date(2026, 1, 5), state=S.RECTIFYING, due_on=due_on)

    found = values(cast)

    assert (found["open"], found["due_soon"], found["overdue"]) == lights


def test_due_soon_reaches_over_the_weekend(cast: Cast) -> None:
    friday = date(2026, 3, 6)
    make_finding(cast, cast.east, day=DAY, state=S.RECTIFYING, due_on=date(2026, 3, 11))
    make_finding(cast, cast.east, day=DAY, state=S.RECTIFYING, due_on=date(2026, 3, 12))

    assert values(cast, today=friday)["due_soon"] == 1


def test_what_is_closed_is_neither_open_nor_overdue(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, state=S.CLOSED, due_on=DAY)

    found = values(cast)

    assert (found["open"], found["overdue"]) == (0, 0)


def test_categories_say_what_became_of_their_problems(cast: Cast) -> None:
    make_finding(cast, cast.east, "D1-03", day=DAY, state=S.CLOSED)
    make_finding(cast, cast.east, "D2-01", day=DAY, state=S.RECTIFYING, due_on=TODAY - timedelta(days=1))
    make_finding(cast, cast.east, "B1-01", day=DAY, count=2)

    rows = {row.code: row.tally for row in tables.by_category(reading(cast))}

    assert list(rows) == ["A", "B", "C", "D"]
    assert (rows["D"].problems, rows["D"].closed, rows["D"].open, rows["D"].overdue) == (2, 1, 1, 1)
    assert (rows["B"].problems, rows["B"].open) == (2, 0)
    assert rows["A"].problems == 0


def test_the_five_problems_are_shown_when_one_was_found(cast: Cast) -> None:
    make_finding(cast, cast.east, "R3-01", day=DAY)

    codes = [row.code for row in tables.by_category(reading(cast))]

    assert codes[:4] == ["A", "B", "C", "D"]
    assert "R3" in codes


def test_the_unit_with_the_most_overdue_comes_first(cast: Cast) -> None:
    for _ in range(3):
        make_finding(cast, cast.east, day=DAY)
    make_finding(cast, cast.west, "A1-01", day=DAY, state=S.RECTIFYING, due_on=TODAY - timedelta(days=1))

    rows = tables.by_unit(reading(cast))

    assert [(row.name, row.tally.problems, row.tally.overdue) for row in rows] == [
        ("西区", 1, 1),
        ("东区", 3, 0),
    ]
    assert rows[0].by_category == {"A": 1}


def test_a_month_without_problems_is_printed_too(cast: Cast) -> None:
    make_finding(cast, cast.east, day=date(2026, 3, 1))

    rows = tables.by_month(reading(cast, Period(date(2026, 1, 15), date(2026, 3, 2))))

    assert [(row.month.month, row.tally.problems) for row in rows] == [(1, 0), (2, 0), (3, 1)]


def test_every_figure_carries_its_definition(cast: Cast) -> None:
    found = published.every(reading(cast))

    assert all(figure.definition.endswith("。") for figure in found.values())
    assert len({figure.label for figure in found.values()}) == len(found)


def test_figures_are_read_in_a_bounded_number_of_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_finding(cast, cast.east if number % 2 else cast.west, day=DAY, state=S.RECTIFYING)

    with django_assert_max_num_queries(8):
        found = reading(cast)
        published.every(found)
        tables.by_category(found)
        tables.by_unit(found)
        tables.by_month(found)


def test_the_township_report_of_2013(cast: Cast) -> None:
    day = date(2013, 4, 23)
    campaign = make_history(cast, day=day, pool=28, visited=10, method="covert")
    untold = make_unit("未记录单位", cast.city, is_unrecorded=True)
    visit = make_visit(campaign, untold, day=day, is_historical=True, departed_at=None, state="locked")
    make_record(cast, visit, "D1-01", persons=5, count=5)
    make_record(cast, visit, "D1-03", persons=1)
    make_record(cast, visit, "D1-03", persons=1)

    found = values(cast, Period(day, day))
    categories = {row.code: row.tally.problems for row in tables.by_category(reading(cast, Period(day, day)))}

    assert (found["units_visited"], found["units_pool"]) == (10, 28)
    assert (found["problems"], found["persons"]) == (7, 7)
    assert categories == {"A": 0, "B": 0, "C": 0, "D": 7}
    assert (found["units_with_problems"], found["visits"]) == (None, None)


def test_the_city_report_of_2014(cast: Cast) -> None:
    day = date(2014, 5, 16)
    campaign = make_history(cast, day=day, visited=11, method="covert")
    commission = make_unit("甲区发改委", cast.city)
    branch = make_unit("甲区发改委成本监审价格认定分局", cast.city)
    audit = make_unit("乙区审计局", cast.city)
    stations = [make_unit(f"丙区派出所{name}", cast.city) for name in "一二"]
    seen = [(commission, "D1-03", 1), (branch, "D1-03", 1), (commission, "D1-05", 1), (audit, "D1-03", 1)]
    seen += [(station, "D2-01", 0) for station in stations]
    for unit, code, persons in seen:
        visit = make_visit(campaign, unit, day=day, is_historical=True, departed_at=None, state="locked")
        make_record(cast, visit, code, persons=persons, seen_at=time(10, 30))

    found = values(cast, Period(date(2014, 5, 1), date(2014, 5, 31)))

    assert (found["units_visited"], found["units_with_problems"]) == (11, 5)
    assert (found["problems"], found["persons"], found["problems_not_about_a_person"]) == (6, 4, 2)
    assert found["units_pool"] is None
