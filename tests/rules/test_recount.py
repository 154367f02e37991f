"""The clock of a unit through pauses, extensions and changes of the calendar, in any order: no day lost or invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduct.calendar.rules import Due, WorkCalendar, after_working_days, working_days_between
from findings.rules.recount import first_day, may_go_back, recounted
from findings.rules.term import resumed

START = date(2026, 3, 2)
PLAIN = WorkCalendar(
    off=frozenset({date(2026, 4, 6), date(2026, 5, 1)}),
    work=frozenset({date(2026, 4, 26)}),
    years=frozenset({2026}),
)
NEAR_DAYS = st.integers(-10, 80).map(lambda n: START + timedelta(days=n))
WAIT = st.tuples(st.just("wait"), st.integers(1, 12))
EVENTS = st.one_of(
    WAIT,
    st.tuples(st.just("pause"), st.just(0)),
    st.tuples(st.just("resume"), st.just(0)),
    st.tuples(st.just("extend"), st.integers(1, 10)),
    st.tuples(st.just("rest"), NEAR_DAYS),
    st.tuples(st.just("work"), NEAR_DAYS),
)


def with_rest(book: WorkCalendar, day: date) -> WorkCalendar:
    return replace(book, off=book.off | {day}, work=book.work - {day})


def with_work(book: WorkCalendar, day: date) -> WorkCalendar:
    work = book.work | {day} if day.weekday() >= 5 else book.work
    return replace(book, off=book.off - {day}, work=work)


@dataclass
class Unit:
    """One unit with one deadline. counts_from, days: as they are kept; None after a day was named."""

    book: WorkCalendar
    today: date
    due: date
    counts_from: date | None
    days: int | None
    stopped: date | None = None

    @property
    def left(self) -> int:
        """Working days the unit has left, or had when its clock was stopped."""
        return working_days_between(start=self.stopped or self.today, end=self.due, book=self.book)

    def act(self, what: str, how: int | date) -> None:
        """Let one thing happen, and hold what came of it to the law."""
        if what == "wait":
            assert isinstance(how, int)
            self.today += timedelta(days=how)
        elif what == "pause" and self.stopped is None and self.today <= self.due:
            left, self.stopped = self.left, self.today
            assert self.left == left
        elif what == "resume" and self.stopped is not None:
            self.resume()
        elif what == "extend" and self.stopped is None and self.today <= self.due:
            self.extend(how)
        elif what in ("rest", "work"):
            assert isinstance(how, date)
            self.follow((with_rest if what == "rest" else with_work)(self.book, how))

    def resume(self) -> None:
        left = self.left
        assert self.stopped is not None
        due, given_back = resumed(
            due_on=self.due, stopped_on=self.stopped, resumes_on=self.today, book=self.book
        )
        assert given_back == max(1, left)
        self.due, self.counts_from, self.days, self.stopped = due.day, self.today, given_back, None
        assert self.left == max(1, left)

    def extend(self, how: int | date) -> None:
        assert isinstance(how, int)
        before = self.left
        self.due = after_working_days(start=self.due, working_days=how, book=self.book).day
        self.counts_from = self.days = None
        assert self.left == before + how

    def follow(self, after: WorkCalendar) -> None:
        """The calendar changes."""
        before, told, left = self.book, self.due, self.left
        due = recounted(
            due_on=told, counts_from=self.counts_from, working_days=self.days, before=before, after=after
        )
        self.book, self.due = after, due.day
        assert due.day >= told, "a told day was shortened"
        assert after.is_working(due.day) or not before.is_working(told)
        rolled = told
        while before.is_working(told) and not after.is_working(rolled):
            rolled += timedelta(days=1)
        if self.counts_from is None or self.days is None:
            assert due.day == rolled
            return
        start = first_day(counts_from=self.counts_from, before=before, after=after)
        counted = working_days_between(start=start, end=due.day, book=after)
        assert counted >= self.days, "a working day was lost"
        assert counted == self.days or due.day == rolled, "a working day was invented"
        self.counts_from = start
        if self.left < left:
            # Only what had been given beyond the days of the term may go: a told day that stood.
            assert counted >= self.days


@settings(max_examples=150, deadline=None)
@given(days=st.integers(1, 20), events=st.lists(EVENTS, max_size=10))
def test_no_order_of_events_loses_or_invents_a_working_day(
    days: int, events: list[tuple[str, int | date]]
) -> None:
    due = after_working_days(start=START, working_days=days, book=PLAIN).day
    unit = Unit(PLAIN, START, due, START, days)

    for what, how in events:
        unit.act(what, how)


@settings(max_examples=100, deadline=None)
@given(days=st.integers(1, 20), rests=st.lists(NEAR_DAYS, max_size=6))
def test_days_off_entered_one_by_one_come_to_the_same_as_all_at_once(days: int, rests: list[date]) -> None:
    ahead = [day for day in rests if day > START]
    due = after_working_days(start=START, working_days=days, book=PLAIN).day
    one_by_one, book = due, PLAIN
    for day in ahead:
        before, book = book, with_rest(book, day)
        one_by_one = recount(one_by_one, days, before, book).day

    assert one_by_one == recount(due, days, PLAIN, book).day
    assert one_by_one == after_working_days(start=START, working_days=days, book=book).day


def recount(due: date, days: int, before: WorkCalendar, after: WorkCalendar) -> Due:
    return recounted(due_on=due, counts_from=START, working_days=days, before=before, after=after)


def test_the_same_calendar_moves_nothing() -> None:
    assert recount(date(2026, 3, 9), 5, PLAIN, PLAIN).day == date(2026, 3, 9)


def test_a_told_day_that_becomes_a_rest_day_moves_on_even_when_days_were_won_before_it() -> None:
    after = with_rest(with_work(PLAIN, date(2026, 3, 7)), date(2026, 3, 9))

    assert recount(date(2026, 3, 9), 5, PLAIN, after).day == date(2026, 3, 10)


def test_what_was_given_on_a_day_that_becomes_a_rest_day_is_given_on_the_next() -> None:
    after = with_rest(PLAIN, START)

    assert recount(date(2026, 3, 9), 5, PLAIN, after).day == date(2026, 3, 10)


def test_calendar_days_move_on_from_a_rest_day_and_nothing_else() -> None:
    due = date(2026, 4, 1)

    moved = recounted(
        due_on=due,
        counts_from=START,
        working_days=None,
        calendar_days=30,
        before=PLAIN,
        after=with_rest(PLAIN, due),
    )

    assert moved.day == date(2026, 4, 2)


@pytest.mark.parametrize(("today", "may"), [(date(2026, 3, 18), True), (date(2026, 3, 19), False)])
def test_a_former_day_is_given_back_while_three_working_days_remain(today: date, may: bool) -> None:
    assert may_go_back(former=date(2026, 3, 23), today=today, book=PLAIN) is may


def test_a_year_without_a_notice_makes_it_an_estimate() -> None:
    unknown = replace(PLAIN, years=frozenset())

    assert recount(date(2026, 3, 9), 5, PLAIN, unknown).is_estimate
