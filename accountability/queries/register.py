"""The register as its pages show it: of one finding, and one entry. No name of a person is in any of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from accountability.models import Measure
from accountability.rules.effect import Effect
from conduct.dates import cn_date
from conduct.shapes import Fact
from findings.models import Finding
from findings.queries import detail
from people import access
from people.models import User
from people.roles import Permission

from . import names

S = Measure.State
TONES = {S.IN_FORCE: "open", S.LASTING: "open", S.NO_PERIOD: "done", S.ENDED: "done", S.WITHDRAWN: "stopped"}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, nothing left to look up."""

    url: str
    kind: str
    who: str
    level: str
    authority: str
    decided: str
    number: str
    effect: str
    how: str
    note: str
    state: str
    tone: str


@dataclass(frozen=True)
class Register:
    """What is recorded on one finding. notes: what is still to be done or to be known, in words"""

    lines: list[Line]
    notes: list[str]
    record_url: str


def finding_for(user: User, pk: UUID) -> Finding:
    """A finding whose register the person may see.

    Raises: Http404 when it is not theirs to see at all; Forbidden when it is, and its register is not
    """
    finding = detail.get_for(user, pk)
    access.require(user, Permission.MEASURE_VIEW, unit=finding.unit)
    return finding


def register(*, user: User, finding: Finding, rows: list[Measure], today: date) -> Register:
    """The register of one finding for somebody who may see it."""
    may_record = access.may(user, Permission.MEASURE_RECORD, unit=finding.unit)
    is_open = may_record and finding.state in Finding.STANDING
    record_url = reverse("accountability:record", args=[finding.pk]) if is_open else ""
    return Register([line(row, today=today) for row in rows], list(_notes(rows)), record_url)


def line(row: Measure, *, today: date) -> Line:
    """One entry of the register."""
    return Line(
        url=reverse("accountability:detail", args=[row.pk]),
        kind=row.kind.name,
        who=row.who,
        level=row.get_level_display(),
        authority=row.authority,
        decided=row.decided_on.isoformat(),
        number=row.decision_number,
        effect=effect_of(row).in_words,
        how=row.effect_how,
        note=_note(row, today=today),
        state=row.get_state_display(),
        tone=TONES[S(row.state)],
    )


def effect_of(row: Measure) -> Effect:
    """The period as it was computed when the entry was made."""
    return Effect(row.effect_first_on, row.effect_last_on, row.effect_how)


def facts(row: Measure, *, user: User) -> list[Fact]:
    """Everything recorded but the name, and where that can be read by those who may."""
    told = [
        Fact("措施", row.kind.name),
        Fact("类别", row.kind.category),
        Fact("依据", f"{row.kind.basis}（见{row.kind.catalogue.title}）", wide=True),
        Fact("后果", row.kind.effect, wide=True),
        Fact("处理对象", row.get_target_display()),
        Fact("所在单位", row.unit.name),
    ]
    if row.target == Measure.Target.PERSON:
        told += [
            Fact("岗位（职务）", row.person_post),
            Fact("身份", row.get_person_kind_display()),
            _name(row, user),
        ]
    return [*told, *_decision(row)]


def _name(row: Measure, user: User) -> Fact:
    if not row.has_name:
        return Fact("姓名", "未登记，只登记岗位")
    if names.may_read(user, row):
        return Fact("姓名", "已加密保存，查看将留下记录", url=reverse("accountability:name", args=[row.pk]))
    return Fact("姓名", "已加密保存，您的岗位不能查看")


def _decision(row: Measure) -> list[Fact]:
    told = [
        Fact("责任", row.get_level_display()),
        Fact("问题来源", row.get_origin_display()),
        Fact("决定机关", row.authority),
        Fact("决定日期", row.decided_on),
        Fact("决定文号", row.decision_number),
        Fact("听取陈述申辩", row.heard_on),
    ]
    if row.leader_side:
        answer = row.leader_reason or "追究领导责任，对领导的处理另行登记"
        told.append(Fact("领导责任", f"不追究，因为：{answer}" if row.leader_reason else answer, wide=True))
    told += [
        Fact("影响期", effect_of(row).in_words),
        Fact("影响期怎样计算", row.effect_how, wide=True),
    ]
    if row.cautions:
        told += [
            Fact("登记时的提醒", "\n".join(caution["text"] for caution in row.cautions), wide=True),
            Fact("对提醒的说明", row.cautions_reason, wide=True),
        ]
    if row.attachment:
        url = reverse("accountability:attachment", args=[row.pk])
        told.append(Fact("决定书", row.attachment.original_name, url=url))
    if row.withdrawn_reason:
        told.append(Fact("撤销理由", row.withdrawn_reason, wide=True))
    return [*told, Fact("登记人", row.recorded_by.name), Fact("登记时间", row.recorded_at)]


def _notes(rows: Iterable[Measure]) -> Iterable[str]:
    standing = [row for row in rows if row.state != S.WITHDRAWN]
    if awaits_leader(standing):
        yield "已答复追究领导责任，对领导的处理还没有登记。收到决定后请接着登记。"
    for row in standing:
        if row.leader_reason:
            yield f"对{row.who}作出“{row.kind.name}”，不追究领导责任，因为：{row.leader_reason}"


def awaits_leader(standing: Iterable[Measure]) -> bool:
    """Whether leaders are to answer for it and nothing against one has been recorded yet."""
    rows = list(standing)
    is_promised = any(row.leader_side == Measure.LeaderSide.HELD for row in rows)
    return is_promised and not any(row.level in Measure.LEADERS for row in rows)


def _note(row: Measure, *, today: date) -> str:
    if row.state == S.WITHDRAWN:
        return f"撤销理由：{row.withdrawn_reason}"
    if row.state == S.ENDED and row.effect_last_on:
        return f"影响期已于{cn_date(row.effect_last_on)}届满。"
    if row.state == S.IN_FORCE and row.effect_first_on and row.effect_first_on > today:
        return f"察看期内，影响期自{cn_date(row.effect_first_on)}起。"
    return ""
