"""Longer matters: a plan judged by the office, a checklist ticked off with proof, a report every thirty days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from conduct import clock
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from conduct.models import AuditEntry
from findings.actions import liaisons, plans, rectifications
from findings.models import Finding, PlanItem, Progress, RectificationPlan
from findings.moves import plan as table
from findings.queries import plans as queries
from findings.rules.plan import Item, needs_plan
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, report_of, upload
from tests.findings.browsing import browser, get, post, text_of
from tests.findings.planning import DAY, ITEMS, approved, due, handed_in, plan_of, returned, written

pytestmark = pytest.mark.django_db
S = RectificationPlan.State


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.mark.parametrize(("days", "wanted"), [(3, False), (15, False), (16, True), (30, True)])
def test_a_plan_is_asked_for_above_fifteen_working_days(days: int, wanted: bool) -> None:
    assert needs_plan(working_days=days) is wanted


def test_the_notice_of_a_longer_matter_asks_for_a_plan(line: Line) -> None:
    plan = plan_of(line.assigned(route="complex"))

    assert (plan.state, plan.due_on) == (S.DUE, date(2026, 3, 9))


def test_a_shorter_matter_has_no_plan(cast: Cast, line: Line) -> None:
    finding = line.received()

    assert not RectificationPlan.objects.exists()
    assert get(cast.east_head, "plan", finding.pk).status_code == 404
    with pytest.raises(Http404):
        queries.plan_for(finding)


class TestTheMoves:
    REACHED: dict[str, Callable[[Line], RectificationPlan]] = {
        S.DUE: written,
        S.SUBMITTED: handed_in,
        S.RETURNED: returned,
        S.APPROVED: approved,
    }
    STEPS: dict[str, Callable[[Cast, RectificationPlan], Any]] = {
        "hand_in_plan": lambda cast, plan: plans.hand_in(plan=plan, by=cast.east_head, at=AT),
        "approve_plan": lambda cast, plan: plans.approve(
            plan=plan, by=cast.second_clerk, at=AT, reason="措施可行。"
        ),
        "return_plan": lambda cast, plan: plans.send_back(
            plan=plan, by=cast.second_clerk, at=AT, reason="措施不具体。"
        ),
    }
    BY_NAME = {move.name: move for move in table.TABLE}
    PAIRS = list(product(STEPS, REACHED))

    @pytest.mark.parametrize(("name", "state"), PAIRS)
    def test_a_move_is_made_from_where_it_starts_and_refused_elsewhere(
        self, cast: Cast, line: Line, name: str, state: str
    ) -> None:
        plan = self.REACHED[state](line)
        move = self.BY_NAME[name]

        if state in move.sources:
            self.STEPS[name](cast, plan)
            assert plan_of(plan.finding).state == move.target
            assert AuditEntry.objects.filter(verb=f"findings.{name}", subject_id=str(plan.pk)).exists()
        else:
            with pytest.raises(NotFromHere, match="当前"):
                self.STEPS[name](cast, plan)
            assert plan_of(plan.finding).state == state

    @pytest.mark.parametrize(
        ("name", "stranger"),
        [
            ("hand_in_plan", "east_liaison"),
            ("hand_in_plan", "west_head"),
            ("hand_in_plan", "clerk"),
            ("approve_plan", "east_head"),
            ("approve_plan", "reader"),
            ("return_plan", "west_head"),
        ],
    )
    def test_a_move_is_refused_to_people_without_the_right(
        self, cast: Cast, line: Line, name: str, stranger: str
    ) -> None:
        plan = written(line) if name == "hand_in_plan" else handed_in(line)
        person = getattr(cast, stranger)
        acting = Cast(**{**cast.__dict__, "east_head": person, "second_clerk": person})

        with pytest.raises(Forbidden):
            self.STEPS[name](acting, plan)

    @pytest.mark.parametrize("name", ["approve_plan", "return_plan"])
    def test_the_finder_does_not_judge_the_plan(self, cast: Cast, line: Line, name: str) -> None:
        acting = Cast(**{**cast.__dict__, "second_clerk": cast.clerk})

        with pytest.raises(Refused, match="不能审核它的整改方案"):
            self.STEPS[name](acting, handed_in(line))

    @pytest.mark.parametrize("act", [plans.approve, plans.send_back])
    def test_a_verdict_needs_reasons(self, cast: Cast, line: Line, act: Callable[..., Any]) -> None:
        with pytest.raises(Refused, match="须写明理由"):
            act(plan=handed_in(line), by=cast.second_clerk, at=AT, reason=" ")

    def test_a_verdict_on_what_changed_meanwhile_is_not_given(self, cast: Cast, line: Line) -> None:
        plan = handed_in(line)
        stale = plan_of(plan.finding)
        plans.approve(plan=plan, by=cast.second_clerk, at=AT, reason="措施可行。")

        with pytest.raises(MovedMeanwhile):
            plans.send_back(plan=stale, by=cast.third_clerk, at=AT, reason="措施不具体。")

    def test_returns_are_counted_and_the_first_day_is_kept(self, cast: Cast, line: Line) -> None:
        plan = returned(line)

        plans.hand_in(plan=plan, by=cast.east_head, at=AT + timedelta(days=1))

        kept = plan_of(plan.finding)
        assert (kept.returns, kept.first_handed_in_on) == (1, AT.date())


class TestHandingIn:
    def test_a_plan_says_what_is_wanted(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="写明整改目标"):
            plans.hand_in(plan=due(line), by=cast.east_head, at=AT)

    def test_a_plan_lists_a_measure(self, cast: Cast, line: Line) -> None:
        plan = due(line)
        plans.write(plan=plan, approach="目标", items=[], expected=plan.version, by=cast.east_head, at=AT)

        with pytest.raises(Refused, match="至少列一条整改措施"):
            plans.hand_in(plan=plan, by=cast.east_head, at=AT)

    def test_no_measure_ends_after_the_term(self, cast: Cast, line: Line) -> None:
        plan = due(line)
        late = [*ITEMS, Item("建章立制", "办公室主任", date(2026, 6, 1))]
        plans.write(plan=plan, approach="目标", items=late, expected=plan.version, by=cast.east_head, at=AT)

        with pytest.raises(Refused, match="第 2 条措施的完成时限晚于整改期限"):
            plans.hand_in(plan=plan, by=cast.east_head, at=AT)

    def test_the_report_is_not_signed_before_the_plan_is_in(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying(route="complex")

        with pytest.raises(Refused, match="须先提交整改方案"):
            rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)

    def test_a_plan_under_judgement_does_not_hold_the_report_up(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying(route="complex")
        plan = line.planned(finding)
        assert plan is not None
        plans.hand_in(plan=plan, by=cast.east_head, at=AT)

        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)

        assert again(finding).state == Finding.State.SUBMITTED

    def test_before_the_receipt_no_plan_is_written(self, cast: Cast, line: Line) -> None:
        plan = plan_of(line.assigned(route="complex"))

        with pytest.raises(NotFromHere, match="先签收"):
            plans.write(plan=plan, approach="", items=ITEMS, expected=1, by=cast.east_head, at=AT)


class TestWriting:
    def test_the_liaison_named_for_the_finding_writes(self, cast: Cast, line: Line) -> None:
        plan = due(line)
        with pytest.raises(Refused, match="还没有指定联络员"):
            plans.write(plan=plan, approach="", items=ITEMS, expected=1, by=cast.east_liaison, at=AT)
        liaisons.appoint(finding=plan.finding, liaison=cast.east_liaison, by=cast.east_head, at=AT)

        plans.write(plan=plan, approach="", items=ITEMS, expected=1, by=cast.east_liaison, at=AT)

        assert [row.what for row in plan.items.all()] == ["落实AB岗"]

    def test_too_many_measures_are_refused(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="最多 30 条"):
            plans.write(plan=due(line), approach="", items=ITEMS * 31, expected=1, by=cast.east_head, at=AT)

    def test_whoever_saves_second_is_told_and_loses_nothing(self, cast: Cast, line: Line) -> None:
        plan = due(line)
        plans.write(plan=plan, approach="先存的", items=ITEMS, expected=1, by=cast.east_head, at=AT)

        answer = post(cast.east_head, "plan_edit", plan.finding_id, **typed(version="1", approach="后写的"))

        assert answer.status_code == 409
        assert "后写的" in text_of(answer) and "逐日巡查" in text_of(answer)
        assert plan_of(plan.finding).approach == "先存的"
        assert (
            post(
                cast.east_head, "plan_edit", plan.finding_id, **typed(version="2", approach="后写的")
            ).status_code
            == 302
        )

    def test_a_plan_handed_in_is_written_no_more(self, cast: Cast, line: Line) -> None:
        plan = handed_in(line)

        answer = post(cast.east_head, "plan_edit", plan.finding_id, **typed(version=str(plan.version)))

        assert "不能再改" in text_of(answer)
        assert get(cast.east_head, "plan_edit", plan.finding_id).status_code == 302

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"items-0-owner": ""}, "须写明做什么、责任岗位"),
            ({"items-0-due_on": "三月底"}, "日期请写成"),
            ({"items-0-what": "长" * 301}, "最多 300 个字"),
            ({"items-TOTAL_FORMS": "x"}, "ManagementForm"),
        ],
    )
    def test_a_line_that_cannot_be_read_is_named(
        self, cast: Cast, line: Line, wrong: dict[str, str], words: str
    ) -> None:
        answer = post(cast.east_head, "plan_edit", due(line).finding_id, **typed(**wrong))

        assert answer.status_code == 422
        assert words in text_of(answer)
        assert not PlanItem.objects.exists()

    def test_a_line_emptied_is_taken_out(self, cast: Cast, line: Line) -> None:
        plan = due(line)
        blank = {"items-0-what": "", "items-0-owner": "", "items-0-due_on": ""}

        post(cast.east_head, "plan_edit", plan.finding_id, **typed(**blank))

        assert [row.what for row in plan.items.all()] == ["逐日巡查"]


def typed(**changes: str) -> dict[str, str]:
    """Two measures as a browser sends them."""
    base = {"version": "1", "approach": "一个月内建好顶岗制度。"}
    base |= {"items-TOTAL_FORMS": "3", "items-INITIAL_FORMS": "0"}
    for number, what in enumerate(("落实AB岗", "逐日巡查")):
        base |= {f"items-{number}-what": what, f"items-{number}-owner": "办公室主任"}
        base |= {f"items-{number}-due_on": "2026-03-20"}
    base |= {"items-2-what": "", "items-2-owner": "", "items-2-due_on": ""}
    return base | changes


class TestTickingOff:
    def tick(self, line: Line, by: User, **changes: Any) -> PlanItem:
        item = (
            approved(line).items.select_related("plan__finding__unit", "plan__notice").order_by("ordinal")[0]
        )
        options: dict[str, Any] = {"done_on": AT.date(), "upload": upload(), "by": by, "at": AT}
        return plans.complete(item=item, **options | changes)

    def test_a_measure_is_done_with_day_and_proof(self, cast: Cast, line: Line) -> None:
        item = self.tick(line, cast.east_head)

        assert (item.done_on, item.done_by) == (AT.date(), cast.east_head)
        assert item.file is not None

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"done_on": AT.date() + timedelta(days=1)}, "不能晚于今天"),
            ({"done_on": AT.date() - timedelta(days=1)}, "早于整改通知书"),
            ({"upload": SimpleUploadedFile("空.pdf", b"")}, "空文件"),
        ],
    )
    def test_a_day_or_proof_that_cannot_be_is_refused(
        self, cast: Cast, line: Line, changes: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(Refused, match=words):
            self.tick(line, cast.east_head, **changes)

        assert not PlanItem.objects.filter(done_on__isnull=False).exists()

    def test_nobody_ticks_off_before_the_office_agrees(self, cast: Cast, line: Line) -> None:
        item = handed_in(line).items.select_related("plan__finding__unit", "plan__notice").first()
        assert item is not None

        with pytest.raises(NotFromHere, match="经督查办同意后"):
            plans.complete(item=item, done_on=AT.date(), upload=upload(), by=cast.east_head, at=AT)

    @pytest.mark.parametrize("stranger", ["west_head", "clerk"])
    def test_only_the_unit_ticks_off(self, cast: Cast, line: Line, stranger: str) -> None:
        with pytest.raises(Forbidden):
            self.tick(line, getattr(cast, stranger))

    def test_the_page_takes_the_proof_and_shows_it_to_the_office(self, cast: Cast, line: Line) -> None:
        plan = approved(line)
        item = plan.items.order_by("ordinal")[0]
        address = reverse("findings:item_done", args=[item.pk])

        lacking = browser(cast.east_head).post(address, {"done_on": "2026-03-02"})
        browser(cast.east_head).post(address, {"done_on": "2026-03-02", "files": upload("值班表.jpg")})

        assert "请选择一件能证明" in text_of(lacking)
        assert "2026年3月2日（周一）完成" in text_of(get(cast.clerk, "plan", plan.finding_id))
        assert get(cast.clerk, "item_attachment", item.pk).status_code == 200
        assert get(cast.west_head, "item_attachment", item.pk).status_code == 404


class TestWhoReadsIt:
    def test_until_it_is_handed_in_the_plan_is_the_units_alone(self, cast: Cast, line: Line) -> None:
        plan = written(line)
        item = plan.items.all()[0]

        assert "落实AB岗" in text_of(get(cast.east_head, "plan", plan.finding_id))
        assert "落实AB岗" not in text_of(get(cast.clerk, "plan", plan.finding_id))
        with pytest.raises(Http404):
            queries.item_for(cast.clerk, item.pk)

    def test_the_office_reads_and_judges_it_on_the_page(self, cast: Cast, line: Line) -> None:
        plan = handed_in(line)

        page = text_of(get(cast.second_clerk, "plan", plan.finding_id))
        post(
            cast.second_clerk,
            "plan_move",
            plan.finding_id,
            "approve",
            reason="可行。",
            version=str(plan.version),
        )

        assert "落实AB岗" in page and "同意整改方案" in page
        assert plan_of(plan.finding).state == S.APPROVED

    def test_a_verdict_without_reason_is_asked_for_it(self, cast: Cast, line: Line) -> None:
        plan = handed_in(line)

        answer = post(cast.second_clerk, "plan_move", plan.finding_id, "send_back", reason="")

        assert answer.status_code == 422
        assert plan_of(plan.finding).state == S.SUBMITTED

    def test_the_finder_sees_no_button(self, cast: Cast, line: Line) -> None:
        assert "同意整改方案" not in text_of(get(cast.clerk, "plan", handed_in(line).finding_id))

    def test_there_is_no_other_move(self, cast: Cast, line: Line) -> None:
        assert post(cast.east_head, "plan_move", due(line).finding_id, "close").status_code == 404


BROKEN: dict[str, Callable[[RectificationPlan], Any]] = {
    "one a notice": lambda plan: RectificationPlan.objects.create(
        finding=plan.finding, notice=plan.notice, due_on=DAY
    ),
    "handed in is signed": lambda plan: RectificationPlan.objects.update(handed_in_by=None),
    "a verdict has its judge": lambda plan: RectificationPlan.objects.update(judged_by=None),
    "a verdict has its reasons": lambda plan: RectificationPlan.objects.update(judgement=""),
    "a measure says who": lambda plan: PlanItem.objects.update(owner=""),
    "a place in the list is taken once": lambda plan: PlanItem.objects.create(
        plan=plan, ordinal=1, what="巡查", owner="主任", due_on=DAY
    ),
    "what is done is proved": lambda plan: PlanItem.objects.update(done_on=DAY),
    "progress says something": lambda plan: Progress.objects.create(
        finding=plan.finding,
        notice=plan.notice,
        number=1,
        due_on=DAY,
        done="",
        remaining="无",
        reported_on=DAY,
        reported_at=AT,
        reported_by=plan.handed_in_by,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_cannot_be(line: Line, name: str) -> None:
    plan = approved(line)

    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name](plan)
