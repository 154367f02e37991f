"""What a record sheet says, collected from the rows; the paper is drawn from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from conduct import audit, files
from conduct.clock import SHANGHAI
from conduct.issuing import canonical
from conduct.models import AuditEntry, Office
from conduct.pdfkit import fontset
from conduct.pdfkit.frozen import ChainHead
from inspections import papers
from inspections.models import CorrectionNote, Evidence, Observation, Visit, VisitSignature
from inspections.pdf import record_sheet as drawing
from people.models import User


def record_sheet(
    visit: Visit, *, members: Sequence[User], signatures: Sequence[VisitSignature]
) -> papers.RecordSheet:
    """The record as it stands now; until it is filed away the sheet is a draft.

    signatures: those under the record as it stands
    """
    office = Office.objects.first()
    evidence = list(visit.evidence.select_related("file", "added_by").order_by("added_at", "pk"))
    seen = visit.observations.select_related("category", "rule_item__rule_list").order_by("ordinal")
    locking = (
        audit.history_of(subject=visit).filter(verb="inspections.lock").last() if visit.locked_at else None
    )
    return papers.RecordSheet(
        issuer=office.issuer if office else "",
        unit=visit.unit.name,
        number=visit.number or None,
        campaign=visit.campaign.title,
        method=visit.get_method_display(),
        level=visit.campaign.get_level_display(),
        visited_on=visit.visited_on,
        arrived=visit.arrived_at.astimezone(SHANGHAI).time() if visit.arrived_at else None,
        left=visit.left_at.astimezone(SHANGHAI).time() if visit.left_at else None,
        office=visit.department or None,
        place=visit.place or None,
        inspectors=tuple(papers.InspectorEntry(user.name, user.credential_no or None) for user in members),
        recorder=visit.recorder.name if visit.recorder else None,
        accompanying=visit.accompanied_by or None,
        headcount=_heads(visit),
        observations=tuple(_seen(number, row, evidence) for number, row in enumerate(seen, start=1)),
        is_without_problem=visit.no_problem,
        photos=_photos(item for item in evidence if item.observation_id is None),
        evidence=tuple(_evidence(item) for item in evidence),
        unit_statement=visit.unit_statement or None,
        unit_signature=visit.unit_signature or None,
        sign_offs=tuple(papers.SignOff(row.user.name, "检查人员", row.signed_at) for row in signatures),
        leader_review=_review(visit),
        locked_at=visit.locked_at,
        locked_by=locking.actor_name if locking else None,
        corrections=tuple(
            _correction(note) for note in visit.corrections.select_related("by").order_by("at", "pk")
        ),
        chain=_chain(locking),
    )


def draw(paper: papers.RecordSheet) -> bytes:
    """The sheet as PDF, with the pictures it names."""
    photos = [*paper.photos, *(photo for entry in paper.observations for photo in entry.photos)]
    images = {photo.sha256: files.read_bytes(photo.sha256) for photo in photos}
    return drawing.render(paper, fonts=_fonts(), images=images)


def unprintable(content: dict[str, Any]) -> str:
    """A sentence that names the characters of a record no font can print; "" when there are none."""
    return _fonts().missing_message(canonical(content).decode())


def _fonts() -> fontset.FontSet:
    return fontset.load(Path(settings.FONT_DIR) if settings.FONT_DIR else None)


def _chain(locking: AuditEntry | None) -> ChainHead | None:
    head = locking.details.get("chain") if locking else None
    return ChainHead(seq=head["seq"], digest=head["digest"]) if head else None


def _heads(visit: Visit) -> papers.Headcount | None:
    if visit.expected_count is None:
        return None
    return papers.Headcount(
        expected=visit.expected_count,
        present=visit.present_count,
        on_leave=visit.leave_count,
        on_business=visit.official_out_count,
        absent=visit.absent_count,
    )


def _seen(number: int, row: Observation, evidence: list[Evidence]) -> papers.ObservationEntry:
    return papers.ObservationEntry(
        facts=row.facts,
        number=number,
        indicator_code=row.category.code if row.category else None,
        indicator_name=row.category.name if row.category else None,
        seen_at=row.seen_at.strftime("%H:%M") if row.seen_at else None,
        place=row.place or None,
        who=row.person_post or None,
        rule=str(row.rule_item) if row.rule_item else None,
        handling=row.handled_on_spot or None,
        unit_said=row.unit_said or None,
        photos=_photos(item for item in evidence if item.observation_id == row.pk),
        is_good=row.kind == Observation.Kind.GOOD,
    )


def _photos(evidence: Iterable[Evidence]) -> tuple[papers.PhotoEntry, ...]:
    return tuple(
        papers.PhotoEntry(item.file.shown_sha256, item.caption) for item in evidence if item.file.shown_sha256
    )


def _evidence(item: Evidence) -> papers.EvidenceEntry:
    return papers.EvidenceEntry(
        kind=item.file.get_kind_display(),
        name=item.caption or item.file.original_name,
        taken_by=item.added_by.name if item.added_by else None,
        taken_at=item.file.captured_at or item.added_at,
        sha256=item.file.sha256,
    )


def _review(visit: Visit) -> papers.SignOff | None:
    if visit.reviewed_by is None:
        return None
    return papers.SignOff(visit.reviewed_by.name, "组长", visit.reviewed_at, visit.review_opinion or "同意")


def _correction(note: CorrectionNote) -> papers.CorrectionEntry:
    return papers.CorrectionEntry(note.text, note.by.name, note.at)
