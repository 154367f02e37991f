"""The case file of one finding, collected from the rows; what it says is frozen and drawn from that alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conduct import clock, files
from conduct.dates import cn_datetime
from conduct.issuing import Drawn
from conduct.models import Office
from conduct.pdfkit import paint
from conduct.shapes import TimelineEntry
from findings.models import Finding
from findings.queries import story
from people.models import User
from reports.papers import BulletinPhoto, CaseFile, FiledPart, FiledTable, Piece
from reports.pdf import case_file as pdf

from . import case_pieces as pieces
from .drawing import fonts_of_house

# From so many pictures and lines on it is drawn in the background.
BIG = 60


def of_finding(*, finding: Finding, user: User, at: datetime) -> CaseFile:
    """Everything about it that this person may put together."""
    entries = story.entries(user=user, finding=finding)[::-1]
    found = [
        pieces.facts(finding),
        *pieces.records(finding),
        *pieces.statements(finding),
        *pieces.notices(finding),
        *pieces.terms(finding),
        *pieces.asked(finding),
        *pieces.plans(finding),
        *pieces.reports(finding),
        *pieces.verdicts(finding),
        *pieces.second_looks(user, finding),
        *pieces.measures(user, finding),
        _story(entries),
        *pieces.digests(finding),
    ]
    return CaseFile(
        issuer=Office.objects.values_list("issuer", flat=True).first() or "",
        title=finding.title,
        unit=finding.unit.name,
        state=finding.get_state_display(),
        number=finding.notice.number if finding.notice else "",
        opened_on=clock.day_of(finding.raised_at),
        closed_on=finding.closed_on,
        compiled_on=clock.day_of(at),
        compiled_by=user.name,
        pieces=tuple(found),
    )


def is_big(paper: CaseFile) -> bool:
    """Whether drawing it takes longer than a person should wait for a page."""
    return len(photos_of(paper)) * 2 + sum(len(_rows(piece)) for piece in paper.pieces) / 10 > BIG


def photos_of(paper: CaseFile) -> list[BulletinPhoto]:
    """All pictures in it."""
    return [photo for piece in paper.pieces for photo in piece.photos]


def frozen(paper: CaseFile) -> dict[str, Any]:
    """The paper as plain JSON values."""
    facts: dict[str, Any] = json.loads(paper.to_json())
    return facts


@dataclass(frozen=True)
class File:
    """The drawn file and how many pages it has."""

    drawn: Drawn
    pages: int


def draw(facts: dict[str, Any], *, on_step: Callable[[int, int], None] = lambda done, total: None) -> File:
    """The bytes of frozen facts and of the photographs they name. on_step: told how far it is"""
    paper = CaseFile.from_json(json.dumps(facts, ensure_ascii=False))
    wanted = sorted({photo.sha256 for photo in photos_of(paper)})
    images = {}
    for place, sha256 in enumerate(wanted):
        on_step(place, len(wanted) + 1)
        images[sha256] = files.read_bytes(sha256)
    on_step(len(wanted), len(wanted) + 1)
    own = fonts_of_house()
    document = pdf.lay_out(paper, fonts=own, images=images)
    drawn = Drawn(
        pdf=paint.paint(document, images=images),
        renderer=f"case-file-1/{paint.RENDERER_VERSION}",
        fonts=own.fingerprint_of_all(),
    )
    return File(drawn, len(document.pages))


def _rows(piece: Piece) -> tuple[tuple[str, ...], ...]:
    return piece.table.rows if piece.table else ()


def _story(entries: list[TimelineEntry]) -> Piece:
    rows = tuple((cn_datetime(entry.at), entry.who, entry.what, entry.why) for entry in entries)
    table = FiledTable(("时间", "何人", "何事", "说明"), (3.2, 2.0, 3.0, 5.8), rows)
    return Piece(
        "办理全过程（含发出的消息和查阅记录）",
        parts=(FiledPart("", f"共{len(rows)}条，按时间排列。"),),
        table=table,
    )
