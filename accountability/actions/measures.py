"""What the office does with decisions of competent bodies: record, withdraw, correct; end those that are over.

The system decides nothing: it computes the period, says what is to be looked at, and keeps what was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accountability.models import Measure, MeasureKind
from accountability.moves.measure import END, WITHDRAW
from accountability.queries import catalogue, measures, names
from accountability.rules import effect as effects
from accountability.rules.cautions import Caution, Decision, cautions
from accountability.rules.effect import Effect
from conduct import clock, files, moves, sealing
from conduct.audit import Actor
from conduct.errors import MovedMeanwhile, Refused
from findings.models import Finding
from people import access
from people.models import Unit, User
from people.roles import Permission

from . import occasions

A_BATCH = 500
Target, Level, LeaderSide = Measure.Target, Measure.Level, Measure.LeaderSide


class Cautioned(Refused):
    """There is something to look at, and nobody has said yet why it is recorded all the same."""


@dataclass(frozen=True)
class Entry:
    """What the decision says, as it is to be recorded.

    unit:   where the person serves, or the unit concerned; None for the unit of the finding
    name:   of the person, kept sealed; may stay empty
    reason: why it is recorded in spite of what is to be looked at
    """

    kind: MeasureKind
    target: str
    level: str
    origin: str
    authority: str
    decided_on: date
    decision_number: str
    unit: Unit | None = None
    person_post: str = ""
    person_kind: str = ""
    name: str = ""
    leader_side: str = ""
    leader_reason: str = ""
    heard_on: date | None = None
    probation_months: int | None = None
    decided_months: int | None = None
    merged: int = 1
    upload: files.Upload | None = None
    reason: str = ""


@dataclass(frozen=True)
class Trial:
    """What recording an entry would come to: its period, and what is to be looked at."""

    effect: Effect
    cautions: Sequence[Caution]


def weigh(*, finding: Finding, entry: Entry, at: datetime, instead_of: Measure | None = None) -> Trial:
    """The period and the cautions of an entry, before it is recorded.

    instead_of: the entry it is to take the place of
    Raises:     Refused where something is missing or cannot be
    """
    _require_whole(finding, entry, today=clock.day_of(at))
    term = catalogue.term_of(entry.kind)
    given: dict[str, Any] = {"probation": entry.probation_months, "decided": entry.decided_months}
    if problem := effects.fault(term, **given):
        raise Refused(problem)
    try:
        effect = effects.effect(term, on=entry.decided_on, **given)
    except (OverflowError, ValueError) as fault:
        raise Refused("影响期超出日历范围，请核对决定日期。") from fault
    heard = [day for day in (entry.heard_on, measures.first_heard_on(finding)) if day]
    decision = Decision(
        kind=catalogue.as_ruled(entry.kind),
        is_person=entry.target == Target.PERSON,
        person_kind=entry.person_kind,
        decided_on=entry.decided_on,
        visited_on=finding.visited_on,
        heard_on=min(heard, default=None),
        decided_months=entry.decided_months,
        merged=entry.merged,
    )
    others = measures.against_the_same(
        finding=finding,
        unit=entry.unit or finding.unit,
        person_post=entry.person_post if entry.target == Target.PERSON else "",
        name=entry.name or _earlier_name(instead_of),
        but=instead_of,
    )
    return Trial(effect, cautions(decision, others=others))


@transaction.atomic
def record(
    *, finding: Finding, entry: Entry, by: User, at: datetime, made_key: UUID | None = None
) -> Measure:
    """Record what a competent body decided because of a finding; sent twice it is recorded once.

    made_key: of the form it was sent by
    Raises:   Forbidden; Cautioned; Refused where something is missing or cannot be
    """
    access.require(by, Permission.MEASURE_RECORD, unit=finding.unit)
    _hold(finding)
    if made_key and (sent := Measure.objects.filter(made_key=made_key, recorded_by=by).first()):
        return sent
    return _put(finding, entry, by, at, label="登记责任追究", made_key=made_key)


@transaction.atomic
def withdraw(*, measure: Measure, reason: str, by: User, at: datetime) -> Measure:
    """Say that an entry is wrong and why; it stays to be read.

    Raises: Forbidden; Refused without a reason; MovedMeanwhile
    """
    access.require(by, Permission.MEASURE_RECORD, unit=measure.finding.unit)
    moves.carry_out(measure, WITHDRAW, by=by, at=at, reason=reason, withdrawn_reason=reason.strip())
    return measure


def require_open(*, measure: Measure, by: User) -> None:
    """Refuse to correct or withdraw what somebody may not, or what has been withdrawn already."""
    access.require(by, Permission.MEASURE_RECORD, unit=measure.finding.unit)
    moves.require_from(measure, WITHDRAW)


@transaction.atomic
def correct(
    *, measure: Measure, entry: Entry, why: str, by: User, at: datetime, expected: int | None = None
) -> Measure:
    """Put another entry in the place of a wrong one, which is withdrawn with the reason and stays to be read.

    A name or an attachment that is not given anew goes on with the new entry.

    expected: the `version` the person had on the screen
    Raises:   Forbidden; Cautioned; Refused; MovedMeanwhile when another was faster
    """
    require_open(measure=measure, by=by)
    _hold(measure.finding)
    if expected is not None and expected != measure.version:
        raise MovedMeanwhile(moves.MOVED)
    _weighed(measure.finding, entry, at, instead_of=measure)
    moves.carry_out(measure, WITHDRAW, by=by, at=at, reason=why, withdrawn_reason=why.strip())
    return _put(measure.finding, entry, by, at, label="更正登记责任追究", instead_of=measure, why=why)


def end_due(*, by: Actor, at: datetime) -> int:
    """End every measure whose period is over; done twice, each is ended once. Returns how many were ended here."""
    ended = 0
    for measure in measures.to_end(today=clock.day_of(at))[:A_BATCH]:
        try:
            with transaction.atomic():
                moves.carry_out(
                    measure, END, by=by, at=at, reason=f"{measure.effect_how}影响期已满。", ended_at=at
                )
                occasions.ended(measure, by=by, at=at)
        except MovedMeanwhile:
            continue
        ended += 1
    return ended


def _put(
    finding: Finding,
    entry: Entry,
    by: User,
    at: datetime,
    *,
    label: str,
    made_key: UUID | None = None,
    instead_of: Measure | None = None,
    why: str = "",
) -> Measure:
    trial = _weighed(finding, entry, at, instead_of=instead_of)
    measure = Measure(
        finding=finding,
        **_told(entry),
        unit=entry.unit or finding.unit,
        effect_first_on=trial.effect.first,
        effect_last_on=trial.effect.last,
        effect_how=trial.effect.how,
        cautions=[{"code": caution.code, "text": caution.text} for caution in trial.cautions],
        is_cautioned=bool(trial.cautions),
        cautions_reason=entry.reason.strip() if trial.cautions else "",
        corrects=instead_of,
        recorded_by=by,
        recorded_at=at,
        made_key=made_key or uuid4(),
    )
    _keep_name(measure, entry.name or _earlier_name(instead_of))
    measure.attachment = _kept_file(entry, by, at) or (instead_of.attachment if instead_of else None)
    return moves.born(measure, state=_state_of(trial.effect), by=by, at=at, label=label, reason=why)


def _weighed(finding: Finding, entry: Entry, at: datetime, *, instead_of: Measure | None = None) -> Trial:
    """The period and the cautions, each of which somebody has answered for."""
    trial = weigh(finding=finding, entry=entry, at=at, instead_of=instead_of)
    if trial.cautions and not entry.reason.strip():
        raise Cautioned(
            f"有 {len(trial.cautions)} 处需要核对："
            + "".join(caution.text for caution in trial.cautions)
            + "核对无误仍要登记的，请在“对提醒的说明”中写明理由。"
        )
    return trial


def _told(entry: Entry) -> dict[str, Any]:
    """The columns that stand as they were given; what does not apply is left empty."""
    is_person, is_direct = entry.target == Target.PERSON, entry.level == Level.DIRECT
    is_held = entry.leader_side != LeaderSide.NOT_HELD
    return {
        "kind": entry.kind,
        "target": entry.target,
        "person_post": entry.person_post.strip() if is_person else "",
        "person_kind": entry.person_kind if is_person else "",
        "level": entry.level,
        "leader_side": entry.leader_side if is_direct else "",
        "leader_reason": entry.leader_reason.strip() if is_direct and not is_held else "",
        "origin": entry.origin,
        "authority": entry.authority,
        "decided_on": entry.decided_on,
        "decision_number": entry.decision_number,
        "heard_on": entry.heard_on,
        "probation_months": entry.probation_months,
        "decided_months": entry.decided_months,
        "merged": entry.merged,
    }


def _require_whole(finding: Finding, entry: Entry, *, today: date) -> None:
    if finding.state not in Finding.STANDING:
        raise Refused(f"这个问题目前“{finding.get_state_display()}”，事实认定后才能登记责任追究。")
    if entry.decided_on > today:
        raise Refused("决定日期不能晚于今天，请核对决定书。")
    if entry.heard_on and entry.heard_on > today:
        raise Refused("听取陈述申辩日期不能晚于今天，请核对。")
    if entry.target == Target.PERSON and not entry.person_post.strip():
        raise Refused("处理对象是个人的，请写明岗位（职务），如“综合窗口负责人”。")
    if entry.target == Target.PERSON and not entry.person_kind:
        raise Refused("处理对象是个人的，请选择身份。")
    if entry.target == Target.UNIT and entry.name:
        raise Refused("处理对象是单位的，请不要填写姓名。")
    if entry.level == Level.DIRECT:
        _require_leader_side(entry)


def _require_leader_side(entry: Entry) -> None:
    if not entry.leader_side:
        raise Refused("追究直接责任的，须同时答复领导责任：追究，或者不追究并写明理由。")
    if entry.leader_side == LeaderSide.NOT_HELD and not entry.leader_reason.strip():
        raise Refused("不追究领导责任的，请写明理由。")


def _hold(finding: Finding) -> None:
    """Let whoever records on the same finding wait their turn, so that the second is told of the first."""
    Finding.objects.select_for_update().filter(pk=finding.pk).values_list("pk").first()


def _state_of(effect: Effect) -> str:
    if effect.first is None:
        return Measure.State.NO_PERIOD
    return Measure.State.IN_FORCE if effect.last else Measure.State.LASTING


def _keep_name(measure: Measure, name: str) -> None:
    if measure.target == Target.PERSON and name:
        measure.name_alg = sealing.ALG
        measure.name_sealed = sealing.seal(
            name.encode(), purpose=names.PURPOSE, context=names.context_of(measure)
        )


def _earlier_name(measure: Measure | None) -> str:
    try:
        return names.name_of(measure) if measure else ""
    except sealing.Unreadable as fault:
        raise Refused("原登记的姓名已无法读取，请重新填写姓名后再更正。") from fault


def _kept_file(entry: Entry, by: User, at: datetime) -> Any:
    return files.take_document(upload=entry.upload, by=by, at=at) if entry.upload else None
