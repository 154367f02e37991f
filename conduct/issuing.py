"""Issue a paper: its facts are frozen, its number taken, its bytes drawn and kept, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from . import files, numbering
from .audit import Actor
from .models import IssuedPaper


@dataclass(frozen=True)
class Drawn:
    """What the paper engine returned, and with what it drew."""

    pdf: bytes
    renderer: str
    fonts: str


def canonical(facts: dict[str, Any]) -> bytes:
    """The one spelling of frozen facts that is hashed: sorted keys, UTF-8, no spaces."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def issue(
    *,
    kind: str,
    series: str,
    code: str,
    year: int,
    title: str,
    facts_for: Callable[[str], dict[str, Any]],
    draw: Callable[[dict[str, Any]], Drawn],
    by: Actor,
    at: datetime,
) -> IssuedPaper:
    """Take the next number of a series and keep the paper that carries it. Call inside the issuing transaction.

    facts_for: given the written number, the frozen facts as plain JSON
    draw:      given those facts, the finished bytes
    """
    with transaction.atomic():
        seq = numbering.take(series=series, year=year)
        number = numbering.written(code=code, year=year, seq=seq)
        facts = facts_for(number)
        drawn = draw(facts)
        kept = files.keep_bytes(drawn.pdf)
        return IssuedPaper.objects.create(
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


def pdf_of(paper: IssuedPaper) -> bytes:
    """The bytes as issued."""
    return files.read_bytes(paper.pdf_sha256)
