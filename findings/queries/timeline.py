"""Every step of a finding on one line: its own history, its notice's, and that of the unit's reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Q, QuerySet
from django.urls import reverse

from conduct.models import AuditEntry
from conduct.prepared import Many, Prepared
from conduct.shapes import TimelineEntry
from findings.models import Acceptance, Finding, Rectification, UnitStatement

from . import telling

# What a unit is told: the steps it was part of, and what the office answered.
TOLD_TO_UNIT = frozenset(
    f"findings.{verb}"
    for verb in (
        "ask_statement",
        "hear_statement",
        "assign",
        "give_part",
        "answer_part",
        "return_part",
        "release_part",
        "ask_transfer",
        "decline_transfer",
        "withdraw_transfer",
        "hand_on",
        "remind_receipt",
        "serve_notice",
        "receive",
        "appoint_liaison",
        "start_rectifying",
        "save_report",
        "attach",
        "detach",
        "hand_in_plan",
        "approve_plan",
        "return_plan",
        "complete_item",
        "report_progress",
        "submit",
        "dismiss",
        "merge",
        "send_back",
        "pass_on",
        "accept",
        "accept_partly",
        "refuse",
        "close",
        "relapse",
        "ask_extension",
        "grant_extension",
        "refuse_extension",
        "object",
        "uphold_objection_partly",
        "reject_objection",
        "overturn",
        "correct",
        "ladder_reminded",
        "ladder_signed",
        "talk_recorded",
    )
)
# What single accepters and reviewers wrote: the unit reads it once the matter is closed.
OPINIONS = frozenset({"findings.accept", "findings.pass_on"})
ACCEPTS = frozenset({"findings.accept"})
# Told as a step, never with the office's reasons.
INTERNAL = frozenset({"findings.dismiss", "findings.merge", "findings.hand_on"})
TONES = {
    "findings.assign": "paper",
    "findings.hand_on": "paper",
    "findings.send_back": "back",
    "findings.return_plan": "back",
    "findings.accept_partly": "back",
    "findings.return_part": "back",
    "findings.refuse": "back",
    "findings.dismiss": "done",
    "findings.merge": "done",
    "findings.close": "done",
    "findings.relapse": "back",
    "findings.grant_extension": "pause",
    "findings.object": "pause",
    "findings.overturn": "done",
    "findings.correct": "paper",
    "findings.ladder_signed": "paper",
}
READ = ("at", "actor_id", "actor_name", "verb", "label", "subject_type", "reason", "details")
# With these a notice goes out; the one that is in force is linked.
GIVEN = ("findings.assign", "findings.hand_on")
# Saved many times over: only the last of a run by one person is told.
REPEATED = frozenset({"findings.save_report", "findings.amend"})


OF_FINDING, OF_REPORT = "findings.finding", "findings.rectification"
ALONE = Prepared(lambda finding: _about(Q(subject_type=OF_FINDING, subject_id=finding)), finding=CharField())
WITH_REPORTS = Prepared(
    lambda finding, reports: _about(
        Q(subject_type=OF_FINDING, subject_id=finding) | Q(subject_type=OF_REPORT, subject_id__in=reports)
    ),
    finding=CharField(),
    reports=Many(CharField()),
)


def entries(
    *,
    finding: Finding,
    reports: Iterable[Rectification],
    statements: Iterable[UnitStatement],
    acceptances: Iterable[Acceptance],
    for_unit: bool,
    whole: bool = False,
) -> list[TimelineEntry]:
    """The steps, newest first.

    for_unit: only what the unit is told, from when it had the matter
    whole:    also what was before that
    """
    said: dict[tuple[datetime, str], str] = {
        (row.entered_at, str(row.entered_by_id)): _statement(row) for row in statements
    }
    said |= {(row.at, str(row.by_id)): row.opinion for row in acceptances}
    told = [
        row
        for row in _history(finding, reports)
        if not for_unit or row.verb in TOLD_TO_UNIT - _later(row, finding)
        if whole or not telling.is_before_its_time(row.at, finding=finding, for_unit=for_unit)
    ]
    lines = [
        _entry(row, finding, said, with_why=not for_unit or row.verb not in INTERNAL | _quiet(row, finding))
        for row in _once(told)
    ]
    return lines[::-1]


def _quiet(row: AuditEntry, finding: Finding) -> frozenset[str]:
    """Whose words the unit reads only later: for a step of that moment."""
    return frozenset() if telling.tells_opinion(finding, at=row.at, for_unit=True) else OPINIONS


def _later(row: AuditEntry, finding: Finding) -> frozenset[str]:
    return _quiet(row, finding) & ACCEPTS


def _history(finding: Finding, reports: Iterable[Rectification]) -> list[AuditEntry]:
    ids = [str(row.pk) for row in reports]
    return WITH_REPORTS(finding=str(finding.pk), reports=ids) if ids else ALONE(finding=str(finding.pk))


def _about(rows: Q) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(rows).only(*READ).order_by("id")


def _once(rows: list[AuditEntry]) -> list[AuditEntry]:
    """One step told once: a report that moves with its finding adds no line, nor does a repeated saving."""
    steps = {(row.at, row.actor_id) for row in rows if row.subject_type == OF_FINDING}
    kept: list[AuditEntry] = []
    for row in rows:
        if row.subject_type != OF_FINDING and (row.at, row.actor_id) in steps:
            continue
        if kept and row.verb in REPEATED and (kept[-1].verb, kept[-1].actor_id) == (row.verb, row.actor_id):
            kept.pop()
        kept.append(row)
    return kept


def _entry(
    row: AuditEntry, finding: Finding, said: dict[tuple[datetime, str], str], *, with_why: bool
) -> TimelineEntry:
    url = label = ""
    if row.verb in GIVEN and finding.notice_id and finding.taken_over_at in (None, row.at):
        url, label = reverse("findings:notice_detail", args=[finding.notice_id]), "整改通知书"
    return TimelineEntry(
        at=row.at,
        who=row.actor_name,
        what=row.label or row.verb,
        why=_why(row, said) if with_why else "",
        url=url,
        url_label=label,
        tone=TONES.get(row.verb, ""),
    )


def _why(row: AuditEntry, said: dict[tuple[datetime, str], str]) -> str:
    reason = row.reason or _said(row, said)
    earlier = row.details.get("earlier_facts") if row.details else None
    return f"{reason}\n认定前的表述：{earlier}" if earlier else reason


def _said(row: AuditEntry, said: dict[tuple[datetime, str], str]) -> str:
    if row.verb not in ("findings.hear_statement", "findings.accept"):
        return ""
    return said.get((row.at, row.actor_id), "")


def _statement(row: UnitStatement) -> str:
    return f"{row.get_means_display()}，{row.speaker}：{row.text}" if row.text else row.get_means_display()
