"""Units and people are found by name, short name, other name, pinyin and initials, in every list and field."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from people.actions import accounts
from people.actions import units as acts
from people.initials import heard, pinyin_of, rank, sounds_of_person
from people.models import Unit
from people.queries import persons, units
from tests.factories.cast import AT, Cast

ROOT_NAMES = {
    "names": ["东区行政审批局", "东区审批局", "办事大厅"],
    "sounds": ["dqxzspj dqspj", "dongquxingzhengshenpiju"],
}


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("东区审批局", 0),
        ("办事大厅", 0),
        ("东区", 1),
        ("dqsp", 1),
        ("DQXZ", 1),
        ("ｄｑｘｚ", 1),
        ("dongqu", 1),
        ("dong qu xing", 1),
        ("审批", 2),
        ("shenpiju", 2),
        ("xzspj", 2),
        ("西区", None),
        ("xq", None),
        (" ", None),
    ],
)
def test_how_well_what_is_typed_meets_a_name(typed: str, place: int | None) -> None:
    assert rank(typed, **ROOT_NAMES) == place


@pytest.mark.parametrize(
    ("name", "initials", "pinyin"),
    [
        ("单雄", "sx dx", "shanxiong danxiong"),
        ("曾明", "zm cm", "zengming cengming"),
        ("区丽", "ol ql", "ouli quli"),
        ("查文", "zw cw", "zhawen chawen"),
        ("欧阳行", "oyx", "ouyangxing"),
        ("张三", "zs", "zhangsan"),
        ("吕𬭎", "lh", "lvhong"),
    ],
)
def test_a_surname_is_typed_as_it_is_read_and_as_its_character_is(
    name: str, initials: str, pinyin: str
) -> None:
    assert sounds_of_person(name) == {"initials": initials, "pinyin": pinyin}


def test_a_word_decides_between_the_sounds_of_a_character() -> None:
    assert pinyin_of("人民银行", "行政局") == "renminyinhang xingzhengju"


def test_a_suggestion_shows_the_sound_that_was_typed() -> None:
    assert heard("shenpi", "spj", "shenpiju") == "shenpiju"
    assert heard("sp", "spj", "shenpiju") == "spj"
    assert heard("审批", "spj", "shenpiju") == "spj"


@pytest.fixture
def hall(cast: Cast) -> Unit:
    """A unit that goes by three names."""
    return acts.add(
        parent=cast.east,
        code="U-HALL",
        name="东区政务服务中心",
        short_name="政务中心",
        aliases=["办事大厅"],
        by=cast.system_admin,
        at=AT,
    )


@pytest.mark.parametrize(
    "typed", ["政务服务", "办事大厅", "zwzx", "bsdt", "zhengwufuwu", "banshi dating", "U-HALL", "u-h"]
)
def test_a_unit_is_found_by_any_of_its_names_and_sounds(hall: Unit, typed: str) -> None:
    assert hall.pk in [found.pk for found in units.search(typed)]


def test_a_renamed_unit_is_found_by_its_new_sound_alone(cast: Cast, hall: Unit) -> None:
    acts.revise(
        unit=hall,
        expected=hall.version,
        name="东区便民中心",
        short_name="",
        aliases=[],
        kind=hall.kind,
        is_active=True,
        by=cast.system_admin,
        at=AT,
    )

    assert [found.pk for found in units.search("bianmin")] == [hall.pk]
    assert units.search("banshidating") == []


@pytest.mark.parametrize("typed", ["shanxiong", "danxiong", "sx", "dx", "单", "xiong"])
def test_a_person_is_found_by_either_sound(cast: Cast, typed: str) -> None:
    opened = accounts.create(username="u1", name="单雄", home_unit=cast.east, by=cast.system_admin, at=AT)

    assert [user.pk for user in persons.search(typed)] == [opened.user.pk]


def test_suggestions_carry_what_was_typed_so_that_the_browser_keeps_them(
    client: Client, cast: Cast, hall: Unit
) -> None:
    client.force_login(cast.clerk)

    text = client.get(reverse("people:unit_search"), {"q": "zhengwufuwu"}).content.decode()

    assert "东区政务服务中心（U-HALL）" in text
    assert "dongquzhengwufuwuzhongxin" in text


def test_the_list_of_accounts_is_narrowed_by_sound(client: Client, cast: Cast, hall: Unit) -> None:
    accounts.create(username="u1", name="单雄", home_unit=hall, by=cast.system_admin, at=AT)
    client.force_login(cast.system_admin)

    text = client.get(reverse("people:accounts"), {"q": "shanxiong"}).content.decode()

    assert "单雄" in text
    assert "经办甲" not in text
