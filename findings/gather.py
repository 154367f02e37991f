"""What a rectification notice says, collected from the rows; the paper is frozen from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from conduct import clock, files
from conduct.calendar import book as calendar
from conduct.calendar.rules import Due, after_working_days, working_days_between
from conduct.dates import plain_date
from conduct.issuing import Drawn
from conduct.models import IssuedPaper, Office
from conduct.pdfkit import fontset
from conduct.pdfkit.frozen import ChainHead
from findings import papers
from findings.models import Finding, Route, Supervision
from findings.pdf import notice as drawing
from findings.pdf import supervision as pressing
from findings.rules import wording
from findings.rules.ladder import Step
from findings.rules.wording import asked_for, title_for
from inspections.models import Evidence

RENDERER = "notice-2"
SUPERVISION_RENDERER = "supervision-1"
# Within which the unit answers a paper that presses it.
ANSWER_WORKING_DAYS = 3
OBJECTION_WORKING_DAYS = 5
PHOTOS_A_FINDING = 2


@dataclass(frozen=True)
class Order:
    """What is asked of the unit about one finding, and by when."""

    finding: Finding
    route: Route
    requirement: str
    due: Due


def notice(
    *, orders: Sequence[Order], office: Office, contact: str, receipt: Due, at: datetime
) -> papers.Notice:
    """The notice as it would go out now, still without its number. receipt: by when it is to be signed for."""
    terms = [receipt, *(order.due for order in orders)]
    ways = {order.route.get_code_display() for order in orders}
    return papers.Notice(
        mark=office.issuer,
        issuer=office.issuer,
        unit=orders[0].finding.unit.name,
        symbol=office.notice_code,
        title=title_for(ways),
        asked=asked_for(ways),
        findings=tuple(_problem(order) for order in orders),
        grounds=_grounds([order.finding.visited_on for order in orders]),
        receipt_until=receipt.day,
        objection_working_days=OBJECTION_WORKING_DAYS,
        contact=contact,
        issued_on=clock.day_of(at),
        is_estimated=any(term.is_estimate for term in terms),
    )


def supervision(*, row: Supervision, contact: str, at: datetime) -> papers.Supervision:
    """The paper of one step of the ladder as it would go out now, still without its number."""
    finding, office, step = row.finding, Office.objects.get(), Step(row.step)
    today, book = clock.day_of(at), calendar.load()
    start = finding.ladder_from or row.due_on
    answer = after_working_days(start=today, working_days=ANSWER_WORKING_DAYS, book=book)
    is_returned = row.cause == row.Cause.RETURNED
    return papers.Supervision(
        mark=office.issuer,
        issuer=office.issuer,
        unit=row.unit.name,
        kind=step.name.lower(),
        title=wording.TITLES_OF_STEPS[step],
        problem=finding.title,
        requirement=finding.requirement,
        notice_number=finding.notice.number if finding.notice else "",
        notice_on=finding.issued_on,
        due_on=row.due_on,
        issued_on=today,
        overdue_days=max(0, working_days_between(start=start, end=today, book=book)),
        returns=finding.returns if is_returned else 0,
        answer_by=answer.day,
        is_estimated=answer.is_estimate,
        talk_on=row.talk_on,
        talk_place=row.talk_place,
        contact=contact,
        symbol=f"{office.notice_code}督",
    )


def draw_supervision(facts: dict[str, Any]) -> Drawn:
    """The bytes of such a paper from its JSON."""
    paper = papers.Supervision.from_json(json.dumps(facts, ensure_ascii=False))
    fonts = fontset.load(Path(settings.FONT_DIR) if settings.FONT_DIR else None)
    pdf = pressing.render(paper, fonts=fonts)
    return Drawn(pdf=pdf, renderer=SUPERVISION_RENDERER, fonts=fonts.fingerprint_of_all())


def draft_supervision(*, row: Supervision, contact: str, at: datetime) -> bytes:
    """The draft as it would be printed today, for whoever is to sign it."""
    paper = supervision(row=row, contact=contact, at=at)
    fonts = fontset.load(Path(settings.FONT_DIR) if settings.FONT_DIR else None)
    return pressing.render(paper, fonts=fonts)


def numbered(
    paper: papers.Notice | papers.Supervision, number: str, head: ChainHead | None
) -> dict[str, Any]:
    """The finished notice as plain JSON, with its number and the head of the audit chain."""
    facts: dict[str, Any] = json.loads(replace(paper, number=number, chain=head).to_json())
    return facts


def draw(facts: dict[str, Any]) -> Drawn:
    """The bytes of a notice from its JSON and the photographs it names."""
    paper = papers.Notice.from_json(json.dumps(facts, ensure_ascii=False))
    fonts = fontset.load(Path(settings.FONT_DIR) if settings.FONT_DIR else None)
    images = {
        photo.sha256: files.read_bytes(photo.sha256) for problem in paper.findings for photo in problem.photos
    }
    pdf = drawing.render(paper, fonts=fonts, images=images)
    return Drawn(pdf=pdf, renderer=RENDERER, fonts=fonts.fingerprint_of_all())


def paper_of(issued: IssuedPaper) -> papers.Notice:
    """The frozen notice as it was issued."""
    return papers.Notice.from_json(json.dumps(issued.facts, ensure_ascii=False))


def _problem(order: Order) -> papers.NoticeFinding:
    finding = order.finding
    return papers.NoticeFinding(
        facts=finding.facts,
        category=finding.category.name,
        rule=str(finding.rule_item) if finding.rule_item else "",
        grade=Finding.Grade(finding.grade).label if finding.grade else "",
        verdict="部分属实" if finding.is_partly else "",
        verdict_reason=finding.verdict_reason if finding.is_partly else "",
        requirement=order.requirement,
        route=order.route.get_code_display(),
        working_days=order.route.working_days,
        due_on=order.due.day,
        photos=tuple(_photos(finding)),
    )


def _photos(finding: Finding) -> list[papers.NoticePhoto]:
    """The first pictures attached to what was seen, each once."""
    rows = (
        Evidence.objects.filter(observation__finding_links__finding=finding)
        .exclude(file__shown_sha256="")
        .order_by("added_at", "pk")
        .values_list("file__shown_sha256", "caption")
    )
    captions: dict[str, str] = {}
    for sha256, caption in rows:
        captions.setdefault(sha256, caption)
    return [
        papers.NoticePhoto(sha256, caption) for sha256, caption in list(captions.items())[:PHOTOS_A_FINDING]
    ]


def _grounds(days: Sequence[date]) -> str:
    first, last = min(days), max(days)
    span = plain_date(first)
    if last != first:
        span += f"至{plain_date(last)}"
    return f"经{span}明察暗访并核实"
