"""Beside every deadline it says how it was counted: given on, rule, days counted, days skipped and why, calendar."""

from __future__ import annotations

import pytest

from conduct.calendar import seed
from findings.actions import co_units, statements, transfers
from findings.models import Finding
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, notice_of
from tests.findings.browsing import get, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def terms_page(user: User, finding: Finding) -> str:
    return text_of(get(user, "terms", finding.pk))


def test_receipt_plan_and_progress_are_told_to_both_sides(cast: Cast, line: Line) -> None:
    finding = line.assigned(route="complex")

    for reader in (cast.east_head, cast.clerk):
        page = terms_page(reader, finding)
        assert "签收期限：2026年3月3日" in page
        assert "签收整改通知书，1个工作日" in page
        assert "整改方案期限：2026年3月9日" in page
        assert "第1次进度报告，自发出通知书（或认定反弹）起30日（自然日），遇休息日顺延" in page
        assert "2026年第1版" in page
        assert "3月7日（周六）至3月8日（周日），共2天：周末" in page


def test_a_progress_report_that_is_not_owed_is_not_told(cast: Cast, line: Line) -> None:
    assert "进度报告期限" not in terms_page(cast.east_head, line.assigned())


def test_the_statement_is_told_before_there_is_a_notice(cast: Cast, line: Line) -> None:
    finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

    page = terms_page(cast.east_head, finding)

    assert "陈述期限：2026年3月5日" in page
    assert "提交陈述，3个工作日" in page
    assert f"/findings/{finding.pk}/terms/" in get(cast.east_head, "detail", finding.pk).content.decode()


def test_the_answer_to_a_returned_matter_is_told(cast: Cast, line: Line) -> None:
    finding = line.received()
    transfers.ask(finding=again(finding), reason="职责在西区。", suggested="", by=cast.east_head, at=AT)

    assert "改派答复期限：2026年3月9日" in terms_page(cast.east_head, finding)


def test_a_part_is_told_to_the_co_unit_on_its_own_page(cast: Cast, line: Line) -> None:
    finding = line.received()
    part = co_units.give(
        finding=again(finding),
        unit=cast.west,
        task="配合核对。",
        contact="督查一科",
        working_days=3,
        by=cast.clerk,
        at=AT,
    )

    assert "协办期限：2026年3月5日" in text_of(get(cast.west_head, "part", part.pk))
    assert "协办事项，3个工作日" in terms_page(cast.east_head, finding)


def test_the_notice_leads_to_it(cast: Cast, line: Line) -> None:
    finding = line.assigned()

    page = get(cast.east_head, "notice_detail", notice_of(finding).pk).content.decode()

    assert f"/findings/{finding.pk}/terms/" in page
