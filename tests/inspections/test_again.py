"""The same form twice, the form of a colleague, the form that comes too late, and photos taken back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct import audit, clock, files
from conduct.errors import Refused
from conduct.models import StoredFile
from inspections.actions import visits
from inspections.models import Campaign, Evidence, Visit
from tests.factories import inspections as made
from tests.factories.cast import Cast, signed_in

from .test_pages import new_url, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: made.AFTER)


def edit_url(visit: Visit) -> str:
    return reverse("inspections:visit_edit", args=[visit.pk])


def saved(visit: Visit, **changes: Any) -> dict[str, Any]:
    """The form of a visit as its page shows it, with changes."""
    seen = [
        {"observation": str(row.pk), "category": row.category.code, "facts": row.facts}
        for row in visit.observations.select_related("category").order_by("ordinal")
    ]
    return typed(*seen, version=str(visit.version), **changes)


def test_what_was_changed_after_going_back_is_kept(cast: Cast) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)
    first = typed({"facts": "旧的写法"})
    client.post(new_url(campaign, cast), {**first, "seen-0-photos": made.photo()})
    kept = Evidence.objects.get().observation_id

    client.post(new_url(campaign, cast), {**first, "seen-0-facts": "改过的写法", "place": "二楼"})

    visit = Visit.objects.get()
    assert (visit.place, visit.observations.get().facts) == ("二楼", "改过的写法")
    assert Evidence.objects.get().observation_id == kept


def test_a_double_click_with_photos_keeps_each_once(cast: Cast) -> None:
    campaign, client, data = made.approved_campaign(cast), signed_in(cast.inspector), typed()

    for _ in range(2):
        client.post(new_url(campaign, cast), {**data, "photos": made.photo()})

    assert Evidence.objects.count() == 1
    assert Visit.objects.get().version == visits.AS_FILED


def test_a_photo_chosen_after_going_back_is_kept(cast: Cast) -> None:
    campaign, client, data = made.approved_campaign(cast), signed_in(cast.inspector), typed()
    client.post(new_url(campaign, cast), data)

    client.post(new_url(campaign, cast), {**data, "photos": made.photo()})

    assert Evidence.objects.count() == 1


def test_going_back_does_not_overwrite_what_a_colleague_saved(cast: Cast) -> None:
    campaign, data = made.approved_campaign(cast), typed()
    signed_in(cast.inspector).post(new_url(campaign, cast), data)
    visit = Visit.objects.get()
    signed_in(cast.second_inspector).post(edit_url(visit), saved(visit, place="同事写的二楼"))

    answer = signed_in(cast.inspector).post(new_url(campaign, cast), {**data, "place": "我写的三楼"})

    page = answer.content.decode()
    visit.refresh_from_db()
    assert (answer.status_code, visit.place) == (409, "同事写的二楼")
    assert "我写的三楼" in page
    assert f'action="{edit_url(visit)}"' in page


def test_going_back_to_a_complete_record_is_told(cast: Cast) -> None:
    campaign, client, data = made.approved_campaign(cast), signed_in(cast.inspector), typed(then="complete")
    client.post(new_url(campaign, cast), data)

    same = client.post(new_url(campaign, cast), data)
    other = client.post(new_url(campaign, cast), {**data, "place": "我写的三楼"})

    assert same.url == reverse("inspections:visit_detail", args=[Visit.objects.get().pk])
    assert other.status_code == 422
    assert "现在是“待签名复核”，不能再修改，您填的内容没有存入" in other.content.decode()
    assert "我写的三楼" in other.content.decode()


@pytest.mark.parametrize("key", ["", "x", "1", "' or 1=1"])
def test_a_form_without_its_key_gets_one_and_loses_nothing(cast: Cast, key: str) -> None:
    campaign, client = made.approved_campaign(cast), signed_in(cast.inspector)

    answer = client.post(new_url(campaign, cast), typed(client_key=key, place="三楼东侧"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有带上防止重复登记的编号，现在已经补上" in page
    assert "三楼东侧" in page and str(answer.context["client_key"]) in page
    assert not Visit.objects.exists()


def test_a_key_of_another_visit_is_replaced(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    taken = made.filed_visit(cast, campaign=campaign, unit=cast.west)
    client = signed_in(cast.inspector)

    answer = client.post(new_url(campaign, cast), typed(client_key=str(taken.client_key)))
    fresh = answer.context["client_key"]
    client.post(new_url(campaign, cast), typed(client_key=str(fresh)))

    assert "编号已经用于另一次检查" in answer.content.decode()
    assert fresh != taken.client_key
    assert set(Visit.objects.values_list("unit", flat=True)) == {cast.west.pk, cast.east_bureau.pk}


def test_a_form_sent_after_the_record_was_completed_keeps_its_text_on_the_page(cast: Cast) -> None:
    visit = made.filed_visit(cast)
    form = saved(visit, place="我写的三楼")
    visits.complete(visit=visit, expected=visit.version, by=cast.team_leader, at=made.AFTER)

    answer = signed_in(cast.inspector).post(edit_url(visit), form)

    assert answer.status_code == 422
    assert "不能再修改，您填的内容没有存入" in answer.content.decode()
    assert "我写的三楼" in answer.content.decode()


def test_a_locked_record_is_not_changed_by_a_raw_post(cast: Cast) -> None:
    visit = made.locked_visit(cast, made.seen_playing())
    photo = made.photo()

    answer = signed_in(cast.inspector).post(edit_url(visit), saved(visit, place="改", photos=photo))

    visit.refresh_from_db()
    assert answer.status_code == 422
    assert visit.place == "一楼大厅"
    assert not Evidence.objects.exists()


def test_somebody_off_the_team_does_not_write_by_a_raw_post(cast: Cast) -> None:
    visit = made.filed_visit(cast)

    office = signed_in(cast.clerk).post(edit_url(visit), saved(visit, place="改"))
    outside = signed_in(cast.outside_inspector).post(edit_url(visit), saved(visit, place="改"))

    visit.refresh_from_db()
    assert (office.status_code, outside.status_code, visit.place) == (403, 404, "一楼大厅")


def test_a_unit_already_visited_is_not_visited_a_second_time(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    made.recorded_visit(cast, campaign=campaign)

    with pytest.raises(Refused, match="在本批次已经检查过，记录待签名复核"):
        visits.file(
            campaign=campaign,
            unit=cast.east_bureau,
            client_key=uuid4(),
            record=made.record_of(),
            by=cast.inspector,
            at=made.AFTER,
        )


def test_the_database_holds_one_open_visit_of_a_team_to_a_unit(cast: Cast) -> None:
    visit = made.filed_visit(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            campaign=visit.campaign,
            team=visit.team,
            unit=visit.unit,
            method=visit.method,
            state=Visit.State.ON_SITE,
            created_at=made.AFTER,
        )


def test_a_colleague_who_was_faster_at_the_same_unit_is_told(cast: Cast, monkeypatch: Any) -> None:
    campaign = made.approved_campaign(cast)
    made.filed_visit(cast, campaign=campaign)
    # Both looked before either of them wrote.
    monkeypatch.setattr(visits.standing, "known_by", lambda **place: None)
    monkeypatch.setattr(visits.standing, "open_one", lambda **place: None)
    wish = {"campaign": campaign, "unit": cast.east_bureau, "by": cast.inspector, "at": made.AFTER}

    with pytest.raises(Refused, match="已有一次没有完成的检查"):
        visits.file(client_key=uuid4(), record=made.record_of(), **wish)
    with pytest.raises(Refused, match="已有一次没有完成的检查"):
        visits.depart(**wish)


def test_the_slower_half_of_a_double_click_finds_the_visit_of_the_faster(
    cast: Cast, monkeypatch: Any
) -> None:
    campaign, key = made.approved_campaign(cast), uuid4()
    wish = {
        "campaign": campaign,
        "unit": cast.east_bureau,
        "client_key": key,
        "record": made.record_of(),
        "by": cast.inspector,
        "at": made.AFTER,
    }
    check, filed = visits._team_to_go, []

    def meanwhile(*place: Any) -> Any:
        monkeypatch.setattr(visits, "_team_to_go", check)
        filed.append(visits.file(**wish))
        return check(*place)

    monkeypatch.setattr(visits, "_team_to_go", meanwhile)

    assert [visits.file(**wish)] == filed


def test_a_photo_taken_by_mistake_is_removed_and_its_original_kept(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing(photos=[made.photo("误传.jpg")]))
    wrong = Evidence.objects.get()

    signed_in(cast.inspector).post(edit_url(visit), saved(visit, removed=str(wrong.pk)))

    file = StoredFile.objects.get()
    entry = audit.history_of(subject=visit).get(verb="inspections.remove_photo")
    assert not Evidence.objects.exists()
    assert files.is_intact(file)
    assert (entry.actor_name, entry.reason, entry.details["sha256"]) == (
        "检查员甲",
        "误传.jpg",
        file.sha256,
    )


def test_photos_stay_in_the_order_they_were_chosen(cast: Cast) -> None:
    names = [f"第{number}张.jpg" for number in range(1, 7)]
    colours = ("red", "blue", "green", "black", "white", "grey")

    visit = made.filed_visit(
        cast,
        photos=[made.photo(name, colour=colour) for name, colour in zip(names, colours, strict=True)],
    )

    rows = visit.evidence.order_by("added_at", "pk").values_list("file__original_name", flat=True)
    assert list(rows) == names


def test_a_removed_photo_may_be_chosen_again(cast: Cast) -> None:
    visit = made.filed_visit(cast, photos=[made.photo()])

    signed_in(cast.inspector).post(
        edit_url(visit), saved(visit, removed=str(Evidence.objects.get().pk), photos=made.photo())
    )

    assert Evidence.objects.count() == 1


def test_a_photo_of_another_visit_is_not_removed(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    made.filed_visit(cast, campaign=campaign, unit=cast.west, photos=[made.photo()])
    visit = made.filed_visit(cast, campaign=campaign)

    signed_in(cast.inspector).post(
        edit_url(visit), saved(visit, removed=[str(Evidence.objects.get().pk), "x", ""])
    )

    assert Evidence.objects.count() == 1


def test_a_photo_of_a_complete_record_stays(cast: Cast) -> None:
    visit = made.filed_visit(cast, photos=[made.photo()])
    form = saved(visit, removed=str(Evidence.objects.get().pk))
    visits.complete(visit=visit, expected=visit.version, by=cast.team_leader, at=made.AFTER)

    signed_in(cast.inspector).post(edit_url(visit), form)

    assert Evidence.objects.count() == 1


def test_a_refused_form_still_shows_which_photos_are_to_go(cast: Cast) -> None:
    visit = made.filed_visit(cast, photos=[made.photo()])
    pk = Evidence.objects.get().pk

    answer = signed_in(cast.inspector).post(edit_url(visit), saved(visit, left="08:00", removed=str(pk)))

    assert f'id="removed-{pk}" checked' in answer.content.decode()


def test_a_grid_shows_small_pictures(cast: Cast) -> None:
    visit = made.filed_visit(cast, photos=[made.photo(size=(1600, 1200))])
    small = reverse("inspections:visit_thumb", args=[Evidence.objects.get().pk])
    client = signed_in(cast.inspector)

    pages = [
        client.get(url).content.decode()
        for url in (edit_url(visit), reverse("inspections:visit_detail", args=[visit.pk]))
    ]

    assert all(f'src="{small}"' in page for page in pages)
    assert client.get(small).headers["Content-Type"] == "image/jpeg"


def test_a_form_that_names_one_saved_thing_twice_loses_neither(cast: Cast) -> None:
    visit = made.filed_visit(cast, made.seen_playing())
    pk = str(visit.observations.get().pk)
    twice = typed(
        {"observation": pk, "facts": "甲"}, {"observation": pk, "facts": "乙"}, version=str(visit.version)
    )

    signed_in(cast.inspector).post(edit_url(visit), twice)

    assert set(visit.observations.values_list("facts", flat=True)) == {"甲", "乙"}


def test_a_submitted_plan_is_looked_at_not_edited(cast: Cast) -> None:
    campaign: Campaign = made.submitted_campaign(cast)

    answer = signed_in(cast.clerk).get(reverse("inspections:campaign_edit", args=[campaign.pk]))

    assert answer.url == reverse("inspections:campaign_detail", args=[campaign.pk])


@pytest.mark.parametrize(
    "changes",
    [
        {"seen-TOTAL_FORMS": "9" * 5000},
        {"seen-TOTAL_FORMS": ""},
        {"expected_count": "9" * 5000},
        {"version": "9" * 5000},
        {"visited_on": "0001-01-01"},
        {"visited_on": "9999-12-31"},
        {"arrived": "25:00"},
        {"seen-0-observation": "x"},
        {"seen-0-rule_item": "9" * 30},
        {"seen-0-category": "R1-1"},
        {"seen-0-persons": "-1"},
    ],
)
def test_nonsense_in_the_form_of_a_visit_is_said_and_is_no_fault(cast: Cast, changes: dict[str, str]) -> None:
    visit = made.filed_visit(cast, made.seen_playing())
    form = saved(visit) | changes

    answer = signed_in(cast.inspector).post(edit_url(visit), form)

    assert answer.status_code in (409, 422)
    assert 'class="error-summary"' in answer.content.decode() or answer.status_code == 409
