"""One ground for all tests of this folder: built once, every request put back, everything gone at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.template.backends.django import Template

from conduct import clock
from people.middleware import sittings, table
from tests.factories.inspections import AFTER

from . import rows
from .ground import Ground, build
from .knocking import successes
from .people import Asker, askers
from .walk import Answer, Sent, Walk, walk

Done = dict[tuple[str, str], tuple[Sent, Answer]]


@pytest.fixture(scope="package")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """The South, the North and the sealed plan, on a Monday morning."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(clock, "now", lambda: AFTER)
        # Noted once a minute, by the real clock: a query more in whatever is asked just then.
        patch.setattr(sittings, "SEEN_EVERY", timedelta(days=1))
        # A deployment with mail, so that people have something to choose.
        patch.setattr(settings, "MESSAGE_MAIL", True)
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def people(ground: Ground) -> dict[str, Asker]:
    """Everybody at a browser."""
    found = {asker.name: asker for asker in askers(ground)}
    rows.remember()
    return found


@pytest.fixture(scope="package")
def walked(ground: Ground, people: dict[str, Asker]) -> Walk:
    """Every page of the South as everybody sees it, fully rendered: from here the forms are known."""
    return walk(ground, list(people.values()), dict(table()))


@pytest.fixture(scope="package")
def done(walked: Walk) -> Done:
    """One form carried out at each door."""
    return successes(walked)


@pytest.fixture(scope="module")
def plainly(done: Done) -> Iterator[None]:
    """Fully rendered on SQLite; on PostgreSQL, once the forms are known, with a stub for every template."""
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "postgresql":
            patch.setattr(Template, "render", lambda self, context=None, request=None: "stub")
        yield
