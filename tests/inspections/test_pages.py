"""The form of a visit, as the inspector meets it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from inspections.actions import visits as filing
from inspections.models import Campaign, Evidence, Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at on the first day of the campaign."""
    from conduct import clock

    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def typed(*seen: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The record form as a phone sends it."""
    data = {
        "client_key": str(uuid4()),
        "visited_on": "2026-03-02",
        "arrived": "09:30",
        "left": "10:15",
        "method": "open",
        "place": "一楼大厅",
        "department": "三号窗口",
        "expected_count": "12",
        "present_count": "9",
        "leave_count": "1",
        "official_out_count": "1",
        "absent_count": "1",
        "unit_signature": "值班负责人已签字",
        "seen-TOTAL_FORMS": str(len(seen)),
        "seen-INITIAL_FORMS": "0",
        "then": "save",
    }
    if not seen:
        data["no_problem"] = "on"
    for place, item in enumerate(seen):
        whole = {"kind": "problem", "category": "D1-03", "facts": "上班时间玩游戏", "persons": "1", **item}
        data |= {f"seen-{place}-{name}": value for name, value in whole.items()}
    return {**data, **changes}


def new_url(campaign: Campaign, cast: Cast) -> str:
    return f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={cast.east_bureau.pk}"


def test_the_form_of_a_visit_makes_a_key_of_its_own(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    pages = [signed_in(cast.inspector).get(new_url(campaign, cast)) for _ in range(2)]

    keys = {page.context["client_key"] for page in pages}
    assert len(keys) == 2
    assert "D1-03" in pages[0].content.decode()


def test_a_double_click_files_one_visit(cast: Cast) -> None:
    campaign, client, data = made.approved_campaign(cast), signed_in(cast.inspector), typed()

    answers = [client.post(new_url(campaign, cast), data) for _ in range(2)]

    visit = Visit.objects.get()
    assert [answer.url for answer in answers] == [reverse("inspections:visit_edit", args=[visit.pk])] * 2


def test_a_whole_visit_is_filed_completed_signed_reviewed_and_locked(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    photo = made.photo()
    signed_in(cast.inspector).post(new_url(campaign, cast), typed({"photos": photo}, then="complete"))
    visit = Visit.objects.get()
    assert visit.state == Visit.State.RECORDED

    for signer in (cast.inspector, cast.second_inspector):
        signed_in(signer).post(reverse("inspections:visit_sign", args=[visit.pk]), {"version": visit.version})
    signed_in(cast.team_leader).post(reverse("inspections:visit_move", args=[visit.pk, "review"]))
    signed_in(cast.clerk).post(reverse("inspections:visit_move", args=[visit.pk, "lock"]))

    visit.refresh_from_db()
    assert visit.state == Visit.State.LOCKED
    assert Evidence.objects.get().observation == visit.observations.get()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"left": "09:00"}, "离开时间09:00早于到达时间09:30"),
        ({"visited_on": "2026-03-09"}, "还没有到"),
        ({"absent_count": "4"}, "人数对不上"),
        ({"place": "厅" * 121}, "最多 120 个字，现在是 121 个字"),
        ({"unit_statement": "说" * 20_001}, "最多 20,000 个字，现在是 20,001 个字"),
        ({"method": "guess"}, "guess"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast, changes: dict, sentence: str) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), typed(**changes))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "值班负责人已签字" in page
    assert not Visit.objects.exists()


def test_an_unknown_indicator_is_said(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), typed({"category": "X9-99"}))

    assert answer.status_code == 422
    assert "没有编码为“X9-99”的问题指标" in answer.content.decode()


def test_control_characters_are_cleaned_and_rare_surnames_stay(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    signed_in(cast.inspector).post(new_url(campaign, cast), typed({"facts": "㛃䶮𬭎\x00在\u202e岗👍\x07"}))

    assert Visit.objects.get().observations.get().facts == "㛃䶮𬭎在岗👍"


def test_a_wrong_file_is_said_and_the_text_stays(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    campaign = made.approved_campaign(cast)
    fake = SimpleUploadedFile("说明.jpg", b"plain text")

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), typed(photos=fake))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“说明.jpg”不是可用的照片" in page
    assert "有1张照片没有收下，请另选后再保存" in page


def test_an_incomplete_record_is_saved_and_says_what_is_lacking(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed(left="", then="complete"), follow=True
    )

    assert "已保存，但还不能完成记录：还没有填写离开时间。" in answer.content.decode()
    assert Visit.objects.get().state == Visit.State.ON_SITE


def test_one_more_block_without_script(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed({"facts": "甲", "category": ""}, then="more")
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="seen-1-facts"' in page
    assert "error-summary" not in page


def test_the_second_of_two_editing_sees_both_versions_and_loses_nothing(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing(facts="旧"))
    url, known = reverse("inspections:visit_edit", args=[visit.pk]), visit.observations.get()
    filing.write(
        visit=visit,
        expected=visit.version,
        record=made.record_of(
            made.seen_playing(facts="旧", observation=known.pk),
            made.seen_playing(facts="同事新加的"),
            place="二楼",
        ),
        by=cast.second_inspector,
        at=made.AFTER,
    )
    mine = typed(
        {"facts": "我改的", "observation": str(known.pk)}, version=str(visit.version - 1), place="三楼"
    )

    answer = signed_in(cast.inspector).post(url, mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "检查员乙" in page and "二楼" in page and "三楼" in page and "我改的" in page
    assert "同事新加的" in page
    visit.refresh_from_db()
    assert visit.place == "二楼"

    again = {**mine, **_shown(answer), "version": str(visit.version)}
    signed_in(cast.inspector).post(url, again)
    assert list(visit.observations.order_by("ordinal").values_list("facts", flat=True)) == [
        "我改的",
        "同事新加的",
    ]


def _shown(answer: Any) -> dict[str, Any]:
    """The blocks as the page shows them."""
    data = answer.context["forms"].seen.data
    return {name: value for name, value in data.items() if name.startswith("seen-")}
