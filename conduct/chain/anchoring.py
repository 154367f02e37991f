"""Anchors: the heads of the chains at one moment, brought to places where nobody of this house can change them.

Casting an anchor is one row; bringing it out is a job, tried again with growing pauses. Neither is ever waited for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from conduct.models import AnchorDelivery, AuditAnchor, AuditSeal

from . import books, channels, proof

EVERY = timedelta(minutes=10)
SEALS = 100
LONGEST_PAUSE = timedelta(hours=1)
Heads = dict[str, list[int | str]]


def newest() -> AuditAnchor | None:
    """The last anchor."""
    return AuditAnchor.objects.order_by("-no").first()


def cast_if_due(*, at: datetime) -> AuditAnchor | None:
    """Cast the next anchor: after ten minutes or a hundred seals, and at once when a paper was issued."""
    last = newest()
    heads: Heads = {
        chain: [seal.seq, seal.digest] for chain in books.BOOKS if (seal := books.newest(chain)) is not None
    }
    before: Heads = last.heads if last else {}
    reason = _reason(last, before, heads, at=at)
    if reason is None:
        return None
    anchor = AuditAnchor(
        no=last.no + 1 if last else 1, at=at, reason=reason, alg=settings.CHAIN_ALG, heads=heads
    )
    anchor.digest = proof.anchor_digest(told(anchor))
    try:
        with transaction.atomic():
            anchor.save(force_insert=True)
            return anchor
    except IntegrityError:
        return None  # another relay was faster


def told(anchor: AuditAnchor) -> dict[str, Any]:
    """An anchor as it is proved."""
    facts = {"no": anchor.no, "at": books.spelt(anchor.at), "alg": anchor.alg, "heads": anchor.heads}
    return {**facts, "digest": anchor.digest}


@dataclass(frozen=True)
class Standing:
    """How the newest anchor fares at one place."""

    key: str
    name: str
    is_done: bool
    tries: int
    last_try: datetime | None
    problem: str


def standing(anchor: AuditAnchor) -> list[Standing]:
    """How an anchor fares at each place this deployment names."""
    tries = list(AnchorDelivery.objects.filter(anchor_no=anchor.no).order_by("id"))
    found = []
    for channel in channels.configured():
        own = [row for row in tries if row.channel == channel.key]
        last = own[-1] if own else None
        is_done = any(row.is_done for row in own)
        problem = last.problem if last and not is_done else ""
        found.append(
            Standing(channel.key, channel.name, is_done, len(own), last.at if last else None, problem)
        )
    return found


def to_bring_out(*, at: datetime) -> tuple[int, int] | None:
    """The newest anchor (no, tries so far) when it is time to bring it to a place it has not reached.

    An older one left behind need not go: the newer head covers it.
    """
    anchor = newest()
    if anchor is None:
        return None
    open_places = [place for place in standing(anchor) if not place.is_done]
    if not open_places:
        return None
    tries = max(place.tries for place in open_places)
    last = max((place.last_try for place in open_places if place.last_try), default=None)
    pause = min(LONGEST_PAUSE, timedelta(minutes=2 ** min(tries, 6)))
    if tries and last and at - last < pause:
        return None
    return anchor.no, tries


def bring_out(no: int, *, at: datetime) -> list[str]:
    """Bring an anchor to every place it has not reached; returns what went wrong, place by place."""
    anchor = AuditAnchor.objects.get(no=no)
    line = proof.anchor_line(told(anchor))
    done = {place.key for place in standing(anchor) if place.is_done}
    problems = []
    for channel in channels.configured():
        if channel.key in done:
            continue
        problem = _try(channel, line, no, at)
        if problem:
            problems.append(f"{channel.name}：{problem}")
    return problems


def _try(channel: channels.Channel, line: str, no: int, at: datetime) -> str:
    problem, stamp = "", ""
    try:
        stamp = channel.send(line, no)
    except channels.NotDelivered as fault:
        problem = str(fault)
    except Exception as fault:  # a place may fail in any way; the house goes on and tells
        problem = f"送不到（{type(fault).__name__}：{fault}）"
    try:
        with transaction.atomic():
            AnchorDelivery.objects.create(
                anchor_no=no,
                channel=channel.key,
                at=at,
                is_done=not problem,
                problem=problem[:200],
                stamp=stamp,
            )
    except IntegrityError:
        return ""  # another worker brought it there meanwhile
    return problem


def _reason(last: AuditAnchor | None, before: Heads, heads: Heads, *, at: datetime) -> str | None:
    if heads == before:
        return None
    if any(_has_paper(chain, before) for chain in heads):
        return AuditAnchor.Reason.PAPER
    if last is None or at - last.at >= EVERY:
        return AuditAnchor.Reason.TIME
    grown = sum(int(seq) - int(before.get(chain, [0])[0]) for chain, (seq, _) in heads.items())
    return AuditAnchor.Reason.SEALS if grown >= SEALS else None


def _has_paper(chain: str, before: Heads) -> bool:
    anchored = int(before.get(chain, [0])[0])
    return AuditSeal.objects.filter(chain=chain, seq__gt=anchored, has_paper=True).exists()
