"""Who signs a bulletin, what it never says, and what it says when there is nothing or the year turns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from conduct import issuing
from conduct.clock import SHANGHAI
from conduct.errors import Refused
from people.models import User
from reports.actions import bulletins
from reports.gather import drawing
from reports.models import Bulletin
from reports.queries import bulletins as queries
from reports.queries import names, waiting
from reports.rules.periods import MONTHLY, WEEKLY, Period, before
from tests.factories.cast import AT, Cast
from tests.factories.reports import S, make_finding
from tests.papers.reading import text_of

pytestmark = pytest.mark.django_db

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
NEW_YEAR = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)  # the first Monday


def draft(cast: Cast, *, key: str = "k1", by: User | None = None, **changes: Any) -> Bulletin:
    facts = {"kind": "ad_hoc", "office": cast.city, "period": FEBRUARY, "by": by or cast.clerk, "at": AT}
    return bulletins.draft(**(facts | {"made_key": key} | changes))


def signed(cast: Cast, bulletin: Bulletin, *, at: datetime = AT) -> Bulletin:
    bulletins.submit(bulletin=bulletin, by=cast.clerk, at=at)
    return bulletins.sign(bulletin=bulletin, by=cast.leader, at=at)


def words(bulletin: Bulletin) -> str:
    assert bulletin.paper
    return text_of(issuing.pdf_of(bulletin.paper)).replace("\n", "")


def names_in(bulletin: Bulletin) -> list[str]:
    return names.seen_in(bulletin=bulletin, paper=drawing.draft_of(bulletin))


def test_a_leader_signs_neither_the_own_text_sent_by_another_nor_another_text_sent_alone(cast: Cast) -> None:
    own_text = bulletins.submit(bulletin=draft(cast, by=cast.leader), by=cast.clerk, at=AT)
    sent_alone = bulletins.submit(bulletin=draft(cast, key="k2"), by=cast.leader, at=AT)

    for bulletin in (own_text, sent_alone):
        with pytest.raises(Refused, match="另一位分管领导"):
            bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)
        assert "sign" not in {button.name for button in queries.buttons(cast.leader, bulletin)}
    assert waiting.for_user(cast.leader) == []


def test_a_period_without_problems_prints_that_nothing_was_found(cast: Cast) -> None:
    printed = words(signed(cast, draft(cast)))

    assert "未发现需要通报的问题" in printed
    assert "发现问题0个" in printed


def test_a_period_with_a_problem_does_not_say_that_there_was_none(cast: Cast) -> None:
    make_finding(cast, cast.east, day=FEBRUARY.first, state=S.CONFIRMED)

    assert "未发现需要通报的问题" not in words(signed(cast, draft(cast)))


@pytest.mark.parametrize(
    ("kind", "period", "title"),
    [
        (WEEKLY, Period(date(2025, 12, 29), date(2026, 1, 4)), "关于2025年12月29日至2026年1月4日"),
        (MONTHLY, Period(date(2025, 12, 1), date(2025, 12, 31)), "关于2025年12月"),
    ],
)
def test_a_period_over_new_year_counts_the_old_year_and_takes_a_number_of_the_new(
    cast: Cast, kind: str, period: Period, title: str
) -> None:
    make_finding(cast, cast.east, day=date(2025, 12, 30))
    make_finding(cast, cast.east, day=date(2026, 1, 5))
    assert before(kind=kind, day=NEW_YEAR.date()) == period

    bulletin = signed(cast, draft(cast, kind=kind, period=period, at=NEW_YEAR), at=NEW_YEAR)

    assert bulletin.title.startswith(title)
    assert bulletin.paper and bulletin.paper.number == "安督通〔2026〕1号"
    assert "发现问题1个" in words(bulletin)


def test_a_name_typed_into_a_text_is_pointed_out_until_the_bulletin_is_signed(cast: Cast) -> None:
    make_finding(cast, cast.east, day=FEBRUARY.first, facts="东区负责人当日外出，窗口无人。")
    bulletin = draft(cast)
    bulletins.edit(bulletin=bulletin, narrative="据经办甲介绍。", expected=1, by=cast.clerk, at=AT)

    assert names_in(bulletin) == ["情况说明：经办甲", "第1件：东区负责人"]
    assert names_in(signed(cast, bulletin)) == []


def test_a_text_without_a_name_is_not_pointed_out(cast: Cast) -> None:
    make_finding(cast, cast.east, day=FEBRUARY.first, facts="窗口无人。", person_post="窗口工作人员")

    assert names_in(draft(cast)) == []
