"""The month of deadlines: office days marked, each thing due a link, for those who see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct import clock
from conduct.calendar import seed
from reports.queries import deadlines as query
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.reports import S, make_finding

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]

MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def due(cast: Cast, unit: Any, day: date) -> Any:
    return make_finding(cast, unit, day=date(2026, 2, 2), state=S.RECTIFYING, due_on=day)


def page(user: Any, **asked: str) -> str:
    return signed_in(user).get(reverse("reports:deadlines"), asked).content.decode()


def shown(user: Any, scope: str, first: date = MARCH) -> dict[date, int]:
    month = query.month(user=user, first=first, scope=scope, today=AT.date())
    return {day.day: day.count for week in month.weeks for day in week if day.count}


def test_days_off_and_make_up_days_are_marked(cast: Cast) -> None:
    seed.ship(at=AT)

    month = query.month(user=cast.clerk, first=date(2026, 2, 1), scope="all", today=AT.date())

    marks = {day.day.day: day.mark for week in month.weeks for day in week if day.day.month == 2}
    assert marks[14] == marks[28] == "班"
    assert marks[17].startswith("休")
    assert marks[12] == ""
    assert not month.is_estimate


def test_each_scope_shows_what_belongs_to_it(cast: Cast) -> None:
    due(cast, cast.east, date(2026, 3, 10))
    due(cast, cast.east_bureau, date(2026, 3, 11))
    due(cast, cast.west, date(2026, 3, 12))

    assert set(shown(cast.clerk, "all")) == {date(2026, 3, day) for day in (10, 11, 12)}
    assert set(shown(cast.east_head, "all")) == {date(2026, 3, 10), date(2026, 3, 11)}
    assert set(shown(cast.east_head, "own")) == {date(2026, 3, 10)}
    assert set(shown(cast.west_head, "mine")) == {date(2026, 3, 12)}


def test_each_thing_due_is_a_link_and_the_rest_of_a_full_day_too(cast: Cast) -> None:
    rows = [due(cast, cast.east, date(2026, 3, 10)) for _ in range(5)]

    text = page(cast.clerk, month="2026-03", scope="all")

    links = [row for row in rows if reverse("findings:detail", args=[row.pk]) in text]
    assert len(links) == query.SHOWN_A_DAY
    assert "另 2 件" in text
    whole = page(cast.clerk, day="2026-03-10", scope="all")
    assert all(reverse("findings:detail", args=[row.pk]) in whole for row in rows)


@pytest.mark.parametrize("month", ["", "2026-13", "9999-12", "x", "0000-00"])
def test_a_month_that_is_none_is_this_month(cast: Cast, month: str) -> None:
    assert "2026年3月有 0 件到期" in page(cast.clerk, month=month)


def test_the_same_few_questions_however_much_is_due(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as asking:
            page(cast.clerk, month="2026-03", scope="all")
        return len(asking)

    due(cast, cast.east, date(2026, 3, 10))
    asked()
    few = asked()
    for day in range(2, 20):
        due(cast, cast.east, date(2026, 3, day))

    assert asked() == few
