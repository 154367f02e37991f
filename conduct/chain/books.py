"""The two books that are chained: what was done, and what was looked at. How their rows are read for hashing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from conduct.models import AuditEntry, AuditSeal, ReadEntry

from . import proof

CHANGES, READS = "changes", "reads"
BOOKS: dict[str, type[AuditEntry] | type[ReadEntry]] = {CHANGES: AuditEntry, READS: ReadEntry}
CHUNK = 5000


def spelt(at: datetime) -> str:
    """A moment as it stands in what is hashed: UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def lines(rows: QuerySet[Any], chain: str, *, most: int | None = None) -> Iterator[proof.Row]:
    """Rows by id, each with the line that is hashed."""
    names = proof.FIELDS[chain]
    for values in rows.order_by("id").values_list(*names)[:most].iterator(chunk_size=CHUNK):
        yield values[0], proof.line_of((values[0], spelt(values[1]), *values[2:]))


def rows(chain: str) -> Iterator[proof.Row]:
    """Every row of a book."""
    return lines(BOOKS[chain]._default_manager.all(), chain)


def seals(chain: str, *, up_to: int) -> Iterator[proof.Seal]:
    """The seals of a chain up to a number, in order."""
    found = AuditSeal.objects.filter(chain=chain, seq__lte=up_to).order_by("seq")
    return map(sealed, found.iterator(chunk_size=200))


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
