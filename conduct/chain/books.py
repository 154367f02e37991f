"""The two books that are chained: what was done, and what was looked at. How their rows are read for hashing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from conduct.models import AuditEntry, AuditSeal, ReadEntry

from . import proof

CHANGES, READS = "changes", "reads"
BOOKS: dict[str, type[AuditEntry] | type[ReadEntry]] = {CHANGES: AuditEntry, READS: ReadEntry}
CHUNK, SEALS = 5000, 200


def spelt(at: datetime) -> str:
    """A moment as it stands in what is hashed: UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def lines(rows: QuerySet[Any], chain: str, *, most: int) -> list[proof.Row]:
    """The first rows by id, each with the line that is hashed."""
    names = [Cast(name, TextField()) if name == "at" else name for name in proof.FIELDS[chain]]
    wanted = rows.order_by("id").values_list(*names)[:most]
    with connection.cursor() as cursor:
        # Past the conversions of the mapper: half the time of a million rows.
        cursor.execute(*wanted.query.sql_with_params())
        return [(row[0], _line(row, chain)) for row in cursor.fetchall()]


def _line(row: tuple[Any, ...], chain: str) -> bytes:
    try:
        at = datetime.fromisoformat(row[1])
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        told = [row[0], at.isoformat(timespec="microseconds"), *row[2:]]
        if chain == CHANGES:
            told[-1] = json.loads(told[-1])
        return proof.line_of(told)
    except (TypeError, ValueError):
        # A value the house never writes; its digest fits no seal, so the row is named.
        return repr(row).encode()


def rows(chain: str) -> Iterator[proof.Row]:
    """Every row of a book, in short reads: nothing is held open while a million rows are hashed."""
    rest = everything = BOOKS[chain]._default_manager.all()
    while chunk := lines(rest, chain, most=CHUNK):
        yield from chunk
        rest = everything.filter(pk__gt=chunk[-1][0])


def seals(chain: str, *, up_to: int) -> Iterator[proof.Seal]:
    """The seals of a chain up to a number, in order and in short reads."""
    seq = 0
    while chunk := AuditSeal.objects.filter(chain=chain, seq__gt=seq, seq__lte=up_to).order_by("seq")[:SEALS]:
        yield from map(sealed, chunk)
        seq = chunk[len(chunk) - 1].seq


def sealed(row: AuditSeal) -> proof.Seal:
    """A seal as it is proved."""
    return proof.Seal(
        chain=row.chain,
        seq=row.seq,
        at=spelt(row.at),
        alg=row.alg,
        previous=row.previous,
        high=row.high,
        waiting=row.waiting,
        has_paper=row.has_paper,
        members=row.members,
        digest=row.digest,
    )


def newest(chain: str) -> AuditSeal | None:
    """The last seal of a chain."""
    return AuditSeal.objects.filter(chain=chain).order_by("-seq").first()


def newest_high(chain: str) -> int:
    """The largest row id a seal of the chain covers; 0 when there is none."""
    last = AuditSeal.objects.filter(chain=chain).order_by("-seq").values_list("high", flat=True).first()
    return last or 0


def head_of(chain: str, seq: int) -> str | None:
    """The digest of a seal; None when there is none of this number."""
    return AuditSeal.objects.filter(chain=chain, seq=seq).values_list("digest", flat=True).first()


def ends() -> dict[str, int]:
    """The number of the last seal of each chain."""
    return {chain: seal.seq if (seal := newest(chain)) else 0 for chain in BOOKS}
