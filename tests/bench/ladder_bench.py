"""What a pass of the ladder costs: it grows with what is due, not with what is open. JSON lines, on PostgreSQL.

python -m tests.bench --ladder, or python -m tests.bench.ladder_bench [open ...]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent
OPEN = (10_000, 100_000)
AT_MOST_SECONDS = 20
# Of each size: a common day, a bad one, and the first pass over a house in which everything has been overdue for days.
SHARES = ("1000", "tenth", "all")
DUE, LATER, TODAY = date(2026, 3, 23), date(2026, 6, 1), date(2026, 3, 26)


def measure(sizes: tuple[int, ...] = OPEN) -> int:
    """Measure in a process of its own; 1 when it failed or took too long."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
    environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with services.postgres() as url:
        command = [sys.executable, "-m", "tests.bench.ladder_bench", *map(str, sizes), "inside"]
        done = subprocess.run(command, cwd=ROOT, env=environ | {"TEST_DATABASE_URL": url}, check=False)
    return int(done.returncode != 0)


def inside(sizes: list[int]) -> int:
    """Fill, climb, and empty again, for each size and share; 1 when one pass took too long."""
    import django

    django.setup()
    from django.core.management import call_command

    from conduct.calendar import seed
    from tests.factories.cast import AT, stand_up
    from tests.factories.findings import Line

    call_command("migrate", verbosity=0)
    seed.ship(at=AT)
    base = Line(stand_up()).received()
    slow = 0
    for size in sizes:
        for share in SHARES:
            slow |= _pass(base, size, share)
    return slow


def _pass(base: Any, size: int, share: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from conduct.clock import moment
    from findings.actions import ladder
    from findings.models import Finding, Supervision

    due = {"1000": 1000, "tenth": size // 10, "all": size}[share]
    _fill(base, size, due, rung=0 if share == "all" else 3)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        ladder.climb(at=moment(TODAY) + timedelta(hours=9))
    seconds = round(time.perf_counter() - begun, 2)
    told = {
        "engine": connection.vendor,
        "ladder": "first pass" if share == "all" else "a day",
        "open": size,
        "due": due,
        "steps": Supervision.objects.count(),
        "queries": len(queries),
        "seconds": seconds,
        "at_most": AT_MOST_SECONDS,
    }
    print(json.dumps(told), flush=True)
    Supervision.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM findings_finding WHERE id <> %s", [base.pk])
    Finding.objects.update(rung=0)
    return int(seconds > AT_MOST_SECONDS)


def _fill(base: Any, size: int, due: int, *, rung: int) -> None:
    """So many open findings like the one there is, the first of them overdue since three working days."""
    from django.db import connection

    from findings.models import Finding

    own = {
        "id": "gen_random_uuid()",
        "rung": f"CASE WHEN n <= {due} THEN {rung} ELSE 0 END",
        **dict.fromkeys(
            ("due_on", "runs_until"), f"CASE WHEN n <= {due} THEN DATE '{DUE}' ELSE DATE '{LATER}' END"
        ),
    }
    columns = [str(field.column) for field in Finding._meta.concrete_fields]
    values = ", ".join(own.get(name, f'"{name}"') for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO findings_finding ({listed}) SELECT {values} FROM findings_finding, "
            f"generate_series(1, {size}) AS n WHERE id = %s",
            [base.pk],
        )
        cursor.execute(
            "UPDATE findings_finding SET runs_until = %s, due_on = %s WHERE id = %s", [LATER, LATER, base.pk]
        )
        cursor.execute("ANALYZE findings_finding")


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:] if word.isdecimal()] or list(OPEN)
    sys.exit(inside(asked) if "inside" in sys.argv else measure(tuple(asked)))
