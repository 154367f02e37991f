"""The ledger as a workbook: seconds and memory of the job, beside the writer library's own time for the same cells.

python -m tests.bench.xlsx_bench [--scale 100000] [--engine sqlite]: one JSON line an engine.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.bench import report, stock

SCALE = 100_000
AT_MOST_RATIO, AT_MOST_MB = 3.0, 150
MEGABYTE = 1024


def main() -> int:
    """Measure what was asked for; returns how many engines could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=SCALE)
    parser.add_argument("--engine", choices=stock.ENGINES, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--cells", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        STEPS[asked.inside](asked.cells)
        return 0
    return sum(measure(engine, asked.scale) for engine in asked.engine or stock.ENGINES)


def measure(engine: str, scale: int) -> int:
    """Each step in a process of its own on a copy of the city; 1 when one failed."""
    with stock.copy_of(engine, scale) as environ, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.xlsx_bench", "--inside", "all"]
        command += ["--cells", str(Path(folder) / "cells")]
        return report.measured(f"xlsx-{engine}-{scale}", command, environ)


def all_steps(cells: Path) -> None:
    """The job, the cells it wrote, and the library writing them alone; the line of all three."""
    job, _, alone = (_step(name, cells) for name in ("job", "cells", "alone"))
    ratio = round(job["cpu_s"] / alone["cpu_s"], 2)
    line = {
        "xlsx": "ledger",
        **job,
        "library_cpu_s": alone["cpu_s"],
        "library_wall_s": alone["wall_s"],
        "cpu_ratio": ratio,
        "at_most": AT_MOST_RATIO,
        "at_most_mb": AT_MOST_MB,
    }
    print(json.dumps(line), flush=True)


def _step(name: str, cells: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.xlsx_bench", "--inside", name, "--cells", str(cells)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def job(cells: Path) -> None:
    """The background work as a worker does it, with its progress."""
    _stand_up()
    from conduct import clock, jobs
    from conduct.models import JobRun
    from findings.actions import ledger_exports
    from findings.rules.ledger import FULL

    export = ledger_exports.ask(
        title="问题台账", query_text="", told="全部", columns=list(FULL), by=_clerk(), at=clock.now()
    )
    run = jobs.runs_of(subject=export)[0]
    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.SENT)
    idle = _resident_mb()
    told = _timed(lambda: jobs.perform(str(run.pk)))
    export.refresh_from_db()
    run.refresh_from_db()
    if run.state != JobRun.State.DONE:
        raise RuntimeError(run.problem)
    more = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE - idle, 1)
    print(json.dumps({"rows": export.rows, "bytes": export.size, "mb_over_idle": more, **told}))


def keep_cells(cells: Path) -> None:
    """The very cells, to be written again by the library alone."""
    _stand_up()
    from conduct import clock
    from findings.queries import ledger_exports
    from findings.queries.filters import Wish
    from findings.rules.ledger import FULL

    lines = ledger_exports.lines(
        user=_clerk(),
        wish=Wish(),
        order="newest",
        columns=list(FULL),
        today=clock.day_of(clock.now()),
        on_step=lambda done, total: None,
        total=0,
    )
    with cells.open("wb") as out:
        pickle.dump(list(lines), out)
    print("{}")


def alone(cells: Path) -> None:
    """Nothing but the library, in the same constant memory."""
    with cells.open("rb") as kept:
        lines = pickle.load(kept)  # our own, of a moment ago

    def write() -> None:
        with xlsxwriter.Workbook(str(cells) + ".xlsx", {"constant_memory": True}) as book:
            sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
            for row, line in enumerate(lines):
                for place, value in enumerate(line):
                    if isinstance(value, str):
                        sheet.write_string(row, place, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(row, place, value, day)
                    elif value is not None:
                        sheet.write_number(row, place, value)

    print(json.dumps(_timed(write)))


def _stand_up() -> None:
    import django

    django.setup()


def _clerk() -> Any:
    from people.roles import Role
    from tests.bench import pages

    accounts = json.loads((Path(os.environ["BENCH_FOLDER"]) / stock.ACCOUNTS).read_text())
    return pages.someone(accounts, Role.OFFICE_CLERK)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _timed(work: Callable[[], object]) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {
        "cpu_s": round(time.process_time() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
    }


STEPS: dict[str, Callable[[Path], None]] = {
    "all": all_steps,
    "job": job,
    "cells": keep_cells,
    "alone": alone,
}


if __name__ == "__main__":
    sys.exit(main())
