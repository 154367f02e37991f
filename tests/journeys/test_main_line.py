"""One campaign from the plan to the signed bulletin, through the pages, each step by the person whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from conduct import clock
from conduct.clock import SHANGHAI
from findings.models import Finding, Notice
from inspections.models import Campaign, Taxonomy, Visit
from reports.models import Bulletin
from tests.factories import cast as people
from tests.factories import findings as made
from tests.factories import inspections as seen
from tests.factories.cast import Cast
from tests.journeys.walk import Walk, bytes_of, issue_bulletin, text_of

pytestmark = pytest.mark.django_db


@dataclass
class Watch:
    """The clock of the story."""

    at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)

    def strike(self, day: int, hour: int, minute: int = 0) -> None:
        """It is now that time in March."""
        self.at = datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@dataclass
class Story:
    """The people, their browsers, and the clock."""

    cast: Cast
    watch: Watch
    walk: Walk = field(default_factory=Walk)

    def plan(self) -> Campaign:
        """Monday: the clerk plans, the leader approves."""
        cast, team = self.cast, ("team_leader", "inspector", "second_inspector")
        typed: dict[str, Any] = {
            "title": "春季作风检查",
            "method": "open",
            "level": "local",
            "office": cast.city.pk,
            "starts_on": "2026-03-02",
            "ends_on": "2026-03-13",
            "content": "工作纪律和窗口服务",
            "objects_text": "东区各单位",
            "scope": "东区",
            "leader": cast.team_leader.pk,
            "approver": cast.leader.pk,
            "taxonomy": Taxonomy.objects.get(scheme="speech").pk,
            "teams-TOTAL_FORMS": 1,
            "teams-INITIAL_FORMS": 0,
            "teams-0-name": "第一组",
            "teams-0-members": [getattr(cast, name).pk for name in team],
            "teams-0-leader": cast.team_leader.pk,
            "units": [cast.east_bureau.pk],
            f"team_of_{cast.east_bureau.pk}": 0,
        }
        self.walk.send("clerk", "inspections:campaign_new", **typed)
        campaign = Campaign.objects.get()
        self.walk.send("clerk", "inspections:campaign_move", campaign.pk, "submit")
        self.walk.send("leader", "inspections:campaign_move", campaign.pk, "approve")
        return campaign

    def visit(self, campaign: Campaign) -> Visit:
        """Tuesday: filed with a photo, signed by two, reviewed, locked."""
        self.watch.strike(3, 11)
        heads = ("expected_count", "present_count", "leave_count", "official_out_count", "absent_count")
        typed = dict(zip(heads, (12, 9, 1, 1, 1), strict=True)) | {
            "client_key": str(uuid4()),
            "visited_on": "2026-03-03",
            "arrived": "09:30",
            "left": "10:15",
            "method": "open",
            "place": "一楼大厅",
            "department": "三号窗口",
            "unit_signature": "值班负责人已签字",
            "then": "complete",
            "seen-TOTAL_FORMS": 1,
            "seen-INITIAL_FORMS": 0,
            "seen-0-kind": "problem",
            "seen-0-category": "D1-03",
            "seen-0-facts": "三号窗口工作人员用电脑玩纸牌游戏，㛃姓群众在窗口前等候。",
            "seen-0-seen_at": "09:42",
            "seen-0-place": "三号窗口",
            "seen-0-person_post": "窗口工作人员",
            "seen-0-persons": 1,
            "seen-0-photos": seen.photo(),
        }
        where = f"?campaign={campaign.pk}&unit={self.cast.east_bureau.pk}"
        self.walk.send("inspector", "inspections:visit_new", query=where, **typed)
        visit = Visit.objects.get()
        for who in ("inspector", "second_inspector"):
            self.walk.send(who, "inspections:visit_sign", visit.pk, version=visit.version)
        self.walk.send("team_leader", "inspections:visit_move", visit.pk, "review")
        self.walk.send("clerk", "inspections:visit_move", visit.pk, "lock")
        visit.refresh_from_db()
        return visit

    def judge(self, visit: Visit) -> Finding:
        """Wednesday: raised, the unit is heard, the facts stand."""
        self.watch.strike(4, 9)
        observation = visit.observations.get()
        typed = {"title": "三号窗口工作人员上班时间玩游戏", "facts": observation.facts, "category": "D1-03"}
        typed |= {
            "persons": "1",
            "count": "1",
            "names_person": "on",
            "grade": "2",
            "person_post": "窗口工作人员",
        }
        self.walk.send("clerk", "findings:raise", observation=[observation.pk], **typed)
        finding = Finding.objects.get()
        self.move("clerk", finding, "start_verifying")
        self.walk.send("clerk", "findings:ask_statement", finding.pk)
        self.watch.strike(5, 10)
        said = {"text": "情况属实，接受处理。", "speaker": "单位主要负责人"}
        self.walk.send("east_head", "findings:statement", finding.pk, **said)
        self.move("clerk", finding, "confirm", reason="现场记录、照片与单位陈述一致。")
        return finding

    def order(self, finding: Finding) -> Notice:
        """Thursday: the notice goes out, the head signs for it and names a liaison."""
        self.watch.strike(5, 15)
        typed = {"contact": "督查一科 0000-1234567", "finding": [finding.pk]}
        typed |= {f"d{finding.pk}-route": "limited", f"d{finding.pk}-requirement": "立即改正，完善制度。"}
        self.walk.send("clerk", "findings:notice_issue", **typed)
        notice = Notice.objects.get()
        self.watch.strike(6, 9)
        self.walk.send("east_head", "findings:receive", notice.pk)
        self.walk.send("east_head", "findings:liaison", finding.pk, liaison=self.cast.east_liaison.pk)
        return notice

    def put_right(self, finding: Finding) -> None:
        """The week after: the liaison writes, the head signs, two clerks and a third bring it to its end."""
        self.watch.strike(10, 9)
        cause = made.Cause.objects.order_by("pk")[0].pk
        texts = {
            **made.full_texts().__dict__,
            **made.typed_figures(),
            "caption": "整改后",
            "version": "",
            "causes": [cause],
        }
        self.walk.send("east_liaison", "findings:rectify", finding.pk, **texts, files=[made.upload()])
        self.walk.send("east_head", "findings:rectification_sign", finding.pk)
        self.watch.strike(11, 9)
        self.walk.send("second_clerk", "findings:review", finding.pk, verdict="pass", reason="材料齐全。")
        self.watch.strike(12, 9)
        for who in ("third_clerk", "fourth_clerk"):
            self.walk.send(who, "findings:accept", finding.pk, verdict="accept", reason="现场已整改到位。")
        self.move("third_clerk", finding, "close")

    def move(self, who: str, finding: Finding, move: str, **typed: Any) -> None:
        """Press one of the buttons of a finding."""
        self.walk.send(who, "findings:move", finding.pk, move, **typed)

    def report(self) -> Bulletin:
        """The Monday after that: the bulletin of the two weeks."""
        self.watch.strike(16, 9)
        period = {"first": date(2026, 3, 2), "last": date(2026, 3, 15)}
        return issue_bulletin(
            self.walk, kind="ad_hoc", **period, office=self.cast.city.pk, clerk="clerk", leader="leader"
        )


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """The cast at their browsers, on a Monday in March."""
    cast, watch = people.stand_up(), Watch()
    made.standards()
    made.routes()
    monkeypatch.setattr(clock, "now", lambda: watch.at)
    told = Story(cast, watch)
    accounts = [who for who in Cast.__dataclass_fields__ if hasattr(getattr(cast, who), "username")]
    told.walk.passwords = dict.fromkeys(accounts, people.PASSWORD)
    return told


def test_a_visit_becomes_a_finding_is_put_right_and_is_printed(story: Story) -> None:
    visit = story.visit(story.plan())
    finding = story.judge(visit)
    notice = story.order(finding)
    story.put_right(finding)
    bulletin = story.report()

    finding.refresh_from_db()
    assert (visit.state, finding.state) == (Visit.State.LOCKED, Finding.State.CLOSED)
    assert (notice.number, finding.due_on) == ("安督整〔2026〕1号", date(2026, 3, 26))
    assert finding.days_to_close == 5
    assert (bulletin.state, bulletin.paper and bulletin.paper.number) == ("issued", "安督通〔2026〕1号")


def test_the_timeline_says_who_did_what_when_and_why(story: Story) -> None:
    finding = story.judge(story.visit(story.plan()))
    story.order(finding)
    story.put_right(finding)

    page = story.walk.see("clerk", "findings:detail", finding.pk)

    told = [(entry.who, entry.what) for entry in reversed(page.context["entries"])]
    cast = story.cast
    steps = (
        (cast.clerk, "列为问题"),
        (cast.clerk, "开始核实"),
        (cast.clerk, "请单位陈述"),
        (cast.east_head, "单位提交陈述"),
        (cast.clerk, "认定属实"),
        (cast.clerk, "发出整改通知书"),
        (cast.east_head, "签收整改通知"),
        (cast.east_liaison, "起草整改报告"),
        (cast.east_head, "签字提交整改报告"),
        (cast.second_clerk, "审核通过并提请验收"),
        (cast.third_clerk, "同意验收"),
        (cast.fourth_clerk, "同意验收"),
        (cast.third_clerk, "销号"),
    )
    places = [told.index((str(who), what)) for who, what in steps]
    assert places == sorted(places)
    assert "现场记录、照片与单位陈述一致。" in page.text


def test_every_paper_of_the_line_says_what_was_seen(story: Story) -> None:
    visit = story.visit(story.plan())
    finding = story.judge(visit)
    notice = story.order(finding)
    story.put_right(finding)
    bulletin = story.report()

    sheet = text_of(bytes_of(story.walk.see("clerk", "inspections:visit_sheet", visit.pk)))
    order = text_of(bytes_of(story.walk.see("east_head", "findings:notice_pdf", notice.pk)))
    told = text_of(bytes_of(story.walk.see("reader", "reports:bulletin_pdf", bulletin.pk)))
    assert "㛃姓群众在窗口前等候" in sheet
    assert "㛃姓群众在窗口前等候" in order
    assert "发现问题1个" in told
    assert "本期销号1件" in told
    assert "整改率100.0%" in told


def test_the_west_finds_nothing_of_it(story: Story) -> None:
    finding = story.judge(story.visit(story.plan()))
    story.order(finding)
    story.put_right(finding)

    answer = story.walk.browser("west_head").get(f"/findings/{finding.pk}/")

    assert answer.status_code == 404
    assert finding.title not in story.walk.see("west_head", "findings:list").text
