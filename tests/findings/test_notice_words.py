"""What a notice calls itself, what it asks, and what it leaves out."""

from __future__ import annotations

import pytest

from findings import gather
from findings.actions import notices
from findings.rules import wording
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, routes
from tests.findings.browsing import get, text_of


@pytest.mark.parametrize(
    ("ways", "asked", "title"),
    [
        (["立行立改"], "立行立改", "关于立行立改有关问题的通知书"),
        (["限期整改", "限期整改"], "限期整改", "关于限期整改有关问题的通知书"),
        (["复杂问题整改"], "整改", "关于整改有关问题的通知书"),
        (["立行立改", "限期整改"], "整改", "关于整改有关问题的通知书"),
    ],
)
def test_title_and_text_fit_the_ways_they_contain(ways: list[str], asked: str, title: str) -> None:
    assert (wording.asked_for(ways), wording.title_for(ways)) == (asked, title)


@pytest.mark.django_db
def test_a_notice_of_two_ways_is_neutral(cast: Cast, line: Line) -> None:
    demands = [
        notices.Demand(finding=line.confirmed(), route=routes()[code], requirement="立即改正。")
        for code in ("immediate", "limited")
    ]

    notice = notices.issue(demands=demands, contact="督查一科", by=cast.clerk, at=AT)

    paper = gather.paper_of(notice.paper)
    assert (paper.title, paper.asked) == ("关于整改有关问题的通知书", "整改")


@pytest.mark.django_db
def test_the_unit_reads_no_rule_where_none_is_named(cast: Cast, line: Line) -> None:
    page = text_of(get(cast.east_head, "notice_detail", line.assigned(route="immediate").notice_id))

    assert "现通知你单位立行立改" in page
    assert "违反规定" not in page
    assert "问题等级：一般" in page
