"""How the rows of the lead channel's own audit hold together: each carries the digest of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

HALF_HOUR = 1800


@dataclass(frozen=True)
class Line:
    """One row as it is hashed."""

    seq: int
    at: datetime
    actor_id: str
    actor_name: str
    verb: str
    lead_id: str
    slot: str
    previous: str
    digest: str = ""


def sealed(line: Line) -> Line:
    """The row with its digest."""
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = [line.seq, at, line.actor_id, line.actor_name, line.verb, line.lead_id, line.slot, line.previous]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return replace(line, digest=hashlib.sha256(text.encode()).hexdigest())


def first_broken(lines: Iterable[Line]) -> int | None:
    """The number of the first row that was changed, is out of place, or follows one that is gone."""
    previous = ""
    for seq, line in enumerate(lines, start=1):
        if line.seq != seq or line.previous != previous or sealed(line).digest != line.digest:
            return seq
        previous = line.digest
    return None


def slot(*, actor_id: str, verb: str, lead_id: str, at: datetime) -> str:
    """What makes the same look within half an hour the same row."""
    words = "\0".join([actor_id, verb, lead_id, str(int(at.timestamp()) // HALF_HOUR)])
    return hashlib.sha256(words.encode()).hexdigest()
