"""The city at scale, built once and kept under build/: each measurement gets a copy of its own, up to date.

A stock is made anew when it is asked for, or when its days lie too far back to be "today".
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build" / "bench"
DAYS_KEPT = 7
DRAWN = 10_000
ENGINES = ("sqlite", "postgresql")
ACCOUNTS = "accounts.json"
DATABASE = "office.sqlite3"


@contextlib.contextmanager
def copy_of(engine: str, scale: int, *, fresh: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a process that works on a copy of the city; the copy is gone afterwards.

    fresh: build the city anew even when it is there
    """
    stock = _ready(engine, scale, fresh=fresh)
    with _scratch() as scratch:
        # -a keeps the owner, without whom PostgreSQL does not start; a file system that can shares the blocks.
        command = ["cp", "-a", "--reflink=auto", f"{stock}/.", str(scratch)]
        subprocess.run(command, check=True)
        with _served(engine, scratch) as environ:
            yield environ


def _ready(engine: str, scale: int, *, fresh: bool) -> Path:
    """The folder of the stock, built when it is not there and migrated when it is."""
    folder = KEPT / f"{engine}-{scale}"
    accounts = folder / ACCOUNTS
    is_recent = accounts.exists() and time.time() - accounts.stat().st_mtime < DAYS_KEPT * 86400
    if is_recent and not fresh:
        if not _filled(engine, folder, 0):
            raise RuntimeError(
                f"the city of {scale} findings on {engine} cannot be migrated: ask for --fresh"
            )
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    if not _made(engine, scale, folder):
        shutil.rmtree(folder)
        raise RuntimeError(f"the city of {scale} findings could not be built on {engine}")
    return folder


def _made(engine: str, scale: int, folder: Path) -> bool:
    """Whether the city could be made: drawn up to a size, then multiplied, and copied to the other engine."""
    if engine == "postgresql":
        return _copied(_ready("sqlite", scale, fresh=False), folder)
    if scale <= DRAWN or scale % DRAWN:
        return _filled(engine, folder, scale)
    subprocess.run(
        ["cp", "-a", "--reflink=auto", f"{_ready(engine, DRAWN, fresh=False)}/.", str(folder)], check=True
    )
    with _served(engine, folder) as environ:
        command = [sys.executable, "-m", "tests.bench.multiply", str(scale // DRAWN)]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode == 0


def _copied(drawn: Path, folder: Path) -> bool:
    """Whether the city on SQLite could be copied into the empty cluster of the folder."""
    for name in ("evidence", "media", ACCOUNTS):
        subprocess.run(["cp", "-a", "--reflink=auto", str(drawn / name), str(folder)], check=True)
    with _served("postgresql", folder) as environ:
        environ |= {"BENCH_SOURCE": str(drawn / DATABASE)}
        command = [sys.executable, "-m", "tests.bench.copying"]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode == 0


def _filled(engine: str, folder: Path, scale: int) -> bool:
    """Whether the stock could be brought up to date, after filling it when a scale is given."""
    with _served(engine, folder) as environ:
        command = [sys.executable, "-m", "tests.bench.build", str(scale)]
        return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode == 0


@contextlib.contextmanager
def _served(engine: str, folder: Path) -> Iterator[dict[str, str]]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
    environ |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "BENCH_FOLDER": str(folder)}
    if engine == "sqlite":
        yield environ | {"TEST_DATABASE_URL": f"sqlite:///{folder / DATABASE}"}
        return
    with services.postgres(kept=folder / "cluster") as url:
        yield environ | {"TEST_DATABASE_URL": url}


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=KEPT))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
