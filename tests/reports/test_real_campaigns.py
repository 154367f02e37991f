"""Two published campaigns, taken in as 历史补录: the bulletin prints what their reports said."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from conduct.dates import UNRECORDED
from findings.actions import history
from findings.queries import history as reading
from people.models import Unit
from reports import papers
from reports.actions import bulletins
from reports.gather import drawing
from reports.rules.periods import month_of
from tests.factories.cast import AT, Cast, make_unit
from tests.factories.reports import TODAY

pytestmark = pytest.mark.django_db

CASES = Path(__file__).resolve().parent.parent / "cases"


def told(name: str) -> dict[str, Any]:
    """What the published report said."""
    expected: dict[str, Any] = json.loads((CASES / name).read_bytes())["expected_report"]
    return expected


def printed(name: str, cast: Cast) -> papers.Bulletin:
    """The signed bulletin of the month of a campaign that was taken in from its file."""
    content = (CASES / name).read_bytes()
    for visit in json.loads(content).get("visits", ()):
        if not Unit.objects.filter(name=visit["unit"]).exists():
            make_unit(visit["unit"], cast.city)
    source, troubles = reading.read(name=name, content=content, title="", method="", today=TODAY)
    preview = reading.preview(source=source, troubles=troubles, office=cast.city)
    key = hashlib.sha256(content).hexdigest()
    campaign = history.import_visits(preview=preview, import_key=key, office=cast.city, by=cast.clerk, at=AT)
    bulletin = bulletins.draft(
        kind="monthly",
        office=cast.city,
        period=month_of(campaign.starts_on),
        by=cast.clerk,
        at=AT,
        made_key=name,
    )
    bulletins.submit(bulletin=bulletin, by=cast.clerk, at=AT)
    bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)
    assert bulletin.paper
    return drawing.thawed(bulletin.paper.facts)


def numbers(paper: papers.Bulletin) -> dict[str, str]:
    """{key: digits as printed, without the measure}."""
    return {one.key: one.value.rstrip("家个次人") for one in paper.figures}


@pytest.mark.parametrize("name", ["township-2013.json", "city-2014.json"])
def test_the_bulletin_prints_the_numbers_of_the_published_report(cast: Cast, name: str) -> None:
    expected = told(name)

    paper = printed(name, cast)

    found: dict[str, Any] = dict(numbers(paper))
    found["by_category"] = {row.code: row.found for row in paper.category_rows}
    assert {key: str(found[key]) for key in expected} == {key: str(value) for key, value in expected.items()}


def test_what_the_township_does_not_say_is_not_made_up(cast: Cast) -> None:
    paper = printed("township-2013.json", cast)

    assert numbers(paper)["visits"] == numbers(paper)["units_with_problems"] == UNRECORDED
    assert {case.place for case in paper.cases} == {None}


def test_the_cases_of_the_city_tell_time_place_unit_and_post(cast: Cast) -> None:
    cases = printed("city-2014.json", cast).cases

    told = {(case.time, case.unit, case.post) for case in cases}
    assert ("2014年5月16日（周五）15:07", "乙区审计局", "科长") in told
    assert ("2014年5月16日（周五）", "甲区发改委", "工作人员") in told
    assert [case.time for case in cases][:2] == ["2014年5月16日（周五）10:30", "2014年5月16日（周五）10:35"]
    assert len(cases) == 6
