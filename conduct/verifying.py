"""The register of what `manage.py verify` looks at: each floor adds its checks, none knows the others.

A check only reads. It names the first thing that is wrong, in Chinese, so that a person can go and look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Checked:
    """What one check came to.

    looked_at: how much was looked at, e.g. "核对通报 12 份"
    fault:     the first bad item and what is wrong with it, one sentence; "" when all is well
    notes:     what the reader should know though it is no fault
    """

    looked_at: str
    fault: str = ""
    notes: tuple[str, ...] = ()


class Check(Protocol):
    """Reads, and says what it came to; on_step is told (done, total) now and then."""

    def __call__(self, *, at: datetime, on_step: Step) -> Checked: ...


@dataclass(frozen=True)
class Entry:
    """One line of the register: English key, Chinese name, and the check."""

    key: str
    name: str
    check: Check


@dataclass(frozen=True)
class Outcome:
    """One check with what it came to."""

    entry: Entry
    checked: Checked


REGISTER: dict[str, Entry] = {}


def register(key: str, *, name: str, check: Check) -> None:
    """Add a check; from AppConfig.ready. The same key again takes the place of the first."""
    REGISTER[key] = Entry(key, name, check)


def run(*, at: datetime, on_step: Callable[[Entry, int, int], None]) -> Iterator[Outcome]:
    """Every check in the order of the register; one that finds a fault does not keep the others from running.

    on_step: told (which check, done, total) now and then
    """
    for entry in list(REGISTER.values()):
        yield Outcome(entry, entry.check(at=at, on_step=partial(on_step, entry)))
