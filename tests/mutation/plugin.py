"""One mutant, one office: each process has a database and a data folder of its own, ready at once.

A mutant that leaves a spoilt file or row behind would otherwise be the death of the next one, which did nothing.
"""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pypinyin  # noqa: F401 the product loads it late, each mutant would again
import pytest
from django.conf import settings
from django.db.backends.sqlite3.creation import DatabaseCreation

MIGRATED = Path("migrated.sqlite3").absolute()
STATS = Path("mutmut-stats.json").absolute()
_migrate = DatabaseCreation.create_test_db

# A loaded machine is slow and chance is not repeatable; neither may kill.
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("mutants")


def pytest_configure(config: pytest.Config) -> None:
    """Move everything the settings keep in the data folder to a new one."""
    old, new = settings.DATA_DIR, Path(tempfile.mkdtemp(prefix="mutant-"))
    for name in dir(settings):
        value = getattr(settings, name)
        if isinstance(value, Path) and value.is_relative_to(old):
            setattr(settings, name, new / value.relative_to(old))
    settings.STATIC_ROOT.mkdir()
    settings.DATABASES["default"]["TEST"]["NAME"] = str(new / "test.sqlite3")
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, since most mutants die young; last what starts a server, and what empties the tables."""
    if not STATS.exists():
        return
    seconds = json.loads(STATS.read_text(encoding="utf-8"))["duration_by_test"]

    def turn(item: pytest.Item) -> tuple[bool, bool, float]:
        mark = item.get_closest_marker("django_db")
        starts = "authority" in getattr(item, "fixturenames", ())
        return bool(mark and mark.kwargs.get("transaction")), starts, seconds.get(item.nodeid, 0.0)

    items.sort(key=turn)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def _copy_or_migrate(creation: DatabaseCreation, *given: Any, **options: Any) -> str:
    """The first process migrates and keeps a copy; the others begin with that."""
    connection = creation.connection
    if not MIGRATED.exists():
        name = _migrate(creation, *given, **options)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(MIGRATED)])
        return name
    name = creation._get_test_db_name()
    connection.close()
    shutil.copyfile(MIGRATED, name)
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    return name


DatabaseCreation.create_test_db = _copy_or_migrate
