"""What proving a long audit costs, in the house and with the standalone verifier: JSON lines for both engines.

python -m tests.bench.chain_bench [rows]
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import services
from tests.bench import report

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = 1_000_000
AT_MOST_SECONDS = 60
ROWS_A_SEAL = 500
FILL = """
    INSERT INTO conduct_auditentry (at, actor_id, actor_name, verb, label, subject_type, subject_id, subject_name,
                                    before, after, reason, details)
    SELECT {at}, CAST(n % 300 AS varchar), '经办' || (n % 300), 'findings.confirm', '审核通过',
           'findings.finding', CAST(n AS varchar), '第' || (n % 900) || '街道办事处窗口无人值守',
           'raised', 'confirmed', '事实清楚、依据明确，第' || n || '次核对后予以认定，请责任单位限期整改并报送报告。',
           {json}('{{"number": "安督整〔2026〕' || n || '号", "version": 3}}')
    FROM {source}
"""
SOURCES = {
    "sqlite": (
        "",
        "'2026-03-02 01:00:00.' || printf('%06d', n % 1000000)",
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows}) SELECT n FROM c)",
    ),
    "postgresql": (
        "jsonb",
        "timestamptz '2026-03-02 01:00:00+00' + n * interval '1 microsecond'",
        "generate_series(1, {rows}) AS n",
    ),
}


def measure(engine: str, rows: int) -> int:
    """Measure one engine in a process of its own; 1 when it failed."""
    with contextlib.ExitStack() as stack:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
        environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        if engine == "postgresql":
            environ["TEST_DATABASE_URL"] = stack.enter_context(services.postgres())
        command = [sys.executable, "-m", "tests.bench.chain_bench", str(rows), "inside"]
        return report.measured(f"chain-{engine}-{rows}", command, environ)


@contextlib.contextmanager
def timed(what: str, rows: int, at_most: float | None = None) -> Iterator[None]:
    """Print one JSON line about the block."""
    from django.db import connection

    begun, worked = time.perf_counter(), cpu()
    yield
    told = {
        "engine": connection.vendor,
        "chain": what,
        "rows": rows,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(cpu() - worked, 1),
        "at_most": at_most,
    }
    print(json.dumps(told, ensure_ascii=False), flush=True)


def cpu() -> float:
    """Seconds this process and what it started have worked, whatever the neighbours did."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def inside(rows: int) -> None:
    """Fill, seal, verify, export, and verify the export."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from conduct import clock, verifying
    from conduct.chain import exporting, proof, sealing

    call_command("migrate", verbosity=0)
    as_json, at, source = SOURCES[connection.vendor]
    with timed("fill", rows), connection.cursor() as cursor:
        cursor.execute(FILL.format(json=as_json, at=at, source=source.format(rows=rows)))
    sealing.MOST_ROWS = ROWS_A_SEAL
    with timed("seal", rows):
        while sealing.keep_up(at=clock.now()):
            pass
    with timed("verify", rows, AT_MOST_SECONDS):
        outcomes = list(verifying.run(at=clock.now(), on_step=lambda entry, done, total: None))
    assert [outcome.checked.fault for outcome in outcomes if outcome.checked.fault] == []
    with tempfile.TemporaryDirectory() as folder:
        with timed("export", rows):
            exporting.export(Path(folder), at=clock.now(), with_files=False)
        with timed("verify_audit.py", rows, AT_MOST_SECONDS):
            subprocess.run([sys.executable, "-I", proof.__file__, folder], check=True, stdout=subprocess.PIPE)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    if "inside" in sys.argv:
        inside(asked)
    else:
        sys.exit(max(measure(engine, asked) for engine in ("sqlite", "postgresql")))
