"""The processes of the house as production keeps them, each started again when it is gone; and how each is killed."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ as environs
import psycopg2

from tests import migrated, services

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SETTINGS = "tests.faults.chaos.settings"
UNITS = ROOT / "deploy" / "systemd"
PYTHON_HOME = "/opt/conduct/.venv/bin"
# What the distribution's own units do for the servers below us.
SERVER_PAUSE = 1.0


@dataclass
class Part:
    """One supervised process: what systemd would know of it."""

    name: str
    command: list[str]
    pause: float
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0

    def look_after(self, environ: dict[str, str], log: Path) -> None:
        """Start it when it is due; when it has ended, end what it left behind, and start it after the pause."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self._start(environ, log)
        elif self.process.poll() is not None:
            self.end()
            self.start_at = time.monotonic() + self.pause

    def end(self) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process = None

    def children(self) -> list[int]:
        """Processes the main one has started itself."""
        if self.process is None:
            return []
        return children_of(self.process.pid)

    def _start(self, environ: dict[str, str], log: Path) -> None:
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT if self.user is None else "/",
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=services.die_with_parent,
                user=self.user,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )


class House:
    """All parts, what each kind of killing does, and a line to whoever counts."""

    def __init__(self, folder: Path, parts: list[Part], environ: dict[str, str], port: int) -> None:
        self.log = folder / "log.txt"
        self.parts = {part.name: part for part in parts}
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.environ = kept | environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "DATA_DIR": str(folder)}
        self.url = f"http://127.0.0.1:{port}"
        self.kinds: dict[str, Callable[[], list[int]]] = {}
        self.rare = {"all", "group"}

    def look_after(self) -> None:
        for part in self.parts.values():
            part.look_after(self.environ, self.log)

    def kill(self, kind: str) -> int:
        """End what this kind means, without warning; returns how many processes were."""
        killed = 0
        for pid in self.kinds[kind]():
            try:
                os.kill(pid, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                pass
        return killed

    def main_of(self, *names: str) -> list[int]:
        """The main processes of these parts that live."""
        found = [self.parts[name].process for name in names]
        return [process.pid for process in found if process is not None and process.poll() is None]

    def child_of(self, name: str) -> list[int]:
        """The newest child of a part."""
        return self.parts[name].children()[-1:]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the house, to its end."""
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )

    def start_servers(self) -> None:
        """The database, when it is a server, before anything else."""
        part = self.parts.get("postgres")
        if part is not None:
            part.look_after(self.environ, self.log)
            where = environs.Env.db_url_config(self.environ["DATABASE_URL"])["HOST"]
            services.wait_for(lambda: psycopg2.connect(host=where, user="tests", dbname="postgres").close())

    def take_model(self) -> None:
        """In a run of all tests the tables are there already, as after an earlier start."""
        if "postgres" in self.parts:
            migrated.copy_to_another_server(self.environ["DATABASE_URL"])
        else:
            migrated.copy_to_sqlite(Path(self.environ["DATA_DIR"]) / "office.sqlite3")

    def stage(self, count: int) -> dict[str, Any]:
        done = self.run("-m", "tests.faults.chaos.stage", str(count))
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def close(self) -> None:
        # Whoever keeps others alive goes first.
        for part in self.parts.values():
            part.end()
        # A child of a child may have outlived them; all carry the folder of this house.
        mark = f"DATA_DIR={self.environ['DATA_DIR']}\0"
        for entry in Path("/proc").glob("[0-9]*"):
            if mark in _read(f"{entry}/environ", gap="\0"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(entry.name), signal.SIGKILL)


def production(folder: Path, database: Path, *, redis_port: int, socket: Path) -> House:
    """Web, worker and relay by the commands of their units, on a PostgreSQL that keeps its word and a Redis that
    keeps nothing.
    """
    port, programs, user = services.free_port(), services.postgres_programs(), services.ordinary_user()
    assert programs is not None
    services.init_cluster(programs, database, user)
    postgres = [str(programs / "postgres"), "-D", str(database), "-c", "listen_addresses="]
    postgres += ["-c", f"unix_socket_directories={socket}", "-c", "max_connections=60"]
    redis = ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--dir", str(folder)]
    redis += ["--save", "", "--appendonly", "no"]
    parts = [Part("postgres", postgres, SERVER_PAUSE, user=user), Part("redis", redis, SERVER_PAUSE)]
    parts += [_unit(name, port=port) for name in ("web", "worker", "relay")]
    environ = {
        "DATABASE_URL": f"postgres://tests@/{socket}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "HTTPS": "0",
        "SECOND_FACTOR": "offered",
    }
    house = House(folder, parts, environ, port)
    house.kinds = {
        "web": lambda: house.main_of("web"),
        "web child": lambda: house.child_of("web"),
        "worker": lambda: house.main_of("worker"),
        "worker child": lambda: house.child_of("worker"),
        "relay": lambda: house.main_of("relay"),
        "redis": lambda: house.main_of("redis"),
        "postgres": lambda: house.main_of("postgres"),
        "all": lambda: house.main_of("worker", "relay", "redis", "postgres"),
    }
    return house


def embedded(folder: Path) -> House:
    """One process group by the one command of `make run`, on SQLite."""
    port = services.free_port()
    up = Part("up", [sys.executable, "-m", "conduct.up"], pause=1.0)
    house = House(folder, [up], {"PORT": str(port), "DEMO": "0", "SECOND_FACTOR": "offered"}, port)

    def part(mark: str) -> list[int]:
        return [pid for pid in up.children() if mark in _read(f"/proc/{pid}/cmdline")]

    def child(mark: str) -> list[int]:
        return [pid for main in part(mark) for pid in children_of(main)]

    house.kinds = {
        "web": lambda: part("granian"),
        "web child": lambda: child("granian")[-1:],
        "worker": lambda: part("conduct.embedded"),
        "both": lambda: part("granian") + part("conduct.embedded"),
        "group": lambda: house.main_of("up"),
    }
    return house


def _unit(name: str, *, port: int) -> Part:
    """A part as its unit file has it."""
    lines = (UNITS / f"conduct-{name}.service").read_text().splitlines()
    facts = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    command = facts["ExecStart"].replace(PYTHON_HOME, str(Path(sys.executable).parent))
    command = command.replace("--port 8000", f"--port {port}")
    assert facts["Restart"] == "always"
    return Part(name, shlex.split(command), pause=float(facts["RestartSec"]))


def children_of(pid: int) -> list[int]:
    """Whom any thread of a process has started, the newest last."""
    lists = [_read(str(file)) for file in Path(f"/proc/{pid}/task").glob("*/children")]
    return sorted(int(child) for children in lists for child in children.split())


def _read(path: str, *, gap: str = " ") -> str:
    try:
        return Path(path).read_text().replace("\0", gap)
    except OSError:
        return ""
