"""Two real campaigns, carried through the product's own doors from an empty office to the printed bulletin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from people.models import Unit
from reports.models import Bulletin
from tests.journeys import walk as walking
from tests.journeys.walk import CASES, Walk, bytes_of, case, issue_bulletin, open_office, text_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Story:
    """One campaign and what its report must say."""

    file: str
    kind: str
    first: date
    last: date

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads((CASES / self.file).read_text(encoding="utf-8")))


TOWNSHIP = Story("township-2013.json", "monthly", date(2013, 4, 1), date(2013, 4, 30))
CITY = Story("city-2014.json", "weekly", date(2014, 5, 12), date(2014, 5, 18))


def staff(walk: Walk, *, region: str, bureau: str) -> None:
    """The clerk who drafts and the leader who signs."""
    walk.open_account("jingban", name="经办甲", unit=bureau, role="office_clerk", post_at=region)
    walk.open_account("lingdao", name="领导甲", unit=bureau, role="office_leader", post_at=region)


def take_in(walk: Walk, story: Story, office: Unit) -> None:
    """Look at the file, then let it in."""
    typed = {"office": office.pk, "title": "", "method": "covert"}
    page = walk.browser("jingban").post(
        reverse("findings:history_import"), typed | {"file": case(story.file)}
    )
    assert page.status_code == 200, [str(trouble.text) for trouble in page.context["preview"].troubles]
    walk.send("jingban", "findings:history_import", **typed, token=page.context["token"], take_in="1")


def printed(walk: Walk, story: Story, office: Unit) -> tuple[Bulletin, str]:
    """The signed bulletin and the words of its PDF."""
    period = {"first": story.first, "last": story.last}
    bulletin = issue_bulletin(
        walk, kind=story.kind, **period, office=office.pk, clerk="jingban", leader="lingdao"
    )
    return bulletin, text_of(bytes_of(walk.see("lingdao", "reports:bulletin_pdf", bulletin.pk)))


def numbers(bulletin: Bulletin) -> dict[str, Any]:
    """The frozen figures by key, and the problems of each category."""
    assert bulletin.paper
    facts = bulletin.paper.facts["content"]
    figures = {
        item["key"]: int("".join(filter(str.isdigit, item["value"])) or -1) for item in facts["figures"]
    }
    return figures | {"by_category": {row["code"]: row["found"] or 0 for row in facts["category_rows"]}}


@pytest.fixture
def township() -> tuple[Walk, Unit]:
    """An office whose units came with its first-run page."""
    walk = open_office(name="某乡作风办", region="某乡", units="units-township.json")
    staff(walk, region="某乡", bureau="某乡作风办")
    return walk, Unit.objects.get(name="某乡")


@pytest.fixture
def city() -> tuple[Walk, Unit]:
    """An office whose units were handed in on their page."""
    walk = open_office(name="某市治庸问责办", region="某市")
    sysadmin = walk.browser("sysadmin")
    preview = sysadmin.post(reverse("people:unit_import"), {"file": case("units-city.json")})
    assert preview.status_code == 200, walking.said(preview)
    walk.send("sysadmin", "people:unit_import", token=preview.context["preview"].token)
    staff(walk, region="某市", bureau="某市治庸问责办")
    return walk, Unit.objects.get(name="某市")


def test_the_township_prints_what_its_report_must_say(township: tuple[Walk, Unit]) -> None:
    walk, office = township
    take_in(walk, TOWNSHIP, office)

    bulletin, words = printed(walk, TOWNSHIP, office)

    expected = TOWNSHIP.told["expected_report"]
    found = numbers(bulletin)
    assert {key: found[key] for key in expected if key != "by_category"} == {
        key: value for key, value in expected.items() if key != "by_category"
    }
    assert {code: found["by_category"].get(code, 0) for code in "ABCD"} == expected["by_category"]
    for sentence in ("检查单位10家", "应查范围内单位28家", "发现问题7个", "涉及人员7人次"):
        assert sentence in words
    assert "下班时间未到提前离岗" in words


def test_the_city_prints_what_its_report_must_say(city: tuple[Walk, Unit]) -> None:
    walk, office = city
    take_in(walk, CITY, office)

    bulletin, words = printed(walk, CITY, office)

    expected = CITY.told["expected_report"]
    found = numbers(bulletin)
    assert {key: found[key] for key in expected} == expected
    for sentence in ("检查单位11家", "发现问题的单位5家", "发现问题6个", "涉及人员4人次"):
        assert sentence in words
    assert "不涉及具体人员的问题2个" in words


def test_the_bulletin_of_the_city_carries_every_case_with_its_unit_and_post(city: tuple[Walk, Unit]) -> None:
    walk, office = city
    take_in(walk, CITY, office)

    _, words = printed(walk, CITY, office)

    for visit in CITY.told["visits"]:
        assert visit["fact"].split("；")[0][:12].replace(" ", "") in words
    assert "乙区审计局" in words
    assert "15时07分" in words or "15:07" in words


def test_a_campaign_of_the_past_takes_a_number_and_keeps_its_facts(township: tuple[Walk, Unit]) -> None:
    walk, office = township
    take_in(walk, TOWNSHIP, office)

    bulletin, words = printed(walk, TOWNSHIP, office)

    assert bulletin.paper
    assert bulletin.paper.seq == 1
    assert bulletin.paper.number in words
    assert bulletin.state == Bulletin.State.ISSUED
