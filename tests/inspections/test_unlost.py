"""Nothing typed, ticked or photographed is lost on the way to a record: removed blocks, drafts, photos held."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conduct import audit, clock, files
from conduct.models import AuditEntry, StoredFile
from inspections.actions import evidence
from inspections.actions.campaigns import TeamPlan
from inspections.models import Evidence, HeldPhoto, Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast, signed_in

from . import test_plan_pages as plans
from .test_again import edit_url, saved
from .test_pages import new_url, typed

pytestmark = pytest.mark.django_db
GONE = {"seen-0-DELETE": "on"}


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def summary(page: str) -> str:
    """What the red box says."""
    found = re.search(r'<div class="error-summary".*?</div>', page, re.S)
    return found.group() if found else ""


def held_in(answer: Any) -> dict[str, list[str]]:
    """The photos the page says it holds, as a browser would send them back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'name="([\w-]*held)" value="([\w-]+)" id="[\w-]+" checked', answer.content.decode()
    ):
        found.setdefault(name, []).append(value)
    return found


def test_a_removed_block_stays_removed_when_the_form_comes_back(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed({"facts": "去掉的"}, left="08:00", **GONE)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="seen-0-DELETE" id="[\w-]+" checked', page)
    assert "去掉这一条（保存时不再保留）" in page


def test_what_is_wrong_in_a_removed_block_is_not_said(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    wrong = {"category": "X9-99", "seen_at": "25:00", "facts": ""}

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed(wrong, no_problem="on", left="08:00", **GONE)
    )

    page = answer.content.decode()
    assert "离开时间08:00早于到达时间09:30" in summary(page)
    assert "X9-99" not in summary(page)
    assert "请写成09:30这样的时间" not in page


def test_a_removed_block_with_words_in_it_is_told_when_it_is_dropped(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed({"facts": "去掉的"}, {"facts": "留下的"}, **GONE), follow=True
    )

    assert Visit.objects.get().observations.get().facts == "留下的"
    assert "去掉了1条写有内容的情况" in answer.content.decode()


def test_a_removed_team_stays_removed_and_is_not_complained_of(cast: Cast) -> None:
    second = {"teams-1-name": "第二组", "teams-1-DELETE": "on", "teams-TOTAL_FORMS": "2"}

    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_new"), plans.typed(cast, title="", **second)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写批次名称" in summary(page)
    assert "请勾选本组检查人员" not in page
    assert re.search(r'name="teams-1-DELETE" id="[\w-]+" checked', page)


def test_a_block_without_an_indicator_is_saved_and_shown_again(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)

    client.post(new_url(campaign, cast), typed({"category": "", "facts": "窗口无人"}))

    visit = Visit.objects.get()
    assert (visit.observations.get().category, visit.observations.get().facts) == (None, "窗口无人")
    for address in (edit_url(visit), reverse("inspections:visit_detail", args=[visit.pk])):
        assert "窗口无人" in client.get(address).content.decode()
    assert client.get(reverse("inspections:visit_sheet", args=[visit.pk])).status_code == 200


def test_a_draft_is_finished_later_and_stays_the_same_thing_seen(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)
    client.post(new_url(campaign, cast), typed({"category": "", "facts": "窗口无人"}))
    visit = Visit.objects.get()
    known = visit.observations.get()

    client.post(
        edit_url(visit),
        typed({"facts": "窗口无人", "observation": str(known.pk)}, version=visit.version, then="complete"),
    )

    visit.refresh_from_db()
    known.refresh_from_db()
    assert (visit.state, known.is_draft, str(known.category.code)) == (
        Visit.State.RECORDED,
        False,
        "D1-03",
    )


def test_an_unfinished_record_is_saved_and_says_what_it_lacks(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    blocks = ({"category": ""}, {"facts": ""})

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed(*blocks, then="complete"), follow=True
    )

    page = answer.content.decode()
    assert "已保存，但还不能完成记录：第1条还没有选择问题指标。第2条还没有写事实经过。" in page
    assert Visit.objects.get().observations.count() == 2


def test_a_photo_alone_makes_a_block(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    bare = {"kind": "problem", "category": "", "facts": "", "persons": "0", "photos": made.photo()}

    signed_in(cast.inspector).post(new_url(campaign, cast), typed(bare))

    assert Evidence.objects.get().observation == Visit.objects.get().observations.get()


def test_everything_wrong_is_said_in_one_round(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    wrong = typed(
        {"facts": "长" * 20_001, "photos": SimpleUploadedFile("说明.jpg", b"text")},
        left="08:00",
        absent_count="4",
        department="厅" * 61,
        place="",
        then="complete",
    )

    told = summary(signed_in(cast.inspector).post(new_url(campaign, cast), wrong).content.decode())

    for sentence in (
        "最多 20,000 个字",
        "离开时间08:00早于",
        "人数对不上",
        "最多 60 个字",
        "“说明.jpg”不是可用的照片",
        "还没有填写检查地点",
    ):
        assert sentence in told


def test_photos_of_a_form_sent_back_are_held_and_taken_with_the_next(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)
    data = typed({}, left="08:00")
    photos = {"photos": made.photo("大厅.jpg"), "seen-0-photos": made.photo("窗口.jpg", colour="red")}
    first = client.post(new_url(campaign, cast), {**data, **photos})

    client.post(new_url(campaign, cast), {**data, "left": "10:15", **held_in(first)})

    told = first.content.decode()
    assert "已填写的和已上传的照片都还在" in summary(told)
    assert "窗口.jpg" in told
    seen = Visit.objects.get().observations.get()
    assert set(Evidence.objects.values_list("file__original_name", "observation")) == {
        ("大厅.jpg", None),
        ("窗口.jpg", seen.pk),
    }
    assert not HeldPhoto.objects.exists()


def test_photos_stay_held_through_two_refusals(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)
    data = typed({}, left="08:00")
    first = client.post(new_url(campaign, cast), {**data, "seen-0-photos": made.photo()})

    second = client.post(new_url(campaign, cast), {**data, **held_in(first)})

    assert held_in(second) == held_in(first)
    assert HeldPhoto.objects.count() == 1


def test_a_good_photo_is_held_and_a_bad_one_is_named(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    mixed = [made.photo("好.jpg"), SimpleUploadedFile("坏.jpg", b"text")]

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), {**typed(), "photos": mixed})

    page = answer.content.decode()
    assert "有1张照片没有收下" in summary(page)
    assert "“坏.jpg”不是可用的照片" in summary(page)
    assert str(HeldPhoto.objects.get()) == "好.jpg"


def test_a_damaged_photo_keeps_the_record_out_and_the_good_one_held(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    whole = made.photo("坏.jpg", size=(640, 480)).read()
    mixed = [made.photo("好.jpg"), SimpleUploadedFile("坏.jpg", whole[: len(whole) // 2])]

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), {**typed(), "photos": mixed})

    assert answer.status_code == 422
    assert "“坏.jpg”不能作为照片打开" in summary(answer.content.decode())
    assert [str(row) for row in HeldPhoto.objects.all()] == ["好.jpg"]


def test_too_many_photos_at_once_are_not_said_to_be_there(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    many = [made.photo(f"{number}.jpg") for number in range(11)]

    told = summary(
        signed_in(cast.inspector).post(new_url(campaign, cast), {**typed(), "photos": many}).content.decode()
    )

    assert "有11张照片没有收下" in told
    assert "一次最多上传10张照片，这次选了11张" in told
    assert "已填写的都还在" not in told


def test_photos_chosen_while_a_colleague_saved_are_held_beside_the_comparison(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing())
    late = saved(visit, place="三楼", photos=made.photo("大厅.jpg")) | {"version": str(visit.version - 1)}

    answer = signed_in(cast.inspector).post(edit_url(visit), late)

    assert answer.status_code == 409
    assert len(held_in(answer)["held"]) == 1


def test_a_photo_held_for_one_person_is_not_taken_by_another(cast: Cast) -> None:
    visit = made.filed_visit(cast)
    held, _ = evidence.hold(uploads={"": [made.photo()]}, by=cast.second_inspector, at=made.AFTER)

    signed_in(cast.inspector).post(edit_url(visit), saved(visit, held=str(held[""][0])))

    assert not Evidence.objects.exists()
    assert HeldPhoto.objects.exists()


def test_a_held_photo_named_twice_is_kept_once(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing())
    held, _ = evidence.hold(uploads={"": [made.photo()]}, by=cast.inspector, at=made.AFTER)
    pk = str(held[""][0])

    signed_in(cast.inspector).post(edit_url(visit), saved(visit, **{"held": pk, "seen-0-held": [pk, pk]}))

    assert Evidence.objects.count() == 1


def test_the_same_form_with_held_photos_sent_twice_is_one_visit(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)
    held, _ = evidence.hold(uploads={"": [made.photo()]}, by=cast.inspector, at=made.AFTER)
    data = typed(held=str(held[""][0]))

    answers = [client.post(new_url(campaign, cast), data) for _ in range(2)]

    assert answers[0].url == answers[1].url == edit_url(Visit.objects.get())
    assert Evidence.objects.count() == 1


def test_photos_nobody_came_back_for_are_given_up(cast: Cast) -> None:
    evidence.hold(uploads={"": [made.photo()]}, by=cast.inspector, at=made.AFTER)
    sha256 = HeldPhoto.objects.get().sha256
    lost = Path(settings.EVIDENCE_ROOT) / sha256[:2] / sha256[2:4] / sha256
    assert lost.exists()

    evidence.hold(
        uploads={"": [made.photo(colour="red")]},
        by=cast.inspector,
        at=made.AFTER + evidence.HELD_FOR + timedelta(minutes=1),
    )

    assert not lost.exists()
    assert HeldPhoto.objects.count() == 1


def test_a_held_photo_is_told_to_the_audit_when_a_record_takes_it(cast: Cast) -> None:
    visit = made.filed_visit(cast)
    held, _ = evidence.hold(uploads={"": [made.photo()]}, by=cast.inspector, at=made.AFTER)
    before = StoredFile.objects.count()

    signed_in(cast.inspector).post(edit_url(visit), saved(visit, held=str(held[""][0])))

    received = AuditEntry.objects.get(verb=audit.FILE_RECEIVED)
    assert before == 0
    assert received.subject_id == str(Evidence.objects.get().file_id)


def test_bytes_another_file_has_too_outlive_a_held_photo(cast: Cast) -> None:
    made.filed_visit(cast, photos=[made.photo()])
    evidence.hold(uploads={"": [made.photo()]}, by=cast.inspector, at=made.AFTER)

    evidence.clear_held(at=made.AFTER + evidence.HELD_FOR + timedelta(minutes=1))

    assert files.is_intact(Evidence.objects.get().file)


def test_one_more_block_without_script_keeps_the_photos_chosen(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    answer = signed_in(cast.inspector).post(
        new_url(campaign, cast), typed({"photos": made.photo()}, then="more")
    )

    assert len(held_in(answer)["seen-0-held"]) == 1


def test_the_form_for_a_unit_already_visited_leads_to_that_visit_at_once(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    visit = made.locked_visit(cast, campaign=campaign)

    answer = signed_in(cast.inspector).get(new_url(campaign, cast), follow=True)

    assert answer.redirect_chain[0][0] == reverse("inspections:visit_detail", args=[visit.pk])
    assert "在本批次已经检查过，记录已归档，就是这一份" in answer.content.decode()


def test_the_form_does_not_tell_of_another_teams_visit(cast: Cast) -> None:
    teams = [
        TeamPlan("第一组", cast.team_leader, [cast.team_leader, cast.inspector]),
        TeamPlan("第二组", cast.second_inspector, [cast.second_inspector, cast.outside_inspector]),
    ]
    campaign = made.approved_campaign(cast, teams=teams)
    made.recorded_visit(cast, campaign=campaign)

    answer = signed_in(cast.outside_inspector).get(new_url(campaign, cast))

    assert answer.status_code == 200
    assert "已经检查过" not in answer.content.decode()


def test_a_new_key_is_not_needed_for_photos_held(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)
    first = client.post(new_url(campaign, cast), typed(client_key="x", photos=made.photo()))

    client.post(new_url(campaign, cast), typed(client_key=str(uuid4()), **held_in(first)))

    assert Evidence.objects.count() == 1
