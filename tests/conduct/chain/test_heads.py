"""What people and machines are told of the chain: the head a paper prints, how old the ends are, what waits."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from conduct import audit, reads
from conduct.chain import anchoring, books, heads, sealing
from conduct.models import AuditEntry
from tests.conduct.chain import ledger
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def look(entry: AuditEntry) -> None:
    """Somebody looks at a row."""
    reads.read(at=AT, by=audit.SystemActor(), subject=entry, label="查看")


def test_before_the_first_seal_a_paper_prints_no_head() -> None:
    ledger.write()

    assert heads.to_print() is None


def test_a_paper_prints_the_last_seal_of_what_was_done() -> None:
    entries = ledger.write_and_seal(2, at=AT)
    look(entries[0])
    for _ in range(3):
        sealing.keep_up(at=AT)

    printed = heads.to_print()

    assert printed is not None
    assert (printed.seq, printed.digest) == (2, books.head_of("changes", 2))


def test_each_book_has_heads_of_its_own() -> None:
    entries = ledger.write_and_seal(1, at=AT)
    look(entries[0])
    sealing.keep_up(at=AT)

    first, other = books.head_of("changes", 1), books.head_of("reads", 1)
    assert None not in (first, other) and first != other
    assert books.head_of("reads", 2) is None


def test_a_book_without_a_seal_ends_at_none() -> None:
    ledger.write_and_seal(2, at=AT)

    assert books.ends() == {"changes": 2, "reads": 0}
    assert [seal.seq for seal in books.seals("changes", up_to=1)] == [1]


def test_a_moment_is_hashed_in_utc_to_the_microsecond_however_it_is_stored() -> None:
    entry = ledger.write_and_seal(1, at=AT.replace(microsecond=123456))[0]
    hashed = "2026-03-02T01:00:00.123456+00:00"

    assert json.loads(dict(books.rows("changes"))[entry.pk])[1] == hashed
    stored = "2026-03-02 09:00:00.123456+08:00"
    ledger.tamper("UPDATE conduct_auditentry SET at = %s WHERE id = %s", stored, entry.pk)
    assert json.loads(dict(books.rows("changes"))[entry.pk])[1] == hashed


def test_ages_of_what_was_just_done_are_nothing() -> None:
    ledger.write_and_seal(1, at=AT)
    anchoring.cast_if_due(at=AT)

    assert heads.ages(at=AT) == heads.Ages(0, 0, 0)


def test_a_clock_put_back_makes_no_age_below_nothing() -> None:
    ledger.write_and_seal(1, at=AT)

    assert heads.ages(at=AT - MINUTE) == heads.Ages(0, None, 0)


def test_what_waits_is_told_by_the_oldest_row_not_sealed_in_either_book() -> None:
    entries = ledger.write_and_seal(1, at=AT)
    ledger.write(at=AT + 2 * MINUTE)
    ledger.write(at=AT + 3 * MINUTE)

    assert heads.ages(at=AT + 4 * MINUTE).unsealed == 120
    look(entries[0])
    assert heads.ages(at=AT + 4 * MINUTE).unsealed == 240


def test_the_age_of_the_seals_is_that_of_the_newer_of_both_books() -> None:
    entries = ledger.write_and_seal(1, at=AT)
    look(entries[0])
    sealing.keep_up(at=AT + MINUTE)

    assert heads.ages(at=AT + 2 * MINUTE).seal == 60


def test_the_age_of_the_anchors_is_that_of_the_last() -> None:
    for minutes in (0, 10):
        ledger.write_and_seal(1, at=AT)
        anchoring.cast_if_due(at=AT + minutes * MINUTE)

    assert heads.ages(at=AT + 11 * MINUTE).anchor == 60


def test_rows_above_the_last_seal_are_counted_book_by_book_up_to_a_bound() -> None:
    entries = ledger.write_and_seal(1, entries=3, at=AT)
    ledger.write(2)
    look(entries[0])

    assert (heads.unsealed("changes"), heads.unsealed("reads")) == (2, 1)
    assert heads.unsealed("changes", most=1) == 1
