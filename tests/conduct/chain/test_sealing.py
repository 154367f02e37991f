"""Seals are added beside the work of people: they miss no row, whoever commits when, and hold nobody up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from conduct import clock, relay
from conduct.chain import anchoring, books, heads, lateness, proof, sealing
from conduct.models import AuditAnchor, AuditEntry, AuditSeal
from tests.conduct.chain import ledger
from tests.conftest import wait_until
from tests.factories.cast import AT, open_office


def covered(chain: str = books.CHANGES) -> list[int]:
    """Ids of all rows under seals, by id."""
    seals = books.seals(chain, up_to=10_000)
    return sorted(pk for seal in seals for pk, _ in seal.leaves())


@pytest.mark.django_db
def test_a_seal_covers_every_row_that_is_not_covered_yet() -> None:
    first = ledger.write(3)
    sealing.keep_up(at=AT)
    second = ledger.write(2)
    sealing.keep_up(at=AT)

    assert covered() == [entry.pk for entry in [*first, *second]]
    assert list(AuditSeal.objects.order_by("seq").values_list("seq", "count")) == [(1, 3), (2, 2)]


@pytest.mark.django_db
def test_nothing_new_makes_no_seal() -> None:
    ledger.write()
    assert sealing.keep_up(at=AT) == 1

    assert sealing.keep_up(at=AT) == 0


@pytest.mark.django_db
def test_each_seal_names_the_digest_of_the_one_before() -> None:
    ledger.write_and_seal(3)

    first, second, third = AuditSeal.objects.order_by("seq")
    assert (first.previous, second.previous, third.previous) == ("", first.digest, second.digest)


@pytest.mark.django_db
def test_many_rows_go_under_several_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_ROWS", 4)
    written = ledger.write(10)

    assert sealing.keep_up(at=AT) == 3
    assert covered() == [entry.pk for entry in written]


@pytest.mark.django_db
def test_a_round_ends_after_so_many_seals_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_ROWS", 2)
    ledger.write(10)

    assert sealing.keep_up(at=AT, most=2) == 2
    assert sealing.keep_up(at=AT) == 3


@pytest.mark.django_db
def test_the_algorithm_stands_in_each_seal_and_may_change_on_the_way(settings) -> None:
    ledger.write_and_seal(1)
    settings.CHAIN_ALG = "sm3"
    ledger.write_and_seal(1)
    settings.CHAIN_ALG = "sha256"
    ledger.write_and_seal(1)

    assert list(AuditSeal.objects.order_by("seq").values_list("alg", flat=True)) == [
        "sha256",
        "sm3",
        "sha256",
    ]
    assert ledger.house_says() == ""


@pytest.mark.django_db
def test_a_row_sealed_with_sm3_is_proved_with_sm3(settings) -> None:
    settings.CHAIN_ALG = "sm3"
    entries = ledger.write_and_seal(1)

    ledger.tamper("UPDATE conduct_auditentry SET reason = 'x' WHERE id = %s", entries[1].pk)

    assert ledger.house_says().startswith(f"第{entries[1].pk}号审计记录的内容")


@pytest.mark.django_db
def test_of_two_sealers_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    written = ledger.write(3)
    really_write = sealing._write

    def meanwhile(wanted: proof.Seal, **facts: object) -> AuditSeal | None:
        monkeypatch.setattr(sealing, "_write", really_write)
        assert sealing.keep_up(at=AT) == 1
        return really_write(wanted, **facts)

    monkeypatch.setattr(sealing, "_write", meanwhile)

    assert sealing.seal(books.CHANGES, at=AT) is None
    assert covered() == [entry.pk for entry in written]


@pytest.mark.django_db(transaction=True)
def test_sealers_racing_on_one_book_leave_one_chain() -> None:
    written = ledger.write(30)
    start = threading.Barrier(4)

    def race() -> None:
        start.wait()
        for _ in range(10):
            sealing.keep_up(at=clock.now())
        connections.close_all()

    racers = [threading.Thread(target=race) for _ in range(3)]
    for racer in racers:
        racer.start()
    start.wait()
    for _ in range(30):
        written += ledger.write()
    for racer in racers:
        racer.join()
    sealing.keep_up(at=clock.now())

    assert covered() == sorted(entry.pk for entry in written)
    assert ledger.house_says() == ""


@contextmanager
def held_open(work: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Do the work in a transaction of another session; calling what is yielded lets it commit."""
    began, go = threading.Event(), threading.Event()

    def session() -> None:
        with transaction.atomic():
            work()
            began.set()
            go.wait(20)
        connections.close_all()

    thread = threading.Thread(target=session)
    thread.start()
    assert began.wait(20)

    def end() -> None:
        go.set()
        thread.join()

    yield end
    end()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_committed_after_later_ones_were_sealed_is_sealed_too() -> None:
    open_office()

    with held_open(lambda: ledger.write(2)) as commit:
        early = ledger.write(2)
        sealing.keep_up(at=AT)
        assert covered() == [entry.pk for entry in early]
        assert ledger.house_says() == ""
        commit()
    sealing.keep_up(at=AT)

    everything = list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))
    assert everything[0] < early[0].pk
    assert covered() == everything
    assert ledger.house_says() == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_ids_of_a_transaction_that_was_given_up_are_not_waited_for_for_ever() -> None:
    open_office()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.write(3)
        raise ZeroDivisionError
    ledger.write()
    sealing.keep_up(at=AT)
    assert newest().waiting != []

    ledger.write()
    sealing.keep_up(at=AT)

    assert newest().waiting == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_gap_is_waited_for_as_long_as_a_transaction_from_before_is_open() -> None:
    open_office()

    with held_open(lambda: ledger.write(1)) as commit:
        for _ in range(3):
            ledger.write()
            sealing.keep_up(at=AT)
        assert len(newest().waiting) == 1
        commit()
    sealing.keep_up(at=AT)

    assert newest().waiting == []
    assert len(covered()) == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_put_into_a_gap_nobody_waits_for_is_an_inserted_one() -> None:
    open_office()
    ledger.write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        gap = ledger.write()[0].pk
        raise ZeroDivisionError
    for _ in range(2):
        ledger.write()
        sealing.keep_up(at=AT)
    names = ", ".join(proof.FIELDS["changes"][1:])

    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO conduct_auditentry (id, {names}) SELECT {gap}, {names} FROM conduct_auditentry LIMIT 1"
        )

    assert ledger.house_says().startswith(f"第{gap}号审计记录不在任何封存之内")


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_nobody_and_nobody_for_sealing() -> None:
    """Someone's transaction stands open all the while; on SQLite it has the one write lock, so the seal comes later."""
    ledger.write(3)

    with held_open(lambda: ledger.write(1)) as commit:
        if connection.vendor == "postgresql":
            assert sealing.keep_up(at=AT) == 1
        else:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 50")
            with pytest.raises(DatabaseError, match="locked"):
                sealing.keep_up(at=AT)
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 20000")
        commit()
    sealing.keep_up(at=AT)

    assert len(covered()) == 4


def newest() -> AuditSeal:
    seal = books.newest(books.CHANGES)
    assert seal is not None
    return seal


@pytest.mark.django_db
def test_the_relay_seals_and_casts_the_first_anchor() -> None:
    ledger.write()

    relay.seal()

    assert covered() != []
    assert AuditAnchor.objects.count() == 1


@pytest.mark.django_db
def test_a_chain_that_cannot_be_written_does_not_stop_the_relay(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(sealing, "keep_up", fail)

    relay.seal()

    assert "audit not sealed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_embedded_worker_seals_within_seconds(crew) -> None:
    ledger.write(2)

    crew.start_embedded()

    wait_until(lambda: len(covered()) == 2)


@pytest.mark.django_db
def test_ages_tell_how_far_behind_the_sealer_is() -> None:
    assert heads.ages(at=AT) == heads.Ages(None, None, 0)
    ledger.write_and_seal(1, at=AT)
    anchoring.cast_if_due(at=AT)
    ledger.write(2)

    assert heads.ages(at=AT + timedelta(seconds=90)) == heads.Ages(seal=90, anchor=90, unsealed=90)


@pytest.mark.django_db
def test_rows_left_unsealed_for_long_are_a_fault() -> None:
    ledger.write_and_seal(1, at=clock.now() - timedelta(minutes=40))
    ledger.write(2)

    said = ledger.house_says()

    assert said == "审计记录有 2 条尚未封存，最近一次封存在 40 分钟以前：封存程序停了。"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_sealer_that_looked_only_at_the_highest_id_would_lose_a_late_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What watching the gaps is for."""
    monkeypatch.setattr(lateness, "can_be_late", lambda: False)
    open_office()

    with held_open(lambda: ledger.write(1)) as commit:
        ledger.write(1)
        sealing.keep_up(at=AT)
        commit()
    sealing.keep_up(at=AT)

    assert len(covered()) == 1
    assert "是事后插入的" in ledger.house_says()
