"""Fill a database with the city at scale and the table of the floor view, or bring a filled one up to date."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from tests.bench.stock import ACCOUNTS


def main(scale: int) -> None:
    """scale: how many findings to add; 0 migrates what is there."""
    django.setup()
    call_command("migrate", verbosity=0)
    if scale:
        begun = time.perf_counter()
        accounts = io.StringIO()
        call_command("demo", scale=scale, json=True, stdout=accounts)
        from tests.bench import floor

        floor.fill()
        (Path(os.environ["BENCH_FOLDER"]) / ACCOUNTS).write_text(accounts.getvalue())
        seconds = round(time.perf_counter() - begun, 1)
        print(json.dumps({"engine": connection.vendor, "page": "demo", "scale": scale, "seconds": seconds}))
    refresh_statistics()


def refresh_statistics() -> None:
    """Let the planner know what the seeding wrote, as a running server would."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main(int(sys.argv[1]))
