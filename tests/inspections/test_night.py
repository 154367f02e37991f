"""A visit at night: it belongs to the day it began, and ends on the next."""

from __future__ import annotations

import io
from datetime import timedelta

import pdfplumber
import pytest
from django.urls import reverse

from conduct import clock
from inspections.models import Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast, signed_in
from tests.inspections.test_pages import new_url, typed

pytestmark = pytest.mark.django_db
MORNING_AFTER = made.AFTER + timedelta(days=1)
NIGHT = {"arrived": "23:30", "left": "00:20", "left_next_day": "on"}


@pytest.fixture(autouse=True)
def morning_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING_AFTER)


def filed(cast: Cast, **changes: str) -> Visit:
    campaign = made.approved_campaign(cast)
    signed_in(cast.inspector).post(new_url(campaign, cast), typed(**{**NIGHT, **changes}))
    return Visit.objects.get()


def test_leaving_after_midnight_is_leaving_the_next_day(cast: Cast) -> None:
    visit = filed(cast)

    assert visit.left_at is not None and visit.arrived_at is not None
    assert visit.left_at - visit.arrived_at == timedelta(minutes=50)
    assert str(visit.visited_on) == "2026-03-02"


def test_the_page_and_the_form_say_so(cast: Cast) -> None:
    visit = filed(cast)
    browser = signed_in(cast.inspector)

    shown = browser.get(reverse("inspections:visit_detail", args=[visit.pk])).content.decode()
    form = browser.get(reverse("inspections:visit_edit", args=[visit.pk])).context["forms"].visit_form

    assert "23:30至次日00:20" in shown
    assert form["left_next_day"].value() is True


def test_the_record_sheet_says_so(cast: Cast) -> None:
    visit = filed(cast)

    answer = signed_in(cast.inspector).get(reverse("inspections:visit_sheet", args=[visit.pk]))

    with pdfplumber.open(io.BytesIO(b"".join(answer.streaming_content))) as paper:
        text = paper.pages[0].extract_text().replace(" ", "")
    assert "23:30至次日00:20" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"left_next_day": ""}, "过了零点才离开的，请勾选“离开时已过零点”"),
        ({"arrived": "09:30", "left": "10:15"}, "超过了一昼夜"),
    ],
)
def test_the_hint_fits_the_mistake(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), typed(**{**NIGHT, **changes}))

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Visit.objects.exists()
