"""A bulletin as it is drawn: what is frozen, the text between, and number and date once it is issued."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from conduct.issuing import Drawn, canonical
from conduct.pdfkit import fontset, paint
from conduct.pdfkit.frozen import ChainHead
from reports.models import Bulletin
from reports.papers import Bulletin as Paper
from reports.pdf import bulletin as pdf


def frozen(paper: Paper) -> dict[str, Any]:
    """The paper as plain JSON values, to be kept."""
    facts: dict[str, Any] = json.loads(paper.to_json())
    return facts


def digest(facts: dict[str, Any]) -> str:
    """SHA-256 of frozen facts in their one spelling."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def thawed(facts: dict[str, Any]) -> Paper:
    """The paper that was frozen."""
    return Paper.from_json(json.dumps(facts))


def draft_of(bulletin: Bulletin) -> Paper:
    """The paper as it would be signed now, without number and date: it prints as a draft."""
    return replace(thawed(bulletin.facts), overview=bulletin.narrative)


def issued_of(bulletin: Bulletin, *, number: str, day: date, head: ChainHead | None) -> Paper:
    """The paper with its number, date of issue and the head of the audit chain."""
    return replace(draft_of(bulletin), number=number, dated=day, printed_on=day, is_draft=False, chain=head)


def draw(facts: dict[str, Any]) -> Drawn:
    """The finished bytes of frozen facts, and with what they were drawn."""
    own = fonts_of_house()
    return Drawn(
        pdf=pdf.render(thawed(facts), fonts=own),
        renderer=paint.RENDERER_VERSION,
        fonts=own.fingerprint_of_all(),
    )


def unprintable(text: str) -> str:
    """A sentence naming the characters no font has, empty when there are none."""
    return fonts_of_house().missing_message(text)


@cache
def fonts_of_house() -> fontset.FontSet:
    """The fonts this house prints with."""
    return fontset.load(Path(settings.FONT_DIR) if settings.FONT_DIR else None)
