"""The same indicator at the same unit within twelve months is found by the system and shown before grading."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from findings.models import Finding
from findings.queries import recurrence
from people.models import Unit
from tests.factories.cast import Cast, signed_in
from tests.factories.findings import Line, again, category

pytestmark = pytest.mark.django_db


def before(cast: Cast, line: Line, **changes: object) -> Finding:
    """An earlier problem that stands."""
    visited_on = changes.pop("visited_on", date(2025, 9, 1))
    finding = line.confirmed(**changes)
    Finding.objects.filter(pk=finding.pk).update(visited_on=visited_on)
    return again(finding)


def told(cast: Cast, finding: Finding) -> list[str]:
    found = recurrence.before(cast.clerk, again(finding))
    return [row.title for row in found.rows] if found else []


def test_the_same_indicator_at_the_unit_is_found(cast: Cast, line: Line) -> None:
    before(cast, line, title="去年的脱岗")

    assert told(cast, line.new()) == ["去年的脱岗"]


@pytest.mark.parametrize(
    ("visited_on", "is_found"),
    [(date(2025, 2, 26), True), (date(2025, 2, 25), False), (date(2026, 2, 27), False)],
)
def test_twelve_months_back_from_the_day_of_the_visit(
    cast: Cast, line: Line, visited_on: date, is_found: bool
) -> None:
    before(cast, line, visited_on=visited_on)

    assert bool(told(cast, line.new())) is is_found


def test_another_indicator_is_no_recurrence(cast: Cast, line: Line) -> None:
    before(cast, line, category=category("D1-02"))

    assert told(cast, line.new()) == []


@pytest.mark.parametrize(("unit", "is_found"), [("east_bureau", True), ("west", False)])
def test_offices_below_the_unit_belong_to_it(cast: Cast, line: Line, unit: str, is_found: bool) -> None:
    where: Unit = getattr(cast, unit)
    before(cast, line, unit=where)

    assert bool(told(cast, line.new(unit=cast.east))) is is_found


def test_what_was_not_found_true_does_not_count(cast: Cast, line: Line) -> None:
    line.verifying()

    assert told(cast, line.new()) == []


def test_the_matter_itself_is_none(cast: Cast, line: Line) -> None:
    assert told(cast, line.confirmed()) == []


def test_many_are_told_up_to_a_bound(cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrence, "MOST", 1)
    before(cast, line, title="去年的脱岗")
    before(cast, line, title="前年的脱岗", visited_on=date(2025, 6, 1))

    found = recurrence.before(cast.clerk, again(line.new()))

    assert found is not None and (found.count, len(found.rows)) == ("1 个以上", 1)


@pytest.mark.parametrize("page", ["triage", "detail"])
def test_the_office_reads_it_before_it_grades(cast: Cast, line: Line, page: str) -> None:
    before(cast, line, title="去年的脱岗")
    finding = line.new(grade=None)

    shown = signed_in(cast.clerk).get(reverse(f"findings:{page}", args=[finding.pk])).content.decode()

    assert "12 个月内同一指标的问题：1 个" in shown and "去年的脱岗" in shown


def test_the_unit_is_not_told_what_the_office_weighs(cast: Cast, line: Line) -> None:
    before(cast, line, title="去年的脱岗")
    finding = line.assigned()

    shown = signed_in(cast.east_head).get(reverse("findings:detail", args=[finding.pk])).content.decode()

    assert "同一指标" not in shown
