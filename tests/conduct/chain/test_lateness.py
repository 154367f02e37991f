"""Since when everything has ended, as the database itself tells; and what is assumed where it does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from conduct.chain import lateness

pytestmark = pytest.mark.postgres


@contextmanager
def another_session() -> Iterator[BaseDatabaseWrapper]:
    """A session of the same database beside this one, in the hands of its owner, with a transaction to begin."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        yield other
    finally:
        other.close()


@contextmanager
def as_a_stranger() -> Iterator[None]:
    """This session in the hands of a role that may not look at what others do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE stranger_of_the_chain")
        cursor.execute("SET LOCAL ROLE stranger_of_the_chain")
        yield
        transaction.set_rollback(True)


def begun_in(session: BaseDatabaseWrapper) -> datetime:
    """Begin a transaction there; when it began."""
    with session.cursor() as cursor:
        cursor.execute("SELECT now()")
        found: datetime = cursor.fetchone()[0]
    return found


@pytest.mark.django_db(transaction=True)
def test_with_nothing_open_beside_us_all_has_ended_by_now() -> None:
    before = lateness.moment()

    assert before <= lateness.all_ended_before() <= lateness.moment()


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_of_another_session_has_not_ended() -> None:
    with another_session() as other:
        begun = begun_in(other)

        assert lateness.all_ended_before() == begun


@pytest.mark.django_db(transaction=True)
def test_a_session_the_database_hides_may_have_been_open_as_long_as_any() -> None:
    with another_session() as other, as_a_stranger():
        begun_in(other)
        now = lateness.moment()

        found = lateness.all_ended_before()

    assert now - lateness.LONGEST <= found <= lateness.moment() - lateness.LONGEST


@pytest.mark.django_db(transaction=True)
def test_a_stranger_alone_in_the_database_has_nothing_hidden_from_him() -> None:
    with as_a_stranger():
        now = lateness.moment()

        assert lateness.all_ended_before() >= now
