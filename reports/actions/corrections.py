"""What an upheld objection has shown to be wrong is corrected where it was printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from conduct import audit, clock, issuing, moves
from conduct.audit import Actor
from conduct.calendar import book as calendar
from conduct.calendar.rules import after_working_days
from conduct.errors import MovedMeanwhile, NotFromHere, Refused
from findings.models import Objection
from people import access
from people.models import User
from people.roles import Permission
from reports.gather import correction as gather
from reports.gather import drawing
from reports.models import Bulletin, Correction
from reports.moves.correction import HOLD, RESUME, SIGN
from reports.queries import corrections as query
from reports.rules import correction as words

from . import occasions

SERIES = "更正通知"
KIND = "correction"
OWN_TEXT = "这份更正通知的文稿是您本人修改的，须由另一位分管领导签发。"
HAS_FOUND = "您参加了这个问题的检查或者认定，不能决定暂缓更正。请由其他分管领导决定。"


def list_of(*, objection: Objection, by: Actor, at: datetime) -> list[Correction]:
    """Put every issued paper that holds what fell on the office's list; what is listed already stays as it is."""
    if objection.state not in query.CHANGING:
        return []
    notice = objection.finding.notice
    made = [_listed(objection, by, at, notice=notice, unit=notice.unit)] if notice else []
    for bulletin, is_printed in query.bulletins_with(objection):
        facts = {"bulletin": bulletin, "unit": bulletin.office, "is_printed": is_printed}
        made.append(_listed(objection, by, at, **facts))
    return [row for row in made if row is not None]


@transaction.atomic
def write(
    *,
    correction: Correction,
    statement: str,
    reason: str,
    clearing: str,
    expected: int,
    by: User,
    at: datetime,
) -> Correction:
    """Change the words of the correction before it is signed.

    expected: the version on the person's screen
    Raises:   Forbidden, NotFromHere once signed or held, MovedMeanwhile; Refused for what may not be left out
    """
    access.require(by, Permission.BULLETIN_DRAFT, unit=correction.unit)
    if correction.state != Correction.State.OPEN:
        raise NotFromHere(
            f"更正现在是“{correction.get_state_display()}”，不能修改文稿。请刷新页面看最新情况。"
        )
    typed = {"statement": statement.strip(), "reason": reason.strip(), "clearing": clearing.strip()}
    if not typed["statement"] or not typed["reason"]:
        raise Refused("请写明更正内容和更正理由。")
    if correction.bulletin and not typed["clearing"]:
        raise Refused("原通报已经印发，请写明澄清的内容，为单位和有关人员消除影响。")
    if unprintable := drawing.unprintable("".join(typed.values())):
        raise Refused(unprintable)
    label = "修改更正通知文稿"
    moves.revise(
        correction, expected=expected, by=by, at=at, verb="write_correction", label=label, author=by, **typed
    )
    return correction


@transaction.atomic
def sign(*, correction: Correction, by: User, at: datetime, expected: int | None = None) -> Correction:
    """Sign the correction: it takes the next number of the year and goes to those who had the paper it corrects.

    expected: the version the signer has read
    Raises:   Forbidden, Refused to who wrote it, NotFromHere, MovedMeanwhile
    """
    access.require(by, Permission(SIGN.permission), unit=correction.unit)
    _refuse_unseen(correction, expected)
    moves.require_from(correction, SIGN)
    if by.pk == correction.author_id:
        raise Refused(OWN_TEXT)
    house, day = query.house(), clock.day_of(at)
    paper = issuing.issue(
        kind=KIND,
        series=SERIES,
        code=gather.symbol_of(house),
        year=day.year,
        title=gather.draft_of(correction, house=house).title[:200],
        facts_for=lambda number, head: gather.issued_of(
            correction, house=house, number=number, day=day, head=head
        ),
        draw=gather.draw,
        by=by,
        at=at,
    )
    signed: dict[str, Any] = {"signed_by": by, "issued_at": at, "paper": paper}
    moves.carry_out(correction, SIGN, by=by, at=at, details={"number": paper.number}, **signed)
    audit.record(
        at=at,
        by=by,
        verb="findings.correct",
        label=f"印发更正通知：{paper.number}",
        subject=correction.objection.finding,
    )
    occasions.corrected(correction, by=by, at=at)
    return correction


@transaction.atomic
def hold(*, correction: Correction, reason: str, by: User, at: datetime) -> Correction:
    """Put the correction off with a reason; it stays on the list, and its day passes."""
    access.require(by, Permission(HOLD.permission), unit=correction.unit)
    moves.require_from(correction, HOLD)
    if query.has_found(by, correction):
        raise Refused(HAS_FOUND)
    moves.carry_out(correction, HOLD, by=by, at=at, reason=reason, held_reason=reason.strip())
    return correction


@transaction.atomic
def resume(*, correction: Correction, by: User, at: datetime) -> Correction:
    """Take the correction up again."""
    access.require(by, Permission(RESUME.permission), unit=correction.unit)
    moves.carry_out(correction, RESUME, by=by, at=at, held_reason="")
    return correction


def _listed(objection: Objection, by: Actor, at: datetime, **of: Any) -> Correction | None:
    """One paper on the list; None where it is there already."""
    paper = {name: row for name, row in of.items() if name in ("notice", "bulletin")}
    if Correction.objects.filter(objection=objection, **paper).exists():
        return None
    start = clock.day_of(objection.decided_at or at)
    due = after_working_days(start=start, working_days=words.WORKING_DAYS, book=calendar.load())
    row = Correction(
        objection=objection,
        concerned=objection.finding.unit,
        created_at=at,
        due_on=due.day,
        due_is_estimate=due.is_estimate,
        **of,
        **_words(objection, of.get("bulletin"), is_printed=of.get("is_printed", True)),
    )
    try:
        with transaction.atomic():
            moves.born(row, state=Correction.State.OPEN, by=by, at=at, label="列入待更正")
            occasions.to_correct(row, by=by, at=at)
            return row
    except IntegrityError:
        return None  # another run was faster


def _words(objection: Objection, bulletin: Bulletin | None, *, is_printed: bool) -> dict[str, str]:
    """What the house would say, to be read before it is signed."""
    finding, is_whole = objection.finding, objection.state == Objection.State.UPHELD
    title, unit, left = finding.title, finding.unit.name, "" if is_whole else finding.facts
    if bulletin is None:
        return {"statement": words.of_notice(title=title, facts=left), "reason": objection.decision}
    if is_printed:
        statement = words.of_case(title=title, unit=unit, facts=left)
    else:
        statement = words.of_numbers(unit=unit, count=finding.count)
    return {
        "statement": statement,
        "reason": words.REASON if is_whole else words.REASON_IN_PART,
        "clearing": words.clearing(unit=unit, is_whole=is_whole),
    }


def _refuse_unseen(correction: Correction, expected: int | None) -> None:
    if expected is not None and expected != correction.version:
        raise MovedMeanwhile(moves.MOVED)
