"""Nobody decides on what they have not seen, and nobody overwrites what they were not shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from findings.actions import acceptances, findings, rectifications, reviews
from findings.models import Acceptance, Finding
from inspections.models import Cause
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, full_texts, particulars, report_of, upload
from tests.findings.browsing import get, hidden, post, text_of

pytestmark = pytest.mark.django_db


class TestTheSignature:
    def test_a_report_changed_while_it_was_read_is_not_signed(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        page = text_of(get(cast.east_head, "rectification_sign", finding.pk))
        report = report_of(finding)
        rectifications.draft(
            finding=finding,
            texts=full_texts(),
            causes=list(report.causes.all()),
            expected=report.version,
            by=cast.east_head,
            at=AT,
        )

        response = post(cast.east_head, "rectification_sign", finding.pk, seen=hidden(page, "seen"))

        assert response.status_code == 409
        assert "在您阅读期间有改动" in text_of(response)
        assert again(finding).state == Finding.State.RECTIFYING

    def test_material_added_while_it_was_read_is_not_signed_for(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        page = text_of(get(cast.east_head, "rectification_sign", finding.pk))
        rectifications.attach(
            rectification=report_of(finding), upload=upload("另一张.jpg"), by=cast.east_head, at=AT
        )

        response = post(cast.east_head, "rectification_sign", finding.pk, seen=hidden(page, "seen"))

        assert response.status_code == 409
        assert again(finding).state == Finding.State.RECTIFYING

    def test_after_reading_again_it_is_signed(self, cast: Cast, line: Line) -> None:
        finding = line.rectifying()
        page = text_of(post(cast.east_head, "rectification_sign", finding.pk, seen="old"))

        post(cast.east_head, "rectification_sign", finding.pk, seen=hidden(page, "seen"))

        assert again(finding).state == Finding.State.SUBMITTED


class TestTheVerdict:
    def test_a_review_of_an_earlier_report_does_not_count(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        page = text_of(get(cast.third_clerk, "review", finding.pk))
        reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="请补充名单。")
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT + timedelta(hours=1))

        response = post(
            cast.third_clerk,
            "review",
            finding.pk,
            report=hidden(page, "report"),
            verdict="pass",
            reason="材料齐全，措施到位。",
        )

        assert response.status_code == 409
        assert "已提交新的整改报告" in text_of(response)
        assert "材料齐全，措施到位。" in text_of(response)
        assert again(finding).state == Finding.State.SUBMITTED

    def test_an_acceptance_of_an_earlier_round_does_not_count(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        page = text_of(get(cast.fourth_clerk, "accept", finding.pk))
        acceptances.refuse(finding=finding, by=cast.third_clerk, at=AT, opinion="现场仍有空岗。")
        finding = again(finding)
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)
        reviews.pass_on(finding=again(finding), by=cast.second_clerk, at=AT, reason="已补正。")

        response = post(
            cast.fourth_clerk,
            "accept",
            finding.pk,
            report=hidden(page, "report"),
            verdict="accept",
            reason="已整改到位。",
        )

        assert response.status_code == 409
        assert not Acceptance.objects.filter(verdict=Acceptance.Verdict.ACCEPT).exists()


class TestTriage:
    def typed(self, **changes: object) -> dict[str, object]:
        words = particulars()
        return {
            "title": words.title,
            "facts": words.facts,
            "category": "B1-01",
            "department": words.department,
            "place": words.place,
            "grade": 2,
            **changes,
        }

    def test_the_second_is_shown_every_field_that_differs(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()
        seen = finding.version
        cause = Cause.objects.order_by("pk")[0]
        findings.amend(
            finding=again(finding),
            particulars=particulars(
                grade=Finding.Grade.SERIOUS, names_person=True, persons=3, causes=[cause]
            ),
            expected=seen,
            by=cast.second_clerk,
            at=AT,
        )

        page = text_of(post(cast.clerk, "triage", finding.pk, version=seen, **self.typed()))

        for label, theirs in (
            ("情节", "严重"),
            ("指向具体人员", "是"),
            ("涉及人数", "3"),
            ("原因（可多选）", cause.name),
        ):
            assert f'<th scope="row">{label}</th><td data-label="对方已保存">{theirs}</td>' in page

    def test_merging_what_another_amended_meanwhile_is_told(self, cast: Cast, line: Line) -> None:
        first, second = line.new(), line.new(title="咨询台无人值守")
        ids = [first.pk, second.pk]
        page = text_of(get(cast.clerk, "merge", finding=ids))
        findings.amend(
            finding=again(second),
            particulars=particulars(title="咨询台无人值守", facts="另查明：已持续一周。"),
            expected=second.version,
            by=cast.second_clerk,
            at=AT,
        )

        response = post(
            cast.clerk, "merge", finding=ids, seen=hidden(page, "seen", many=True), **self.typed()
        )

        assert response.status_code == 409
        assert "另查明：已持续一周。" in text_of(response)
        assert again(second).state == Finding.State.NEW

    def test_after_that_the_same_form_can_be_sent_again(self, cast: Cast, line: Line) -> None:
        first, second = line.new(), line.new(title="咨询台无人值守")
        ids = [first.pk, second.pk]
        page = text_of(post(cast.clerk, "merge", finding=ids, seen=[f"{first.pk}:99"], **self.typed()))

        post(cast.clerk, "merge", finding=ids, seen=hidden(page, "seen", many=True), **self.typed())

        assert again(second).state == Finding.State.MERGED

    def test_a_notice_on_what_another_changed_meanwhile_is_told(self, cast: Cast, line: Line) -> None:
        finding = line.confirmed()

        response = post(
            cast.clerk,
            "notice_issue",
            finding=[finding.pk],
            seen=[f"{finding.pk}:{finding.version - 1}"],
            contact="督查一科",
            **{f"d{finding.pk}-route": "limited", f"d{finding.pk}-requirement": "立即整改。"},
        )

        assert response.status_code == 409
        assert again(finding).state == Finding.State.CONFIRMED

    def test_splitting_what_another_amended_meanwhile_is_told_and_can_go_on(
        self, cast: Cast, line: Line
    ) -> None:
        finding = line.new()
        seen = finding.version
        findings.amend(
            finding=again(finding),
            particulars=particulars(facts="另查明：已持续一周。"),
            expected=seen,
            by=cast.second_clerk,
            at=AT,
        )
        parts = {
            f"{part}-{name}": value for part in ("kept", "parted") for name, value in self.typed().items()
        }

        response = post(cast.clerk, "split", finding.pk, version=seen, **parts)
        page = text_of(response)
        post(cast.clerk, "split", finding.pk, version=hidden(page, "version"), **parts)

        assert response.status_code == 409
        assert "另查明：已持续一周。" in page
        assert Finding.objects.count() == 2
