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

from tests import services

# What a run tells its phases: the model as a file, and the server that has it as a database.
FILE = "TEST_MIGRATED_FILE"
SERVER = "TEST_MIGRATED_SERVER"
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
    if FILE in os.environ:
        shutil.copyfile(os.environ[FILE], target)


def copy_to_postgres(name: str) -> None:
    """Make a test process's own database from the model, on the same server."""
    if SERVER not in os.environ:
        return
    server = os.environ[SERVER]
    _order(
        server,
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{NAME}"',
    )


def copy_to_another_server(url: str) -> None:
    """Fill an empty database on another server, by its URL, with the model."""
    programs = services.postgres_programs()
    if SERVER not in os.environ or programs is None:
        return
    words = ["--host", os.environ[SERVER], "--username", "tests", "--no-owner", NAME]
    dump = subprocess.run([str(programs / "pg_dump"), *words], check=True, stdout=subprocess.PIPE)
    told = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--host", services.socket_of(url)]
    subprocess.run(
        [str(programs / "psql"), *told, "--username", "tests", url.rsplit("/", 1)[1]],
        input=dump.stdout,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _order(server: str, *orders: str) -> None:
    """Databases are made and dropped outside of transactions."""
    connection = psycopg2.connect(host=server, user="tests", dbname="postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for order in orders:
            cursor.execute(order)
