"""`make run` as a person and the system meet it: one group, restarted when a part dies, gone when it is stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated, services
from tests.conftest import wait_until

# The group keeps its own SQLite file; the engine of the phase has no part in it.
pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MEGABYTES = 300
DATABASE = "office.sqlite3"


class Group:
    """An empty office started in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = services.free_port()
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.environ = kept | {"DATA_DIR": str(folder), "DEMO": "0", "PORT": str(self.port)}
        self.log = folder / "log.txt"
        self._start()

    def start_again(self) -> Group:
        """The same office anew, on the same address."""
        self._start()
        return self

    def _start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "conduct.up"], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )

    def is_ready(self) -> bool:
        told = self.log.read_text()
        assert self.process.poll() is None, told
        assert "首页没有正常应答" not in told, told
        return "系统已就绪" in told

    def start_another(self, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "conduct.up"],
            cwd=ROOT,
            env=self.environ | changes,
            capture_output=True,
            text=True,
            check=False,
        )

    def status_of_first_page(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as page:
                return int(page.status)
        except urllib.error.HTTPError as fault:
            return fault.code
        except OSError:
            return 0

    def members(self) -> dict[int, str]:
        """Living processes of this group by id, with their command lines."""
        mark = f"DATA_DIR={self.environ['DATA_DIR']}".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return {pid: line for pid, line in found.items() if line}

    def find(self, part: str) -> int | None:
        return next((pid for pid, line in self.members().items() if part in line), None)

    def megabytes(self) -> float:
        """Memory of the group, pages shared between its processes counted once."""
        kilobytes = 0
        for pid in self.members():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024

    def processor_seconds(self) -> float:
        """What all processes of the group have computed, those already gone included; other work does not count."""
        ticks = 0
        for pid in self.members():
            after_name = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(int(value) for value in after_name[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


@contextlib.contextmanager
def running(folder: Path, *, is_new: bool = False) -> Iterator[Group]:
    """An office at work. is_new: begun from nothing; else, in a run of all tests, on a database migrated before."""
    if not is_new and not (folder / DATABASE).exists():
        migrated.copy_to_sqlite(folder / DATABASE)
    group = Group(folder)
    try:
        wait_until(group.is_ready, seconds=60)
        yield group
    finally:
        group.end()


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    with running(tmp_path_factory.mktemp("office"), is_new=True) as group:
        yield group


def test_the_first_page_of_an_empty_office_can_be_had(group: Group) -> None:
    assert group.status_of_first_page() == 200


def test_the_idle_group_stays_within_its_memory(group: Group) -> None:
    assert group.megabytes() < MOST_MEGABYTES


def test_a_second_start_on_the_same_data_is_refused(group: Group) -> None:
    second = group.start_another(PORT=str(services.free_port()))

    assert second.returncode == 1
    assert "系统已在运行" in second.stderr


def test_a_busy_port_is_told_with_another_to_try(group: Group, tmp_path: Path) -> None:
    second = group.start_another(DATA_DIR=str(tmp_path))

    assert second.returncode == 1
    assert f"端口 {group.port} 已被其他程序占用" in second.stderr
    assert "make run PORT=" in second.stderr


@pytest.mark.parametrize("given", ["八千", "0", "70000", "80a"])
def test_a_port_that_is_none_is_told(group: Group, tmp_path: Path, given: str) -> None:
    second = group.start_another(DATA_DIR=str(tmp_path), PORT=given)

    assert second.returncode == 1
    assert f"现在是“{given}”" in second.stderr


@pytest.mark.parametrize("given", ["两个", "0", "33", "-1"])
def test_a_number_of_web_processes_that_is_none_is_told(group: Group, tmp_path: Path, given: str) -> None:
    second = group.start_another(DATA_DIR=str(tmp_path), WEB_WORKERS=given)

    assert second.returncode == 1
    assert f"现在是“{given}”" in second.stderr


@pytest.mark.parametrize("part", ["conduct.embedded", "granian"])
def test_a_part_that_is_killed_is_started_again(group: Group, part: str) -> None:
    wait_until(lambda: group.find(part) is not None)
    before = group.find(part)
    assert before is not None

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: group.find(part) not in (None, before))
    wait_until(lambda: group.status_of_first_page() == 200)


def test_a_request_to_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    with running(tmp_path) as group:
        group.process.send_signal(signal.SIGINT)

        assert group.process.wait(30) == 0
        assert group.members() == {}
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", group.port)) != 0


def test_the_death_of_the_parent_takes_the_group_along(tmp_path: Path) -> None:
    with running(tmp_path) as group:
        group.process.kill()
        group.process.wait()

        wait_until(lambda: group.members() == {}, seconds=20)


def test_what_a_killed_group_left_behind_does_not_keep_the_next_from_starting(tmp_path: Path) -> None:
    with running(tmp_path) as group:
        master = group.find("granian")
        assert master is not None
        wait_until(lambda: Path(f"/proc/{master}/task/{master}/children").read_text() != "")
        for pid in (group.process.pid, master):
            os.kill(pid, signal.SIGSTOP)  # neither can still sweep behind the other
        for pid in (group.process.pid, master):
            os.kill(pid, signal.SIGKILL)
        group.process.wait()
        assert group.status_of_first_page() == 200, "nothing was left behind"

        next_group = group.start_again()

        wait_until(next_group.is_ready, seconds=60)
        next_group.end()


def test_the_second_start_takes_no_more_than_five_seconds_of_a_processor(tmp_path: Path) -> None:
    with running(tmp_path):
        pass

    with running(tmp_path) as second:
        assert second.processor_seconds() < 5
