"""Counting days: the vectors of the official years, and what holds for every start and length."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct.calendar.rules import (
    Due,
    WorkCalendar,
    after_calendar_days,
    after_months,
    after_working_days,
    corresponding_day,
    counts_from,
    working_days_between,
)

SHIPPED = Path(__file__).resolve().parents[2] / "conduct" / "data" / "holidays.json"


def official() -> WorkCalendar:
    """The shipped years, read here by other code than the product's."""
    years = json.loads(SHIPPED.read_text(encoding="utf-8"))["years"]
    off, work = set(), set()
    for lists in years.values():
        for first, last, _ in lists["off"]:
            day = date.fromisoformat(first)
            while day <= date.fromisoformat(last):
                off.add(day)
                day += timedelta(days=1)
        work |= {date.fromisoformat(day) for day in lists["work"]}
    return WorkCalendar(frozenset(off), frozenset(work), frozenset(int(year) for year in years), "官方")


BOOK = official()
PLAIN = WorkCalendar()
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
lengths = st.integers(1, 200)


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("year", [2025, 2026])
def test_an_official_year_has_248_working_days(year: int) -> None:
    assert working_days_between(start=date(year - 1, 12, 31), end=date(year, 12, 31), book=BOOK) == 248


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-14", 3, "2026-02-26"),
        ("2026-02-13", 15, "2026-03-12"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-25", 3, "2026-09-30"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 15, "2026-10-27"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2025-09-26", 7, "2025-10-13"),
    ],
)
def test_a_term_in_working_days(start: str, number: int, due: str) -> None:
    assert after_working_days(start=on(start), working_days=number, book=BOOK) == Due(on(due))


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        ("2026-02-01", 15, "2026-02-24"),
        ("2026-04-16", 15, "2026-05-06"),
        ("2026-10-22", 30, "2026-11-23"),
    ],
)
def test_a_term_in_calendar_days_moves_on_from_a_rest_day(start: str, number: int, due: str) -> None:
    assert after_calendar_days(start=on(start), days=number, book=BOOK) == Due(on(due))


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-09-01", 1, "2026-10-08")],
)
def test_a_term_in_months_ends_on_the_corresponding_day_or_the_months_end(
    start: str, number: int, due: str
) -> None:
    assert after_months(start=on(start), months=number, book=BOOK) == Due(on(due))


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [("2024-01-31", 1, "2024-02-29"), ("2025-11-30", 3, "2026-02-28"), ("2026-12-15", 1, "2027-01-15")],
)
def test_the_corresponding_day(start: str, months: int, day: str) -> None:
    assert corresponding_day(start=on(start), months=months) == on(day)


def test_a_year_without_its_notice_is_an_estimate() -> None:
    assert after_working_days(start=on("2026-12-28"), working_days=10, book=BOOK).is_estimate


def test_a_known_year_is_no_estimate() -> None:
    assert not after_working_days(start=on("2026-12-01"), working_days=10, book=BOOK).is_estimate


def test_a_due_day_keeps_the_version_of_the_table() -> None:
    assert after_months(start=on("2026-01-31"), months=1, book=BOOK).calendar_version == "官方"


@pytest.mark.parametrize(
    ("received", "start"),
    [
        (datetime(2026, 3, 2, 9, 0), "2026-03-02"),
        (datetime(2026, 3, 2, 18, 0), "2026-03-02"),
        (datetime(2026, 3, 2, 18, 1), "2026-03-03"),
        (datetime(2026, 3, 6, 20, 0), "2026-03-09"),
        (datetime(2026, 2, 16, 10, 0), "2026-02-24"),
    ],
)
def test_receipt_after_hours_or_on_a_rest_day_counts_from_the_next_working_day(
    received: datetime, start: str
) -> None:
    assert counts_from(received=received, book=BOOK) == on(start)


@pytest.mark.parametrize("number", [0, -1])
def test_a_term_has_at_least_one_day(number: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        after_working_days(start=on("2026-03-02"), working_days=number, book=BOOK)
    with pytest.raises(ValueError, match="at least 1"):
        after_calendar_days(start=on("2026-03-02"), days=number, book=BOOK)
    with pytest.raises(ValueError, match="at least 1"):
        after_months(start=on("2026-03-02"), months=number, book=BOOK)


@given(days, lengths)
def test_every_term_ends_on_a_working_day(start: date, number: int) -> None:
    assert BOOK.is_working(after_working_days(start=start, working_days=number, book=BOOK).day)
    assert BOOK.is_working(after_calendar_days(start=start, days=number, book=BOOK).day)
    assert BOOK.is_working(after_months(start=start, months=number, book=BOOK).day)


@given(days, lengths)
def test_counting_back_gives_the_length(start: date, number: int) -> None:
    due = after_working_days(start=start, working_days=number, book=BOOK).day

    assert working_days_between(start=start, end=due, book=BOOK) == number


@given(days, lengths)
def test_a_longer_term_ends_later(start: date, number: int) -> None:
    shorter = after_working_days(start=start, working_days=number, book=BOOK).day

    assert after_working_days(start=start, working_days=number + 1, book=BOOK).day > shorter


@given(days, st.integers(1, 60), st.integers(1, 60))
def test_two_terms_in_a_row_are_one_of_their_sum(start: date, first: int, second: int) -> None:
    middle = after_working_days(start=start, working_days=first, book=BOOK).day
    end = after_working_days(start=middle, working_days=second, book=BOOK).day

    assert end == after_working_days(start=start, working_days=first + second, book=BOOK).day


@given(days, days)
def test_the_distance_changes_its_sign_with_the_direction(one: date, other: date) -> None:
    there = working_days_between(start=one, end=other, book=BOOK)

    assert working_days_between(start=other, end=one, book=BOOK) == -there


@given(days, days)
def test_the_distance_is_that_of_counting_day_by_day(one: date, other: date) -> None:
    start, end = sorted((one, other))
    between = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))

    assert working_days_between(start=start, end=end, book=BOOK) == sum(map(BOOK.is_working, between))


@given(days, st.integers(1, 50))
def test_without_any_notice_five_working_days_are_a_week(start: date, weeks: int) -> None:
    due = after_working_days(start=start, working_days=5 * weeks, book=PLAIN)

    on_a_weekend = max(0, start.weekday() - 4)
    assert due.day == start + timedelta(days=7 * weeks - on_a_weekend)
    assert due.is_estimate


@given(days, lengths)
def test_a_calendar_term_is_never_shortened(start: date, number: int) -> None:
    assert after_calendar_days(start=start, days=number, book=BOOK).day >= start + timedelta(days=number)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)))
def test_a_start_day_is_a_working_day_not_before_the_receipt(received: datetime) -> None:
    start = counts_from(received=received, book=BOOK)

    assert BOOK.is_working(start)
    assert start >= received.date()


def test_other_office_hours_can_be_given() -> None:
    assert counts_from(received=datetime(2026, 3, 2, 17, 45), book=BOOK, closes=time(17, 30)) == on(
        "2026-03-03"
    )
