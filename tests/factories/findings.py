"""Findings at every step, reached through the product's own actions."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from findings.actions import acceptances, findings, notices, plans, rectifications, reviews, statements
from findings.actions.findings import Particulars
from findings.models import (
    Extension,
    Finding,
    Notice,
    Objection,
    ObjectionFile,
    Rectification,
    RectificationPlan,
    Route,
    UnitStatement,
)
from findings.rules.outcome import Outcome, Rule
from findings.rules.plan import Item
from inspections.actions.standards import load_shipped
from inspections.models import (
    Campaign,
    Cause,
    Evidence,
    Observation,
    ProblemCategory,
    Taxonomy,
    Team,
    TeamMember,
    Visit,
)
from inspections.models.methods import Method
from people.models import Unit

from .cast import AT, Cast

_numbers = itertools.count(1)
VISITED = date(2026, 2, 26)
REASON = "现场记录、照片与单位说明一致。"


def jpeg(shade: int = 120) -> bytes:
    """A small photo; another shade is another file."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def upload(name: str = "整改照片.jpg", *, shade: int | None = None) -> SimpleUploadedFile:
    """A photo as a browser sends it, never the same twice unless a shade is given."""
    return SimpleUploadedFile(name, jpeg(next(_numbers) % 256 if shade is None else shade), "image/jpeg")


def standards() -> Taxonomy:
    """The shipped standards, also after tables were emptied."""
    if not Taxonomy.objects.exists():
        load_shipped()
    return Taxonomy.objects.get(scheme=Taxonomy.Scheme.SPEECH, version=1)


def routes() -> dict[str, Route]:
    """The shipped routes, also after tables were emptied."""
    from findings.actions.routes import load_shipped as load_routes

    load_routes()
    return {route.code: route for route in Route.objects.all()}


def category(code: str = "B1-01") -> ProblemCategory:
    """An indicator of the speech taxonomy."""
    return ProblemCategory.objects.get(taxonomy=standards(), code=code)


def make_visit(cast: Cast, *, unit: Unit | None = None, at: datetime = AT) -> Visit:
    """A locked visit of the cast's team: led by the team leader, with both inspectors."""
    campaign = Campaign.objects.create(
        title=f"作风检查{next(_numbers)}",
        content="工作纪律",
        objects_text="县区和部门",
        scope="全市",
        method=Method.OPEN,
        starts_on=VISITED,
        ends_on=VISITED + timedelta(days=5),
        office=cast.city,
        leader=cast.team_leader,
        author=cast.clerk,
        approver=cast.leader,
        approved_at=at,
        taxonomy=standards(),
        state=Campaign.State.ACTIVE,
        created_at=at,
    )
    team = Team.objects.create(campaign=campaign, name="第一组", leader=cast.team_leader)
    for person in (cast.team_leader, cast.inspector, cast.second_inspector):
        TeamMember.objects.create(team=team, user=person)
    return Visit.objects.create(
        campaign=campaign,
        team=team,
        unit=unit or cast.east,
        method=Method.OPEN,
        visited_on=VISITED,
        arrived_at=at - timedelta(hours=2),
        left_at=at - timedelta(hours=1),
        department="综合窗口",
        place="一楼大厅",
        recorder=cast.inspector,
        state=Visit.State.LOCKED,
        created_at=at,
        reviewed_at=at,
        reviewed_by=cast.team_leader,
        locked_at=at,
    )


def observe(
    cast: Cast, *, visit: Visit | None = None, unit: Unit | None = None, **fields: object
) -> Observation:
    """One problem seen on a locked visit."""
    visit = visit or make_visit(cast, unit=unit)
    values: dict[str, object] = {
        "category": category(),
        "facts": "上午9时10分，窗口无人在岗，3名群众等候。",
        "place": "综合窗口",
        "ordinal": visit.observations.count() + 1,
    }
    return Observation.objects.create(visit=visit, **(values | fields))


def add_evidence(cast: Cast, observation: Observation | None, *, visit: Visit | None = None) -> Evidence:
    """A photo taken on the visit."""
    from conduct import files

    of = observation.visit if observation else visit
    assert of is not None
    kept = files.take_photo(upload=upload("现场.jpg"), by=cast.inspector, at=AT)
    return Evidence.objects.create(
        visit=of, observation=observation, file=kept, caption="窗口", added_by=cast.inspector, added_at=AT
    )


def particulars(**changes: object) -> Particulars:
    """What a clerk would write about the observation above."""
    base = Particulars(
        title="综合窗口上班时间无人在岗",
        facts="2月26日上午9时10分，综合窗口无人在岗，3名群众等候。",
        category=category(),
        department="综合窗口",
        place="一楼大厅",
        grade=Finding.Grade.ORDINARY,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def full_texts() -> rectifications.Texts:
    """Every written part of a report."""
    return rectifications.Texts(
        problem_summary="窗口无人在岗属实。",
        investigation="经调看考勤，当日值班人员外出取件未安排顶岗。",
        cause_analysis="窗口管理不严，顶岗制度未落实。",
        measures="已明确AB岗，安排专人巡查。",
        persons_handled="对值班人员批评教育。",
        rules_built="修订窗口值守办法。",
        self_extension="排查其他窗口6个，未发现同类问题。",
        unfinished="无",
    )


def outcome(**changes: object) -> Outcome:
    """What came of it, in numbers."""
    base = Outcome(
        places_checked=6,
        places_found=0,
        money_returned=Decimal(0),
        rules=(Rule("窗口值守办法", "安审办〔2026〕3号"),),
        dealt={"criticism": 1},
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def typed_figures() -> dict[str, str]:
    """The same figures as a browser sends them when nothing is to be told."""
    return dict.fromkeys(("places_checked", "places_found", "money_returned"), "0")


@dataclass
class Line:
    """Carries one finding along the main line, each step by the person whose turn it is."""

    cast: Cast
    at: datetime = AT

    def new(self, **changes: object) -> Finding:
        unit = changes.pop("unit", None)
        seen = observe(self.cast, unit=unit)  # type: ignore[arg-type]
        return findings.raise_from(
            observations=[seen], particulars=particulars(**changes), by=self.cast.clerk, at=self.at
        )

    def verifying(self, **changes: object) -> Finding:
        return findings.start_verifying(finding=self.new(**changes), by=self.cast.clerk, at=self.at)

    def confirmed(self, **changes: object) -> Finding:
        finding = self.verifying(**changes)
        if finding.names_person:
            self.hear(finding)
        return findings.confirm(finding=finding, by=self.cast.clerk, at=self.at, reason=REASON)

    def assigned(self, *, route: str = "limited", **changes: object) -> Finding:
        finding = self.confirmed(**changes)
        self.issue(finding, route=route)
        return finding

    def received(self, **changes: object) -> Finding:
        finding = self.assigned(**changes)  # type: ignore[arg-type]
        notices.receive(notice=notice_of(finding), by=self.cast.east_head, at=self.at)
        return again(finding)

    def rectifying(self, **changes: object) -> Finding:
        finding = self.received(**changes)
        self.draft(finding)
        return finding

    def submitted(self, **changes: object) -> Finding:
        finding = self.rectifying(**changes)
        self.plan(finding)
        rectifications.sign(rectification=report_of(finding), by=self.cast.east_head, at=self.at)
        return again(finding)

    def awaiting(self, **changes: object) -> Finding:
        finding = self.submitted(**changes)
        return reviews.pass_on(
            finding=finding, by=self.cast.second_clerk, at=self.at, reason="报告完整，材料齐全。"
        )

    def accepted(self, **changes: object) -> Finding:
        finding = self.awaiting(**changes)
        for person in (self.cast.third_clerk, self.cast.fourth_clerk):
            acceptances.accept(finding=finding, by=person, at=self.at, opinion="现场查看，已整改到位。")
        return finding

    def closed(self, **changes: object) -> Finding:
        return acceptances.close(finding=self.accepted(**changes), by=self.cast.third_clerk, at=self.at)

    def plan(self, finding: Finding) -> RectificationPlan | None:
        """The plan written, handed in and agreed to, where the notice asks for one."""
        row = self.planned(finding)
        if row is not None:
            plans.hand_in(plan=row, by=self.cast.east_head, at=self.at)
            plans.approve(plan=row, by=self.cast.second_clerk, at=self.at, reason="措施可行。")
        return row

    def planned(self, finding: Finding) -> RectificationPlan | None:
        """The plan as far as it is written."""
        row = RectificationPlan.objects.filter(finding=finding).first()
        if row is None:
            return None
        row.finding = again(finding)
        day = self.at.date() + timedelta(days=20)
        items = [Item("落实AB岗", "办公室主任", day), Item("逐日巡查", "窗口负责人", day)]
        return plans.write(
            plan=row,
            approach="一个月内建好顶岗制度。",
            items=items,
            expected=1,
            by=self.cast.east_head,
            at=self.at,
        )

    def hear(self, finding: Finding) -> None:
        statements.enter(
            finding=finding,
            means=UnitStatement.Means.IN_PERSON,
            speaker="办公室主任",
            text="当日确有外出，事出有因。",
            heard_on=self.at.date(),
            by=self.cast.clerk,
            at=self.at,
        )

    def issue(self, *rows: Finding, route: str = "limited") -> Notice:
        way = routes()[route]
        return notices.issue(
            demands=[
                notices.Demand(finding=row, route=way, requirement="立即整改，落实AB岗。") for row in rows
            ],
            contact="督查一科 0000-1234567",
            by=self.cast.clerk,
            at=self.at,
        )

    def draft(self, finding: Finding) -> Rectification:
        report = rectifications.draft(
            finding=finding,
            texts=full_texts(),
            causes=list(Cause.objects.order_by("pk")[:1]),
            outcome=outcome(),
            by=self.cast.east_head,
            at=self.at,
        )
        rectifications.attach(
            rectification=report, upload=upload(), by=self.cast.east_head, at=self.at, caption="整改后"
        )
        return report


def ask_extension(cast: Cast, finding: Finding, *, at: datetime = AT) -> Extension:
    """A wish that waits, as it was written while the term still ran."""
    due = finding.due_on or VISITED
    return Extension.objects.create(
        finding=finding,
        ordinal=1,
        reason="大厅改造工程尚在验收，月底可以完成。",
        due_before=due,
        asked_for=due + timedelta(days=7),
        asked_by=cast.east_head,
        asked_at=at,
        decide_by=due,
    )


def object_to(cast: Cast, finding: Finding, *, at: datetime = AT) -> ObjectionFile:
    """An objection that waits, with one piece of evidence; the clock goes on."""
    from conduct import files

    row = Objection.objects.create(
        finding=finding,
        reasons="当日窗口人员外出办理上门服务，有派工单为证。",
        filed_by=cast.east_head,
        filed_at=at,
        decide_by=VISITED,
    )
    kept = files.take_document(upload=upload("派工单.jpg"), by=cast.east_head, at=at)
    return ObjectionFile.objects.create(objection=row, file=kept, added_at=at)


def again(finding: Finding) -> Finding:
    """The finding as it is in the database now."""
    return Finding.objects.select_related("unit", "notice").get(pk=finding.pk)


def notice_of(finding: Finding) -> Notice:
    """The notice the finding was put into."""
    return Notice.objects.select_related("unit").get(findings=finding)


def report_of(finding: Finding) -> Rectification:
    """The unit's present report."""
    row = (
        Rectification.objects.filter(finding=finding).select_related("finding__unit").order_by("round").last()
    )
    assert row is not None
    return row
