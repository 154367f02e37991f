"""A matter that is not the unit's own: returned in time, given to another unit or declined, visible to both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conduct import clock
from conduct.audit import SystemActor
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from findings.actions import notices, receipts, rectifications
from findings.models import Finding, Rectification, RectificationPlan, Term, TransferRequest
from findings.moves import transfer as table
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, again, full_texts, notice_of, report_of, routes
from tests.findings.browsing import get, text_of
from tests.findings.returning import LATER, REASON, ask, decline, fresh, grant, withdraw

pytestmark = pytest.mark.django_db
S = TransferRequest.State


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


class TestAsking:
    def test_the_head_returns_it_and_the_office_has_five_working_days(self, cast: Cast, line: Line) -> None:
        request = ask(line)

        assert (request.state, request.unit, request.due_on) == (S.ASKED, cast.east, date(2026, 3, 9))
        assert again(request.finding).state == Finding.State.RECEIVED

    def test_the_term_goes_on_meanwhile(self, line: Line) -> None:
        finding = line.received()

        ask(line, finding)

        assert again(finding).runs_until == finding.runs_until

    @pytest.mark.parametrize(("days", "is_taken"), [(7, True), (8, False)])
    def test_it_is_returned_within_five_working_days_of_the_receipt(
        self, line: Line, days: int, is_taken: bool
    ) -> None:
        finding = line.received()
        if is_taken:
            assert ask(line, finding, at=AT + timedelta(days=days)).state == S.ASKED
            return
        with pytest.raises(Refused, match="期限是2026年3月9日"):
            ask(line, finding, at=AT + timedelta(days=days))

    def test_served_without_a_signature_the_days_count_from_the_service(self, cast: Cast, line: Line) -> None:
        finding = line.assigned()
        receipts.pass_over(by=SystemActor(), at=AT + timedelta(days=2))
        notices.receive(notice=notice_of(finding), by=cast.east_head, at=AT + timedelta(days=10))

        with pytest.raises(Refused, match="期限是2026年3月11日"):
            ask(line, finding, at=AT + timedelta(days=10))

    def test_before_the_receipt_it_is_not_returned(self, line: Line) -> None:
        with pytest.raises(NotFromHere, match="先签收"):
            ask(line, line.assigned())

    @pytest.mark.parametrize("stage", ["submitted", "closed"])
    def test_what_is_handed_in_is_not_returned(self, line: Line, stage: str) -> None:
        with pytest.raises(NotFromHere, match="不能再"):
            ask(line, getattr(line, stage)())

    @pytest.mark.parametrize("stranger", ["east_liaison", "west_head", "clerk"])
    def test_only_the_head_of_the_unit_returns_it(self, cast: Cast, line: Line, stranger: str) -> None:
        with pytest.raises(Forbidden):
            ask(line, by=getattr(cast, stranger))

    def test_it_needs_reasons(self, line: Line) -> None:
        with pytest.raises(Refused, match="为什么不属于本单位职责"):
            ask(line, reason=" ")

    def test_it_is_returned_once(self, cast: Cast, line: Line) -> None:
        request = ask(line)
        decline(request, cast)

        with pytest.raises(NotFromHere, match=r"已经退回过.*未同意"):
            ask(line, request.finding)

    def test_taken_back_it_may_be_returned_again(self, cast: Cast, line: Line) -> None:
        request = ask(line)
        withdraw(request, cast)

        assert ask(line, request.finding).state == S.ASKED

    def test_no_report_is_signed_while_it_waits(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        ask(line, finding)

        with pytest.raises(NotFromHere, match="请先撤回退回申请"):
            rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)


class TestTheMoves:
    STEPS: dict[str, Callable[..., Any]] = {
        "grant_transfer": grant,
        "decline_transfer": decline,
        "withdraw_transfer": withdraw,
    }

    @pytest.mark.parametrize("first", ["", *STEPS])
    @pytest.mark.parametrize("name", STEPS)
    def test_a_request_is_decided_once(self, cast: Cast, line: Line, name: str, first: str) -> None:
        request = ask(line)
        if first:
            self.STEPS[first](request, cast)
            with pytest.raises(NotFromHere, match="当前"):
                self.STEPS[name](fresh(request), cast)
            return
        self.STEPS[name](request, cast)

        assert fresh(request).state == {move.name: move for move in table.TABLE}[name].target

    @pytest.mark.parametrize(
        ("name", "stranger"),
        [
            ("grant_transfer", "east_head"),
            ("grant_transfer", "reader"),
            ("decline_transfer", "west_head"),
            ("withdraw_transfer", "clerk"),
            ("withdraw_transfer", "west_head"),
        ],
    )
    def test_it_is_refused_to_people_without_the_right(
        self, cast: Cast, line: Line, name: str, stranger: str
    ) -> None:
        with pytest.raises(Forbidden):
            self.STEPS[name](ask(line), cast, by=getattr(cast, stranger))

    @pytest.mark.parametrize("act", [grant, decline])
    def test_a_decision_has_reasons(self, cast: Cast, line: Line, act: Callable[..., Any]) -> None:
        with pytest.raises(Refused, match="须写明理由"):
            act(ask(line), cast, reason=" ")

    @pytest.mark.parametrize("act", [grant, decline])
    def test_nobody_of_the_unit_decides(self, cast: Cast, line: Line, act: Callable[..., Any]) -> None:
        both = make_user("both", "两处任职", home=cast.east)
        give_post(both, cast.city, Role.OFFICE_CLERK)

        with pytest.raises(Refused, match="您是责任单位的人员"):
            act(ask(line), cast, by=both)

    def test_two_at_the_same_moment_do_not_both_decide(self, cast: Cast, line: Line) -> None:
        request = ask(line)
        stale = fresh(request)
        decline(request, cast)

        with pytest.raises(MovedMeanwhile):
            grant(stale, cast)


class TestGivenToAnotherUnit:
    @pytest.fixture
    def handed(self, cast: Cast, line: Line) -> TransferRequest:
        """Returned by the East with a plan and a draft begun, and given to the West."""
        finding = line.rectifying(route="complex")
        line.planned(finding)
        request = ask(line, finding)
        grant(request, cast)
        return fresh(request)

    def test_the_finding_is_the_new_units_with_a_new_notice_and_term(
        self, cast: Cast, handed: TransferRequest
    ) -> None:
        finding = again(handed.finding)

        assert (finding.unit, finding.state) == (cast.west, Finding.State.ASSIGNED)
        assert finding.notice != handed.notice and notice_of(finding).unit == cast.west
        assert (finding.issued_on, finding.due_on) == (date(2026, 3, 3), date(2026, 3, 24))
        assert (finding.first_due_on, finding.runs_until) == (finding.due_on, finding.due_on)
        assert Term.objects.filter(finding=finding).latest("ordinal").kind == Term.Kind.HANDED_ON
        assert (finding.liaison, finding.returns) == (None, 0)

    def test_the_old_notice_stays_and_says_where_the_matter_went(
        self, cast: Cast, handed: TransferRequest
    ) -> None:
        page = text_of(get(cast.east_head, "notice_detail", handed.notice_id))

        assert "已改派西区办理" in page
        assert get(cast.east_head, "notice_pdf", handed.notice_id).status_code == 200

    def test_the_old_unit_no_longer_answers(self, cast: Cast, handed: TransferRequest) -> None:
        finding = again(handed.finding)

        assert get(cast.east_head, "detail", finding.pk).status_code == 404
        assert get(cast.east_head, "rectify", finding.pk).status_code == 404
        with pytest.raises(Forbidden):
            rectifications.draft(finding=finding, texts=full_texts(), by=cast.east_head, at=LATER)

    def test_it_goes_on_reading_what_it_did(self, cast: Cast, handed: TransferRequest) -> None:
        page = text_of(get(cast.east_head, "transfer", handed.pk))

        for words in (REASON, "该大厅由西区管理。", "签收整改通知", full_texts().measures, "落实AB岗"):
            assert words in page
        attachment = handed.draft.files.get() if handed.draft else None
        assert attachment is not None
        assert get(cast.east_head, "attachment", attachment.pk).status_code == 200

    def test_the_new_unit_begins_anew_and_reads_nothing_of_the_old_one(
        self, cast: Cast, handed: TransferRequest
    ) -> None:
        finding = again(handed.finding)
        assert handed.draft is not None
        attachment = handed.draft.files.get()

        page = text_of(get(cast.west_head, "detail", finding.pk))

        for words in (REASON, "东区", full_texts().measures, "起草整改报告", "落实AB岗"):
            assert words not in page
        assert get(cast.west_head, "transfer", handed.pk).status_code == 404
        assert get(cast.west_head, "attachment", attachment.pk).status_code == 404
        assert get(cast.west_head, "notice_detail", handed.notice_id).status_code == 404

    def test_the_new_unit_signs_writes_and_hands_in(self, cast: Cast, handed: TransferRequest) -> None:
        finding = again(handed.finding)
        notices.receive(notice=notice_of(finding), by=cast.west_head, at=LATER)
        acting = Line(Cast(**{**cast.__dict__, "east_head": cast.west_head}), at=LATER)

        report = acting.draft(again(finding))
        rectifications.sign(rectification=report, by=cast.west_head, at=LATER)

        assert (report.round, again(finding).state) == (2, Finding.State.SUBMITTED)
        assert handed.draft is not None
        assert Rectification.objects.get(pk=handed.draft.pk).state == Rectification.State.LAID_ASIDE

    def test_the_plan_of_the_old_unit_is_not_the_new_ones(self, cast: Cast, handed: TransferRequest) -> None:
        assert not again(handed.finding).needs_plan
        assert RectificationPlan.objects.get().notice == handed.notice

    def test_the_office_reads_the_whole_history(self, cast: Cast, handed: TransferRequest) -> None:
        page = text_of(get(cast.clerk, "detail", handed.finding_id))

        assert "由东区改派西区" in page and "起草整改报告" in page
        assert "改派西区" in page[page.index("不属本单位职责退回") :]

    def test_the_new_unit_may_return_it_too(self, cast: Cast, line: Line, handed: TransferRequest) -> None:
        finding = again(handed.finding)
        notices.receive(notice=notice_of(finding), by=cast.west_head, at=LATER)

        again_returned = ask(line, finding, by=cast.west_head, at=LATER + timedelta(hours=1))

        page = text_of(get(cast.west_head, "transfer", again_returned.pk))
        assert again_returned.unit == cast.west
        assert "起草整改报告" not in page and "签收整改通知" in page

    def test_a_long_matter_asks_the_new_unit_for_a_plan_of_its_own(self, cast: Cast, line: Line) -> None:
        request = ask(line, line.received(route="complex"))
        grant(request, cast, route=routes()["complex"])

        assert RectificationPlan.objects.filter(finding=request.finding).count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"requirement": " "}, "整改要求"),
        ({"contact": ""}, "联系人"),
    ],
)
def test_a_new_notice_lacks_nothing(cast: Cast, line: Line, changes: dict[str, Any], words: str) -> None:
    request = ask(line)

    with pytest.raises(Refused, match=words):
        grant(request, cast, **changes)


def test_it_is_not_given_back_to_the_unit_that_returned_it(cast: Cast, line: Line) -> None:
    with pytest.raises(Refused, match="就是退回的单位"):
        grant(ask(line), cast, unit=cast.east)


def test_an_office_gives_it_only_to_units_of_its_own(cast: Cast, line: Line) -> None:
    clerk = make_user("east_clerk", "东区经办", home=cast.bureau)
    give_post(clerk, cast.east, Role.OFFICE_CLERK)

    with pytest.raises(Refused, match="不在您的办理范围内"):
        grant(ask(line), cast, by=clerk)


class TestDeclined:
    def test_the_unit_reads_why_and_the_term_has_gone_on(self, cast: Cast, line: Line) -> None:
        request = ask(line)
        before = again(request.finding).runs_until

        decline(request, cast)

        assert again(request.finding).runs_until == before
        for who in (cast.east_head, cast.clerk):
            assert "大厅日常管理在东区。" in text_of(get(who, "transfer", request.pk))
        assert "不同意改派" in text_of(get(cast.east_head, "detail", request.finding_id))


BROKEN: dict[str, Callable[[TransferRequest], Any]] = {
    "once a notice": lambda row: TransferRequest.objects.create(
        finding=row.finding,
        notice=row.notice,
        unit=row.unit,
        reason="再退",
        asked_by=row.asked_by,
        asked_at=AT,
        due_on=row.due_on,
    ),
    "with reasons": lambda row: TransferRequest.objects.update(reason=""),
    "decided by someone": lambda row: TransferRequest.objects.update(decided_by=None),
    "for a reason": lambda row: TransferRequest.objects.update(decision=""),
    "to somebody": lambda row: TransferRequest.objects.update(new_unit=None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_cannot_be(cast: Cast, line: Line, name: str) -> None:
    request = ask(line)
    grant(request, cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name](fresh(request))
