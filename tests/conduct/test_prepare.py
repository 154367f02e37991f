"""What happens to the database before anything serves."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection

from conduct import guards
from conduct.management.commands import prepare
from people.models import User


def test_accounts_stand_in_columns_although_chinese_is_twice_as_wide() -> None:
    accounts = [
        {"username": "jb1", "password": "a-b-c", "role": "经办", "unit": "市办"},
        {"username": "ld1", "password": "d-e-f", "role": "分管领导", "unit": "市办"},
    ]

    lines = prepare.table(accounts).splitlines()

    clerk, leader = (next(line for line in lines if name in line) for name in ("jb1", "ld1"))
    assert prepare.columns(clerk) == prepare.columns(leader)
    assert "a-b-c" in clerk


@pytest.mark.django_db
def test_a_migrated_database_needs_nothing() -> None:
    assert prepare.is_current()


@pytest.mark.django_db
def test_a_database_whose_audit_lost_its_guards_is_set_right() -> None:
    guards.remove_guards(connection)

    assert not prepare.is_current()


@pytest.mark.django_db
def test_an_empty_office_stays_empty_when_the_demo_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "0")

    call_command("prepare", stdout=io.StringIO())

    assert not User.objects.exists()
