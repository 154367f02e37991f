"""The record of what happened can be added to and nothing else, on both engines."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from conduct import audit
from conduct.models import AuditEntry
from tests.factories.cast import AT, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    unit = make_unit("安平市")
    person = make_user("someone", "经办甲", home=unit)
    return audit.record(at=AT, by=person, verb="people.rename", subject=unit, label="更名", reason="机构改革")


def test_an_entry_keeps_the_names_as_they_were(entry: AuditEntry) -> None:
    person = make_user("other", "经办乙")
    person.name = "改名后"
    person.save()

    entry.refresh_from_db()
    assert (entry.actor_name, entry.subject_name, entry.subject_type) == ("经办甲", "安平市", "people.unit")


def test_the_system_may_act_too(entry: AuditEntry) -> None:
    written = audit.record(at=AT, by=audit.SystemActor(), verb="x.y", subject=entry)

    assert (written.actor_id, written.actor_name) == ("", "系统")


def test_an_entry_cannot_be_changed(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(reason="另一个理由")

    entry.refresh_from_db()
    assert entry.reason == "机构改革"


def test_an_entry_cannot_be_removed(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).delete()

    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_raw_sql_is_refused_as_well(entry: AuditEntry) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM conduct_auditentry")

    assert AuditEntry.objects.count() == 1
