"""Rows of the audit, of reading, of seals, anchors and verifications can be added and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from conduct import audit, guards, reads
from conduct.chain import anchoring, sealing, verification
from conduct.models import AnchorDelivery, AuditAnchor, AuditEntry, AuditSeal, ReadEntry, VerifyReport
from findings.models import LeadEntry
from tests.factories.cast import AT, open_office

pytestmark = pytest.mark.django_db
KEPT: list[type[models.Model]] = [
    AuditEntry,
    ReadEntry,
    AuditSeal,
    AuditAnchor,
    AnchorDelivery,
    VerifyReport,
    LeadEntry,
]
TABLES = [model._meta.db_table for model in KEPT]


def fill() -> None:
    """A row in each of the tables."""
    office = open_office()
    reads.forget()
    audit.record(at=AT, by=audit.SystemActor(), verb="house.tested", subject=office)
    reads.read(at=AT, by=audit.SystemActor(), subject=office, label="查看")
    sealing.keep_up(at=AT)
    anchoring.cast_if_due(at=AT + timedelta(hours=1))
    AnchorDelivery.objects.create(anchor_no=1, channel="file", at=AT, is_done=True)
    verification.verify(by=audit.SystemActor(), now=lambda: AT)
    LeadEntry.objects.create(seq=1, at=AT, verb="read", slot="1", digest="1")


def refused(statement: str) -> bool:
    """Whether the database says no."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as fault:
        return guards.WORDS in str(fault)
    return False


def test_these_tables_are_guarded() -> None:
    assert sorted(guards.GUARDED) == sorted(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_changed_or_removed(table: str) -> None:
    fill()

    assert refused(f"UPDATE {table} SET id = id")
    assert refused(f"DELETE FROM {table}")


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_no_table_can_be_emptied_at_once(table: str) -> None:
    fill()

    assert refused(f"TRUNCATE {table}")


@pytest.mark.sqlite
@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_pushed_out_by_another_of_its_number(table: str) -> None:
    fill()

    assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.sqlite
def test_no_seal_can_be_pushed_out_by_another_of_its_place_in_the_chain() -> None:
    fill()
    columns = "chain, seq, at, alg, previous, count, high, waiting, has_paper, members, digest"

    assert refused(
        f"INSERT OR REPLACE INTO conduct_auditseal ({columns}) SELECT {columns} FROM conduct_auditseal"
    )


def test_rows_can_be_added() -> None:
    fill()

    assert [model._default_manager.exists() for model in KEPT] == [True] * len(KEPT)


def test_every_migrate_sets_the_guards_again() -> None:
    guards.remove_guards(connection)
    assert {name.split("_no_")[0] for name in guards.guards_missing(connection)} == set(TABLES)

    call_command("migrate", verbosity=0)

    assert guards.guards_missing(connection) == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "model, name",
    [
        (AuditEntry, "label"),
        (ReadEntry, "label"),
        (AuditSeal, "alg"),
        (AuditAnchor, "alg"),
        (AnchorDelivery, "channel"),
        (VerifyReport, "by_name"),
    ],
)
def test_guards_stand_after_sqlite_rebuilds_a_table(model: type[models.Model], name: str) -> None:
    field = model._meta.get_field(name)
    wider = field.clone()  # type: ignore[union-attr]
    wider.set_attributes_from_name(name)
    wider.max_length += 1
    wider.model = model
    try:
        alter(model, field, wider)
        missing = guards.guards_missing(connection)
        call_command("migrate", verbosity=0)
        still_missing = guards.guards_missing(connection)
    finally:
        alter(model, wider, field)
        guards.install_guards(connection)

    assert any(trigger.startswith(model._meta.db_table) for trigger in missing)
    assert still_missing == []


def alter(model: type[models.Model], old: Any, new: Any) -> None:
    """Have SQLite make the table anew with the other column."""
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
