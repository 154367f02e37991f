"""The pages of this floor, as each of the cast reads them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from inspections.models import Campaign, Evidence, Method
from inspections.queries import campaigns
from tests.factories import inspections as made
from tests.factories.cast import Cast, signed_in

pytestmark = pytest.mark.django_db
# What tells whom a covert campaign is about.
WHOM = {"西区", "检查对象", "检查范围", "市直部门和县区窗口单位"}


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at on the first day of the campaign."""
    from conduct import clock

    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def test_a_covert_campaign_is_known_to_few_before_it_starts(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    url = reverse("inspections:campaign_detail", args=[campaign.pk])

    seen = {
        name: signed_in(getattr(cast, name)).get(url).status_code
        for name in ("clerk", "leader", "team_leader", "inspector", "second_clerk")
    }

    assert seen == {"clerk": 200, "leader": 200, "team_leader": 200, "inspector": 404, "second_clerk": 404}


def test_a_campaign_of_another_year_names_it_in_the_list(cast: Cast) -> None:
    made.draft_campaign(cast, starts_on=date(2025, 12, 2), ends_on=date(2026, 3, 6))

    page = signed_in(cast.clerk).get(reverse("inspections:campaign_list")).content.decode()

    assert "2025年12月2日（周二）至3月6日（周五）" in page


@pytest.mark.parametrize("name", ["inspector", "second_clerk", "outside_inspector"])
def test_pages_are_the_same_with_and_without_a_covert_campaign(cast: Cast, name: str) -> None:
    client = signed_in(getattr(cast, name))
    urls = [
        reverse("inspections:campaign_list"),
        reverse("inspections:campaign_list") + "?words=暗访&method=covert",
        reverse("inspections:visit_list"),
        reverse("inspections:standards"),
        reverse("inspections:indicator_search") + "?q=tg",
    ]
    made.indicator()
    before = [client.get(url).content for url in urls]

    made.covert_campaign(cast)

    assert [_without_token(client.get(url).content) for url in urls] == [
        _without_token(page) for page in before
    ]


def _without_token(page: bytes) -> bytes:
    import re

    return re.sub(rb'(X-CSRFToken": "|csrfmiddlewaretoken" value=")[^"]+', b"", page)


def test_other_units_of_a_covert_campaign_stay_sealed_for_its_team(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    made.filed_visit(cast, campaign=campaign, method=Method.COVERT)

    page = (
        signed_in(cast.inspector)
        .get(reverse("inspections:campaign_detail", args=[campaign.pk]))
        .content.decode()
    )

    assert "东区行政审批局" in page
    assert _said(page) == set()


def _said(page: str) -> set[str]:
    return {word for word in WHOM if word in page}


def test_its_leader_reads_whom_the_covert_campaign_is_about(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    made.filed_visit(cast, campaign=campaign, method=Method.COVERT)

    page = signed_in(cast.clerk).get(reverse("inspections:campaign_detail", args=[campaign.pk]))

    assert _said(page.content.decode()) == WHOM


def test_a_member_cannot_open_the_form_of_a_sealed_unit(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    made.filed_visit(cast, campaign=campaign, method=Method.COVERT)
    url = f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={cast.west.pk}"

    assert signed_in(cast.inspector).get(url).status_code == 404


def test_a_unit_head_sees_no_door_of_this_floor(cast: Cast) -> None:
    visit = made.locked_visit(cast)

    answers = [
        signed_in(cast.east_head).get(reverse("inspections:visit_list")),
        signed_in(cast.east_head).get(reverse("inspections:visit_detail", args=[visit.pk])),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_photo_is_shown_to_those_who_see_the_visit(cast: Cast) -> None:
    made.filed_visit(cast, photos=[made.photo()])
    url = reverse("inspections:visit_photo", args=[Evidence.objects.get().pk])

    answer = signed_in(cast.clerk).get(url)

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert signed_in(cast.outside_inspector).get(url).status_code == 404


def test_the_record_sheet_is_a_pdf_with_the_facts(cast: Cast) -> None:
    import io

    import pdfplumber

    visit = made.locked_visit(cast, made.seen_playing(photos=[made.photo()]))

    answer = signed_in(cast.clerk).get(reverse("inspections:visit_sheet", args=[visit.pk]))

    content = b"".join(answer.streaming_content)
    with pdfplumber.open(io.BytesIO(content)) as paper:
        text = "".join(page.extract_text() for page in paper.pages).replace("\n", "")
    assert "现场记录表" in text and "纸牌游戏" in text and "检查员甲" in text


def test_the_timeline_says_who_did_what_and_why(cast: Cast) -> None:
    visit = made.signed_visit(cast)
    signed_in(cast.team_leader).post(
        reverse("inspections:visit_move", args=[visit.pk, "send_back"]), {"reason": "缺少窗口编号"}
    )

    page = (
        signed_in(cast.inspector).get(reverse("inspections:visit_detail", args=[visit.pk])).content.decode()
    )

    assert "缺少窗口编号" in page and "退回补正" in page and "签名" in page


def test_a_move_without_its_reason_is_answered_on_the_page(cast: Cast) -> None:
    visit = made.signed_visit(cast)

    answer = signed_in(cast.team_leader).post(
        reverse("inspections:visit_move", args=[visit.pk, "send_back"]), {"reason": " "}
    )

    assert answer.status_code == 422
    assert "请写明理由后再提交。" in answer.content.decode()


def test_a_move_that_does_not_exist_is_not_found(cast: Cast) -> None:
    visit = made.signed_visit(cast)

    answer = signed_in(cast.team_leader).post(reverse("inspections:visit_move", args=[visit.pk, "record"]))

    assert answer.status_code == 404


def test_a_list_page_asks_a_constant_number_of_questions(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    campaign = made.approved_campaign(cast)
    for unit in (cast.east_bureau, cast.west):
        made.filed_visit(cast, campaign=campaign, unit=unit)
    client = signed_in(cast.clerk)
    client.get(reverse("inspections:visit_list"))

    with django_assert_max_num_queries(12):
        client.get(reverse("inspections:visit_list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("inspections:campaign_list"))


def test_filters_are_kept_in_the_address_and_shown_as_chips(cast: Cast) -> None:
    made.filed_visit(cast)

    page = (
        signed_in(cast.clerk)
        .get(reverse("inspections:visit_list"), {"state": "locked", "words": "东区"})
        .content.decode()
    )

    assert "没有符合筛选条件的检查记录" in page
    assert "状态：已归档" in page and "被查单位：东区" in page


def visits_of(cast: Cast, campaign: str) -> list[str]:
    """The campaigns of the visits a clerk sees when the filter says this."""
    page = signed_in(cast.clerk).get(reverse("inspections:visit_list"), {"campaign": campaign})
    assert page.status_code == 200
    return sorted(line.campaign for line in page.context["lines"])


@pytest.fixture
def two(cast: Cast) -> list[Campaign]:
    """Two campaigns, the title of one within the other's, each with a visit."""
    found = [made.approved_campaign(cast, title=title) for title in ("春季检查", "春季检查（二）")]
    for campaign, unit in zip(found, (cast.east_bureau, cast.west), strict=True):
        made.filed_visit(cast, campaign=campaign, unit=unit)
    return found


def test_visits_are_narrowed_by_the_title_of_their_campaign(cast: Cast, two: list[Campaign]) -> None:
    assert visits_of(cast, "春季检查") == ["春季检查"]
    assert visits_of(cast, "春季") == ["春季检查", "春季检查（二）"]
    assert visits_of(cast, "秋季") == []


def test_an_address_may_name_the_campaign_by_its_key(cast: Cast, two: list[Campaign]) -> None:
    assert visits_of(cast, str(two[0].pk)) == ["春季检查"]


def test_a_key_means_that_campaign_alone_and_a_title_all_that_bear_it(
    cast: Cast, two: list[Campaign]
) -> None:
    Campaign.objects.update(title="例行检查")
    client, address = signed_in(cast.clerk), reverse("inspections:visit_list")

    page = client.get(address, {"campaign": str(two[1].pk)})

    assert [line.unit for line in page.context["lines"]] == [str(cast.west)]
    assert page.context["filter_form"]["campaign"].value() == "例行检查"
    assert [chip.value for chip in page.context["chips"]] == ["例行检查"]
    assert len(client.get(address, {"campaign": "例行检查"}).context["lines"]) == 2


def test_a_campaign_older_than_all_titles_read_is_found_by_key_and_title(
    cast: Cast, two: list[Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    Campaign.objects.filter(pk=two[0].pk).update(created_at=made.AFTER - timedelta(days=4000))
    monkeypatch.setattr(campaigns, "MOST_TITLES", 1)

    assert visits_of(cast, str(two[0].pk)) == ["春季检查"]
    assert visits_of(cast, "春季检查") == ["春季检查"]


def test_titles_are_suggested_while_one_types(cast: Cast, two: list[Campaign]) -> None:
    page = signed_in(cast.clerk).get(reverse("inspections:campaign_search"), {"campaign": "二"})

    assert page.content.decode().strip() == '<option value="春季检查（二）"></option>'


def test_a_hidden_plan_is_not_suggested(cast: Cast) -> None:
    made.covert_campaign(cast)
    address = reverse("inspections:campaign_search")

    told = [
        "节后暗访" in signed_in(person).get(address).content.decode()
        for person in (cast.clerk, cast.second_clerk)
    ]

    assert told == [True, False]


@pytest.mark.parametrize("query", ["state=nonsense", "since=yesterday", "after=zzz"])
def test_nonsense_in_the_address_is_left_out(cast: Cast, query: str) -> None:
    made.filed_visit(cast)

    answer = signed_in(cast.clerk).get(f"{reverse('inspections:visit_list')}?{query}")

    assert answer.status_code == 200
    assert "东区行政审批局" in answer.content.decode()


def test_a_correction_is_shown_under_the_record(cast: Cast) -> None:
    visit = made.locked_visit(cast)

    page = (
        signed_in(cast.inspector)
        .post(
            reverse("inspections:visit_correct", args=[visit.pk]),
            {"reason": "窗口编号应为4号。"},
            follow=True,
        )
        .content.decode()
    )

    assert "更正记录" in page and "窗口编号应为4号。" in page
