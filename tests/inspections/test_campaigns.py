"""A plan is complete before it goes up, and nobody approves their own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from inspections.actions import campaigns, visits
from inspections.actions.campaigns import TeamPlan, UnitPlan
from inspections.models import Campaign, Method
from people.models import Unit
from people.roles import Role
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast, give_post, make_unit, make_user

pytestmark = pytest.mark.django_db
S = Campaign.State


def test_a_plan_goes_up_and_is_approved(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)

    assert (campaign.state, campaign.approver, campaign.approved_at) == (S.APPROVED, cast.leader, AT)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"content": ""}, "还没有写明检查内容"),
        ({"objects_text": ""}, "还没有写明检查对象"),
        ({"scope": " "}, "还没有写明检查范围"),
        ({"approver": None}, "还没有选定批准人"),
        ({"units": []}, "还没有选定被查单位"),
        ({"teams": []}, "还没有编组"),
    ],
)
def test_an_incomplete_plan_stays_a_draft(cast: Cast, changes: dict[str, Any], sentence: str) -> None:
    campaign = made.draft_campaign(cast, **changes)

    with pytest.raises(Refused, match=sentence):
        campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)

    assert Campaign.objects.get().state == S.DRAFT


def test_a_team_of_one_does_not_go_up(cast: Cast) -> None:
    alone = [TeamPlan("第一组", cast.inspector, [cast.inspector])]
    campaign = made.draft_campaign(cast, teams=alone)

    with pytest.raises(Refused, match="第一组只有1名检查人员，每组至少2名"):
        campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)


def test_a_team_led_from_outside_does_not_go_up(cast: Cast) -> None:
    teams = [TeamPlan("第一组", cast.team_leader, [cast.inspector, cast.second_inspector])]
    campaign = made.draft_campaign(cast, teams=teams)

    with pytest.raises(Refused, match="第一组的组长须从本组检查人员中指定"):
        campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)


def test_nobody_is_on_two_teams(cast: Cast) -> None:
    teams = [
        TeamPlan("第一组", cast.team_leader, [cast.team_leader, cast.inspector]),
        TeamPlan("第二组", cast.inspector, [cast.inspector, cast.second_inspector]),
    ]
    campaign = made.draft_campaign(cast, teams=teams)

    with pytest.raises(Refused, match="第二组有人员同时编入了别的组"):
        campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)


def _two_of_one_name(cast: Cast) -> list[TeamPlan]:
    return [
        TeamPlan("甲组", cast.team_leader, [cast.team_leader, cast.inspector]),
        TeamPlan("甲组", cast.second_inspector, [cast.second_inspector, cast.outside_inspector]),
    ]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda cast: {"ends_on": date(2026, 3, 1)}, "结束日期早于开始日期"),
        (lambda cast: {"ends_on": date(2027, 3, 20)}, "检查期限超过366天"),
        (lambda cast: {"starts_on": date(1, 1, 1), "ends_on": date(1, 2, 1)}, "年份应在2000年至2099年之间"),
        (lambda cast: {"method": Method.FORUM}, "只能是明察或暗访"),
        (lambda cast: {"approver": cast.clerk}, "批准人不能是拟稿人本人"),
        (lambda cast: {"approver": cast.second_clerk}, "没有批准安平市督查办公室检查方案的权限"),
        (lambda cast: {"teams": _two_of_one_name(cast)}, "有两个检查组同名"),
        (
            lambda cast: {"teams": [TeamPlan("甲组", cast.inspector, [cast.inspector, cast.inspector])]},
            "同一人写了两次",
        ),
        (
            lambda cast: {"teams": [TeamPlan("甲组", cast.inspector, [cast.inspector, cast.east_head])]},
            "东区负责人不是安平市督查办公室可派的检查人员",
        ),
        (lambda cast: {"units": [UnitPlan(cast.east), UnitPlan(cast.east)]}, "东区选了两次"),
        (lambda cast: {"units": [UnitPlan(cast.east, team=3)]}, "指定的检查组不存在"),
        (lambda cast: {"units": [UnitPlan(make_unit("旧局", cast.east, is_active=False))]}, "旧局已停用"),
    ],
)
def test_a_plan_that_cannot_stand_is_not_even_a_draft(cast: Cast, make: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        made.draft_campaign(cast, **make(cast))


def test_a_unit_beyond_the_planners_reach_is_refused(cast: Cast) -> None:
    county_clerk = make_user("county_clerk", "县经办", home=cast.east)
    give_post(county_clerk, cast.east, Role.OFFICE_CLERK)
    plan = made.plan_for(cast, office=cast.east, approver=None, teams=[], units=[UnitPlan(cast.west)])

    with pytest.raises(Refused, match="西区不在您单位的管辖范围内"):
        campaigns.draft(plan=plan, by=county_clerk, at=AT)


def test_a_county_clerk_does_not_plan_for_the_city(cast: Cast) -> None:
    county_clerk = make_user("county_clerk", "县经办", home=cast.east)
    give_post(county_clerk, cast.east, Role.OFFICE_CLERK)

    with pytest.raises(Forbidden):
        campaigns.draft(plan=made.plan_for(cast), by=county_clerk, at=AT)


def test_an_inspector_does_not_plan(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        campaigns.draft(plan=made.plan_for(cast), by=cast.inspector, at=AT)


def test_the_author_does_not_approve(cast: Cast) -> None:
    give_post(cast.clerk, cast.city, Role.OFFICE_LEADER)
    made.forget(cast.clerk)
    campaign = made.submitted_campaign(cast)

    with pytest.raises(Forbidden, match="不能由您本人批准"):
        campaigns.approve(campaign=campaign, by=cast.clerk, at=AT)


def test_a_clerk_does_not_approve(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        campaigns.approve(campaign=made.submitted_campaign(cast), by=cast.second_clerk, at=AT)


def test_a_covert_plan_is_approved_by_the_person_named_on_it(cast: Cast) -> None:
    other = make_user("other_leader", "分管领导乙", home=cast.bureau)
    give_post(other, cast.city, Role.OFFICE_LEADER)
    campaign = made.submitted_campaign(cast, method=Method.COVERT)

    with pytest.raises(Forbidden, match="只由方案上写明的批准人办理"):
        campaigns.approve(campaign=campaign, by=other, at=AT)


def test_the_database_refuses_a_self_approved_campaign(cast: Cast) -> None:
    campaign = made.draft_campaign(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(approver=cast.clerk)


def test_the_database_refuses_an_end_before_the_start(cast: Cast) -> None:
    campaign = made.draft_campaign(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(ends_on=date(2026, 1, 1))


def test_a_plan_sent_back_is_changed_and_goes_up_again(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)
    campaigns.send_back(campaign=campaign, by=cast.leader, at=AT, reason="范围过大")

    campaigns.revise(
        campaign=campaign,
        plan=made.plan_for(cast, scope="东区", units=[UnitPlan(cast.east_bureau)]),
        expected=campaign.version,
        by=cast.clerk,
        at=AT,
    )
    campaigns.submit(campaign=campaign, by=cast.clerk, at=AT)

    assert (campaign.state, campaign.scope, campaign.units.count()) == (S.SUBMITTED, "东区", 1)


def test_sending_back_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        campaigns.send_back(campaign=made.submitted_campaign(cast), by=cast.leader, at=AT, reason="")


def test_a_plan_that_went_up_is_not_changed(cast: Cast) -> None:
    campaign = made.submitted_campaign(cast)

    with pytest.raises(Refused, match="当前是“待批准”，不能再修改"):
        campaigns.revise(
            campaign=campaign, plan=made.plan_for(cast), expected=campaign.version, by=cast.clerk, at=AT
        )


def test_the_second_to_save_a_plan_overwrites_nothing(cast: Cast) -> None:
    campaign = made.draft_campaign(cast)
    campaigns.revise(
        campaign=campaign, plan=made.plan_for(cast, scope="东区"), expected=1, by=cast.clerk, at=AT
    )
    stale = Campaign.objects.get()

    with pytest.raises(MovedMeanwhile):
        campaigns.revise(
            campaign=stale, plan=made.plan_for(cast, scope="西区"), expected=1, by=cast.second_clerk, at=AT
        )

    assert Campaign.objects.get().scope == "东区"


def test_a_draft_is_discarded_with_a_reason(cast: Cast) -> None:
    campaign = campaigns.discard(
        campaign=made.draft_campaign(cast), by=cast.clerk, at=AT, reason="与上级检查重复"
    )

    assert campaign.state == S.CANCELLED


def test_an_approved_campaign_is_called_off_by_who_approves(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    with pytest.raises(Forbidden):
        campaigns.cancel(campaign=campaign, by=cast.clerk, at=AT, reason="暂缓")

    campaigns.cancel(campaign=campaign, by=cast.leader, at=AT, reason="暂缓")

    assert campaign.state == S.CANCELLED


def test_a_campaign_with_an_unfinished_visit_is_not_called_off(cast: Cast) -> None:
    visit = made.filed_visit(cast)

    with pytest.raises(Refused, match="还有1次检查没有归档或中止，不能取消批次"):
        campaigns.cancel(campaign=visit.campaign, by=cast.leader, at=made.AFTER, reason="暂缓")


def test_a_campaign_ends_with_its_summary(cast: Cast) -> None:
    campaign = made.locked_visit(cast).campaign
    campaigns.report(campaign=campaign, by=cast.clerk, at=made.AFTER)

    campaigns.close(campaign=campaign, by=cast.clerk, at=made.AFTER, reason="检查1家，未发现问题。")

    assert (campaign.state, campaign.outcome) == (S.CLOSED, "检查1家，未发现问题。")


def test_a_campaign_does_not_end_without_a_summary(cast: Cast) -> None:
    campaign = made.locked_visit(cast).campaign
    campaigns.report(campaign=campaign, by=cast.clerk, at=made.AFTER)

    with pytest.raises(Refused, match="须写明理由"):
        campaigns.close(campaign=campaign, by=cast.clerk, at=made.AFTER, reason=" ")


def test_an_active_campaign_does_not_skip_its_summary(cast: Cast) -> None:
    campaign = made.locked_visit(cast).campaign

    with pytest.raises(NotFromHere, match="当前状态是“实施中”"):
        campaigns.close(campaign=campaign, by=cast.clerk, at=made.AFTER, reason="结束")


def test_the_second_visit_of_a_moment_does_not_fail_on_the_start(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    as_the_other_team_saw_it = Campaign.objects.get()
    visits.depart(campaign=campaign, unit=cast.east_bureau, by=cast.team_leader, at=AT)

    visits.depart(campaign=as_the_other_team_saw_it, unit=cast.west, by=cast.inspector, at=AT)

    assert Campaign.objects.get().visits.count() == 2


def test_a_unit_is_once_in_a_campaign(cast: Cast) -> None:
    campaign = made.draft_campaign(cast)
    unit: Unit = campaign.units.all()[0].unit

    with pytest.raises(IntegrityError), transaction.atomic():
        campaign.units.create(unit=unit)
