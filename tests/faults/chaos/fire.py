"""The fire itself: phones file while a seeded killer ends one part after another; then it is calm, and we count."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .house import ROOT, House
from .phones import Journal, Phone

PHONES = 4
EACH = 250
READY_SECONDS = 120
# The fire goes on until most of the phones' work has met it, at most so many times as long.
MOST_WORK = 0.6
LONGEST = 1.5
DRAIN_SECONDS = 60
CALM_SECONDS = 240


@dataclass
class Outcome:
    """What came of one fire."""

    seed: int
    seconds: float
    kills: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    naive_acknowledged: set[str] = field(default_factory=set)
    seconds_to_empty: float = 0.0
    left: int = 0
    found: dict[str, Any] = field(default_factory=dict)
    verdict: str = ""
    is_verified: bool = False

    @property
    def doubled(self) -> dict[str, int]:
        return {key: times for key, times in self.found["told"].items() if times > 1}

    @property
    def naive_damage(self) -> dict[str, int]:
        """What the control lost of what it had acknowledged, and what it did twice."""
        stored, told = self.found["naive_stored"], self.found["naive_told"]
        return {
            "never told": sum(key not in told for key in self.naive_acknowledged),
            "stored twice": sum(times > 1 for times in stored.values()),
            "told twice": sum(times > 1 for times in told.values()),
        }

    def as_line(self) -> str:
        """The figures for the record."""
        return json.dumps(
            {
                "seed": self.seed,
                "seconds of fire": round(self.seconds, 1),
                "kills": dict(self.kills),
                "answers": dict(self.answers),
                "acknowledged": len(self.acknowledged),
                "stored": len(self.found["stored"]),
                "effects": len(self.found["told"]),
                "doubled": len(self.doubled),
                "tries": self.found["tries"],
                "seconds to empty": round(self.seconds_to_empty, 1),
                "verified": self.is_verified,
                "naive": self.naive_damage,
            }
        )


class Counting:
    """A process of the house that counts whenever it is asked."""

    def __init__(self, house: House) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.chaos.count"],
            cwd=ROOT,
            env=house.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str) -> Any:
        assert self.process.stdin and self.process.stdout
        print(what, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


def burn(house: House, folder: Path, *, seed: int, seconds: float) -> Outcome:
    """Kill for so many seconds while the phones file, then wait until all is done, and count.

    seed: of the killer; the same seed kills the same kinds in the same order
    """
    outcome, stop = Outcome(seed, seconds), threading.Event()
    house.start_servers()
    house.take_model()
    scene = house.stage(PHONES * EACH)
    _keep(house, until=lambda: _answers(house.url), seconds=READY_SECONDS)
    share = len(scene["units"]) // PHONES
    phones = [
        Phone(
            url=house.url,
            journal=Journal(folder / f"journal-{number}"),
            campaign=scene["campaign"],
            day=scene["day"],
            units=scene["units"][number * share : (number + 1) * share],
            pace=seconds * 0.8 / share,
            stop=stop,
        )
        for number in range(PHONES)
    ]
    for phone in phones:
        phone.sign_in()
    threads = [threading.Thread(target=phone.run, daemon=True) for phone in phones]
    for thread in threads:
        thread.start()
    try:
        outcome.seconds = _kill(
            house, outcome.kills, phones, random.Random(seed), seconds, len(scene["units"])
        )
        _keep(
            house,
            until=lambda: not any(thread.is_alive() for thread in threads),
            seconds=CALM_SECONDS * _crowd(),
        )
    finally:
        stop.set()
    for phone in phones:
        assert not phone.fault, phone.fault
        outcome.answers += phone.answers
        outcome.acknowledged |= phone.journal.keys("acknowledged")
        outcome.naive_acknowledged |= phone.journal.keys("naive-acknowledged")
    _count(house, outcome)
    return outcome


def _kill(
    house: House, kills: Counter[str], phones: list[Phone], chance: random.Random, seconds: float, total: int
) -> float:
    """Returns how long it burned."""
    begun, kinds = time.monotonic(), _kinds(house, chance)
    while (burned := time.monotonic() - begun) < seconds * LONGEST:
        sent = sum(len(phone.journal.keys("acknowledged")) for phone in phones)
        if burned > seconds and sent >= MOST_WORK * total:
            break
        _keep(house, until=lambda: False, seconds=chance.uniform(0.8, 2.2), must=False)
        kind = next(kinds)
        kills[kind] += bool(house.kill(kind))
    return time.monotonic() - begun


def _kinds(house: House, chance: random.Random) -> Iterator[str]:
    """Every kind once in each round, in an order of its own; what ends nearly everything, once in three rounds."""
    for number in itertools.count():
        kinds = sorted(kind for kind in house.kinds if kind not in house.rare or number % 3 == 0)
        chance.shuffle(kinds)
        yield from kinds


def _count(house: House, outcome: Outcome) -> None:
    counting, begun = Counting(house), time.monotonic()
    try:
        _keep(house, until=lambda: counting.ask("open") == 0, seconds=DRAIN_SECONDS, must=False, pause=0.5)
        outcome.seconds_to_empty = time.monotonic() - begun
        outcome.left = counting.ask("open")
        outcome.found = counting.ask("all")
    finally:
        counting.end()
    verify = house.run("manage.py", "verify")
    outcome.verdict, outcome.is_verified = verify.stdout + verify.stderr, verify.returncode == 0


def _keep(house: House, *, until: Any, seconds: float, must: bool = True, pause: float = 0.1) -> None:
    """Look after the house until the claim holds.

    Raises: AssertionError when it does not in that time, where it must
    """
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            assert not must, f"waited in vain\n{house.log.read_text()[-3000:]}"
            return
        house.look_after()
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))


def _crowd() -> float:
    """How many want each processor of this machine: alone on it a limit is what it says, in a crowd it is longer."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
