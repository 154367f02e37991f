"""Heads of the chain for people: what is printed in papers, and how old seals and anchors are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conduct.models import AuditAnchor, AuditSeal
from conduct.pdfkit.frozen import ChainHead

from . import books


def to_print() -> ChainHead | None:
    """The head a paper prints that is issued now; None before the first seal."""
    found = (
        AuditSeal.objects.filter(chain=books.CHANGES).order_by("-seq").values_list("seq", "digest").first()
    )
    return ChainHead(seq=found[0], digest=found[1]) if found else None


@dataclass(frozen=True)
class Ages:
    """Seconds since the last seal and the last anchor; None when there is none yet.

    unsealed: for how many seconds the oldest row not sealed yet has waited, 0 when none waits; a number of rows
              would tell everybody how busy the house is
    """

    seal: int | None
    anchor: int | None
    unsealed: int


def ages(*, at: datetime) -> Ages:
    """How far behind the sealer and the anchors are, for the machine that watches the house."""
    newest = AuditSeal.objects.order_by("-seq").values_list("at", flat=True)
    sealed = max(
        (last for chain in books.BOOKS if (last := newest.filter(chain=chain).first())), default=None
    )
    anchored = AuditAnchor.objects.order_by("-no").values_list("at", flat=True).first()
    return Ages(
        _seconds(sealed, at), _seconds(anchored, at), max(_waited(chain, at) for chain in books.BOOKS)
    )


def unsealed(chain: str, *, most: int = 10_000) -> int:
    """How many rows lie above the last seal, counted up to a bound."""
    high = books.newest_high(chain)
    return books.BOOKS[chain]._default_manager.filter(pk__gt=high)[:most].count()


def _waited(chain: str, at: datetime) -> int:
    rows = books.BOOKS[chain]._default_manager.filter(pk__gt=books.newest_high(chain)).order_by("pk")
    return _seconds(rows.values_list("at", flat=True).first(), at) or 0


def _seconds(since: datetime | None, at: datetime) -> int | None:
    return max(0, int((at - since).total_seconds())) if since else None
