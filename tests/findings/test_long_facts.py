"""A text of many pages is folded where it is read beside a form, and is there in full all the same."""

from __future__ import annotations

import pytest
from django.urls import reverse

from findings.models import Finding
from inspections.models import Observation
from tests.factories import inspections as made
from tests.factories.cast import Cast
from tests.factories.findings import Line
from tests.findings.browsing import browser, get, text_of

pytestmark = pytest.mark.django_db
LONG = "窗口无人在岗。" * 2_800
FOLDED = f'<span class="long-lead">{LONG[:240]}……</span>'


def told(page: str) -> None:
    assert FOLDED in page
    assert f"（共 {len(LONG)} 字）" in page
    assert f"<p>{LONG}</p>" in page


def test_a_finding_with_a_long_fact(cast: Cast, line: Line) -> None:
    finding = line.confirmed()
    Finding.objects.filter(pk=finding.pk).update(facts=LONG)

    told(text_of(get(cast.clerk, "detail", finding.pk)))


def test_a_notice_about_a_long_fact(cast: Cast, line: Line) -> None:
    finding = line.confirmed()
    Finding.objects.filter(pk=finding.pk).update(facts=LONG)

    told(text_of(get(cast.clerk, "notice_issue", finding=str(finding.pk))))


def test_a_long_observation_raised_to_a_finding(cast: Cast) -> None:
    made.locked_visit(cast, made.seen_playing(facts=LONG))
    seen = Observation.objects.get()

    told(text_of(get(cast.clerk, "raise", observation=str(seen.pk))))


def test_a_record_with_a_long_fact(cast: Cast) -> None:
    visit = made.locked_visit(cast, made.seen_playing(facts=LONG))

    told(text_of(browser(cast.clerk).get(reverse("inspections:visit_detail", args=[visit.pk]))))


def test_a_short_fact_stands_as_it_is(cast: Cast, line: Line) -> None:
    page = text_of(get(cast.clerk, "detail", line.confirmed().pk))

    assert "long-text" not in page
