"""Issue a paper: its facts are frozen, its number taken, its bytes drawn and kept, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from . import audit, files, numbering
from .audit import Actor
from .chain import heads, sealing
from .chain.proof import canonical as canonical
from .models import IssuedPaper
from .pdfkit.frozen import ChainHead


@dataclass(frozen=True)
class Drawn:
    """What the paper engine returned, and with what it drew."""

    pdf: bytes
    renderer: str
    fonts: str


def issue(
    *,
    kind: str,
    series: str,
    code: str,
    year: int,
    title: str,
    facts_for: Callable[[str, ChainHead | None], dict[str, Any]],
    draw: Callable[[dict[str, Any]], Drawn],
    by: Actor,
    at: datetime,
) -> IssuedPaper:
    """Take the next number of a series and keep the paper that carries it. Call inside the issuing transaction.

    facts_for: given the written number and the head of the audit chain to be printed (None before the first seal),
               the frozen facts as plain JSON
    draw:      given those facts, the finished bytes
    """
    with transaction.atomic():
        seq = numbering.take(series=series, year=year)
        number = numbering.written(code=code, year=year, seq=seq)
        facts = facts_for(number, heads.to_print())
        drawn = draw(facts)
        kept = files.keep_bytes(drawn.pdf)
        paper = IssuedPaper.objects.create(
            kind=kind,
            series=series,
            year=year,
            seq=seq,
            number=number,
            title=title,
            facts=facts,
            facts_sha256=hashlib.sha256(canonical(facts)).hexdigest(),
            pdf_sha256=kept.sha256,
            renderer=drawn.renderer,
            fonts=drawn.fonts,
            issued_at=at,
            issued_by_id=str(by.pk or ""),
            issued_by_name=str(by),
        )
        audit.record(
            at=at,
            by=by,
            verb="conduct.paper_issued",
            label="印发文书",
            subject=paper,
            details={
                sealing.PAPER: paper.number,
                "facts_sha256": paper.facts_sha256,
                "pdf_sha256": paper.pdf_sha256,
            },
        )
        return paper


def pdf_of(paper: IssuedPaper) -> bytes:
    """The bytes as issued."""
    return files.read_bytes(paper.pdf_sha256)
