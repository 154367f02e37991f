"""A campaign and its visits, as the standing cast would make them, through the actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inspections.actions import campaigns, signing, standards, visits
from inspections.actions.campaigns import Plan, TeamPlan, UnitPlan
from inspections.actions.visits import Record, Seen
from inspections.models import Campaign, Method, ProblemCategory, Visit
from inspections.queries import standards as standing
from people import access
from people.models import Unit

from .cast import AT, Cast

FIRST_DAY = date(2026, 3, 2)
LAST_DAY = date(2026, 3, 13)
ARRIVED = AT + timedelta(minutes=30)
LEFT = AT + timedelta(minutes=75)
AFTER = AT + timedelta(minutes=90)


def indicator(code: str = "D1-03", scheme: str = "speech") -> ProblemCategory:
    """A leaf of the scheme in force."""
    standards.load_shipped()
    return standing.current(scheme).categories.get(code=code)


def plan_for(cast: Cast, **changes: Any) -> Plan:
    """A complete plan: one team of two and its leader, two units."""
    standards.load_shipped()
    plan = Plan(
        title="春季作风检查",
        starts_on=FIRST_DAY,
        ends_on=LAST_DAY,
        office=cast.bureau,
        leader=cast.team_leader,
        taxonomy=standing.current("speech"),
        content="工作纪律、窗口服务和承诺兑现情况",
        objects_text="市直部门和县区窗口单位",
        scope="东区、西区",
        approver=cast.leader,
        teams=[
            TeamPlan("第一组", cast.team_leader, [cast.team_leader, cast.inspector, cast.second_inspector])
        ],
        units=[UnitPlan(cast.east_bureau), UnitPlan(cast.west)],
    )
    return replace(plan, **changes)


def draft_campaign(cast: Cast, **changes: Any) -> Campaign:
    """A campaign whose plan is written."""
    return campaigns.draft(plan=plan_for(cast, **changes), by=cast.clerk, at=AT)


def submitted_campaign(cast: Cast, **changes: Any) -> Campaign:
    """A campaign that waits for its approver."""
    return campaigns.submit(campaign=draft_campaign(cast, **changes), by=cast.clerk, at=AT)


def approved_campaign(cast: Cast, **changes: Any) -> Campaign:
    """A campaign that may go ahead."""
    return campaigns.approve(campaign=submitted_campaign(cast, **changes), by=cast.leader, at=AT)


def file(cast: Cast, campaign: Campaign, record: Record, **changes: Any) -> Visit:
    """The record filed by one of the inspectors, at the usual unit and hour."""
    given = {"unit": cast.east_bureau, "client_key": uuid4(), "by": cast.inspector, "at": AFTER}
    return visits.file(campaign=campaign, record=record, **given | changes)


def covert_campaign(cast: Cast, **changes: Any) -> Campaign:
    """An approved campaign nobody but author, leader and approver knows of."""
    return approved_campaign(cast, method=Method.COVERT, title="节后暗访", **changes)


def record_of(*seen: Seen, **changes: Any) -> Record:
    """A record with nothing lacking; without anything seen it says that there was no problem."""
    record = Record(
        method=Method.OPEN,
        visited_on=FIRST_DAY,
        arrived_at=ARRIVED,
        left_at=LEFT,
        department="服务大厅三号窗口",
        place="一楼大厅",
        expected_count=12,
        present_count=9,
        leave_count=1,
        official_out_count=1,
        absent_count=1,
        no_problem=not seen,
        unit_signature="值班负责人已签字",
        seen=seen,
    )
    return replace(record, **changes)


def seen_playing(**changes: Any) -> Seen:
    """Somebody plays a game at work."""
    seen = Seen(
        category=indicator(),
        facts="三号窗口工作人员在上班时间用电脑玩纸牌游戏，两名群众在窗口前等候。",
        person_post="窗口工作人员",
        persons=1,
        handled_on_spot="当场口头纠正",
    )
    return replace(seen, **changes)


def filed_visit(
    cast: Cast,
    *seen: Seen,
    campaign: Campaign | None = None,
    unit: Unit | None = None,
    at: datetime = AFTER,
    **changes: Any,
) -> Visit:
    """A visit written down by the team leader, not yet complete."""
    return visits.file(
        campaign=campaign or approved_campaign(cast),
        unit=unit or cast.east_bureau,
        client_key=uuid4(),
        record=record_of(*seen, **changes),
        by=cast.team_leader,
        at=at,
    )


def recorded_visit(cast: Cast, *seen: Seen, **changes: Any) -> Visit:
    """A visit whose record is complete and waits for signatures."""
    visit = filed_visit(cast, *seen, **changes)
    return visits.complete(visit=visit, expected=visit.version, by=cast.team_leader, at=AFTER)


def signed_visit(cast: Cast, *seen: Seen, **changes: Any) -> Visit:
    """A complete record with two names under it."""
    visit = recorded_visit(cast, *seen, **changes)
    for signer in (cast.inspector, cast.second_inspector):
        signing.sign(visit=visit, expected=visit.version, by=signer, at=AFTER)
    return visit


def reviewed_visit(cast: Cast, *seen: Seen, **changes: Any) -> Visit:
    """A record its team leader passed on to the office."""
    return signing.review(visit=signed_visit(cast, *seen, **changes), by=cast.team_leader, at=AFTER)


def locked_visit(cast: Cast, *seen: Seen, **changes: Any) -> Visit:
    """A record filed away, from which the office makes findings."""
    return signing.lock(visit=reviewed_visit(cast, *seen, **changes), by=cast.clerk, at=AFTER)


def photo(
    name: str = "现场.jpg", *, size: tuple[int, int] = (64, 48), colour: str = "navy"
) -> SimpleUploadedFile:
    """A photo as a phone hands it in."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def forget(*people: Any) -> None:
    """Let access read the posts again."""
    for person in people:
        access.forget_posts(person)
