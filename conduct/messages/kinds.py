"""The kinds of messages there are; each floor declares its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    label:    what it is about; the subject of a letter, so never a person's name
    is_floor: cannot be muted, nor put off to the digest of the next day
    """

    key: str
    label: str
    is_floor: bool = False


KINDS: dict[str, Kind] = {}
# Of a letter that gathers the news of a day.
DIGEST = Kind("conduct.digest", "每日消息汇总")


def declare(key: str, label: str, *, is_floor: bool = False) -> Kind:
    """Make a kind known, on loading the module that tells of it."""
    KINDS[key] = Kind(key, label, is_floor)
    return KINDS[key]


TRIAL = declare("conduct.trial", "测试消息", is_floor=True)


def label_of(key: str) -> str:
    """What people call the kind; of one that is no more, its key."""
    known = KINDS.get(key, DIGEST if key == DIGEST.key else None)
    return known.label if known else key


def is_floor(key: str) -> bool:
    """Whether messages of the kind always come, and at once; a kind nobody knows does."""
    known = KINDS.get(key)
    return known.is_floor if known else True


def all_of(*, floors: bool) -> list[Kind]:
    """The kinds that cannot be muted, or those that can."""
    return [kind for kind in KINDS.values() if kind.is_floor == floors and kind is not TRIAL]
