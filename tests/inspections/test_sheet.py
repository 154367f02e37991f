"""The record sheet says and shows what the record holds."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse

from conduct import clock, numbering
from conduct.errors import Refused
from inspections.actions import signing
from inspections.models import Observation, Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast

from .test_pages import new_url, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def sheet_of(visit: Visit, cast: Cast) -> tuple[str, int]:
    """The text of the sheet without line breaks, and how many photos it shows."""
    client = Client()
    client.force_login(cast.clerk)
    answer: Any = client.get(reverse("inspections:visit_sheet", args=[visit.pk]))
    with pdfplumber.open(io.BytesIO(b"".join(answer.streaming_content))) as paper:
        text = "".join(page.extract_text() for page in paper.pages).replace("\n", "")
        return text, sum(len(page.images) for page in paper.pages)


def test_photos_of_a_thing_seen_and_of_the_whole_visit_are_both_printed(cast: Cast) -> None:
    visit = made.filed_visit(
        cast,
        made.seen_playing(photos=[made.photo("窗口.jpg")]),
        photos=[made.photo("大厅.jpg", colour="red"), made.photo("门口.jpg", colour="green")],
    )

    text, photos = sheet_of(visit, cast)

    assert photos == 3
    assert "照片1-1" in text and "现场照片" in text and "照片2" in text


def test_a_good_practice_is_not_printed_as_a_problem(cast: Cast) -> None:
    good = made.seen_playing(kind=Observation.Kind.GOOD, facts="窗口延时服务半小时。")
    visit = made.filed_visit(cast, good, no_problem=True)

    text, _ = sheet_of(visit, cast)

    assert "好的做法（1）" in text
    assert "本次检查未发现问题，好的做法1项，详见上列记录。" in text
    assert "发现问题（1）" not in text


def test_rare_surnames_and_emoji_come_through_to_the_paper(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    client = Client()
    client.force_login(cast.inspector)
    client.post(
        new_url(campaign, cast), typed({"facts": "㛃䶮𬭎三人\x00在岗👍"}, unit_statement="已向𬭎说明\u202e")
    )

    text, _ = sheet_of(Visit.objects.get(), cast)

    assert "㛃䶮𬭎三人在岗👍" in text
    assert "已向𬭎说明" in text


def test_a_character_no_font_has_is_named_when_the_record_is_complete(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    client = Client()
    client.force_login(cast.inspector)

    answer = client.post(
        new_url(campaign, cast), typed({"facts": "门牌写作བོད"}, then="complete"), follow=True
    )

    page = answer.content.decode()
    assert "现有字体中没有下列字符" in page and "“བ”（U+0F56）" in page


def test_twenty_thousand_characters_are_printed_to_the_last(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing(facts="检" * 19_999 + "毕"))

    text, _ = sheet_of(visit, cast)

    assert text.count("检") > 19_999
    assert "检毕" in text


def test_a_record_takes_its_number_when_it_is_filed_away(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    reviewed = made.reviewed_visit(cast, campaign=campaign)
    later = made.reviewed_visit(cast, campaign=campaign, unit=cast.west)

    for visit in (reviewed, later):
        signing.lock(visit=visit, by=cast.clerk, at=made.AFTER)

    assert [reviewed.number, later.number] == ["检〔2026〕1号", "检〔2026〕2号"]
    assert "编号：检〔2026〕2号" in sheet_of(later, cast)[0]


def test_a_filing_that_is_refused_uses_up_no_number(cast: Cast) -> None:
    visit = made.signed_visit(cast)

    with pytest.raises(Refused, match="不能归档"):
        signing.lock(visit=visit, by=cast.clerk, at=made.AFTER)

    assert numbering.take(series=signing.SERIES, year=2026) == 1
