"""A deadline can be counted again from what is kept; a stopped clock runs on from where it stood."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct.calendar.rules import WorkCalendar, after_working_days, working_days_between
from findings.rules.term import Skipped, resumed, skipped

NATIONAL = frozenset(date(2026, 10, day) for day in range(1, 8))
BOOK = WorkCalendar(
    off=NATIONAL, work=frozenset({date(2026, 9, 20), date(2026, 10, 10)}), years=frozenset({2026})
)
NAMES = dict.fromkeys(NATIONAL, "国庆节")
DAYS = st.dates(date(2026, 1, 1), date(2026, 11, 30))


def test_rest_days_are_told_in_runs_with_their_reason() -> None:
    runs = skipped(start=date(2026, 9, 24), due=date(2026, 10, 13), book=BOOK, names=NAMES)

    assert runs == [
        Skipped(date(2026, 9, 26), date(2026, 9, 27), "周末"),
        Skipped(date(2026, 10, 1), date(2026, 10, 7), "国庆节"),
        Skipped(date(2026, 10, 11), date(2026, 10, 11), "周末"),
    ]


def test_a_day_off_without_a_name_is_told_as_a_holiday() -> None:
    runs = skipped(start=date(2026, 9, 30), due=date(2026, 10, 8), book=BOOK, names={})

    assert [run.why for run in runs] == ["放假"]


@given(start=DAYS, days=st.integers(1, 40))
def test_days_skipped_and_days_counted_make_up_the_whole_term(start: date, days: int) -> None:
    due = after_working_days(start=start, working_days=days, book=BOOK).day

    runs = skipped(start=start, due=due, book=BOOK, names=NAMES)

    assert sum((run.last - run.first).days + 1 for run in runs) + days == (due - start).days


@given(due_on=DAYS, before=st.integers(1, 20), pause=st.integers(0, 30))
def test_after_a_pause_as_many_working_days_are_left_as_before_it(
    due_on: date, before: int, pause: int
) -> None:
    stopped_on = due_on - timedelta(days=before)
    left = working_days_between(start=stopped_on, end=due_on, book=BOOK)
    resumes_on = stopped_on + timedelta(days=pause)

    due, told = resumed(due_on=due_on, stopped_on=stopped_on, resumes_on=resumes_on, book=BOOK)

    assert told == max(1, left)
    assert working_days_between(start=resumes_on, end=due.day, book=BOOK) == max(1, left)
    assert BOOK.is_working(due.day)


@given(due_on=DAYS, late=st.integers(1, 20), pause=st.integers(0, 30))
def test_what_was_overdue_when_it_stopped_stays_so(due_on: date, late: int, pause: int) -> None:
    stopped_on = due_on + timedelta(days=late)

    due, left = resumed(
        due_on=due_on, stopped_on=stopped_on, resumes_on=stopped_on + timedelta(days=pause), book=BOOK
    )

    assert (due.day, left) == (due_on, 0)


def test_on_the_last_day_one_working_day_is_given() -> None:
    friday = date(2026, 11, 20)

    due, left = resumed(due_on=friday, stopped_on=friday, resumes_on=date(2026, 11, 27), book=BOOK)

    assert (due.day, left) == (date(2026, 11, 30), 1)


@pytest.mark.parametrize(("year", "is_estimate"), [(2026, False), (2027, True)])
def test_a_year_without_a_notice_makes_it_an_estimate(year: int, is_estimate: bool) -> None:
    due, _ = resumed(
        due_on=date(year, 11, 20), stopped_on=date(year, 11, 18), resumes_on=date(year, 11, 23), book=BOOK
    )

    assert due.is_estimate is is_estimate
