"""The sealer: every few seconds it covers new rows of the audit with a seal, outside of everybody's transaction.

It only reads rows that are committed and adds one row of its own, so no one who works ever waits for it. Any number
of sealers may run; the number of a seal is unique, so one of two wins and the other finds its rows sealed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from conduct.models import AuditSeal

from . import books, lateness, proof

MOST_ROWS = 1000
MOST_AT_ONCE = 20
# An entry that carries this among its details tells of a paper that left the house.
PAPER = "paper"

Gap = list[Any]


def keep_up(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Seal what is new in both books; returns how many seals were written here.

    most: how many seals a book gets at once, so that the caller comes round again soon
    """
    written = 0
    for chain in books.BOOKS:
        for _ in range(most):
            if seal(chain, at=at) is None:
                break
            written += 1
    return written


def seal(chain: str, *, at: datetime) -> AuditSeal | None:
    """Cover the rows not yet covered with the next seal; None when there is nothing new, or another sealer won."""
    last = books.newest(chain)
    high, waiting = (last.high, last.waiting) if last else (0, [])
    # In this order: who had ended, then what is there; a gap still empty after that stays empty.
    ended_before = lateness.all_ended_before()
    rows = books.BOOKS[chain]._default_manager.all()
    fresh = books.lines(rows.filter(pk__gt=high), chain, most=MOST_ROWS)
    late = books.lines(rows.filter(_within(waiting)), chain, most=MOST_ROWS) if waiting else []
    if not fresh and not late:
        return None
    top = fresh[-1][0] if fresh else high
    alg = settings.CHAIN_ALG
    wanted = proof.Seal(
        chain=chain,
        seq=last.seq + 1 if last else 1,
        at=books.spelt(at),
        alg=alg,
        previous=last.digest if last else "",
        high=top,
        waiting=_still_waiting(waiting, {pk for pk, _ in late}, ended_before)
        + _gaps(high, [pk for pk, _ in fresh]),
        has_paper=_has_paper([*late, *fresh]),
        members="\n".join(f"{pk} {proof.leaf_of(line, alg=alg)}" for pk, line in sorted([*late, *fresh])),
        digest="",
    )
    return _write(wanted, at=at, count=len(late) + len(fresh))


def _write(wanted: proof.Seal, *, at: datetime, count: int) -> AuditSeal | None:
    facts = {name: getattr(wanted, name) for name in ("chain", "seq", "alg", "previous", "high", "waiting")}
    try:
        with transaction.atomic():
            return AuditSeal.objects.create(
                **facts,
                at=at,
                count=count,
                has_paper=wanted.has_paper,
                members=wanted.members,
                digest=wanted.computed(),
            )
    except IntegrityError:
        return None


def _within(gaps: list[Gap]) -> Q:
    condition = Q()
    for first, last, _ in gaps:
        condition |= Q(pk__range=(first, last))
    return condition


def _gaps(high: int, ids: list[int]) -> list[Gap]:
    """The runs of ids passed over between the last seal and the last of these."""
    if not lateness.can_be_late():
        return []
    since = books.spelt(lateness.moment())
    pairs = zip([high, *ids], ids, strict=False)
    return [[before + 1, pk - 1, since] for before, pk in pairs if pk > before + 1]


def _still_waiting(gaps: list[Gap], came: set[int], ended_before: datetime) -> list[Gap]:
    """What is left of earlier gaps: without the rows that came, and without those whose transactions have ended."""
    left: list[Gap] = []
    for first, last, since in gaps:
        if datetime.fromisoformat(since) < ended_before:
            continue
        start = first
        for pk in sorted(pk for pk in came if first <= pk <= last):
            if pk > start:
                left.append([start, pk - 1, since])
            start = pk + 1
        if start <= last:
            left.append([start, last, since])
    return left


def _has_paper(rows: list[proof.Row]) -> bool:
    mark = f'"{PAPER}":'.encode()
    return any(mark in line for _, line in rows)
