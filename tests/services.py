"""Private servers for the tests: a PostgreSQL cluster and a Redis nobody else can reach, gone afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import redis as redis_client

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 30
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Missing(Exception):
    """A program the tests need is not on this machine."""


def chromium() -> Path | None:
    """The system's browser."""
    return next((Path(found) for name in BROWSERS if (found := shutil.which(name))), None)


def redis_server() -> Path | None:
    """The program, not a running server."""
    found = shutil.which("redis-server")
    return Path(found) if found else None


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres, the newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def has_cjk_font() -> bool:
    """A browser can draw Chinese."""
    lister = shutil.which("fc-list")
    if not lister:
        return False
    return bool(subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def die_with_parent() -> None:
    """For a child process: be killed when the parent is."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def ordinary_user() -> str | None:
    """Whom to be for PostgreSQL, which refuses root; None when this process is an ordinary user already."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def folder_of(owner: str | None) -> Iterator[Path]:
    """A folder that belongs to that user, or to this one, gone afterwards."""
    # A short name: the path of a unix socket holds 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="cs-"))
    try:
        if owner:
            entry = pwd.getpwnam(owner)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _running(command: list[str], *, user: str | None = None, stop: int = signal.SIGTERM) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )
    try:
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgres(*, kept: Path | None = None) -> Iterator[str]:
    """A fresh cluster on a unix socket; yields its DATABASE_URL.

    kept:   the folder of a cluster that stays, made when absent; it keeps its promises on disk as well
    Raises: Missing when PostgreSQL is not installed
    """
    programs = postgres_programs()
    if programs is None:
        raise Missing("postgresql")
    user = ordinary_user()
    with folder_of(user) as folder:
        cluster = kept or folder / "d"
        if not (cluster / "PG_VERSION").exists():
            init_cluster(programs, cluster, user)
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "60"}
        if kept is None:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # Tables of a few rows: neither compiled plans nor cleaning repays its cost.
            settings |= {"jit": "off", "autovacuum": "off"}
        command = [str(programs / "postgres"), "-D", str(cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with _running(command, user=user, stop=signal.SIGINT):
            wait_for(lambda: psycopg2.connect(host=str(folder), user="tests", dbname="postgres").close())
            yield f"postgres://tests@/{folder}/postgres"


def socket_of(url: str) -> str:
    """The folder of the unix socket in such a DATABASE_URL."""
    return url.removeprefix("postgres://tests@/").rsplit("/", 1)[0]


def init_cluster(programs: Path, cluster: Path, user: str | None) -> None:
    """An empty PostgreSQL cluster in a folder that is not there yet."""
    cluster.mkdir()
    if user:
        shutil.chown(cluster, user, pwd.getpwnam(user).pw_gid)
    subprocess.run(
        [str(programs / "initdb"), "-D", str(cluster), "-U", "tests", "--auth=trust", "--no-sync"]
        + ["--encoding=UTF8", "--locale=C.UTF-8"],
        check=True,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis that keeps nothing, on a port the system chose; yields its REDIS_URL.

    Raises: Missing when Redis is not installed
    """
    program = redis_server()
    if program is None:
        raise Missing("redis-server")
    port = free_port()
    with folder_of(None) as folder:
        command = [str(program), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        with _running(command + ["--save", "", "--appendonly", "no"]):
            url = f"redis://127.0.0.1:{port}/0"
            with redis_client.Redis.from_url(url) as client:
                wait_for(client.ping)
            yield url


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(probe: object) -> None:
    """Call until it no longer raises.

    Raises: the last error after START_SECONDS
    """
    assert callable(probe)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            probe()
            return
        except (psycopg2.OperationalError, redis_client.ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
