"""What a notice calls itself and what it asks for, by the ways of putting right it contains."""

from __future__ import annotations

from collections.abc import Collection

from .ladder import Step

NEUTRAL = "整改"
# Ways that are orders in themselves; any other is asked for as plain rectification.
ORDERS = frozenset({"立行立改", "限期整改"})


def asked_for(ways: Collection[str]) -> str:
    """What the unit is told to do: the one way, or plain rectification when there are several."""
    only = next(iter(ways)) if len(set(ways)) == 1 else NEUTRAL
    return only if only in ORDERS else NEUTRAL


def title_for(ways: Collection[str]) -> str:
    """The title of the notice."""
    return f"关于{asked_for(ways)}有关问题的通知书"


# By step of the ladder: what its paper is called.
TITLES_OF_STEPS = {
    Step.LETTER: "关于督办整改有关问题的函",
    Step.YELLOW: "关于给予黄牌警告的通知书",
    Step.TALK: "关于约谈主要负责人的通知书",
    Step.RED: "关于给予红牌警告的通报",
}
