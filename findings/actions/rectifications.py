from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from conduct import audit, clock, files, moves
from conduct.errors import MovedMeanwhile, NotFromHere, Refused
from findings.models import (
    CoUnit,
    Finding,
    PersonsDealt,
    Rectification,
    RectificationFile,
    RectificationPlan,
    RuleBuilt,
    TransferRequest,
)
from findings.moves import finding as finding_moves
from findings.moves import rectification as table
from findings.queries import attached
from findings.rules import outcome as outcomes
from findings.rules import parting, report
from findings.rules.outcome import Outcome, Rule
from inspections.models import Cause
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, supervisions

MOST_FILES = 30
STARTED_MEANWHILE = "这份整改报告在您填写期间已由别人起草。您填的内容仍在页面上，请核对最新内容后再保存。"

CHANGED_MEANWHILE = "整改报告在您阅读期间有改动，还没有签字。下面是最新内容，请通读后再签字提交。"


@dataclass(frozen=True)
class Texts:
    """The written parts of a report; an unwritten part is empty."""

    problem_summary: str = ""
    investigation: str = ""
    cause_analysis: str = ""
    measures: str = ""
    persons_handled: str = ""
    rules_built: str = ""
    self_extension: str = ""
    unfinished: str = ""


@transaction.atomic
def draft(
    *,
    finding: Finding,
    texts: Texts,
    causes: Sequence[Cause] = (),
    outcome: Outcome | None = None,
    expected: int | None = None,
    by: User,
    at: datetime,
) -> Rectification:
    """Keep the report as far as it is written; the first draft starts the rectification.

    outcome:  what came of it in numbers; None leaves what was kept before
    expected: the version of the report on the person's screen, None when there was none yet
    Raises:   MovedMeanwhile when someone else saved first (nothing has been written)
    """
    require_open(finding=finding, by=by)
    _check(outcome)
    columns = asdict(texts) | _figures(outcome)
    row = finding.rectifications.filter(state=Rectification.State.DRAFT).order_by("round").last()
    if row is None:
        row = _begin(finding, columns, by, at)
    elif expected is None:
        raise MovedMeanwhile(STARTED_MEANWHILE)
    else:
        label = "保存整改报告"
        moves.revise(row, expected=expected, by=by, at=at, verb="save_report", label=label, **columns)
    row.causes.set(causes)
    if outcome is not None:
        _list(row, outcome)
    return row


@dataclass(frozen=True)
class Saved:
    """What came of a saving: the report, and why some of the files were not taken."""

    report: Rectification
    refusals: list[str]


def keep(
    *,
    finding: Finding,
    texts: Texts,
    causes: Sequence[Cause],
    outcome: Outcome | None = None,
    uploads: Sequence[UploadedFile],
    caption: str,
    expected: int | None,
    by: User,
    at: datetime,
) -> Saved:
    """Keep the texts, and of the files those that can be taken: a bad one does not cost the rest.

    Raises: MovedMeanwhile when someone else saved first (nothing has been written)
    """
    report = draft(
        finding=finding, texts=texts, causes=causes, outcome=outcome, expected=expected, by=by, at=at
    )
    refusals = []
    for upload in uploads:
        try:
            attach(rectification=report, upload=upload, by=by, at=at, caption=caption)
        except Refused as refusal:
            refusals.append(str(refusal))
    return Saved(report, refusals)


@transaction.atomic
def attach(
    *, rectification: Rectification, upload: UploadedFile, by: User, at: datetime, caption: str = ""
) -> RectificationFile:
    """Add a photo or document as supporting material.

    Raises: Refused with the file's name, what is wrong with it and what to do
    """
    require_drafter(finding=rectification.finding, by=by)
    _require_draft(rectification)
    if rectification.files.count() >= MOST_FILES:
        raise Refused(f"佐证材料最多 {MOST_FILES} 件，请合并后再上传。")
    kept = files.take_document(upload=upload, by=by, at=at)
    row = RectificationFile.objects.create(
        rectification=rectification, file=kept, caption=caption.strip(), added_by=by, added_at=at
    )
    audit.record(
        at=at,
        by=by,
        verb="findings.attach",
        label=f"上传佐证材料：{kept.original_name}"[:64],
        subject=rectification,
        details={"sha256": kept.sha256},
    )
    return row


@transaction.atomic
def detach(*, attachment: RectificationFile, by: User, at: datetime) -> Rectification:
    """Take supporting material out of a report that is still being drafted; the file itself is kept."""
    rectification = attachment.rectification
    require_drafter(finding=rectification.finding, by=by)
    _require_draft(rectification)
    audit.record(
        at=at,
        by=by,
        verb="findings.detach",
        label=f"移出佐证材料：{attachment.file.original_name}"[:64],
        subject=rectification,
        details={"sha256": attachment.file.sha256},
    )
    attachment.delete()
    return rectification


@transaction.atomic
def sign(
    *, rectification: Rectification, by: User, at: datetime, seen: str = "", without_parts: str = ""
) -> Rectification:
    """The head of the unit signs the complete report and hands it in.

    seen:          the mark of what the head read, empty where the page did not say
    without_parts: why it is handed in although a co-unit has not answered
    Raises:        MovedMeanwhile when text or material changed since: nobody signs what they have not read
    """
    finding = rectification.finding
    access.require(by, Permission.RECTIFICATION_SIGN, unit=finding.unit)
    if seen and seen != mark_of(rectification):
        raise MovedMeanwhile(CHANGED_MEANWHILE)
    missing = missing_of(rectification)
    if rectification.state == Rectification.State.DRAFT and missing:
        raise Refused(report.objection_to_signing(missing=missing))
    if problem := attached.objection(rectification):
        raise Refused(problem)
    _require_not_returned(finding)
    reason = _reason_without_parts(finding, without_parts)
    of_now = {"notice": finding.notice, "occurrence": finding.occurrence}
    if finding.plans.filter(**of_now, state__in=RectificationPlan.OWED).exists():
        raise Refused("整改期限较长，须先提交整改方案，再签字提交整改报告。请到问题页的“整改方案”补交。")
    moves.carry_out(
        finding,
        finding_moves.SUBMIT,
        by=by,
        at=at,
        details={"round": rectification.round},
        handed_in_on=clock.day_of(at),
        runs_until=None,
        paused_on=None,
    )
    moves.carry_out(rectification, table.SIGN, by=by, at=at, signed_by=by, signed_at=at, without_parts=reason)
    supervisions.make_moot(finding=finding, why="单位已提交整改报告。", at=at)
    occasions.handed_in(rectification, by=by, at=at)
    return rectification


def _require_not_returned(finding: Finding) -> None:
    """Refuse a report on a matter the unit says is not its own."""
    asked = TransferRequest.State.ASKED
    if finding.transfer_requests and finding.transfers.filter(state=asked).exists():
        raise NotFromHere(
            "本单位已以不属本单位职责退回这个问题，督查办还没有决定。要提交整改报告，请先撤回退回申请。"
        )


def open_parts(finding: Finding) -> list[CoUnit]:
    """The parts co-units have not answered yet."""
    if not finding.co_units:
        return []
    return list(finding.parts.filter(state=CoUnit.State.OPEN).select_related("unit").order_by("due_on", "pk"))


def _reason_without_parts(finding: Finding, reason: str) -> str:
    """Why the report comes before a co-unit's answer; nothing when all have answered."""
    waiting = open_parts(finding)
    if not waiting:
        return ""
    if not reason.strip():
        names = "、".join(part.unit.name for part in waiting)
        raise Refused(f"{names}还没有答复协办事项。请等待答复；现在就要提交的，请写明理由。")
    return reason.strip()


def mark_of(rectification: Rectification) -> str:
    """What stands for the report as read: another after every saving and every file put in or taken out."""
    files_in = sorted(str(pk) for pk in rectification.files.values_list("pk", flat=True))
    return hashlib.sha256("|".join([str(rectification.version), *files_in]).encode()).hexdigest()[:16]


def missing_of(rectification: Rectification) -> list[str]:
    """Names of the parts still to be written before the head can sign."""
    figures = {name: getattr(rectification, name) for name in outcomes.FIGURES}
    return [
        *report.missing_parts(
            texts={field: getattr(rectification, field) for field in report.PARTS},
            causes=rectification.causes.count(),
            files=rectification.files.count(),
        ),
        *outcomes.missing_figures(figures),
    ]


def outcome_of(rectification: Rectification) -> Outcome:
    """What the report says came of it, as it was typed."""
    return Outcome(
        **{name: getattr(rectification, name) for name in outcomes.FIGURES},
        rules=tuple(Rule(row.title, row.number) for row in rectification.rules.order_by("ordinal")),
        dealt={row.kind: row.number for row in rectification.dealt.all()},
    )


def next_round(*, rectification: Rectification, by: User, at: datetime) -> Rectification:
    """A new draft that starts from what was handed in, so that nothing written is lost."""
    new = Rectification(
        finding=rectification.finding,
        round=rectification.round + 1,
        drafted_by=rectification.drafted_by,
        drafted_at=at,
        **{field: getattr(rectification, field) for field in (*report.PARTS, *outcomes.FIGURES)},
    )
    moves.born(new, state=Rectification.State.DRAFT, by=by, at=at, label="退回后重新起草整改报告")
    new.causes.set(rectification.causes.all())
    _list(new, outcome_of(rectification))
    RectificationFile.objects.bulk_create(
        RectificationFile(
            rectification=new,
            file=kept.file,
            caption=kept.caption,
            added_by=kept.added_by,
            added_at=kept.added_at,
        )
        for kept in rectification.files.select_related("file", "added_by")
    )
    return new


def start_over(*, finding: Finding, by: User, at: datetime) -> Rectification:
    """An empty draft for a problem that came back; the reports on its first time stay as they are."""
    last = finding.rectifications.order_by("round").last()
    if last is None:
        raise RuntimeError(f"finding {finding.pk} was closed without a report")
    row = Rectification(finding=finding, round=last.round + 1, drafted_by=last.drafted_by, drafted_at=at)
    return moves.born(row, state=Rectification.State.DRAFT, by=by, at=at, label="问题反弹后重新起草整改报告")


def _begin(finding: Finding, columns: dict[str, Any], by: User, at: datetime) -> Rectification:
    moves.carry_out(finding, finding_moves.START_RECTIFYING, by=by, at=at)
    # After what another unit wrote before the matter was given to this one.
    earlier = finding.rectifications.count()
    row = Rectification(finding=finding, round=earlier + 1, drafted_by=by, drafted_at=at, **columns)
    return moves.born(row, state=Rectification.State.DRAFT, by=by, at=at, label="起草整改报告")


def _check(outcome: Outcome | None) -> None:
    """Refuse numbers that cannot be.

    Raises: Refused
    """
    if outcome is None:
        return
    objection = outcomes.objection_to_places(checked=outcome.places_checked, found=outcome.places_found)
    if objection := objection or outcomes.objection_to_rules(list(outcome.rules)):
        raise Refused(objection)


def _figures(outcome: Outcome | None) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in outcomes.FIGURES} if outcome else {}


def _list(row: Rectification, outcome: Outcome) -> None:
    """Put the rules made and the people dealt with in place of what was listed before."""
    row.rules.all().delete()
    RuleBuilt.objects.bulk_create(
        RuleBuilt(rectification=row, ordinal=place, title=rule.title, number=rule.number)
        for place, rule in enumerate(outcome.rules, 1)
    )
    row.dealt.all().delete()
    PersonsDealt.objects.bulk_create(
        PersonsDealt(rectification=row, kind=kind, number=number)
        for kind, number in outcome.dealt.items()
        if number
    )


def require_open(*, finding: Finding, by: User) -> None:
    """Refuse the person who cannot write the report now.

    Raises: Forbidden, Refused
    """
    require_drafter(finding=finding, by=by)
    if finding.state == Finding.State.ASSIGNED:
        raise NotFromHere(
            f"问题当前是“{finding.get_state_display()}”。请单位主要负责人先签收整改通知书，再起草整改报告。"
        )
    if finding.state not in (Finding.State.RECEIVED, Finding.State.RECTIFYING):
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不能再改整改报告。")


def require_drafter(*, finding: Finding, by: User) -> None:
    """Refuse whoever does not write for the unit on this finding.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.RECTIFICATION_DRAFT, unit=finding.unit)
    objection = parting.objection_to_drafter(
        is_head=access.may(by, Permission.RECTIFICATION_SIGN, unit=finding.unit),
        liaison_id=finding.liaison_id,
        person_id=by.pk,
    )
    if objection:
        raise Refused(objection)


def _require_draft(rectification: Rectification) -> None:
    if rectification.state != Rectification.State.DRAFT:
        raise NotFromHere("整改报告已经提交，不能再增减佐证材料。如被退回，可在退回后补充。")
