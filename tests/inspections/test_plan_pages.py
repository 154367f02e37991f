"""A plan is written on its page: drafts are kept, units are found by typing, two authors do not collide."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from conduct import clock
from inspections.actions import campaigns
from inspections.models import Campaign, Method
from inspections.queries import standards as standing
from people.forms import pickers
from people.roles import Role
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast, give_post, make_user, signed_in, stand_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    made.indicator()
    monkeypatch.setattr(clock, "now", lambda: AT)
    return stand_up()


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """The form of a plan as a browser sends it."""
    team = [cast.team_leader.pk, cast.inspector.pk]
    return {
        "title": "夏季检查",
        "method": "open",
        "level": "local",
        "office": cast.bureau.pk,
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-13",
        "content": "工作纪律",
        "objects_text": "窗口单位",
        "scope": "东区",
        "leader": cast.team_leader.pk,
        "approver": cast.leader.pk,
        "taxonomy": standing.current("speech").pk,
        "teams-TOTAL_FORMS": "1",
        "teams-INITIAL_FORMS": "0",
        "teams-0-name": "",
        "teams-0-members": team,
        "teams-0-leader": cast.team_leader.pk,
        "units": [cast.east_bureau.pk],
        f"team_of_{cast.east_bureau.pk}": "0",
        "then": "save",
        **changes,
    }


def test_a_plan_is_drafted_on_its_page(cast: Cast) -> None:
    signed_in(cast.clerk).post(reverse("inspections:campaign_new"), typed(cast))

    campaign = Campaign.objects.get()
    team = campaign.teams.get()
    assert (campaign.state, campaign.office) == (Campaign.State.DRAFT, cast.bureau)
    assert (team.name, team.leader, team.members.count()) == ("第一组", cast.team_leader, 2)
    assert campaign.units.get().team == team


def test_the_form_of_a_plan_makes_a_key_of_its_own(cast: Cast) -> None:
    pages = [signed_in(cast.clerk).get(reverse("inspections:campaign_new")) for _ in range(2)]

    assert len({page.context["client_key"] for page in pages} - {None}) == 2
    assert f'name="client_key" value="{pages[0].context["client_key"]}"' in pages[0].content.decode()


@pytest.mark.parametrize("then", ["save", "submit"])
def test_a_double_click_drafts_one_plan(cast: Cast, then: str) -> None:
    form = typed(cast, client_key=str(uuid4()), then=then)

    answers = [signed_in(cast.clerk).post(reverse("inspections:campaign_new"), form) for _ in range(2)]

    campaign = Campaign.objects.get()
    assert [answer.url for answer in answers] == [
        reverse("inspections:campaign_detail", args=[campaign.pk])
    ] * 2
    page = signed_in(cast.clerk).get(answers[1].url).content.decode()
    assert "还不能报批" not in page


def test_a_form_gone_back_to_and_changed_is_not_lost_and_not_doubled(cast: Cast) -> None:
    form = typed(cast, client_key=str(uuid4()))
    browser = signed_in(cast.clerk)
    browser.post(reverse("inspections:campaign_new"), form)

    answer = browser.post(
        reverse("inspections:campaign_new"), {**form, "title": "秋季检查", "method": "covert"}
    )

    page, campaign = answer.content.decode(), Campaign.objects.get()
    assert (answer.status_code, campaign.title) == (409, "夏季检查")
    assert 'value="秋季检查"' in page
    assert "暗访" in page and ">covert<" not in page
    assert f'action="{reverse("inspections:campaign_edit", args=[campaign.pk])}"' in page


def test_two_authors_may_send_the_same_key(cast: Cast) -> None:
    form = typed(cast, client_key=str(uuid4()))

    for author in (cast.clerk, cast.second_clerk):
        signed_in(author).post(reverse("inspections:campaign_new"), form)

    assert Campaign.objects.count() == 2


def test_a_complete_plan_goes_up_at_once(cast: Cast) -> None:
    signed_in(cast.clerk).post(reverse("inspections:campaign_new"), typed(cast, then="submit"))

    assert Campaign.objects.get().state == Campaign.State.SUBMITTED


def test_an_incomplete_plan_is_kept_and_says_what_it_lacks(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_new"), typed(cast, then="submit", scope="", units=[]), follow=True
    )

    page = answer.content.decode()
    assert "草稿已保存，还不能报批：方案还不完整：还没有写明检查范围。还没有选定被查单位。" in page
    assert Campaign.objects.get().state == Campaign.State.DRAFT


def test_a_draft_needs_no_team_yet(cast: Cast) -> None:
    bare = typed(cast, **{"teams-0-members": [], "teams-0-leader": ""})

    signed_in(cast.clerk).post(reverse("inspections:campaign_new"), bare)

    assert Campaign.objects.get().teams.count() == 0


def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_new"), typed(cast, ends_on="2026-03-01", content="查纪律查作风")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in page and "查纪律查作风" in page and "东区行政审批局" in page


def test_units_are_found_without_script(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_new"), typed(cast, then="find", find="西区", title="写了一半")
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="units" value="{cast.west.pk}"' in page
    assert f'value="{cast.east_bureau.pk}" id="unit-{cast.east_bureau.pk}" checked' in page
    assert "写了一半" in page and "error-summary" not in page


def test_units_are_found_while_typing(cast: Cast) -> None:
    answer = signed_in(cast.clerk).get(
        reverse("inspections:campaign_units"), {"find": "东区审批局", "units": [cast.west.pk]}
    )

    page = answer.content.decode()
    assert "东区行政审批局" in page and "已选 1 家" in page and "<html" not in page


def test_the_page_offers_no_unit_before_one_types(cast: Cast) -> None:
    page = signed_in(cast.clerk).get(reverse("inspections:campaign_new")).content.decode()

    assert 'name="units"' not in page


def test_one_more_team_without_script(cast: Cast) -> None:
    page = (
        signed_in(cast.clerk)
        .post(reverse("inspections:campaign_new"), typed(cast, then="more"))
        .content.decode()
    )

    assert 'name="teams-1-name"' in page


def test_the_second_of_two_authors_sees_both_versions(cast: Cast) -> None:
    campaign = made.draft_campaign(cast)
    plan = made.plan_for(cast, scope="只查东区")
    campaigns.revise(campaign=campaign, plan=plan, expected=1, by=cast.second_clerk, at=AT)

    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_edit", args=[campaign.pk]), typed(cast, version="1", scope="只查西区")
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "经办乙" in page and "只查东区" in page and "只查西区" in page
    assert Campaign.objects.get().scope == "只查东区"


def test_a_plan_is_changed_on_its_page(cast: Cast) -> None:
    campaign = made.draft_campaign(cast)
    url = reverse("inspections:campaign_edit", args=[campaign.pk])
    assert "春季作风检查" in signed_in(cast.clerk).get(url).content.decode()

    signed_in(cast.clerk).post(url, typed(cast, version="1", method="covert"))

    campaign = Campaign.objects.get()
    assert (campaign.title, campaign.method) == ("夏季检查", Method.COVERT)


def test_someone_elses_covert_draft_is_not_found(cast: Cast) -> None:
    campaign = made.draft_campaign(cast, method=Method.COVERT)

    answer = signed_in(cast.second_clerk).get(reverse("inspections:campaign_edit", args=[campaign.pk]))

    assert answer.status_code == 404


def test_the_leader_approves_on_the_page(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)
    page = (
        signed_in(cast.leader)
        .get(reverse("inspections:campaign_detail", args=[campaign.pk]))
        .content.decode()
    )
    assert "批准方案" in page and "退回方案" in page

    signed_in(cast.leader).post(reverse("inspections:campaign_move", args=[campaign.pk, "approve"]))

    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.APPROVED


def test_a_leader_whom_the_plan_does_not_name_is_told_whom_it_names(cast: Cast) -> None:
    other = give_post(make_user("other_leader", "分管领导乙"), cast.city, Role.OFFICE_LEADER).user
    campaign = made.submitted_campaign(cast)
    url = reverse("inspections:campaign_detail", args=[campaign.pk])
    words = "方案上写明的批准人是分管领导甲"

    page = signed_in(other).get(url).content.decode()

    assert words in page and "批准方案" in page
    assert words not in signed_in(cast.leader).get(url).content.decode()
    assert words not in signed_in(cast.clerk).get(url).content.decode()


def test_a_clerk_is_not_offered_approval(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)

    page = (
        signed_in(cast.clerk).get(reverse("inspections:campaign_detail", args=[campaign.pk])).content.decode()
    )

    assert "/approve/" not in page


def test_sending_back_without_a_reason_keeps_the_panel_open(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)

    answer = signed_in(cast.leader).post(
        reverse("inspections:campaign_move", args=[campaign.pk, "send_back"]), {"reason": ""}
    )

    assert answer.status_code == 422
    assert "请写明理由后再提交。" in answer.content.decode()


def test_setting_out_from_the_page_starts_a_covert_campaign(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    data = {"campaign": campaign.pk, "unit": cast.east_bureau.pk}
    assert signed_in(cast.inspector).post(reverse("inspections:visit_depart"), data).status_code == 404

    answer = signed_in(cast.team_leader).post(reverse("inspections:visit_depart"), data)

    visit = campaign.visits.get()
    assert answer.url == reverse("inspections:visit_edit", args=[visit.pk])
    assert signed_in(cast.inspector).get(answer.url).status_code == 200


def test_nonsense_in_hidden_fields_is_no_fault(cast: Cast) -> None:
    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_new"),
        typed(
            cast, units=["x", "99999999999999999999", "-1"], **{"teams-TOTAL_FORMS": "abc", "office": "zz"}
        ),
    )

    assert answer.status_code == 422


def test_a_plan_that_was_taken_back_and_changed_is_not_approved_unseen(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)
    address = reverse("inspections:campaign_move", args=[campaign.pk, "approve"])
    shown = signed_in(cast.leader).get(reverse("inspections:campaign_detail", args=[campaign.pk]))
    on_screen = campaign.version
    assert f'name="version" value="{on_screen}"' in shown.content.decode()
    campaigns.send_back(campaign=campaign, by=cast.leader, at=AT, reason="范围太宽")
    campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)

    answer = signed_in(cast.leader).post(address, {"version": on_screen})

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.state) == (409, Campaign.State.SUBMITTED)
    assert "刚被别人办理过" in answer.content.decode()


def test_a_version_that_is_no_number_is_no_fault(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)
    address = reverse("inspections:campaign_move", args=[campaign.pk, "approve"])

    answers = [signed_in(cast.leader).post(address, {"version": text}) for text in ("9" * 40, "x")]

    assert [answer.status_code for answer in answers] == [302, 422]


@pytest.mark.parametrize("number", ["9" * 25, "-9223372036854775809", "9" * 5000, "a\0b"])
def test_a_member_no_row_can_be_is_told_and_is_no_fault(cast: Cast, number: str) -> None:
    sent = typed(cast, **{"teams-0-members": [cast.inspector.pk, number], "teams-0-leader": number})

    answer = signed_in(cast.clerk).post(reverse("inspections:campaign_new"), sent)

    assert answer.status_code == 422
    assert not answer.context["forms"].teams.forms[0].is_valid()
    assert "夏季检查" in answer.content.decode()


def test_with_many_inspectors_a_team_is_typed_and_shown_again_in_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickers, "MOST_LISTED", 2)
    client, named = signed_in(cast.clerk), f"{cast.inspector.name}、{cast.team_leader.username}"

    client.post(reverse("inspections:campaign_new"), typed(cast, **{"teams-0-members": named}))

    campaign = Campaign.objects.get()
    team = campaign.teams.get()
    assert {member.user for member in team.members.all()} == {cast.inspector, cast.team_leader}
    page = client.get(reverse("inspections:campaign_edit", args=[campaign.pk])).content.decode()
    assert f"{cast.inspector.name}（{cast.inspector.username}）" in page
    assert 'name="teams-0-members" value=' in page


def test_with_many_inspectors_somebody_unknown_is_named(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickers, "MOST_LISTED", 2)

    answer = signed_in(cast.clerk).post(
        reverse("inspections:campaign_new"), typed(cast, **{"teams-0-members": "没有这个人"})
    )

    assert answer.status_code == 422
    assert "“没有这个人”不在可选的人员中" in answer.content.decode()
