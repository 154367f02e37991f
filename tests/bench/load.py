"""Four people at work for a minute against the real server, beside one person alone: JSON lines.

Nobody pauses between two requests, so four of them weigh as much as some hundred people who read what they open.
Run in the environment of a copy of the city (tests.bench.stock), which it serves by `conduct.up`.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django
from django.conf import settings
from django.db import connection
from django.test import Client

from tests import services
from tests.bench.stock import ACCOUNTS, ROOT

AT_MOST = 6.0
ALONE_SECONDS = 15.0
READY_SECONDS = 60.0
MOST_FILINGS = 3000


@dataclass(frozen=True)
class Step:
    """One request of a person's round. form: makes it a POST, told the turn."""

    name: str
    address: Callable[[int], str]
    form: Callable[[int], Mapping[str, Any]] | None = None
    status: int = 200


@dataclass(frozen=True)
class Worker:
    """A person who is signed in, and what they do over and over."""

    cookies: Mapping[str, str]
    steps: list[Step]


@dataclass
class Seen:
    """What was measured: milliseconds of every request by its name, and what went wrong."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        return [value for values in self.spent.values() for value in values]

    def add(self, other: Seen) -> None:
        """Take in what another saw."""
        for name, values in other.spent.items():
            self.spent.setdefault(name, []).extend(values)
        self.errors += other.errors


def main(seconds: float) -> int:
    """Print what one person and four people saw; 1 when something failed or four waited too long."""
    django.setup()
    workers = crew()
    connection.close()
    with serving() as port:
        alone = Seen()
        for worker in workers:
            alone.add(work(port, worker, time.monotonic() + ALONE_SECONDS / len(workers)))
        four = together(port, workers, seconds)
    return tell(alone, four, seconds)


def crew() -> list[Worker]:
    """A clerk, a leader and the head of a unit who look things up, and an inspector who files visits."""
    from people.roles import Role
    from tests.bench import pages

    accounts = json.loads((Path(os.environ["BENCH_FOLDER"]) / ACCOUNTS).read_text())
    scenes = {page.name: page.scene for page in pages.PAGES}
    reading = [
        Step(name, scenes[name](accounts).address)
        for name in ("list", "list, last page", "detail", "list, overdue", "visits", "campaigns")
    ]
    filing = pages.a_filing(accounts, most=MOST_FILINGS)
    field_work = [
        Step("filing", filing.address, filing.form, filing.status),
        *(step for step in reading if step.name in ("visits", "campaigns")),
    ]
    answering = [step for step in reading if step.name == "list"]
    return [
        Worker(signed_in(pages.someone(accounts, Role.OFFICE_CLERK)), reading),
        Worker(signed_in(pages.someone(accounts, Role.OFFICE_LEADER)), reading),
        Worker(signed_in(pages.someone(accounts, Role.UNIT_HEAD)), answering),
        Worker(signed_in(filing.person), field_work),
    ]


def signed_in(person: Any) -> dict[str, str]:
    """The cookies of a browser in which the person has signed in."""
    browser = Client()
    browser.force_login(person)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: secrets.token_hex(16)}


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """The system as `make run` starts it, on a port of its own."""
    port = services.free_port()
    # One process on the small PC, as many on a server as its unit file has.
    workers = "1" if connection.vendor == "sqlite" else "2"
    environ = os.environ | {
        "WEB_WORKERS": workers,
        "PORT": str(port),
        "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "conduct.settings",
    }
    log = Path(os.environ["BENCH_FOLDER"]) / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "conduct.up"], cwd=ROOT, env=environ, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while "系统已就绪" not in log.read_text():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text()[-1000:]}")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def together(port: int, workers: list[Worker], seconds: float) -> Seen:
    """All of them at once, each in a thread, until the time is over."""
    deadline = time.monotonic() + seconds
    seen = [Seen() for _ in workers]

    def run(place: int, worker: Worker) -> None:
        seen[place].add(work(port, worker, deadline, first_turn=MOST_FILINGS // 4))

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Seen()
    for part in seen:
        whole.add(part)
    return whole


def work(port: int, worker: Worker, deadline: float, *, first_turn: int = 0) -> Seen:
    """One person's rounds over one connection, until the deadline."""
    seen, line = Seen(), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in itertools.count(first_turn):
        for step in worker.steps:
            if time.monotonic() > deadline:
                line.close()
                return seen
            begun = time.perf_counter()
            try:
                status = ask(line, worker, step, turn)
            except (OSError, http.client.HTTPException) as fault:
                seen.errors.append(f"{step.name}: {fault!r}")
                line.close()
                continue
            seen.spent.setdefault(step.name, []).append((time.perf_counter() - begun) * 1000)
            if status != step.status:
                seen.errors.append(f"{step.name}: {status}")
    raise AssertionError("unreachable")


def ask(line: http.client.HTTPConnection, worker: Worker, step: Step, turn: int) -> int:
    """One request, its answer read to the end; returns the status."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in worker.cookies.items())}
    body = None
    if step.form is not None:
        token = worker.cookies[settings.CSRF_COOKIE_NAME]
        body = urlencode({**step.form(turn), "csrfmiddlewaretoken": token})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request("POST" if body else "GET", step.address(turn), body=body, headers=headers)
    answer = line.getresponse()
    answer.read()
    return answer.status


def tell(alone: Seen, four: Seen, seconds: float) -> int:
    """One line for each page and one for all of them."""
    for name, values in sorted(four.spent.items()):
        single = statistics.median(alone.spent[name])
        say(load=name, requests=len(values), alone_ms=round(single, 1), p95_ms=round(p95(values), 1))
    median, worst = statistics.median(alone.all), p95(four.all)
    errors = [*alone.errors, *four.errors]
    ratio = round(worst / median, 2)
    say(
        load="all",
        users=4,
        seconds=seconds,
        requests=len(four.all),
        errors=len(errors),
        first_errors=errors[:3],
        alone_ms=round(median, 1),
        p95_ms=round(worst, 1),
        ratio=ratio,
        at_most=AT_MOST,
        busy=round(os.getloadavg()[2], 1),
    )
    return int(bool(errors) or ratio > AT_MOST)


def p95(values: list[float]) -> float:
    """What nineteen of twenty stay below."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def say(**facts: Any) -> None:
    """One JSON line."""
    print(json.dumps({"engine": connection.vendor, **facts}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
