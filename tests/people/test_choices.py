"""A choice from a few is a list; a choice from many is typed, and takes only what was offered."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from people.forms import pickers
from people.forms.pickers import PeopleChoice, PersonChoice, SuggestInput, UnitChoice
from people.models import Unit, User
from tests.factories.cast import Cast, make_user, signed_in

pytestmark = pytest.mark.django_db


class Choice(forms.Form):
    person = PersonChoice(queryset=User.objects.none(), label="人员")
    unit = UnitChoice(queryset=Unit.objects.none(), label="单位")

    def __init__(self, *args, cast: Cast, **options) -> None:
        super().__init__(*args, **options)
        self.fields["person"].offer(User.objects.filter(home_unit=cast.bureau))
        self.fields["unit"].offer(Unit.objects.filter(parent=cast.city))


@pytest.fixture
def many(monkeypatch) -> None:
    monkeypatch.setattr(pickers, "MOST_LISTED", 2)


def test_a_few_are_listed(cast: Cast) -> None:
    form = Choice({"person": cast.clerk.pk, "unit": cast.east.pk}, cast=cast)

    assert "<select" in str(form)
    assert form.is_valid()
    assert (form.cleaned_data["person"], form.cleaned_data["unit"]) == (cast.clerk, cast.east)


def test_many_are_not_listed(cast: Cast, many: None) -> None:
    form = Choice(cast=cast)

    assert "<option" not in str(form)
    assert isinstance(form.fields["person"].widget, SuggestInput)


@pytest.mark.parametrize("person", ["clerk", "经办甲", "经办甲（clerk）"])
def test_what_is_typed_is_found(cast: Cast, many: None, person: str) -> None:
    form = Choice({"person": person, "unit": f"东区（{cast.east.code}）"}, cast=cast)

    assert form.is_valid()
    assert (form.cleaned_data["person"], form.cleaned_data["unit"]) == (cast.clerk, cast.east)


@pytest.mark.parametrize("person", ["east_head", "东区负责人", "没有这个人", "99999999", "9" * 40])
def test_nobody_else_is_taken(cast: Cast, many: None, person: str) -> None:
    form = Choice({"person": person, "unit": cast.east.pk}, cast=cast)

    assert not form.is_valid()
    assert list(form.errors) == ["person"]


def test_what_was_chosen_stands_in_words(cast: Cast, many: None) -> None:
    form = Choice(initial={"person": cast.clerk.pk, "unit": cast.east}, cast=cast)

    assert 'value="经办甲（clerk）"' in str(form)
    assert f'value="东区（{cast.east.code}）"' in str(form)


# Several at once


class Team(forms.Form):
    members = PeopleChoice(queryset=User.objects.none(), label="检查人员")

    def __init__(self, *args, cast: Cast, **options) -> None:
        super().__init__(*args, **options)
        self.fields["members"].offer(User.objects.filter(home_unit=cast.bureau))


def team_of(cast: Cast, *sent: object) -> Team:
    data = QueryDict(mutable=True)
    data.setlist("members", [str(one) for one in sent])
    return Team(data, cast=cast)


def test_a_few_people_are_ticked(cast: Cast) -> None:
    form = team_of(cast, cast.clerk.pk, cast.second_clerk.pk)

    assert 'type="checkbox"' in str(form)
    assert form.is_valid()
    assert set(form.cleaned_data["members"]) == {cast.clerk, cast.second_clerk}


@pytest.mark.parametrize("between", ["、", "，", ", ", "；", "\n", "\r\n", "、\n"])
def test_many_people_are_typed_one_after_the_other(cast: Cast, many: None, between: str) -> None:
    form = team_of(cast, f"经办甲（clerk）{between}{cast.second_clerk.name}{between}")

    assert "checkbox" not in str(form)
    assert form.is_valid()
    assert set(form.cleaned_data["members"]) == {cast.clerk, cast.second_clerk}


def test_boxes_ticked_before_there_were_many_still_count(cast: Cast, many: None) -> None:
    form = team_of(cast, cast.clerk.pk, cast.second_clerk.pk)

    assert form.is_valid()
    assert set(form.cleaned_data["members"]) == {cast.clerk, cast.second_clerk}
    assert 'value="经办甲（clerk）、' in str(form)


def test_whoever_is_unknown_or_one_of_several_is_named_and_stays(cast: Cast, many: None) -> None:
    for username in ("same1", "same2"):
        make_user(username, "同名人", home=cast.bureau)
    form = team_of(cast, "clerk、没有这个人、同名人、东区负责人\0")

    assert form.errors["members"] == [
        "“没有这个人”“东区负责人”不在可选的人员中，请核对姓名，几个人之间用顿号隔开。“同名人”有几位同名，请改填账号。"
    ]
    assert "没有这个人、同名人" in str(form)


@pytest.mark.parametrize("number", ["9" * 9, "9" * 40, "-9223372036854775809"])
def test_a_number_nobody_has_is_named(cast: Cast, many: None, number: str) -> None:
    assert f"“{number}”不在可选的人员中" in str(team_of(cast, number).errors)


def test_nobody_typed_is_told(cast: Cast, many: None) -> None:
    assert "请填写人员的姓名或账号。" in str(team_of(cast, " 、 ").errors)


def test_people_chosen_before_stand_in_words(cast: Cast, many: None) -> None:
    form = Team(initial={"members": [cast.clerk.pk]}, cast=cast)

    assert 'value="经办甲（clerk）"' in str(form)


def test_the_one_being_typed_is_suggested_behind_those_typed_already(cast: Cast) -> None:
    address = reverse("people:user_search")

    page = signed_in(cast.clerk).get(address, {"teams-0-members": "检查员丙、经办甲"}).content.decode()

    assert '<option value="检查员丙、经办甲（clerk）">' in page
