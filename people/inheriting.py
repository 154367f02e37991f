"""What is open at a unit and goes to its successor: each floor says what it has, and hands it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .models import Unit, User


@dataclass(frozen=True)
class Estate:
    """What one floor has open at a unit.

    waiting:   (unit) to how many of each kind, in words
    hand_over: (unit, heir, by, at): give it all to the heir. Called inside the transaction of the merger
    """

    waiting: Callable[[Unit], dict[str, int]]
    hand_over: Callable[[Unit, Unit, User, datetime], None]


ESTATES: list[Estate] = []


def register(estate: Estate) -> None:
    """Let an upper floor hand over what is open; called from its AppConfig.ready."""
    if estate not in ESTATES:
        ESTATES.append(estate)


def waiting(unit: Unit) -> dict[str, int]:
    """What is open at the unit: how many of each kind, without what there is none of."""
    found: dict[str, int] = {}
    for estate in ESTATES:
        found |= {kind: number for kind, number in estate.waiting(unit).items() if number}
    return found


def in_words(found: dict[str, int]) -> str:
    """The same in words."""
    return "、".join(f"{kind} {number} 件" for kind, number in found.items())
