"""Stories of campaigns and visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from conduct import moves
from inspections.actions import campaigns, signing, visits
from inspections.actions.campaigns import Plan, TeamPlan, UnitPlan
from inspections.models import Campaign, CampaignUnit, Observation, Team, Visit
from inspections.models.methods import Method
from people.models import User

from . import scenes, themes, words
from .stage import Stage, Story

OnLocked = Callable[[Visit, int], None]
SCENES_OF = {"窗口": "counter", "大厅": "counter", "公示": "board", "公开栏": "board", "走廊": "corridor"}


@dataclass(frozen=True)
class Script:
    """One campaign. Days are working days before today; upto is the state it stays in."""

    title: str
    content: str
    method: str
    scheme: str
    opens: int
    ends: int
    units: tuple[str, ...]
    upto: str
    codes: tuple[str, ...] = ()
    teams: int = 2
    visit_states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Errand:
    """One visit to be made, so many working days before today; number counts within the campaign."""

    place: CampaignUnit
    back: int
    upto: str
    number: int

    @property
    def team(self) -> Team:
        return Team.objects.select_related("leader").get(units=self.place)


def campaign(stage: Stage, script: Script, on_locked: OnLocked) -> Story:
    """Plan, approve, visit, report and close, as far as the script goes."""
    city, clerk = stage.city, stage.rng.choice(stage.city.clerks[:2])
    approver = city.leaders[0]
    yield stage.at(script.opens, 9)
    row = campaigns.draft(plan=_plan(stage, script), by=clerk, at=stage.at(script.opens, 9, 30))
    if script.upto == Campaign.State.DRAFT:
        return
    if script.title.startswith("重复"):
        yield stage.at(script.opens - 1, 10)
        campaigns.discard(
            campaign=row, by=clerk, at=stage.at(script.opens - 1, 10, 0), reason=words.CANCELLED
        )
        return
    yield stage.at(script.opens, 15)
    campaigns.submit(campaign=row, by=clerk, at=stage.at(script.opens, 15, 0))
    if script.upto == Campaign.State.SUBMITTED:
        return
    yield (moment := stage.at(script.opens - 1, 10))
    if script.upto == Campaign.State.RETURNED:
        campaigns.send_back(campaign=row, by=approver, at=moment, reason=words.RETURNED_PLAN)
        return
    campaigns.approve(campaign=row, by=approver, at=moment)
    if script.upto == Campaign.State.CANCELLED:
        campaigns.cancel(campaign=row, by=approver, at=moment, reason=words.CANCELLED)
        return
    if script.upto == Campaign.State.APPROVED:
        _seal_one(row, script, by=city.team_leaders[0], at=moment)
        return
    _send_teams(stage, script, row, on_locked)
    if script.upto == Campaign.State.ACTIVE:
        return
    yield (moment := stage.at(script.ends - 4, 16))
    row.refresh_from_db()
    campaigns.report(campaign=row, by=clerk, at=moment)
    if script.upto == Campaign.State.CLOSED:
        yield (moment := stage.at(script.ends - 15, 16))
        campaigns.close(campaign=row, by=clerk, at=moment, reason=stage.rng.choice(words.OUTCOMES))


def _plan(stage: Stage, script: Script) -> Plan:
    city = stage.city
    leaders, inspectors = city.team_leaders, city.inspectors
    teams = []
    for place in range(script.teams):
        members = [leaders[place], *inspectors[place * 3 : place * 3 + 3]]
        teams.append(TeamPlan(f"第{'一二三'[place]}检查组", leaders[place], members))
    units = [city.units[code] for code in script.units]
    upcoming = script.ends < 0
    is_open_ended = upcoming or script.upto == Campaign.State.ACTIVE
    return Plan(
        title=script.title,
        content=script.content,
        objects_text="、".join(unit.name for unit in units[:4]) + ("等" if len(units) > 4 else ""),
        scope="全市各级机关和服务窗口。",
        method=script.method,
        starts_on=stage.day(0) + timedelta(days=5) if upcoming else stage.day(script.opens - 2),
        ends_on=stage.day(0) + timedelta(days=25) if is_open_ended else stage.day(script.ends),
        office=city.root,
        leader=leaders[0],
        approver=city.leaders[0],
        taxonomy=stage.taxonomies[script.scheme],
        teams=teams,
        units=[UnitPlan(unit, place % script.teams) for place, unit in enumerate(units)],
    )


def _seal_one(row: Campaign, script: Script, *, by: User, at: datetime) -> None:
    """A visit already assigned and not begun: what need-to-know protects."""
    first = row.units.select_related("unit", "team").order_by("pk")[0]
    visit = Visit(
        campaign=row, team=first.team, unit=first.unit, method=row.method, recorder=by, created_at=at
    )
    moves.born(visit, state=Visit.State.PLANNED, by=by, at=at, label="安排检查", reason="演示数据")


def _send_teams(stage: Stage, script: Script, row: Campaign, on_locked: OnLocked) -> None:
    """Spread the visits over the days of the campaign, each unit once."""
    places = list(row.units.select_related("unit", "team").order_by("pk"))
    days = max(1, script.opens - 2 - script.ends)
    for number, place in enumerate(places):
        state = script.visit_states[number] if number < len(script.visit_states) else Visit.State.LOCKED
        errand = Errand(place, script.opens - 2 - number * days // len(places), state, number)
        stage.add(visit(stage, script, errand, on_locked))


def visit(stage: Stage, script: Script, errand: Errand, on_locked: OnLocked) -> Story:
    """Set out, write down, sign, review, file away, as far as the errand's state says."""
    team, back, upto = errand.team, errand.back, errand.upto
    members = [place.user for place in team.members.select_related("user").order_by("pk")]
    filer = team.leader if script.method == Method.COVERT else members[1]
    hour = stage.rng.choice((8, 9, 10, 14, 15))
    yield (left_office := stage.at(back, hour, stage.rng.randint(0, 20)))
    held = Campaign.objects.get(pk=errand.place.campaign_id)
    row = visits.depart(campaign=held, unit=errand.place.unit, by=filer, at=left_office)
    if upto == Visit.State.DEPARTED:
        return
    if upto == Visit.State.ABORTED:
        visits.abort(visit=row, by=filer, at=left_office + timedelta(minutes=30), reason=words.ABORTED)
        return
    yield (written := left_office + timedelta(minutes=95))
    record = _record(stage, script, left_office, errand.number)
    row = visits.write(visit=row, expected=row.version, record=record, by=filer, at=written)
    if upto == Visit.State.ON_SITE:
        return
    written += timedelta(minutes=9)
    visits.complete(visit=row, expected=row.version, by=filer, at=written)
    signers = members[1:3] if upto != Visit.State.RECORDED else members[1:2]
    for person in signers:
        signing.sign(visit=row, expected=row.version, by=person, at=written + timedelta(minutes=6))
    if upto == Visit.State.RECORDED:
        return
    yield (moment := stage.at(max(back - 1, 0), 17, 20))
    signing.review(visit=row, by=team.leader, at=moment, opinion="记录完整，同意提交。")
    if upto == Visit.State.REVIEWED:
        return
    yield (moment := stage.at(max(back - 1, 0), 17, 45))
    signing.lock(visit=row, by=stage.city.clerks[0], at=moment)
    if errand.number == 0:
        text = words.CORRECTION.format(wrong="应到", right="在编应到")
        signing.correct(visit=row, text=text, by=filer, at=moment + timedelta(minutes=10))
    on_locked(row, max(back - 1, 0))


def _record(stage: Stage, script: Script, left_office: datetime, number: int) -> visits.Record:
    rng = stage.rng
    arrived = left_office + timedelta(minutes=rng.randint(18, 30))
    leave, out, absent = rng.randint(0, 2), rng.randint(0, 2), rng.randint(0, 1)
    present = rng.randint(6, 28)
    seen = _seen(stage, script, arrived, number)
    problems = [item for item in seen if item.kind == Observation.Kind.PROBLEM]
    first = next((item.category.code for item in problems if item.category), "")
    is_open = script.method == Method.OPEN
    return visits.Record(
        method=script.method,
        visited_on=arrived.date(),
        arrived_at=arrived,
        left_at=arrived + timedelta(minutes=rng.randint(35, 55)),
        department=rng.choice(words.DEPARTMENTS),
        place=rng.choice(("一楼办事大厅", "三楼办公区", "便民服务点", "值班室及各窗口")),
        accompanied_by=rng.choice(words.COMPANY) if is_open else "",
        expected_count=present + leave + out + absent,
        present_count=present,
        leave_count=leave,
        official_out_count=out,
        absent_count=absent,
        no_problem=not problems,
        unit_statement=_said(rng, first) if is_open and first else "",
        unit_signature="办公室负责人签字" if is_open else "",
        seen=seen,
    )


def _seen(stage: Stage, script: Script, arrived: datetime, number: int) -> list[visits.Seen]:
    rng = stage.rng
    known = stage.indicators[script.scheme]
    choice = [row for row in known if row.code in script.codes] or known
    if number % 5 == 4:
        return [
            visits.Seen(category=rng.choice(choice), facts=rng.choice(words.GOOD), kind=Observation.Kind.GOOD)
        ]
    found = []
    for place, category in enumerate(rng.sample(choice, min(len(choice), rng.choice((1, 1, 2, 2, 3))))):
        at = (arrived + timedelta(minutes=5 + 9 * place)).time()
        line = words.seen(rng=rng, code=category.code, at=at)
        kind = next((scene for word, scene in SCENES_OF.items() if word in line.place), "desk")
        found.append(
            visits.Seen(
                category=category,
                facts=line.facts,
                seen_at=at,
                place=line.place,
                person_post=line.post,
                persons=line.persons,
                handled_on_spot=rng.choice(themes.HANDLED[themes.of(category.code)]),
                unit_said=_said(rng, category.code) if script.method == Method.OPEN else "",
                photos=[scenes.photo(rng=rng, kind=kind)] if rng.random() < 0.6 else [],
            )
        )
    return found


def _said(rng: Random, code: str) -> str:
    """What the unit said on the spot, if it said anything."""
    return rng.choice((*themes.SAID[themes.of(code)], ""))
