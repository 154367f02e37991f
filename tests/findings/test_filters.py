"""The filters of the ledger: a unit as it is typed, words of the text, and nothing outside the person's reach."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conduct.search import index
from tests.factories.cast import Cast, make_unit
from tests.factories.findings import Line
from tests.findings.browsing import browser, get

pytestmark = pytest.mark.django_db


def titles(page) -> set[str]:
    return {row.title for row in page.context["ledger"].rows}


@pytest.mark.parametrize("typed", ["东区行政审批局", "东区审批局", "E-9", "东区行政审批局（E-9）"])
def test_a_unit_is_chosen_by_its_name_or_code(cast: Cast, line: Line, typed: str) -> None:
    type(cast.east).objects.filter(pk=cast.east_bureau.pk).update(code="E-9")
    line.new(unit=cast.east_bureau, title="审批局的")
    line.new(unit=cast.west, title="别处的")

    page = get(cast.clerk, "list", unit_name=typed)

    assert titles(page) == {"审批局的"}
    assert [(chip.label, chip.value) for chip in page.context["chips"]] == [("单位", "东区行政审批局")]


@pytest.mark.parametrize("typed", ["西区", "没有这个局"])
def test_a_unit_outside_the_reach_reads_like_one_that_does_not_exist(
    cast: Cast, line: Line, typed: str
) -> None:
    line.assigned(title="东区的")

    page = get(cast.east_head, "list", unit_name=typed)

    assert f"没有找到“{typed}”" in page.content.decode()
    assert page.context["chips"] == []


def test_the_panel_shows_the_unit_of_the_address_in_words(cast: Cast) -> None:
    panel = get(cast.clerk, "filters", unit=cast.west.pk).context["panel"]

    assert panel["unit_name"].value() == f"西区（{cast.west.code}）"
    assert "unit" not in panel.fields


def test_units_are_suggested_from_the_persons_reach_alone(cast: Cast) -> None:
    make_unit("东区桥头所", cast.east)
    make_unit("西区桥头所", cast.west)
    address = reverse("findings:unit_search")

    seen_by_head = browser(cast.east_head).get(address, {"unit_name": "桥头"}).content.decode()
    seen_by_clerk = browser(cast.clerk).get(address, {"unit_name": "桥头"}).content.decode()

    assert "东区桥头所" in seen_by_head
    assert "西区桥头所" not in seen_by_head
    assert "西区桥头所" in seen_by_clerk


def test_the_ledger_is_narrowed_by_words(cast: Cast, line: Line) -> None:
    line.new(title="三号窗口无人值守")
    line.new(title="公示栏两年没有更新")
    index.fill()

    page = get(cast.clerk, "list", words="窗口 值守")

    assert titles(page) == {"三号窗口无人值守"}
    assert [(chip.label, chip.value) for chip in page.context["chips"]] == [("文字", "窗口 值守")]


def test_words_that_cannot_be_looked_for_are_named(cast: Cast, line: Line) -> None:
    line.new(title="三号窗口无人值守")

    page = get(cast.clerk, "list", words="一 二 三 四 五 六")

    assert "一次最多查 5 个词" in page.content.decode()
    assert titles(page) == {"三号窗口无人值守"}
