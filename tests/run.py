"""`make test`: every test in its phases, on private servers, ending in one line that tells the whole.

One phase:              python -m tests.run postgres
Ten long fires:         python -m tests.run long
Each on the other engine: python -m tests.run other-sqlite other-postgres
A part of a phase:      python -m tests.run postgres -- tests/people -k tree
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import checks, machine, migrated, services
from tests.machine import CHROMIUM, CJK_FONT, POSTGRES, REDIS, Need

ROOT = Path(__file__).resolve().parent.parent
PURE = ["tests/rules", "tests/papers", "tests/house/test_house.py"]
FIRE = "tests/faults/test_chaos.py"
# Takes longer than `make test` has; with the ten fires.
LADDER_FIRE = "tests/faults/test_ladder_under_fire.py"
# A folder nobody has thought of yet belongs to the phases with a database.
WITH_DATABASE = ["tests", *(f"--ignore={folder}" for folder in [*PURE, "tests/browser"])]

WITH_REDIS = [*WITH_DATABASE, f"--ignore={LADDER_FIRE}"]


@dataclass(frozen=True)
class Phase:
    """Some of the tests, on the servers they need."""

    key: str
    name: str
    where: list[str]
    marks: str = ""
    needs: tuple[Need, ...] = ()
    processes: int = 2
    has_database: bool = True
    environ: tuple[tuple[str, str], ...] = ()


ON_SQLITE, ON_POSTGRES = "not (redis or browser or postgres)", "not (redis or browser or sqlite)"
OWN_HALF, OTHER_HALF = (("TEST_HALF", "own"),), (("TEST_HALF", "other"),)
PHASES = (
    Phase("pure", "规则与文书（不用数据库）", PURE, has_database=False),
    Phase("sqlite", "SQLite", WITH_DATABASE, ON_SQLITE, environ=OWN_HALF),
    Phase("postgres", "PostgreSQL", WITH_DATABASE, ON_POSTGRES, (POSTGRES,), environ=OWN_HALF),
    # The two fires beside each other and beside the jobs: each waits most of its time, and burns the hotter for it.
    Phase("redis", "Redis、Celery 与断电试验", WITH_REDIS, "redis", (POSTGRES, REDIS), processes=3),
    Phase("browser", "浏览器", ["tests/browser"], "browser", (CHROMIUM, CJK_FONT)),
)

# Only when asked for by its key: ten fires of a minute each, in both modes.
LONG = Phase(
    "long",
    "久战",
    [FIRE, LADDER_FIRE],
    needs=(POSTGRES, REDIS),
    processes=0,
    environ=(("CHAOS_SEEDS", "1,2,3,4,5,6,7,8,9,10"), ("CHAOS_SECONDS", "60")),
)

# What `make test` runs on one engine, on the other.
OTHER = (
    Phase("other-sqlite", "SQLite（另一半）", WITH_DATABASE, ON_SQLITE, environ=OTHER_HALF),
    Phase(
        "other-postgres", "PostgreSQL（另一半）", WITH_DATABASE, ON_POSTGRES, (POSTGRES,), environ=OTHER_HALF
    ),
)


@dataclass
class Tally:
    """What came of the tests so far."""

    ran: int = 0
    failed: int = 0
    skipped: int = 0
    broken: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)

    def add(self, report: Path) -> None:
        """Count what one run of pytest wrote down."""
        if not report.exists():
            return
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
            self.ran += count["tests"] - count["skipped"]
            self.failed += count["failures"] + count["errors"]
            self.skipped += count["skipped"]

    def is_clean(self, *, all_required: bool) -> bool:
        """Nothing failed, nothing was skipped, and where everything is required everything ran."""
        if self.failed or self.skipped or self.broken or not self.ran:
            return False
        return not (all_required and self.not_run)


@dataclass(frozen=True)
class Models:
    """Where the migrated databases lie that test processes copy, and the PostgreSQL server of this run."""

    sqlite: str
    postgres_url: str

    def environ(self, phase: Phase) -> dict[str, str]:
        """What a phase is told of its database."""
        told = {migrated.FILE: self.sqlite} if self.sqlite and phase.has_database else {}
        if POSTGRES in phase.needs:
            told |= {"TEST_DATABASE_URL": self.postgres_url}
            told |= {migrated.SERVER: services.socket_of(self.postgres_url)}
        return told


def own_environ() -> dict[str, str]:
    """The person's environment without what earlier runs told their tests."""
    return {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}


@contextlib.contextmanager
def models(phases: list[Phase]) -> Iterator[Models]:
    """Migrate once for each engine these phases use, both beside each other; all is gone afterwards."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sqlite, server, urls = "", "", []
        if any(REDIS in phase.needs or POSTGRES not in phase.needs for phase in phases if phase.has_database):
            sqlite = str(folder / "migrated.sqlite3")
            urls.append(f"sqlite:///{sqlite}")
        if POSTGRES.is_present() and any(POSTGRES in phase.needs for phase in phases):
            server = stack.enter_context(services.postgres())
            urls.append(migrated.make_database(server=services.socket_of(server)))
        filling = [migrated.begin(url=url, environ=own_environ()) for url in urls]
        for process in filling:
            if process.wait():
                raise SystemExit("测试数据库没有建成，原因见上")
        yield Models(sqlite, server)


def run(phase: Phase, extra: list[str], tally: Tally, models: Models) -> None:
    """Run one phase and add it to the tally."""
    lacking = [need.package for need in phase.needs if not need.is_present()]
    if lacking:
        tally.not_run.append(f"{phase.name}（缺 {' '.join(lacking)}：{machine.apt_line(lacking)}）")
        return
    begun = time.monotonic()
    print(f"\n== {phase.name} ==", flush=True)
    with contextlib.ExitStack() as stack:
        environ = own_environ() | models.environ(phase)
        if REDIS in phase.needs:
            environ["TEST_REDIS_URL"] = stack.enter_context(services.redis())
        # What is named is run, whichever half it belongs to.
        told = () if is_named(extra) and phase.environ in (OWN_HALF, OTHER_HALF) else phase.environ
        environ |= dict(told)
        report = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "report.xml"
        done = subprocess.run(command(phase, extra, report), cwd=ROOT, env=environ, check=False)
        tally.add(report)
    if done.returncode:
        tally.broken.append(phase.name)
    print(f"-- {phase.name}：{time.monotonic() - begun:.0f} 秒", flush=True)


def is_named(extra: list[str]) -> bool:
    """Whether the person said which folders or files to run."""
    return any((ROOT / word.split("::")[0]).exists() for word in extra)


def command(phase: Phase, extra: list[str], report: Path) -> list[str]:
    """The pytest call of a phase; folders or files named by the person take the place of the phase's own."""
    named = is_named(extra)
    words = [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junitxml={report}"]
    words += [] if named else phase.where
    words += ["-m", phase.marks] if phase.marks else []
    words += (
        ["-n", str(phase.processes), "--dist=loadfile", "--no-loadscope-reorder"] if phase.processes else []
    )
    return words + extra


def tell(tally: Tally, *, all_required: bool) -> int:
    """Say in one line what ran, and the same as plain figures; returns the exit code."""
    clean = tally.is_clean(all_required=all_required)
    figures = f"{tally.ran} 项测试，{tally.skipped} 项跳过，{tally.failed} 项失败"
    print("", flush=True)
    for line in tally.not_run:
        print(f"未运行：{line}")
    if tally.broken:
        print(f"未通过：{'、'.join(tally.broken)}")
    if not clean:
        print(f"未全部通过：{figures}")
    elif tally.not_run:
        print(f"已运行的全部通过：{figures}；另有 {len(tally.not_run)} 组未运行，见上")
    else:
        print(f"全部通过：{figures}")
    print(f"{tally.ran - tally.failed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 0 if clean else 1


def main(words: list[str]) -> int:
    """Install what is missing, run the phases asked for, or all with the checks, and tell."""
    at = words.index("--") if "--" in words else len(words)
    keys, extra = words[:at], words[at + 1 :]
    known = {phase.key: phase for phase in (*PHASES, *OTHER, LONG)}
    unknown = set(keys) - set(known)
    if unknown:
        print(f"没有这一组测试：{'、'.join(sorted(unknown))}。可用：{'、'.join(known)}")
        return 2
    machine.install_missing()
    tally = Tally()
    if not keys and checks.main():
        tally.broken.append("检查")
    phases = [known[key] for key in keys] or list(PHASES)
    with models(phases) as made:
        for phase in phases:
            run(phase, extra, tally, made)
    required = os.environ.get("CI", "") in ("true", "1") or os.environ.get("REQUIRE_ALL", "") == "1"
    return tell(tally, all_required=required)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
