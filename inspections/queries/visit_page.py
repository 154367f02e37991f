"""The page of one visit as plain values: where it stands, its facts, photos, history, and what may be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from conduct import audit, clock, moves
from conduct.clock import SHANGHAI
from conduct.shapes import Fact, MoveButton, Photo, Standing, TimelineEntry
from inspections.models import CorrectionNote, Evidence, Observation, Visit
from inspections.moves import visits as steps
from inspections.rules.records import FEWEST_SIGNATURES, counts_leader
from people import access
from people.models import User
from people.roles import Permission

from . import campaign_page, visits

S = Visit.State
TONES = {S.LOCKED: "done", S.ABORTED: "stopped", S.RECORDED: "waiting", S.REVIEWED: "waiting"}
BACK = {"inspections.send_back", "inspections.abort"}
DONE = {"inspections.lock"}


@dataclass(frozen=True)
class SeenLine:
    """One thing seen, with its photos."""

    number: int
    row: Observation
    title: str
    top: str
    facts: list[Fact]
    photos: list[Photo]


@dataclass(frozen=True)
class SignatureLine:
    """An inspector of the team and when they signed the record as it stands."""

    name: str
    is_leader: bool
    at: datetime | None


@dataclass(frozen=True)
class VisitPage:
    """Everything the page shows."""

    visit: Visit
    title: str
    standing: Standing
    facts: list[Fact]
    seen: list[SeenLine]
    photos: list[Photo]
    signatures: list[SignatureLine]
    corrections: list[CorrectionNote]
    timeline: list[TimelineEntry]
    buttons: list[MoveButton]
    may_depart: bool
    may_edit: bool
    may_sign: bool
    may_review: bool
    may_correct: bool


def page(visit: Visit, user: User, *, day: date) -> VisitPage:
    """The visit for one who sees it."""
    seen = list(
        visit.observations.select_related("category__parent", "rule_item__rule_list").order_by("ordinal")
    )
    evidence = list(visit.evidence.select_related("file").order_by("added_at", "pk"))
    signed = visits.standing_signatures(visit)
    is_member = visits.is_member(visit, user)
    shown = buttons(visit, user, is_member=is_member, signed={row.user_id for row in signed})
    return VisitPage(
        visit=visit,
        title=_title(visit, seen),
        standing=_standing(visit, len(signed)),
        facts=_facts(visit),
        seen=[_seen(number, row, evidence) for number, row in enumerate(seen, start=1)],
        photos=[_photo(item) for item in evidence if item.observation_id is None],
        signatures=_signatures(visit, {row.user_id: row.signed_at for row in signed}),
        corrections=list(visit.corrections.select_related("by").order_by("at", "pk")),
        timeline=timeline(visit),
        buttons=shown,
        may_depart=is_member and visit.state == S.PLANNED and campaign_page.can_set_out(visit.campaign, day),
        may_edit=is_member and visit.state in (S.DEPARTED, S.ON_SITE),
        may_sign=is_member and visit.state == S.RECORDED and user.pk not in {row.user_id for row in signed},
        may_review=steps.REVIEW.name in {button.name for button in shown},
        may_correct=visit.state == S.LOCKED and (is_member or _is_office(visit, user)),
    )


def buttons(visit: Visit, user: User, *, is_member: bool, signed: set[int]) -> list[MoveButton]:
    """The moves this person may make now. signed: who signed the record as it stands."""
    leads = visit.team is not None and visit.team.leader_id == user.pk
    allowed = {
        steps.REVIEW.name: leads and len(signed) >= FEWEST_SIGNATURES,
        steps.SEND_BACK.name: leads,
        steps.LOCK.name: _is_office(visit, user),
        steps.ABORT.name: is_member,
    }
    members, others = len(visits.members(visit)), len(signed - {user.pk})
    must_explain = {steps.REVIEW} if counts_leader(members=members, others=others) else set()
    return [
        MoveButton(
            name=move.name,
            label=move.label,
            url=reverse("inspections:visit_move", args=[visit.pk, move.name]),
            needs_reason=move.needs_reason or move in must_explain,
            reason_label="复核意见（组长本人签名计入两人的，写明到场情况）"
            if move in must_explain
            else "理由",
            is_primary=move in (steps.REVIEW, steps.LOCK),
            is_danger=move.danger,
        )
        for move in moves.open_moves(visit, steps.TABLE)
        if allowed.get(move.name)
    ]


def timeline(visit: Visit) -> list[TimelineEntry]:
    """Every step from the audit, newest first; a run of savings by one person is told once."""
    entries: list[TimelineEntry] = []
    last = None
    for row in audit.history_of(subject=visit):
        entry = TimelineEntry(
            at=row.at, who=row.actor_name, what=row.label, why=row.reason, tone=_tone(row.verb)
        )
        same = last and (last.verb, last.actor_id) == (row.verb, row.actor_id) == (
            "inspections.save_record",
            last.actor_id,
        )
        if same:
            entries[-1] = entry
        else:
            entries.append(entry)
        last = row
    return entries[::-1]


def _tone(verb: str) -> str:
    if verb in BACK:
        return "back"
    return "done" if verb in DONE else ""


def _title(visit: Visit, seen: list[Observation]) -> str:
    problems = sum(row.kind == Observation.Kind.PROBLEM for row in seen)
    if problems:
        return f"{visit.unit}：发现{problems}个问题"
    if visit.no_problem:
        return f"{visit.unit}：未发现问题"
    if visit.state == S.PLANNED:
        return f"{visit.unit}：还没有出发"
    return f"{visit.unit}：正在检查" if visit.state in visits.OPEN else f"{visit.unit}：没有结果"


def _standing(visit: Visit, signed: int) -> Standing:
    team = str(visit.team) if visit.team else ""
    leader = f"{visit.team.leader}（{team}组长）" if visit.team else ""
    lacking = max(0, FEWEST_SIGNATURES - signed)
    desk, following = {
        S.PLANNED: (team, "出发后填写现场记录"),
        S.DEPARTED: (team, "到达现场后填写记录"),
        S.ON_SITE: (team, "填写完整后点“完成记录”"),
        S.RECORDED: (team, f"还差{lacking}人签名") if lacking else (leader, "组长复核或退回补正"),
        S.REVIEWED: ("督查办", "归档，之后只能添加更正记录"),
        S.LOCKED: ("督查办", "由督查办研判发现的问题"),
        S.ABORTED: ("", ""),
    }[S(visit.state)]
    return Standing(
        state=visit.get_state_display(),
        desk=desk,
        next=following,
        tone=TONES.get(S(visit.state), "open"),
        has_deadline=False,
    )


def _facts(visit: Visit) -> list[Fact]:
    return [
        Fact(
            "检查批次",
            visit.campaign.title,
            url=reverse("inspections:campaign_detail", args=[visit.campaign_id]),
        ),
        Fact("被查单位", visit.unit.name),
        Fact("科室（窗口）", visit.department),
        Fact("地点", visit.place),
        Fact("检查方式", visit.get_method_display()),
        *([Fact("编号", visit.number)] if visit.number else []),
        Fact("检查日期", visit.visited_on),
        Fact("到达、离开", _span(visit)),
        Fact("人数", _heads(visit)),
        Fact("检查组", _team(visit)),
        Fact("记录人", visit.recorder.name if visit.recorder else ""),
        Fact("单位在场人员", visit.accompanied_by),
        Fact("单位签字情况", visit.unit_signature),
        Fact("单位当场说明", visit.unit_statement, wide=True),
    ]


def _span(visit: Visit) -> str:
    times = [
        at.astimezone(SHANGHAI).strftime("%H:%M") if at else "" for at in (visit.arrived_at, visit.left_at)
    ]
    if not (visit.arrived_at and visit.left_at):
        return times[0]
    is_past_midnight = clock.day_of(visit.left_at) > clock.day_of(visit.arrived_at)
    return f"{times[0]}至{'次日' if is_past_midnight else ''}{times[1]}"


def _heads(visit: Visit) -> str:
    if visit.expected_count is None:
        return ""
    return (
        f"应到{visit.expected_count}，实到{visit.present_count}，请假{visit.leave_count}，"
        f"公出{visit.official_out_count}，缺岗{visit.absent_count}"
    )


def _team(visit: Visit) -> str:
    return f"{visit.team}（{'、'.join(user.name for user in visits.members(visit))}）" if visit.team else ""


def _seen(number: int, row: Observation, evidence: list[Evidence]) -> SeenLine:
    facts = [
        Fact("时间", row.seen_at.strftime("%H:%M") if row.seen_at else ""),
        Fact("地点", row.place),
        Fact("涉及人员", row.person_post),
        Fact("涉及人数", f"{row.persons}人" if row.persons else ""),
        Fact("起数", f"{row.count}起" if row.count > 1 else ""),
        Fact("所涉规定", str(row.rule_item) if row.rule_item else ""),
        Fact("当场处置", row.handled_on_spot),
        Fact("单位（当事人）说明", row.unit_said, wide=True),
    ]
    photos = [_photo(item) for item in evidence if item.observation_id == row.pk]
    title, top = (row.category.name, row.category.top) if row.category else ("未选问题指标", "")
    return SeenLine(number, row, title, top, [fact for fact in facts if fact.value], photos)


def _photo(item: Evidence) -> Photo:
    url = reverse("inspections:visit_photo", args=[item.pk])
    small = reverse("inspections:visit_thumb", args=[item.pk])
    words = item.caption or item.file.original_name
    return Photo(thumb_url=small, url=url, alt=f"现场照片：{words}", caption=words, at=item.file.captured_at)


def _signatures(visit: Visit, signed: dict[int, datetime]) -> list[SignatureLine]:
    return [
        SignatureLine(user.name, bool(visit.team and visit.team.leader_id == user.pk), signed.get(user.pk))
        for user in visits.members(visit)
    ]


def _is_office(visit: Visit, user: User) -> bool:
    return access.may(user, Permission.VISIT_LOCK, unit=visit.campaign.office)
