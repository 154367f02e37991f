"""What a correction says, from the paper it corrects as that was issued; and its drawing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from conduct import clock
from conduct.issuing import Drawn
from conduct.models import IssuedPaper, Office
from conduct.pdfkit import paint
from conduct.pdfkit.frozen import ChainHead
from reports.models import Correction
from reports.papers import Correction as Paper
from reports.pdf import correction as pdf

from .drawing import fonts_of_house

SYMBOL_ENDS = "更"


def symbol_of(house: Office) -> str:
    """The 代字 of corrections: that of the notices, with a word of its own so that no number stands twice."""
    return f"{house.notice_code}{SYMBOL_ENDS}"


def draft_of(correction: Correction, *, house: Office) -> Paper:
    """The paper as it would be signed now, without number and date: it prints as a draft."""
    corrected = paper_corrected(correction)
    told = corrected.facts.get("content", {})
    return Paper(
        mark=house.issuer,
        issuer=house.issuer,
        title=f"关于更正《{corrected.title}》有关内容的通知",
        recipients=told.get("unit") or told.get("recipients") or correction.concerned.name,
        corrected=corrected.title,
        corrected_number=corrected.number,
        corrected_on=clock.day_of(corrected.issued_at),
        statement=correction.statement,
        reason=correction.reason,
        clearing=correction.clearing,
        symbol=symbol_of(house),
        contact=house.contact or None,
        copies_to=told.get("copies_to") or "",
    )


def issued_of(
    correction: Correction, *, house: Office, number: str, day: date, head: ChainHead | None
) -> dict[str, Any]:
    """The finished correction as plain JSON."""
    paper = replace(draft_of(correction, house=house), number=number, dated=day, chain=head)
    return frozen(paper)


def frozen(paper: Paper) -> dict[str, Any]:
    """The paper as plain JSON values, to be kept."""
    facts: dict[str, Any] = json.loads(paper.to_json())
    return facts


def draw(facts: dict[str, Any]) -> Drawn:
    """The bytes of frozen facts, and with what they were drawn."""
    fonts = fonts_of_house()
    paper = Paper.from_json(json.dumps(facts))
    return Drawn(
        pdf=pdf.render(paper, fonts=fonts), renderer=paint.RENDERER_VERSION, fonts=fonts.fingerprint_of_all()
    )


def paper_corrected(correction: Correction) -> IssuedPaper:
    """The issued paper that is put right."""
    of = correction.notice or correction.bulletin
    if of is None or of.paper is None:
        raise RuntimeError(f"correction {correction.pk} is of no issued paper")
    return of.paper
