"""A choice from a few is a list; a choice from many is typed, and takes only what was offered."""

from __future__ import annotations

import pytest
from django import forms

from people.forms import pickers
from people.forms.pickers import PersonChoice, SuggestInput, UnitChoice
from people.models import Unit, User
from tests.factories.cast import Cast

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
