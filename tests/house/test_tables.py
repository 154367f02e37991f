"""Every test, on either engine, finds the tables as a fresh office has them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from conduct import audit, clock, guards
from conduct.models import AuditEntry, CalendarDay, CalendarYear
from tests.factories import cast


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_leaves_only_what_was_shipped(turn: int) -> None:
    assert CalendarYear.objects.filter(year=2026).exists()
    assert CalendarDay.objects.exists()
    assert not AuditEntry.objects.exists()

    audit.record(at=clock.now(), by=audit.SystemActor(), verb="house.tested", subject=cast.open_office())
    CalendarDay.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_guards_of_the_audit_stand_again_after_a_test_that_commits(turn: int) -> None:
    audit.record(at=clock.now(), by=audit.SystemActor(), verb="house.tested", subject=cast.open_office())

    assert guards.guards_missing(connection) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()
