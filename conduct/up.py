"""One command for one machine: prepares the database, then keeps web and worker running as one process group.

A child that ends is started again with back-off; a second start on the same data is refused; SIGTERM, SIGINT
and SIGHUP stop everything cleanly, and the death of this process takes the children along.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from . import settings

PR_SET_PDEATHSIG = 1
# Which data a process of a group serves, written into its environment.
MARK = "CONDUCT_GROUP"
LONGEST_PAUSE = 8.0
STEADY_SECONDS = 10.0  # a child that lived this long is healthy again
STOP_SECONDS = 15.0
START_SECONDS = 30.0
LIBC = ctypes.CDLL(None)


def say(text: str) -> None:
    print(text, flush=True)


@dataclass
class Child:
    """A process of the group and when it may next be started."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=1.0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=settings.BASE_DIR,
            # A library that renames processes would wipe out the mark with the rest of their environment.
            env={**os.environ, MARK: str(settings.DATA_DIR), "SPT_NOENV": "1"},
            preexec_fn=_die_with_parent,
            start_new_session=True,
        )
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start the child when it is due; when it has ended, decide when to start it again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.sweep()
        self.pause = 1.0 if now - self.started > STEADY_SECONDS else min(LONGEST_PAUSE, self.pause * 2)
        say(f"{self.name}意外退出（代码 {code}），{self.pause:.0f} 秒后重新启动。")
        self.process, self.start_at = None, now + self.pause

    def sweep(self) -> None:
        """End whatever the child left behind in its own session."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def _die_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def address() -> tuple[str, int]:
    """Where to serve, from HOST and PORT.

    Raises: SystemExit with a sentence for the person when PORT is no port
    """
    host, given = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 65535):
        sys.exit(f"PORT 应为 1 至 65535 的整数，现在是“{given}”。例如：make run PORT=8001")
    return host, int(given)


def web_workers() -> int:
    """How many processes answer pages, from WEB_WORKERS: one fits the smallest PC, two use two processors.

    Raises: SystemExit with a sentence for the person when it is no such number
    """
    given = os.environ.get("WEB_WORKERS") or "1"
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 32):
        sys.exit(f"WEB_WORKERS 应为 1 至 32 的整数，现在是“{given}”。例如：make run WEB_WORKERS=2")
    return int(given)


def hold_lock(folder: Path) -> IO[str]:
    """Hold the data folder for this group alone.

    Raises: SystemExit when another group holds it
    """
    lock = (folder / "up.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit("系统已在运行（同一数据目录）。请直接打开浏览器使用，或先停止正在运行的一个。")
    return lock


def end_leftovers(folder: Path) -> None:
    """End what a killed group left on this data: whoever holds the lock knows that no group lives.

    The death of the group ends its children, but not a child of a child that was killed at the same moment.
    """
    deadline = time.monotonic() + STOP_SECONDS
    while (left := _of_group(folder)) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def _of_group(folder: Path) -> list[int]:
    """The living processes that carry the mark of this data folder."""
    mark, found = f"{MARK}={folder}".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def refuse_busy_port(host: str, port: int) -> None:
    """Say clearly that the port is taken, before anything is started.

    Raises: SystemExit
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            reason = {
                errno.EADDRINUSE: f"端口 {port} 已被其他程序占用",
                errno.EACCES: f"没有权限使用端口 {port}（小于 1024 的端口只有管理员可用）",
            }.get(fault.errno or 0, f"不能在 {host}:{port} 上提供服务（{fault.strerror}）")
            other = port + 1 if 1024 <= port < 65535 else 8001
            sys.exit(f"{reason}。请换一个端口：make run PORT={other}")


def commands(host: str, port: int, workers: int) -> list[Child]:
    """Web and worker; with a Redis, the worker is the one of production and the relay a process apart."""
    beside = Path(sys.executable).parent
    web = [str(beside / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "2", "--no-ws", "--log-level", "warning"]
    children = [Child("网页服务", [*web, "conduct.wsgi:application"])]
    if not settings.REDIS_URL:
        return [*children, Child("后台任务", [sys.executable, "-m", "conduct.embedded"])]
    worker = [sys.executable, "-m", "celery", "-A", "conduct.celery", "worker", "--concurrency=2"]
    return [
        *children,
        Child("后台任务", [*worker, "--loglevel=warning"]),
        Child("任务派发", [sys.executable, "manage.py", "relay"]),
    ]


def answers(host: str, port: int) -> bool:
    """The first page can be had."""
    connection = http.client.HTTPConnection(host, port, timeout=20)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def tell(host: str, port: int, *, waited: float) -> bool:
    """Say that the first page is there, or after a while that it is not; returns whether all is said."""
    if answers(host, port):
        name = "localhost" if host == "127.0.0.1" else host
        say(f"系统已就绪，请用浏览器打开：http://{name}:{port}/\n按 Ctrl+C 停止。")
        return True
    if waited > START_SECONDS:
        say("首页没有正常应答，请查看上面的出错信息。按 Ctrl+C 停止。")
        return True
    return False


def stop_all(children: list[Child]) -> None:
    """Ask every child to end, wait, then end what is left."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
    for child in children:
        child.sweep()


class Stop:
    """Set by the first signal to stop; true from then on."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.ask)

    def ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def __bool__(self) -> bool:
        return self.asked


def prepare(stop: Stop) -> None:
    """Bring the database up to date in a process of its own.

    Raises: SystemExit when that failed, or the person stopped it
    """
    process = subprocess.Popen(
        [sys.executable, "manage.py", "prepare"],
        cwd=settings.BASE_DIR,
        preexec_fn=_die_with_parent,
        start_new_session=True,
    )
    while process.poll() is None:
        if stop:
            process.terminate()
        time.sleep(0.05)
    if stop:
        sys.exit("已停止。")
    if process.returncode:
        sys.exit("数据库没有准备好，系统未启动。原因见上。")


def main() -> None:
    """Prepare, serve, and stop cleanly."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conduct.settings")
    host, port = address()
    workers = web_workers()
    lock = hold_lock(settings.DATA_DIR)
    end_leftovers(settings.DATA_DIR)
    refuse_busy_port(host, port)
    stop = Stop()
    prepare(stop)
    children = commands(host, port, workers)
    told, begun = False, time.monotonic()
    while not stop:
        for child in children:
            child.look_after()
        if not told:
            told = tell(host, port, waited=time.monotonic() - begun)
        time.sleep(0.2)
    say("正在停止……")
    stop_all(children)
    lock.close()
    say("已停止。")


if __name__ == "__main__":
    main()
