"""The tree of units: found by what people type, kept without collisions."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.models import AuditEntry
from people.actions import units
from people.models import Unit
from people.queries import units as queries
from tests.factories.cast import AT, Cast, make_unit, signed_in

pytestmark = pytest.mark.django_db


def revise(cast: Cast, unit: Unit, **changes):
    given = {"name": unit.name, "short_name": "", "aliases": [], "kind": unit.kind, "is_active": True}
    return units.revise(
        unit=unit, **{"expected": unit.version, **given, **changes}, by=cast.system_admin, at=AT
    )


# One unit


def test_a_new_unit_stands_under_its_parent_and_is_written_down(cast: Cast) -> None:
    unit = units.add(parent=cast.east, code="E9", name="东区教育局", by=cast.system_admin, at=AT)

    assert unit.path == cast.east.path + "0002"
    assert unit.initials == "dqjyj"
    assert AuditEntry.objects.get(verb="people.unit_added").subject_name == "东区教育局"


def test_only_the_system_administrator_adds_units(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        units.add(parent=cast.east, code="E9", name="东区教育局", by=cast.clerk, at=AT)


def test_a_code_is_used_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="已经有单位使用"):
        units.add(parent=cast.west, code=cast.east.code, name="另一个", by=cast.system_admin, at=AT)


def test_a_name_is_used_once_under_a_parent(cast: Cast) -> None:
    with pytest.raises(Refused, match="下面已经有一个“东区”"):
        units.add(parent=cast.city, code="E9", name="东区", by=cast.system_admin, at=AT)


def test_the_tree_has_fifteen_levels(cast: Cast) -> None:
    unit = cast.city
    for level in range(2, 16):
        unit = make_unit(f"第{level}级", unit, code=f"L{level}")

    with pytest.raises(Refused, match="最多分 15 级"):
        units.add(parent=unit, code="deep", name="第16级", by=cast.system_admin, at=AT)


def test_a_correction_is_kept_and_written_down(cast: Cast) -> None:
    revise(cast, cast.east, short_name="东", aliases=["东城"])

    kept = Unit.objects.get(pk=cast.east.pk)
    assert (kept.short_name, kept.aliases, kept.version) == ("东", ["东城"], 2)
    assert AuditEntry.objects.filter(verb="people.unit_revised").exists()


def test_the_second_of_two_editors_is_told(cast: Cast) -> None:
    revise(cast, cast.east, short_name="东")

    with pytest.raises(MovedMeanwhile):
        revise(cast, cast.east, expected=1, short_name="西")


def test_a_unit_with_active_units_below_is_not_closed(cast: Cast) -> None:
    with pytest.raises(Refused, match="下面还有启用的单位（东区行政审批局）"):
        revise(cast, cast.east, is_active=False)


# Searching


@pytest.mark.parametrize(
    "text", ["东区行政审批局", "东区审批局", "行政审批", "dqxz", "DQXZSPJ", "政务服务局"]
)
def test_a_unit_is_found_by_name_short_name_other_name_and_sound(cast: Cast, text: str) -> None:
    revise(cast, cast.east_bureau, short_name="东区审批局", aliases=["政务服务局"])

    assert [found.name for found in queries.search(text)][:1] == ["东区行政审批局"]


def test_an_exact_name_comes_before_what_only_contains_it(cast: Cast) -> None:
    assert [found.name for found in queries.search("东区")] == ["东区", "东区行政审批局"]


def test_a_found_unit_says_what_stands_above_it(cast: Cast) -> None:
    assert queries.search("东区审批局")[0].above == "安平市 › 东区"


def test_a_closed_unit_is_not_offered(cast: Cast) -> None:
    revise(cast, cast.west, is_active=False)

    assert queries.search("西区") == []


def test_a_name_two_units_bear_means_neither(cast: Cast) -> None:
    make_unit("教育局", cast.east)
    make_unit("教育局", cast.west)

    assert queries.find("教育局") is None


def test_searching_costs_one_query(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        queries.search("dq")


def test_suggestions_answer_the_office_and_not_a_unit(cast: Cast) -> None:
    url = reverse("people:unit_search")

    page = signed_in(cast.clerk).get(url, {"unit": "dqxz"})

    assert "东区行政审批局（" in page.content.decode()
    assert signed_in(cast.east_head).get(url, {"q": "dq"}).status_code == 403


# Pages


def test_the_page_of_units_lists_the_tree(admin: Client) -> None:
    page = admin.get(reverse("people:units")).content.decode()

    assert "共有 5 个单位" in page
    assert page.index("东区行政审批局") < page.index("西区")


def test_the_page_of_units_searches(admin: Client) -> None:
    page = admin.get(reverse("people:units"), {"q": "dqxz"}).content.decode()

    assert "东区行政审批局" in page
    assert "西区" not in page


def test_a_unit_is_corrected_on_its_page(cast: Cast, admin: Client) -> None:
    url = reverse("people:unit_detail", args=[cast.east.pk])
    form = {
        "name": "东城区",
        "short_name": "",
        "aliases": "东区，东城",
        "kind": "area",
        "is_active": "on",
        "version": 1,
    }

    assert admin.post(url, form).status_code == 302

    assert Unit.objects.get(pk=cast.east.pk).aliases == ["东区", "东城"]


def test_a_late_editor_keeps_what_was_typed(cast: Cast, admin: Client) -> None:
    revise(cast, cast.east, short_name="东")
    url = reverse("people:unit_detail", args=[cast.east.pk])

    answer = admin.post(url, {"name": "东城区", "kind": "area", "is_active": "on", "version": 1})

    assert answer.status_code == 409
    assert 'value="东城区"' in answer.content.decode()
    assert Unit.objects.get(pk=cast.east.pk).name == "东区"


def test_a_unit_is_added_on_its_page(cast: Cast, admin: Client) -> None:
    form = {"parent": f"东区（{cast.east.code}）", "code": "E9", "name": "㛃䶮𬭎镇", "kind": "township"}

    admin.post(reverse("people:unit_new"), form)

    assert Unit.objects.get(code="E9").parent == cast.east


def test_an_unknown_parent_is_said_beside_the_field(admin: Client) -> None:
    answer = admin.post(
        reverse("people:unit_new"), {"parent": "南区", "code": "S", "name": "南区局", "kind": "other"}
    )

    assert answer.status_code == 422
    assert "没有找到“南区”" in answer.content.decode()


# Command line


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000])
def test_a_new_unit_under_a_number_no_unit_has_is_just_a_new_unit(cast: Cast, number: str) -> None:
    answer = signed_in(cast.system_admin).get(reverse("people:unit_new"), {"under": number})

    assert answer.status_code == 200
