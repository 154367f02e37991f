"""The unit is heard before the verdict, and answers for itself after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from conduct.clock import SHANGHAI
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from findings.actions import findings, liaisons, rectifications, statements
from findings.models import Finding, UnitStatement
from tests.factories.cast import AT, Cast
from tests.factories.findings import (
    REASON,
    Line,
    again,
    full_texts,
    observe,
    particulars,
    report_of,
    upload,
)
from tests.findings.browsing import browser, get, post, text_of

pytestmark = pytest.mark.django_db

S = Finding.State
Means = UnitStatement.Means


class TestHearing:
    @pytest.mark.parametrize("verdict", [findings.confirm, findings.confirm_partly])
    def test_a_named_person_is_heard_first(self, cast: Cast, line: Line, verdict: object) -> None:
        finding = line.verifying(names_person=True)

        with pytest.raises(Refused, match="须先听取单位陈述"):
            verdict(finding=finding, by=cast.clerk, at=AT, reason=REASON)  # type: ignore[operator]

        assert again(finding).state == S.VERIFYING

    @pytest.mark.parametrize("named", [{"person_post": "窗口工作人员"}, {"persons": 2}])
    def test_a_post_written_down_is_a_person_named_whatever_was_ticked(
        self, cast: Cast, line: Line, named: dict[str, object]
    ) -> None:
        finding = line.verifying(names_person=False, **named)

        assert finding.names_person
        with pytest.raises(Refused, match="须先听取单位陈述"):
            findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)

    @pytest.mark.parametrize("seen", [{"person_post": "窗口工作人员"}, {"persons": 2}])
    def test_whoever_the_record_names_is_heard_though_the_finding_leaves_them_out(
        self, cast: Cast, seen: dict[str, object]
    ) -> None:
        finding = findings.raise_from(
            observations=[observe(cast, **seen)], particulars=particulars(), by=cast.clerk, at=AT
        )
        findings.start_verifying(finding=finding, by=cast.clerk, at=AT)

        with pytest.raises(Refused, match="须先听取单位陈述"):
            findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)
        assert "听取单位陈述后" in text_of(get(cast.clerk, "detail", finding.pk))

    def test_what_is_not_true_may_be_dismissed_unheard(self, cast: Cast, line: Line) -> None:
        finding = line.verifying(names_person=True)

        findings.dismiss(finding=finding, by=cast.clerk, at=AT, reason="人员不在编。")

        assert again(finding).state == S.DISMISSED

    @pytest.mark.parametrize("verdict", [findings.confirm, findings.confirm_partly])
    def test_whoever_was_asked_is_heard_before_the_verdict(
        self, cast: Cast, line: Line, verdict: object
    ) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

        with pytest.raises(Refused, match="还没有收到"):
            verdict(finding=finding, by=cast.clerk, at=AT, reason=REASON)  # type: ignore[operator]

    def test_a_statement_heard_opens_the_verdict(self, cast: Cast, line: Line) -> None:
        finding = line.verifying(names_person=True)
        line.hear(finding)

        findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)

        assert again(finding).state == S.CONFIRMED

    def test_the_unit_is_given_three_working_days(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

        assert finding.statement_due_on == date(2026, 3, 5)

    def test_a_term_in_a_year_without_its_calendar_is_an_estimate(self, cast: Cast, line: Line) -> None:
        late = datetime(2031, 3, 3, 9, 0, tzinfo=SHANGHAI)
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=late)

        assert finding.statement_due_is_estimate
        assert "估算" in text_of(get(cast.east_head, "detail", finding.pk))
        assert "（估算）" in text_of(get(cast.east_head, "statement", finding.pk))

    def test_after_its_term_the_unit_is_told_that_it_may_still_speak(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)
        Finding.objects.filter(pk=finding.pk).update(statement_due_on=date(2020, 1, 2))

        page = text_of(get(cast.east_head, "statement", finding.pk))
        post(cast.east_head, "statement", finding.pk, text="当日外出取件。", speaker="主任")

        assert "已过，认定之前仍可提交" in page
        assert finding.statements.get().text == "当日外出取件。"

    def test_after_the_verdict_the_form_is_not_shown(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)
        line.hear(finding)
        findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)

        page = text_of(browser(cast.east_head).get(f"/findings/{finding.pk}/statement/", follow=True))

        assert "陈述已经截止" in page

    def test_the_unit_is_asked_once(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

        with pytest.raises(Refused, match="已经请单位陈述过"):
            statements.ask(finding=finding, by=cast.clerk, at=AT)

    def test_only_what_is_being_verified_is_asked_about(self, cast: Cast, line: Line) -> None:
        with pytest.raises(NotFromHere, match="只有核实中的问题"):
            statements.ask(finding=line.new(), by=cast.clerk, at=AT)

    def test_once_asked_the_unit_sees_it(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()
        assert not Finding.objects.visible_to(cast.east_head).exists()

        statements.ask(finding=finding, by=cast.clerk, at=AT)

        assert Finding.objects.visible_to(cast.east_head).exists()

    def test_the_unit_is_not_heard_unasked(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="尚未请单位"):
            statements.file(finding=line.verifying(), text="无此事", speaker="主任", by=cast.east_head, at=AT)

    def test_the_liaison_does_not_speak_for_the_unit(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

        with pytest.raises(Forbidden):
            statements.file(finding=finding, text="无此事", speaker="主任", by=cast.east_liaison, at=AT)

    def enter(self, cast: Cast, finding: Finding, **changes: object) -> UnitStatement:
        values = {"means": Means.PHONE, "speaker": "主任", "text": "属实。", "heard_on": AT.date(), "at": AT}
        return statements.enter(finding=finding, by=cast.clerk, **(values | changes))  # type: ignore[arg-type]

    def test_a_waiver_needs_no_text(self, cast: Cast, line: Line) -> None:
        assert self.enter(cast, line.verifying(), means=Means.WAIVED, text="").means == Means.WAIVED

    def test_a_statement_needs_its_text(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="写明陈述的内容"):
            self.enter(cast, line.verifying(), text=" ")

    def test_a_statement_needs_its_speaker(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="陈述人的岗位"):
            self.enter(cast, line.verifying(), speaker="")

    def test_nobody_is_heard_tomorrow(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="不能晚于今天"):
            self.enter(cast, line.verifying(), heard_on=AT.date() + timedelta(days=1))

    def test_the_office_does_not_file_online_for_the_unit(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="在线陈述由单位自己提交"):
            self.enter(cast, line.verifying(), means=Means.ONLINE)

    def test_silence_needs_asking(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="还没有请单位陈述"):
            self.enter(cast, line.verifying(), means=Means.SILENT, text="")

    def test_silence_needs_the_end_of_the_term(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

        with pytest.raises(Refused, match="期限是2026年3月5日，尚未届满"):
            self.enter(cast, finding, means=Means.SILENT, text="", at=AT + timedelta(days=3))

    def test_after_the_term_silence_is_noted(self, cast: Cast, line: Line) -> None:
        finding = statements.ask(finding=line.verifying(names_person=True), by=cast.clerk, at=AT)

        self.enter(cast, finding, means=Means.SILENT, text="", speaker="", at=AT + timedelta(days=4))
        findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)

        assert again(finding).state == S.CONFIRMED


class TestTheUnitsSide:
    def test_a_person_of_another_unit_is_no_liaison(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="不是本单位的联络员"):
            liaisons.appoint(finding=line.received(), liaison=cast.west_head, by=cast.east_head, at=AT)

    def test_the_liaison_names_nobody(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Forbidden):
            liaisons.appoint(finding=line.received(), liaison=cast.east_liaison, by=cast.east_liaison, at=AT)

    def test_a_liaison_is_named_after_the_receipt(self, cast: Cast, line: Line) -> None:
        with pytest.raises(NotFromHere, match="签收之后"):
            liaisons.appoint(finding=line.assigned(), liaison=cast.east_liaison, by=cast.east_head, at=AT)

    def test_an_incomplete_report_names_what_is_missing(self, cast: Cast, line: Line) -> None:
        report = rectifications.draft(
            finding=line.received(),
            texts=rectifications.Texts(problem_summary="属实。"),
            by=cast.east_head,
            at=AT,
        )

        with pytest.raises(Refused, match=r"还缺：调查核实情况、原因分析.*佐证材料"):
            rectifications.sign(rectification=report, by=cast.east_head, at=AT)

        assert again(report.finding).state == S.RECTIFYING

    def test_two_who_begin_at_once_do_not_overwrite_each_other(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()

        with pytest.raises(MovedMeanwhile, match="已由别人起草"):
            rectifications.draft(finding=finding, texts=full_texts(), by=cast.east_head, at=AT)

    def test_a_report_handed_in_takes_no_more_files(self, cast: Cast, line: Line) -> None:
        report = report_of(line.submitted())

        with pytest.raises(NotFromHere, match="已经提交"):
            rectifications.attach(rectification=report, upload=upload(), by=cast.east_head, at=AT)

    def test_the_files_have_a_limit(self, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rectifications, "MOST_FILES", 1)
        report = report_of(line.rectifying())

        with pytest.raises(Refused, match="最多 1 件"):
            rectifications.attach(rectification=report, upload=upload(), by=cast.east_head, at=AT)

    def test_an_inspector_never_writes_the_report(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Forbidden):
            rectifications.draft(finding=line.received(), texts=full_texts(), by=cast.inspector, at=AT)
