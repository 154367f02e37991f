"""A migrated database made once for a whole run of the tests; every process begins with a copy of it.

To migrate takes a process longer than a hundred tests do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2

# Where a test process finds the model: a file, or the name of a database on its server.
MODEL = "TEST_MIGRATED"
NAME = "migrated"
ROOT = Path(__file__).resolve().parent.parent


def begin(*, url: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    """Fill a model in a process of its own, so that both engines are filled beside each other."""
    return subprocess.Popen(
        [sys.executable, "-m", "django", "migrate", "--settings=tests.settings", "--verbosity=0"],
        cwd=ROOT,
        env=environ | {"TEST_DATABASE_URL": url},
    )


def make_database(*, server: str) -> str:
    """An empty database for the model on that server; returns its URL.

    server: the folder of its unix socket
    """
    _order(server, f'CREATE DATABASE "{NAME}"')
    return f"postgres://tests@/{server}/{NAME}"


def copy_to_sqlite(target: Path) -> None:
    """Put a copy of the model where a test process, or an office it starts, expects its database."""
    shutil.copyfile(os.environ[MODEL], target)


def copy_to_postgres(*, server: str, name: str) -> None:
    """Make a test process's own database from the model."""
    _order(
        server,
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{NAME}"',
    )


def _order(server: str, *orders: str) -> None:
    """Databases are made and dropped outside of transactions."""
    connection = psycopg2.connect(host=server, user="tests", dbname="postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for order in orders:
            cursor.execute(order)
