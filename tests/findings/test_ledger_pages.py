"""What the pages of the ledger show."""

from __future__ import annotations

import re

import pytest

from findings.models import Finding
from tests.factories.cast import Cast
from tests.factories.findings import Line
from tests.findings.browsing import get, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]


def test_cells_lead_to_all_that_say_the_same(cast: Cast, line: Line) -> None:
    finding = line.received(grade=3)

    page = text_of(get(cast.clerk, "list", columns="unit,category,grade,state", order="newest"))

    for wanted in (f"unit={finding.unit_id}", f"top={finding.top}", "grade=3", "state=received"):
        found = re.search(rf'<a href="(\?[^"]*{wanted})">', page)
        assert found, wanted
        assert "columns=unit%2Ccategory%2Cgrade%2Cstate" in found[1]


def test_no_link_gives_a_unit_the_verdict_it_has_not_been_told(cast: Cast, line: Line) -> None:
    finding = line.confirmed(grade=4)
    Finding.objects.filter(pk=finding.pk).update(statement_asked_at=finding.raised_at)

    page = text_of(get(cast.east_head, "list", columns="grade,state"))

    assert finding.title in page
    assert "grade=4" not in page and "state=confirmed" not in page
    assert "state=verifying" in page


def test_hostile_words_stay_words_in_every_column(cast: Cast, line: Line) -> None:
    line.received(title="<b>粗</b>", department="<i>科</i>")

    for page in (
        get(cast.clerk, "list", columns="unit,department"),
        get(cast.clerk, "print", columns="department"),
    ):
        assert "<b>粗" not in text_of(page) and "<i>科" not in text_of(page)
        assert "&lt;i&gt;科" in text_of(page)


def test_the_print_holds_the_whole_ledger_with_heads_that_repeat(cast: Cast, line: Line) -> None:
    line.closed()

    page = text_of(get(cast.clerk, "print", state="closed"))

    assert "sheet-broad" in page and page.count("<thead>") == 1
    assert "责任领导" in page and "亮灯状态" in page
    assert "状态：已销号" in page


def test_what_the_address_asks_in_vain_is_named_on_the_print_too(cast: Cast) -> None:
    assert "月份请写成" in text_of(get(cast.clerk, "print", month="三月"))


def test_findings_may_be_chosen_for_a_notice_in_any_columns(cast: Cast, line: Line) -> None:
    finding = line.confirmed()

    assert f'name="finding" value="{finding.pk}"' in text_of(get(cast.clerk, "list", columns="light"))
