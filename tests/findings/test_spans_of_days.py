"""What the roll-ups say of any span of days is what counting the rows says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db.models import Avg, Count, Q, Sum

from conduct import spans
from findings.models import Finding
from findings.queries import tallies
from inspections.models import Visit
from inspections.queries.tallies import visits_made
from people.models import Unit
from tests.factories.cast import Cast
from tests.factories.reports import TODAY, S, make_campaign, make_finding, make_visit

pytestmark = pytest.mark.django_db

FIRST = date(2025, 12, 20)
SOON = TODAY + timedelta(days=3)
D = date
SPANS = [
    (D(2026, 1, 1), TODAY),
    (D(2026, 1, 1), D(2026, 1, 31)),
    (D(2025, 12, 1), D(2026, 2, 28)),
    (D(2026, 1, 5), D(2026, 1, 11)),
    (D(2026, 1, 26), D(2026, 2, 1)),
    (D(2025, 12, 15), D(2026, 2, 10)),
    (D(2026, 2, 1), D(2026, 2, 1)),
    (D(2026, 1, 31), D(2026, 3, 1)),
    (D(2024, 1, 1), D(2024, 12, 31)),
]


def scatter(cast: Cast) -> None:
    """Findings and visits of every kind over three months, some in the days to come."""
    draw = Random(7)
    campaign = make_campaign(cast, first=FIRST, last=TODAY)
    told = make_campaign(cast, first=FIRST, last=TODAY, stated_units_visited=4)
    units = (cast.east, cast.east_bureau, cast.west)
    states = itertools.cycle([S.NEW, S.CONFIRMED, S.RECTIFYING, S.CLOSED, S.CLOSED, S.RECEIVED, S.DISMISSED])
    for number, state in zip(range(60), states, strict=False):
        day = FIRST + timedelta(days=draw.randrange(80))
        facts: dict[str, Any] = {"state": state, "count": draw.randint(1, 4), "persons": draw.randint(0, 2)}
        if state in (*Finding.OPEN, S.CLOSED):
            facts |= {
                "issued_on": day + timedelta(days=3),
                "due_on": day + timedelta(days=draw.randrange(40)),
            }
        if state == S.CLOSED:
            facts |= {"closed_on": day + timedelta(days=20), "days_to_close": draw.randint(1, 30)}
        make_finding(cast, draw.choice(units), draw.choice(["A1-01", "D1-03"]), day=day, **facts)
        make_visit(draw.choice([campaign, campaign, told]), units[number % 3], day=day)


@pytest.fixture
def scattered(cast: Cast) -> Cast:
    scatter(cast)
    return cast


def everywhere_always(cast: Cast) -> Iterator[tuple[Unit, date, date]]:
    """Every unit with every span."""
    for unit, (first, last) in itertools.product((cast.city, cast.east, cast.west, cast.bureau), SPANS):
        yield unit, first, last


def rows(unit: Unit) -> Any:
    return Finding.objects.under(unit)


def found(unit: Unit, first: date, last: date) -> Any:
    return rows(unit).filter(state__in=Finding.STANDING, visited_on__range=(first, last))


def seen(unit: Unit, first: date, last: date) -> tallies.Overview:
    return tallies.overview(paths=(unit.path,), first=first, last=last, today=TODAY, soon=SOON)


IS_OPEN, IS_CLOSED = Q(state__in=Finding.OPEN), Q(state=S.CLOSED)
COUNTS = {
    "problems": Sum("count"),
    "closed": Sum("count", filter=IS_CLOSED, default=0),
    "open": Sum("count", filter=IS_OPEN, default=0),
    "overdue": Sum("count", filter=IS_OPEN & Q(due_on__lt=TODAY), default=0),
    "people": Sum("persons"),
    "impersonal": Sum("count", filter=Q(persons=0), default=0),
}


def test_by_month_and_category(scattered: Cast) -> None:
    for unit, first, last in everywhere_always(scattered):
        counted = {
            (row.pop("month"), row.pop("top")): row
            for row in found(unit, first, last).values("month", "top").annotate(**COUNTS)
        }
        assert seen(unit, first, last).by_category == counted, (unit, first, last)


def test_by_unit_and_category(scattered: Cast) -> None:
    names = ("problems", "closed", "open", "overdue")
    for unit, first, last in everywhere_always(scattered):
        asked = seen(unit, first, last).asked

        by_unit = tallies.by_unit(asked)
        crossed = tallies.crossed(asked, list(by_unit))

        counted = (
            found(unit, first, last).values("unit_id").annotate(**{name: COUNTS[name] for name in names})
        )
        assert {pk: tuple(counts[name] for name in names) for pk, counts in by_unit.items()} == {
            row["unit_id"]: tuple(row[name] for name in names) for row in counted
        }, (unit, first, last)
        cells = found(unit, first, last).values_list("unit_id", "top").annotate(Sum("count"))
        assert crossed == {(pk, top): problems for pk, top, problems in cells}, (unit, first, last)


def test_handed_over_and_closed(scattered: Cast) -> None:
    for unit, first, last in everywhere_always(scattered):
        turned = seen(unit, first, last).turned_over

        issued, closed = Q(issued_on__range=(first, last)), Q(closed_on__range=(first, last))
        counted = rows(unit).aggregate(
            issued=Count("pk", filter=issued),
            issued_closed=Count("pk", filter=issued & IS_CLOSED),
            closed=Count("pk", filter=closed),
            days=Avg("days_to_close", filter=closed),
        )
        days = counted.pop("days")
        assert (turned.issued, turned.issued_closed, turned.closed) == tuple(counted.values())
        assert turned.days == (days if days is None else pytest.approx(float(days)))


def test_what_is_open_on_any_day(scattered: Cast) -> None:
    units = (scattered.city, scattered.east, scattered.west)
    for unit, today in itertools.product(units, (TODAY, D(2026, 1, 31), D(2026, 2, 1), D(2027, 1, 1))):
        soon = today + timedelta(days=5)

        desks = tallies.overview(paths=(unit.path,), first=today, last=today, today=today, soon=soon).on_desks

        mine = rows(unit).filter(IS_OPEN)
        assert (desks.open, desks.soon, desks.overdue) == (
            mine.count(),
            mine.filter(due_on__range=(today, soon)).count(),
            mine.filter(due_on__lt=today).count(),
        ), (unit, today)


def test_visits(scattered: Cast) -> None:
    told = Q(campaign__stated_units_visited__isnull=True)
    for unit, first, last in everywhere_always(scattered):
        made = visits_made(paths=(unit.path,), first=first, last=last)

        mine = Visit.objects.filter(unit__in=Unit.objects.under(unit), visited_on__range=(first, last))
        assert (made.made, made.units, made.untold) == (
            mine.filter(told).count(),
            mine.filter(told).values("unit").distinct().count(),
            mine.exclude(told).count(),
        ), (unit, first, last)


def test_two_branches_are_counted_together(scattered: Cast) -> None:
    paths, (first, last) = (scattered.east.path, scattered.west.path), SPANS[0]

    both = tallies.overview(paths=paths, first=first, last=last, today=TODAY, soon=SOON)

    apart = [seen(unit, first, last).on_desks.open for unit in (scattered.east, scattered.west)]
    assert both.on_desks.open == sum(apart) > 0
    assert set(tallies.by_unit(both.asked)) == {
        scattered.east.pk,
        scattered.east_bureau.pk,
        scattered.west.pk,
    }


def test_without_a_branch_there_is_nothing(scattered: Cast) -> None:
    first, last = SPANS[0]

    nothing = tallies.overview(paths=(), first=first, last=last, today=TODAY, soon=SOON)

    assert (nothing.by_category, nothing.on_desks.open) == ({}, 0)
    assert (tallies.by_unit(nothing.asked), visits_made(paths=(), first=first, last=last).made) == ({}, 0)


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_a_span_is_its_months_and_its_loose_days_and_nothing_else(first: date, last: date) -> None:
    parted = spans.parted(first, last)

    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    pieces = [*parted.loose]
    if parted.months:
        pieces.append((parted.months[0], spans.last_of_month(parted.months[1])))
    covered = [one + timedelta(days=n) for one, end in pieces for n in range((end - one).days + 1)]
    assert sorted(covered) == sorted(days)
