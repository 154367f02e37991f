"""What a unit is told, and what stays in the office until it is sent out."""

from __future__ import annotations

from typing import Any

import pytest

from findings.actions import acceptances, findings, reviews, statements
from findings.models import Finding
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, add_evidence, report_of
from tests.findings.browsing import get, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]


def page_of(user: User, finding: Finding) -> str:
    return text_of(get(user, "detail", finding.pk))


@pytest.fixture
def asked(cast: Cast, line: Line) -> Finding:
    """The unit was asked, and has answered."""
    finding = line.verifying(grade=Finding.Grade.SERIOUS)
    statements.ask(finding=finding, by=cast.clerk, at=AT)
    statements.file(finding=finding, text="当日外出取件。", speaker="主任", by=cast.east_head, at=AT)
    return finding


class TestBeforeTheNotice:
    def test_a_verdict_not_sent_out_reads_as_being_looked_into(self, cast: Cast, asked: Finding) -> None:
        findings.confirm(finding=asked, by=cast.clerk, at=AT, reason="证据确凿。")

        page = page_of(cast.east_head, asked)

        assert "核实中" in page
        assert "属实" not in page
        assert "证据确凿" not in page

    @pytest.mark.parametrize("verdict", [findings.confirm, findings.confirm_partly])
    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"state": "verifying"},
            {"state": "before_notice"},
            {"state": "confirmed"},
            {"state": "partly"},
            {"state": "standing"},
            {"grade": 4},
            {"state": "verifying", "grade": 4},
        ],
    )
    def test_no_filter_gives_the_verdict_or_the_grade_away(
        self, cast: Cast, asked: Finding, query: dict[str, Any], verdict: Any
    ) -> None:
        before = asked.title in text_of(get(cast.east_head, "list", **query))
        verdict(finding=asked, by=cast.clerk, at=AT, reason="证据确凿。")

        after = text_of(get(cast.east_head, "list", **query))

        assert (asked.title in after) is before
        assert before is ("grade" not in query and query.get("state") in (None, "verifying", "before_notice"))

    def test_the_grade_is_not_told(self, cast: Cast, asked: Finding) -> None:
        assert "严重" not in text_of(get(cast.east_head, "list"))
        assert "严重" not in page_of(cast.east_head, asked)
        assert "严重" in page_of(cast.clerk, asked)

    def test_whoever_was_asked_is_told_that_nothing_was_found(self, cast: Cast, asked: Finding) -> None:
        findings.dismiss(finding=asked, by=cast.clerk, at=AT, reason="内部意见：证人说法前后不一。")

        page = page_of(cast.east_head, asked)

        assert "认定不属实" in page
        assert "证人" not in page

    def test_whoever_was_not_asked_hears_nothing_of_what_was_dismissed(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()
        findings.dismiss(finding=finding, by=cast.clerk, at=AT, reason="不属实。")

        assert get(cast.east_head, "detail", finding.pk).status_code == 404

    def test_neither_page_nor_evidence_names_who_inspected(self, cast: Cast, asked: Finding) -> None:
        add_evidence(cast, asked.observations.get())

        page = page_of(cast.east_head, asked)

        for inspector in (cast.inspector, cast.second_inspector, cast.team_leader):
            assert inspector.name not in page


class TestBeforeClosing:
    def test_what_a_reviewer_wrote_is_not_told(self, cast: Cast, line: Line) -> None:
        page = page_of(cast.east_head, line.awaiting())

        assert "审核通过并提请验收" in page
        assert "报告完整，材料齐全。" not in page

    def test_who_accepted_first_is_not_told(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="已整改到位。")

        page = page_of(cast.east_head, finding)

        assert cast.third_clerk.name not in page
        assert "已有一位同志同意验收" not in page

    def test_why_a_report_came_back_is_told(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="请补充顶岗名单。")

        assert "请补充顶岗名单。" in page_of(cast.east_head, finding)

    def test_why_the_result_was_refused_is_told(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        acceptances.refuse(finding=finding, by=cast.third_clerk, at=AT, opinion="现场仍有空岗。")

        assert "现场仍有空岗。" in page_of(cast.east_head, finding)

    def test_once_closed_everything_about_the_result_is_told(self, cast: Cast, line: Line) -> None:
        finding = line.closed()

        page = page_of(cast.east_head, finding)

        assert "报告完整，材料齐全。" in page
        assert "现场查看，已整改到位。" in page
        assert report_of(finding).reviewed_by.name in page
