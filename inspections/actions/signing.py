"""Sign the record, review it, file it away, and add what was wrong with it later."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import audit, clock, moves, numbering
from conduct.chain import heads, sealing
from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.search import filling
from inspections.models import CorrectionNote, Visit, VisitSignature
from inspections.moves import visits as steps
from inspections.queries import content
from inspections.queries import visits as standing
from inspections.queries.numbers import CODE, SERIES
from inspections.rules.records import FEWEST_SIGNATURES, counts_leader
from people import access
from people.models import User
from people.roles import OFFICE_ROLES, Permission

CHANGED = "这份记录刚才有变动，您看到的不是最新内容。请重新看过最新内容再办。"


@transaction.atomic
def sign(*, visit: Visit, expected: int, by: User, at: datetime) -> VisitSignature:
    """Put the person's name under the record as it stands.

    expected: the version the person had on the screen
    Raises:   Forbidden; MovedMeanwhile; Refused for anyone not on the team, twice, or before it is complete
    """
    access.require(by, Permission.VISIT_FILE)
    if not standing.is_member(visit, by):
        raise Refused("只有本次检查的检查人员可以签名。")
    if visit.state != Visit.State.RECORDED:
        raise Refused(f"这次检查当前是“{visit.get_state_display()}”，不能签名。记录完成后、复核前才能签名。")
    if visit.version != expected:
        raise MovedMeanwhile(CHANGED)
    try:
        with transaction.atomic():
            signature = VisitSignature.objects.create(
                visit=visit,
                user=by,
                visit_version=visit.version,
                content_sha256=content.digest(visit),
                signed_at=at,
            )
    except IntegrityError as twice:
        raise Refused("您已经在这份记录上签过名了。") from twice
    audit.record(
        at=at,
        by=by,
        verb="inspections.sign",
        label="签名",
        subject=visit,
        details={"content_sha256": signature.content_sha256, "version": visit.version},
    )
    return signature


@transaction.atomic
def review(*, visit: Visit, by: User, at: datetime, opinion: str = "") -> Visit:
    """Pass the signed record on to the office, as the leader of the team that made it.

    opinion: required where the leader's own signature is one of the two, though the team has two others
    Raises:  Forbidden for anyone else; Refused before two of the team have signed the record as it stands
    """
    _require_leader(visit, by)
    signed = standing.standing_signatures(visit)
    now = content.digest(visit)
    people = {row.user_id for row in signed if row.content_sha256 == now}
    if visit.state == Visit.State.RECORDED and len(people) < FEWEST_SIGNATURES:
        raise Refused(
            f"须有{FEWEST_SIGNATURES}名以上检查人员签名才能复核，现在有{len(people)}人签名。请提醒组员签名。"
        )
    members, others = len(standing.members(visit)), len(people - {by.pk})
    rests_on_leader = counts_leader(members=members, others=others)
    if visit.state == Visit.State.RECORDED and rests_on_leader and not opinion.strip():
        raise Refused(
            f"您自己签了名又来复核，除您以外只有{others}名组员签名。请再请一名组员签名；"
            "确实只有两人到场的，请在复核意见里写明情况。"
        )
    moves.carry_out(
        visit,
        steps.REVIEW,
        by=by,
        at=at,
        reason=opinion,
        reviewed_at=at,
        reviewed_by=by,
        review_opinion=opinion.strip(),
    )
    return visit


@transaction.atomic
def send_back(*, visit: Visit, by: User, at: datetime, reason: str) -> Visit:
    """Return the record to the team; signatures given so far are void.

    Raises: Forbidden for anyone but the team's leader; Refused without a reason
    """
    _require_leader(visit, by)
    moves.carry_out(visit, steps.SEND_BACK, by=by, at=at, reason=reason, recorded_at=None)
    return visit


@transaction.atomic
def lock(*, visit: Visit, by: User, at: datetime) -> Visit:
    """File the reviewed record away; from now on only correction notes can be added.

    Raises: Forbidden
    """
    access.require(by, Permission.VISIT_LOCK, unit=visit.campaign.office)
    year = clock.day_of(at).year
    number = numbering.written(code=CODE, year=year, seq=numbering.take(series=SERIES, year=year))
    # The record sheet is drawn from the rows; the head it prints is the one of this moment.
    head = heads.to_print()
    told = {sealing.PAPER: number} | ({"chain": {"seq": head.seq, "digest": head.digest}} if head else {})
    moves.carry_out(visit, steps.LOCK, by=by, at=at, details=told, locked_at=at, number=number)
    return visit


@transaction.atomic
def correct(*, visit: Visit, text: str, by: User, at: datetime) -> CorrectionNote:
    """Add to a locked record what was wrong in it and what is right.

    Raises: Forbidden; Refused without a text, before locking, and for anyone neither on the team nor of the office
    """
    access.require(by, Permission.VISIT_CORRECT)
    is_office = access.may(by, Permission.VISIT_LOCK, unit=visit.campaign.office) and bool(
        access.roles_of(by) & OFFICE_ROLES
    )
    if not is_office and not standing.is_member(visit, by):
        raise Refused("只有本次检查的检查人员和督查办经办可以添加更正记录。")
    if visit.state != Visit.State.LOCKED:
        raise Refused("归档以后才用更正记录；归档以前请直接修改，或由组长退回补正。")
    if not text.strip():
        raise Refused("请写明哪里有误、正确的是什么。")
    note = CorrectionNote.objects.create(visit=visit, text=text.strip(), by=by, at=at)
    audit.record(
        at=at, by=by, verb="inspections.correct", label="添加更正记录", subject=visit, reason=note.text
    )
    filling.changed(visit)
    return note


def _require_leader(visit: Visit, by: User) -> None:
    access.require(by, Permission.VISIT_FILE)
    if visit.team is None or visit.team.leader_id != by.pk:
        raise Forbidden("只有本组组长可以复核这份记录。")
