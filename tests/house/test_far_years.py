"""A day too far away is told in words, with the years there are; every form takes its days by one field."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.cast import Cast, signed_in, stand_up
from tests.house.sources import ROOT

pytestmark = pytest.mark.django_db
FAR = ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"]
ENDS = {"from": ["first", "since", "visited_from", "issued_from", "closed_from", "day", "start", "month"]}
ENDS["to"] = ["last", "until", "visited_to", "issued_to", "closed_to", "day", "end", "month"]
FLOORS = ["people", "inspections", "findings", "accountability", "reports"]


@pytest.fixture
def cast() -> Cast:
    return stand_up()


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("name", ["people:audit", "people:reads"])
@pytest.mark.parametrize("end", ["first", "last"])
def test_the_auditor_is_told_which_years_there_are(cast: Cast, name: str, end: str, day: str) -> None:
    answer = signed_in(cast.auditor).get(reverse(name), {end: day})

    assert answer.status_code == 422
    assert "年份须在 1900 至 2999 之间" in answer.content.decode()


@pytest.mark.parametrize("day", ["1900-01-01", "2999-12-31"])
def test_the_first_and_the_last_year_are_taken(cast: Cast, day: str) -> None:
    answer = signed_in(cast.auditor).get(reverse("people:audit"), {"first": day, "last": day})

    assert answer.status_code == 200


def test_a_far_month_of_the_ledger_is_named(cast: Cast) -> None:
    answer = signed_in(cast.clerk).get(reverse("findings:filters"), {"month": "9999-12"})

    assert "年份须在 1900 至 2999 之间" in answer.content.decode()


def test_every_form_takes_its_days_by_the_one_field() -> None:
    others = [
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if "forms.DateField" in path.read_text()
    ]

    assert others == []
