"""What every test stands on: a shut network, tables that can be emptied again, real workers."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from xdist.scheduler import LoadFileScheduling

from conduct import guards, issuing
from conduct.models import IssuedPaper
from conduct.search import index
from tests import halves, migrated, shipment
from tests.factories import cast as people

HERE = Path(__file__).resolve().parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")


MODELS = {"sqlite": migrated.FILE, "postgresql": migrated.SERVER}
# Begun first, so that no process is left alone with one of them at the end.
LONGEST = ("matrix/", "faults/test_up.py", "reports/test_demo.py", "findings/test_terms_upgrade.py")
# A test leaves much behind that is alive still; looking through all of it again and again costs a twentieth.
gc.set_threshold(100_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What lies in tests/browser drives a browser, and a file named after pages draws them, also untold.

    Where a phase is told its half, the other half is left out.
    """
    for item in items:
        if (HERE / "browser") in item.path.parents:
            item.add_marker(pytest.mark.browser)
        elif item.path.name.endswith("pages.py"):
            item.add_marker(pytest.mark.drawn)
    if "TEST_HALF" in os.environ:
        wanted = {item: _is_wanted(item) for item in items}
        config.hook.pytest_deselected(items=[item for item in items if not wanted[item]])
        items[:] = [item for item in items if wanted[item]]
    items.sort(key=lambda item: not item.path.relative_to(HERE).as_posix().startswith(LONGEST))


def _is_wanted(item: pytest.Item) -> bool:
    """A test of one engine alone belongs to every run of that engine."""
    if item.get_closest_marker("sqlite") or item.get_closest_marker("postgres"):
        return os.environ["TEST_HALF"] == "own"
    is_own = halves.is_on(
        connections["default"].vendor,
        path=item.path.relative_to(HERE).as_posix(),
        is_drawn=item.get_closest_marker("drawn") is not None,
    )
    return is_own == (os.environ["TEST_HALF"] == "own")


class ByFile(LoadFileScheduling):
    """Tests of one file stay in one process, those of the matrix as well: what they stand on is built once.

    The fires burn beside each other, and beside them, one after the other, what needs the one Redis of the run.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/matrix/"):
            return "matrix"
        if nodeid.startswith("tests/faults/test_chaos.py"):
            return nodeid
        return "redis" if "redis" in self.config.option.markexpr.split() else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """Only where files are to stay together."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """In a run of `tests.run` the test database is there already."""
    return django_db_keepdb or MODELS[connections["default"].vendor] in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Now that each process knows the name of its database, put a copy of the model there."""
    connection = connections["default"]
    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        migrated.copy_to_sqlite(Path(name))
    else:
        migrated.copy_to_postgres(name)


@pytest.fixture
def cast(db: None) -> people.Cast:
    """One city and everybody in it."""
    return people.stand_up()


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """A paper of the same facts is drawn once when it is issued; whoever draws it again draws it really."""
    really_issue, drawn = issuing.issue, dict[Any, issuing.Drawn]()

    def issue(*, draw: Callable[[dict[str, Any]], issuing.Drawn], **rest: Any) -> IssuedPaper:
        def draw_once(facts: dict[str, Any]) -> issuing.Drawn:
            key = draw, issuing.canonical(facts)
            if key not in drawn:
                drawn[key] = draw(facts)
            return drawn[key]

        return really_issue(draw=draw_once, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issuing, "issue", issue)
        yield


class NetworkIsShut(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session", autouse=True)
def shut_network() -> Iterator[None]:
    """Refuse every connection but to this machine."""
    really_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise NetworkIsShut(f"a test tried to reach {address!r}")
        really_connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Empty the tables after a transactional test as Django does, but end with what the migrations shipped.

    The emptying passes the triggers that guard the audit from everyone else.
    """
    empty = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock():
        shipped = shipment.take(connections["default"])

    def teardown(self: TransactionTestCase) -> None:
        guards.remove_guards(connections["default"])
        empty(self)
        index.empty()
        shipment.put_back(connections["default"], shipped)
        guards.install_guards(connections["default"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


class Crew:
    """Relay and Celery workers as processes of their own, on the test database and the broker of the phase."""

    def __init__(self) -> None:
        self.environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": _url_of_test_database(),
            "CONN_MAX_AGE": "0",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def start_worker(self, *, pool: str = "prefork") -> subprocess.Popen[bytes]:
        """One more worker; it takes a second or two until it works."""
        return self._start(
            ["-m", "celery", "-A", "conduct.celery", "worker", f"--pool={pool}", "--concurrency=2"]
            + ["--loglevel=warning", f"--hostname=test{len(self.processes)}@%h"]
        )

    def start_relay(self) -> subprocess.Popen[bytes]:
        """One more relay."""
        return self._start(["manage.py", "relay"])

    def start_embedded(self) -> subprocess.Popen[bytes]:
        """Relay and worker in one process, as an office without Redis runs them."""
        return self._start(["-m", "conduct.embedded"])

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children without warning, as a power cut does."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                self.kill(process)

    def _start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=settings.BASE_DIR, env=self.environ, start_new_session=True
        )
        self.processes.append(process)
        return process


def _url_of_test_database() -> str:
    database = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"


@pytest.fixture
def crew(transactional_db: None) -> Iterator[Crew]:
    """Relays and workers to start and to kill; all are gone after the test."""
    crew = Crew()
    yield crew
    crew.stop()


def wait_until(claim: Any, *, seconds: float = 30) -> None:
    """Look again and again until the claim holds.

    Raises: AssertionError after so many seconds
    """
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
