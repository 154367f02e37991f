"""Numbers of papers have no gaps and no doubles."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from conduct import numbering


@pytest.mark.django_db
def test_numbers_of_a_series_start_at_one_and_count_on() -> None:
    taken = [numbering.take(series="通报", year=2026) for _ in range(3)]

    assert taken == [1, 2, 3]


@pytest.mark.django_db
def test_each_year_and_each_series_counts_for_itself() -> None:
    numbering.take(series="通报", year=2026)

    assert numbering.take(series="通报", year=2027) == 1
    assert numbering.take(series="整改通知", year=2026) == 1


@pytest.mark.django_db
def test_a_paper_that_is_not_issued_gives_its_number_back() -> None:
    class Abandoned(Exception):
        pass

    with pytest.raises(Abandoned), transaction.atomic():
        numbering.take(series="通报", year=2026)
        raise Abandoned

    assert numbering.take(series="通报", year=2026) == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_is_not_taken_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        numbering.take(series="通报", year=2026)


@pytest.mark.django_db(transaction=True)
def test_issuers_at_the_same_moment_get_a_number_each() -> None:
    taken: list[int] = []
    starting = threading.Barrier(6)

    def issue() -> None:
        try:
            starting.wait()
            for _ in range(5):
                with transaction.atomic():
                    taken.append(numbering.take(series="通报", year=2026))
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(1, 31))


def test_a_number_is_written_with_the_year_in_hexagonal_brackets_and_no_padding() -> None:
    assert numbering.written(code="安督通", year=2026, seq=5) == "安督通〔2026〕5号"
