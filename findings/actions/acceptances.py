from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from conduct import clock, files, moves
from conduct.calendar import book as calendar
from conduct.calendar.rules import working_days_between
from conduct.errors import NotFromHere, Refused
from conduct.models import StoredFile
from findings.models import Acceptance, Finding, PhotoPair, Rectification, RectificationFile
from findings.moves import finding as table
from findings.queries import parties, verdicts
from findings.rules import acceptance as rules
from findings.rules import parting
from inspections.models import Evidence
from people import access
from people.models import User
from people.roles import Permission

from . import occasions, revisits, terms
from .rectifications import next_round

Verdict = Acceptance.Verdict
BACK = {Verdict.PARTLY: table.ACCEPT_PARTLY, Verdict.REFUSE: table.REFUSE}


@dataclass(frozen=True)
class Pair:
    """A photo of the visit beside one of the same place now: handed in with the report, or taken by the accepter."""

    before: Evidence
    after: RectificationFile | None = None
    taken: UploadedFile | None = None
    caption: str = ""


@dataclass(frozen=True)
class Look:
    """What a verdict rests on. seen_on: the day the accepter looked on the spot"""

    opinion: str
    seen_on: date | None = None
    left_over: str = ""
    pairs: Sequence[Pair] = ()


def accept(
    *,
    finding: Finding,
    by: User,
    at: datetime,
    opinion: str,
    seen_on: date | None = None,
    left_over: str = "",
    pairs: Sequence[Pair] = (),
) -> Acceptance:
    """One of two different people finds that the problem has been put right."""
    look = Look(opinion, seen_on, left_over, pairs)
    given, _ = _judge(finding, Verdict.ACCEPT, look, by, at)
    return given


def accept_partly(
    *,
    finding: Finding,
    by: User,
    at: datetime,
    opinion: str,
    left_over: str,
    seen_on: date | None = None,
    pairs: Sequence[Pair] = (),
) -> Rectification:
    """Find part of it put right; the unit goes on with what is left. Returns the new round."""
    look = Look(opinion, seen_on, left_over, pairs)
    _, report = _judge(finding, Verdict.PARTLY, look, by, at)
    return report


def refuse(
    *,
    finding: Finding,
    by: User,
    at: datetime,
    opinion: str,
    seen_on: date | None = None,
    left_over: str = "",
    pairs: Sequence[Pair] = (),
) -> Rectification:
    """Find that it has not been put right; the unit goes on from its report. Returns the new round."""
    look = Look(opinion, seen_on, left_over, pairs)
    _, report = _judge(finding, Verdict.REFUSE, look, by, at)
    return report


@transaction.atomic
def close(*, finding: Finding, by: User, at: datetime, reason: str = "") -> Finding:
    """Close the matter (销号) after two people accepted, count the working days it took, and set the second look."""
    access.require(by, Permission.FINDING_CLOSE, unit=finding.unit)
    if finding.state in table.CLOSE.sources:
        accepted = parties.accepted(finding, round=_report(finding).round)
        objection = parting.objection_to_closing(accepted=accepted)
        if objection := objection or parties.objection_to(table.CLOSE, finding=finding, person=by):
            raise Refused(objection)
    today = clock.day_of(at)
    moves.carry_out(
        finding,
        table.CLOSE,
        by=by,
        at=at,
        reason=reason,
        closed_at=at,
        closed_on=today,
        closed_by=by,
        days_to_close=_days(finding, at),
    )
    occasions.closed(finding, by=by, at=at)
    revisits.schedule(finding=finding, by=by, at=at)
    return finding


def _days(finding: Finding, at: datetime) -> int:
    if finding.issued_on is None:
        return 0
    return max(0, working_days_between(start=finding.issued_on, end=clock.day_of(at), book=calendar.load()))


def require_accepter(*, finding: Finding, by: User) -> None:
    """Refuse who may not give a verdict on the present round, and a finding that awaits none.

    Raises: Forbidden, Refused
    """
    access.require(by, Permission.FINDING_ACCEPT, unit=finding.unit)
    if finding.state != Finding.State.AWAITING_ACCEPTANCE:
        raise NotFromHere(f"问题当前是“{finding.get_state_display()}”，不能验收。请刷新页面看最新情况。")
    round_ = _report(finding).round
    if objection := parties.objection_to_accepter(finding=finding, round=round_, person=by):
        raise Refused(objection)


def _judge(
    finding: Finding, verdict: Verdict, look: Look, by: User, at: datetime
) -> tuple[Acceptance, Rectification]:
    """The verdict, and the report it leaves the unit with: the one judged, or the round that follows.

    Photos are kept before the transaction: they take seconds, and nobody else could write meanwhile.
    """
    require_accepter(finding=finding, by=by)
    report = _report(finding)
    _require_grounds(finding, report, verdict, look, at)
    taken = [_taken(pair, by, at) for pair in look.pairs]
    with transaction.atomic():
        if verdict == Verdict.ACCEPT:
            moves.carry_out(finding, table.ACCEPT, by=by, at=at, reason=look.opinion)
        else:
            terms.give_back(finding=finding, move=BACK[verdict], by=by, at=at, reason=look.opinion)
        given = Acceptance.objects.create(
            finding=finding,
            round=report.round,
            by=by,
            at=at,
            verdict=verdict,
            opinion=look.opinion.strip(),
            seen_on=look.seen_on,
            left_over=look.left_over.strip(),
        )
        PhotoPair.objects.bulk_create(
            PhotoPair(acceptance=given, before=pair.before, after=after, caption=pair.caption.strip())
            for pair, after in zip(look.pairs, taken, strict=True)
        )
        if verdict != Verdict.ACCEPT:
            occasions.returned(report, by=by, at=at)
            report = next_round(rectification=report, by=by, at=at)
    return given, report


def _require_grounds(
    finding: Finding, report: Rectification, verdict: Verdict, look: Look, at: datetime
) -> None:
    """Refuse a verdict that does not rest on what it must.

    Raises: Refused
    """
    if not look.opinion.strip():
        raise Refused("验收须写明意见，请填写后再提交。")
    # Who refuses on the papers need not travel for it.
    on_site = bool(finding.route and finding.route.on_site) and verdict != Verdict.REFUSE
    pairs = len(look.pairs) + verdicts.pairs_in(finding=finding, round=report.round)
    objection = (
        rules.objection_to_left_over(is_partly=verdict == Verdict.PARTLY, left_over=look.left_over)
        or rules.objection_to_look(
            on_site=on_site,
            seen_on=look.seen_on,
            handed_in_on=clock.day_of(report.signed_at) if report.signed_at else None,
            today=clock.day_of(at),
        )
        or rules.objection_to_pairs(on_site=on_site, befores=verdicts.befores(finding).count(), pairs=pairs)
        or _foreign(finding, report, look)
    )
    if objection:
        raise Refused(objection)


def _foreign(finding: Finding, report: Rectification, look: Look) -> str:
    """Against photos of another matter, and pairs of which one half is missing."""
    before = {pair.before.pk for pair in look.pairs}
    after = {pair.after.pk for pair in look.pairs if pair.after}
    if verdicts.befores(finding).filter(pk__in=before).count() < len(before):
        return "所选检查时的照片不属于这个问题，请重新选择。"
    if verdicts.afters(report).filter(pk__in=after).count() < len(after):
        return "所选整改后的照片不属于这次整改报告，请重新选择。"
    if len({(pair.before.pk, pair.after and pair.after.pk) for pair in look.pairs}) < len(look.pairs):
        return "同一组对比照片选了两次，请去掉一组。"
    if any(pair.after is None and pair.taken is None for pair in look.pairs):
        return "对比照片缺少整改后的一张，请选择或上传。"
    return ""


def _taken(pair: Pair, by: User, at: datetime) -> StoredFile:
    """The photo of now: the one just taken where there is one."""
    if pair.taken is not None:
        return files.take_photo(upload=pair.taken, by=by, at=at)
    if pair.after is None:
        raise RuntimeError("a pair without its second photo was let through")
    return pair.after.file


def _report(finding: Finding) -> Rectification:
    row = finding.rectifications.order_by("round").last()
    if row is None:
        raise RuntimeError(f"finding {finding.pk} awaits acceptance without a report")
    return row
