"""Ids given to transactions that have not ended: they are waited for, sealed when they come, and given up when not.

Only PostgreSQL shows rows late (test_sealing.py lets it); here rows are put into gaps by hand, on either engine.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from conduct import audit, clock, reads
from conduct.chain import books, lateness, proof, sealing
from conduct.models import AuditEntry, AuditSeal
from tests.conduct.chain import ledger
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
SINCE = books.spelt(AT)
LATER = AT + timedelta(minutes=1)


class Book:
    """The book of changes, its rows numbered from the first one sealed here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        monkeypatch.setattr(lateness, "can_be_late", lambda: True)
        self.it_is(AT, all_ended_before=AT)
        self.first = ledger.write()[0].pk
        self.seal()

    def it_is(self, moment: datetime, *, all_ended_before: datetime) -> None:
        """What the database tells of the time and of transactions."""
        self.monkeypatch.setattr(lateness, "moment", lambda: moment)
        self.monkeypatch.setattr(lateness, "all_ended_before", lambda: all_ended_before)

    def put(self, *numbers: int) -> None:
        """Rows become visible under these numbers."""
        names = ", ".join(proof.FIELDS["changes"][1:])
        for number in numbers:
            ledger.tamper(
                f"INSERT INTO conduct_auditentry (id, {names}) "
                f"SELECT {self.first + number}, {names} FROM conduct_auditentry WHERE id = {self.first}"
            )

    def seal(self) -> AuditSeal | None:
        return sealing.seal(books.CHANGES, at=clock.now())

    def waits_for(self) -> list[tuple[int, int]]:
        """The gaps the last seal waits for."""
        last = books.newest(books.CHANGES)
        assert last is not None
        return [(one - self.first, end - self.first) for one, end, _ in last.waiting if one > self.first]

    def sealed(self) -> list[int]:
        """Numbers of the rows under the last seal, as they stand there."""
        last = books.newest(books.CHANGES)
        assert last is not None
        return [pk - self.first for pk, _ in books.sealed(last).leaves()]


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return Book(monkeypatch)


def test_numbers_passed_over_are_waited_for_from_now_on(book: Book) -> None:
    book.put(1, 4, 5, 7)

    seal = book.seal()

    assert seal is not None
    assert [gap for gap in seal.waiting if gap[0] > book.first] == [
        [book.first + 2, book.first + 3, SINCE],
        [book.first + 6, book.first + 6, SINCE],
    ]
    assert (seal.high, seal.count) == (book.first + 7, 4)


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ([1], [(2, 5)]),
        ([5], [(1, 4)]),
        ([3], [(1, 2), (4, 5)]),
        ([2, 4], [(1, 1), (3, 3), (5, 5)]),
        ([2, 3], [(1, 1), (4, 5)]),
        ([1, 2, 3, 4, 5], []),
    ],
)
def test_rows_that_come_late_are_sealed_and_the_rest_is_waited_for(
    book: Book, came: list[int], left: list[tuple[int, int]]
) -> None:
    book.put(6)
    book.seal()
    assert book.waits_for() == [(1, 5)]
    book.put(*came)

    book.seal()

    assert book.sealed() == came
    assert book.waits_for() == left
    assert ledger.house_says() == ""


def test_each_gap_is_waited_for_on_its_own(book: Book) -> None:
    book.put(3, 6)
    book.seal()
    book.put(2, 4)

    book.seal()

    assert book.sealed() == [2, 4]
    assert book.waits_for() == [(1, 1), (5, 5)]


def test_late_rows_and_new_ones_go_under_one_seal_by_their_numbers(book: Book) -> None:
    book.put(3)
    book.seal()
    book.put(5, 1)

    seal = book.seal()

    assert seal is not None and (seal.count, seal.high) == (2, book.first + 5)
    assert book.sealed() == [1, 5]
    assert book.waits_for() == [(2, 2), (4, 4)]


def test_a_late_row_alone_does_not_move_the_end(book: Book) -> None:
    book.put(3)
    book.seal()
    book.put(1)

    seal = book.seal()

    assert seal is not None and (seal.count, seal.high) == (1, book.first + 3)


def test_a_gap_is_given_up_when_all_who_had_begun_before_it_was_seen_have_ended(book: Book) -> None:
    book.put(3)
    book.seal()
    book.it_is(LATER, all_ended_before=AT + timedelta(microseconds=1))
    book.put(6)

    book.seal()

    assert book.waits_for() == [(4, 5)]


def test_a_gap_is_not_given_up_while_one_who_had_begun_by_then_may_be_at_work(book: Book) -> None:
    book.put(3)
    book.seal()
    book.it_is(LATER, all_ended_before=AT)
    book.put(4)

    book.seal()

    assert book.waits_for() == [(1, 2)]


def test_of_several_gaps_only_the_old_ones_are_given_up(book: Book) -> None:
    book.put(3)
    book.seal()
    book.it_is(LATER, all_ended_before=AT)
    book.put(6)
    book.seal()
    book.it_is(LATER, all_ended_before=LATER)
    book.put(7)

    book.seal()

    assert book.waits_for() == [(4, 5)]


def test_what_is_left_of_a_gap_is_waited_for_no_longer_than_the_gap_itself(book: Book) -> None:
    book.put(4)
    book.seal()
    book.it_is(LATER, all_ended_before=AT)
    book.put(2)

    seal = book.seal()

    assert seal is not None
    assert {gap[2] for gap in seal.waiting} == {SINCE}


def test_a_row_put_into_a_gap_that_was_given_up_is_an_inserted_one(book: Book) -> None:
    book.put(3)
    book.seal()
    book.it_is(LATER, all_ended_before=LATER)
    book.put(4)
    book.seal()
    book.put(2)

    assert book.seal() is None
    assert ledger.house_says() == (
        f"第{book.first + 2}号审计记录不在任何封存之内，却排在已封存的记录前面：是事后插入的。"
    )


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_row_that_came_late_and_is_not_sealed_yet_is_no_fault(book: Book, number: int) -> None:
    book.put(4)
    book.seal()
    book.put(number)

    assert ledger.house_says() == ""


def test_the_last_sealed_row_deleted_is_named_behind_one_that_came_late(book: Book) -> None:
    book.put(3)
    book.seal()
    book.put(1)
    ledger.tamper("DELETE FROM conduct_auditentry WHERE id = %s", book.first + 3)

    assert ledger.house_says().startswith(f"第{book.first + 3}号审计记录不见了")


@pytest.mark.sqlite
def test_where_rows_are_never_late_nothing_is_waited_for() -> None:
    entries = ledger.write(3)
    ledger.tamper("DELETE FROM conduct_auditentry WHERE id = %s", entries[1].pk)

    seal = sealing.seal(books.CHANGES, at=AT)

    assert seal is not None and seal.waiting == []
    assert not lateness.can_be_late()
    assert lateness.all_ended_before() > AT + timedelta(days=100_000)


def test_a_round_seals_both_books_and_counts_the_seals(book: Book) -> None:
    book.put(1)
    entry = AuditEntry.objects.get(pk=book.first)
    reads.read(at=AT, by=audit.SystemActor(), subject=entry, label="查看")

    assert sealing.keep_up(at=AT) == 2
    assert books.ends() == {"changes": 2, "reads": 1}
