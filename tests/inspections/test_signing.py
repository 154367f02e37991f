"""A record is signed, reviewed, filed away and corrected by the right people, in that order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from inspections.actions import campaigns, signing, visits
from inspections.actions.campaigns import TeamPlan
from inspections.models import Campaign, Visit, VisitSignature
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast, signed_in

pytestmark = pytest.mark.django_db
S = Visit.State


def test_a_complete_record_cannot_be_saved_again(cast: Cast) -> None:
    visit = made.recorded_visit(cast)

    with pytest.raises(Refused, match="现在是“待签名复核”，不能再修改"):
        visits.write(
            visit=visit, expected=visit.version, record=made.record_of(), by=cast.inspector, at=made.AFTER
        )


def test_one_signature_is_not_enough_for_review(cast: Cast) -> None:
    visit = made.recorded_visit(cast)
    signing.sign(visit=visit, expected=visit.version, by=cast.team_leader, at=made.AFTER)

    with pytest.raises(Refused, match="须有2名以上检查人员签名才能复核，现在有1人签名"):
        signing.review(visit=visit, by=cast.team_leader, at=made.AFTER)


def signed_by_leader_and_one(cast: Cast) -> Visit:
    visit = made.recorded_visit(cast)
    for signer in (cast.team_leader, cast.inspector):
        signing.sign(visit=visit, expected=visit.version, by=signer, at=made.AFTER)
    return visit


def test_the_leaders_own_name_is_not_one_of_the_two_where_others_could_sign(cast: Cast) -> None:
    visit = signed_by_leader_and_one(cast)

    with pytest.raises(Refused, match="除您以外只有1名组员签名"):
        signing.review(visit=visit, by=cast.team_leader, at=made.AFTER)


def test_a_leader_who_says_why_reviews_with_one_other_name(cast: Cast) -> None:
    visit = signed_by_leader_and_one(cast)

    signing.review(visit=visit, by=cast.team_leader, at=made.AFTER, opinion="当天两人到场，乙请假。")

    assert (visit.state, visit.review_opinion) == (Visit.State.REVIEWED, "当天两人到场，乙请假。")


def test_the_page_asks_the_leader_why_and_takes_the_answer(cast: Cast) -> None:
    visit = signed_by_leader_and_one(cast)
    client, move = signed_in(cast.team_leader), reverse("inspections:visit_move", args=[visit.pk, "review"])

    page = client.get(reverse("inspections:visit_detail", args=[visit.pk])).content.decode()
    client.post(move, {"reason": "当天两人到场。"})

    visit.refresh_from_db()
    assert "组长本人签名计入两人的，写明到场情况" in page
    assert (visit.state, visit.review_opinion) == (Visit.State.REVIEWED, "当天两人到场。")


def test_a_team_of_two_signs_and_its_leader_reviews(cast: Cast) -> None:
    pair = [TeamPlan("第一组", cast.team_leader, [cast.team_leader, cast.inspector])]
    visit = made.recorded_visit(cast, campaign=made.approved_campaign(cast, teams=pair))
    for signer in (cast.team_leader, cast.inspector):
        signing.sign(visit=visit, expected=visit.version, by=signer, at=made.AFTER)

    signing.review(visit=visit, by=cast.team_leader, at=made.AFTER)

    assert visit.state == Visit.State.REVIEWED


def test_nobody_signs_twice(cast: Cast) -> None:
    visit = made.signed_visit(cast)

    with pytest.raises(Refused, match="已经在这份记录上签过名"):
        signing.sign(visit=visit, expected=visit.version, by=cast.inspector, at=made.AFTER)

    assert VisitSignature.objects.count() == 2


def test_a_stranger_does_not_sign(cast: Cast) -> None:
    visit = made.recorded_visit(cast)

    with pytest.raises(Refused, match="只有本次检查的检查人员可以签名"):
        signing.sign(visit=visit, expected=visit.version, by=cast.outside_inspector, at=made.AFTER)


def test_whoever_looks_at_an_older_record_does_not_sign_it(cast: Cast) -> None:
    visit = made.recorded_visit(cast)

    with pytest.raises(MovedMeanwhile, match="不是最新内容"):
        signing.sign(visit=visit, expected=visit.version - 1, by=cast.inspector, at=made.AFTER)


def test_sending_back_voids_the_signatures(cast: Cast) -> None:
    visit = made.signed_visit(cast)
    signing.send_back(visit=visit, by=cast.team_leader, at=made.AFTER, reason="缺少窗口编号")
    visits.complete(visit=visit, expected=visit.version, by=cast.inspector, at=made.AFTER)

    with pytest.raises(Refused, match="现在有0人签名"):
        signing.review(visit=visit, by=cast.team_leader, at=made.AFTER)


def test_a_record_changed_behind_the_signatures_is_not_reviewed(cast: Cast) -> None:
    visit = made.signed_visit(cast)
    Visit.objects.filter(pk=visit.pk).update(place="别处")
    visit.refresh_from_db()

    with pytest.raises(Refused, match="现在有0人签名"):
        signing.review(visit=visit, by=cast.team_leader, at=made.AFTER)


def test_sending_back_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        signing.send_back(visit=made.signed_visit(cast), by=cast.team_leader, at=made.AFTER, reason=" ")


def test_only_the_leader_of_the_team_reviews(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="只有本组组长"):
        signing.review(visit=made.signed_visit(cast), by=cast.inspector, at=made.AFTER)


def test_only_the_leader_of_the_team_sends_back(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="只有本组组长"):
        signing.send_back(visit=made.signed_visit(cast), by=cast.inspector, at=made.AFTER, reason="缺编号")


def test_the_office_files_a_reviewed_record_away(cast: Cast) -> None:
    visit = made.locked_visit(cast, made.seen_playing())

    assert (visit.state, visit.locked_at, visit.reviewed_by) == (S.LOCKED, made.AFTER, cast.team_leader)


def test_an_inspector_does_not_file_away(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        signing.lock(visit=made.reviewed_visit(cast), by=cast.inspector, at=made.AFTER)


def test_a_record_is_not_filed_away_before_review(cast: Cast) -> None:
    with pytest.raises(NotFromHere, match="待签名复核"):
        signing.lock(visit=made.signed_visit(cast), by=cast.clerk, at=made.AFTER)


def test_a_locked_record_takes_a_correction_note(cast: Cast) -> None:
    visit = made.locked_visit(cast)

    note = signing.correct(visit=visit, text="窗口编号应为4号。", by=cast.inspector, at=made.AFTER)

    assert list(visit.corrections.all()) == [note]


def test_an_unlocked_record_takes_none(cast: Cast) -> None:
    with pytest.raises(Refused, match="归档以后才用更正记录"):
        signing.correct(visit=made.signed_visit(cast), text="更正", by=cast.inspector, at=made.AFTER)


def test_an_empty_correction_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="请写明哪里有误"):
        signing.correct(visit=made.locked_visit(cast), text=" ", by=cast.inspector, at=made.AFTER)


def test_a_stranger_adds_no_correction(cast: Cast) -> None:
    with pytest.raises(Refused, match="可以添加更正记录"):
        signing.correct(visit=made.locked_visit(cast), text="更正", by=cast.outside_inspector, at=made.AFTER)


def test_a_visit_is_broken_off_with_a_reason(cast: Cast) -> None:
    visit = made.filed_visit(cast)

    visits.abort(visit=visit, by=cast.inspector, at=made.AFTER, reason="单位临时停电")

    assert visit.state == S.ABORTED


def test_a_visit_is_not_broken_off_without_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        visits.abort(visit=made.filed_visit(cast), by=cast.inspector, at=made.AFTER, reason="")


@pytest.mark.parametrize(("days", "why"), [(-1, "还没有开始"), (12, "已经结束")])
def test_nobody_sets_out_on_a_day_no_visit_can_be_filed(cast: Cast, days: int, why: str) -> None:
    campaign = made.covert_campaign(cast)

    with pytest.raises(Refused, match=why):
        visits.depart(
            campaign=campaign, unit=cast.west, by=cast.team_leader, at=made.AFTER + timedelta(days=days)
        )

    campaign.refresh_from_db()
    assert (campaign.state, Visit.objects.count()) == (Campaign.State.APPROVED, 0)


@pytest.mark.parametrize("days", [0, 11])
def test_a_team_sets_out_from_the_first_day_to_the_last(cast: Cast, days: int) -> None:
    campaign = made.covert_campaign(cast)

    visits.depart(
        campaign=campaign, unit=cast.west, by=cast.team_leader, at=made.AFTER + timedelta(days=days)
    )

    assert Visit.objects.get().state == Visit.State.DEPARTED


def test_setting_out_and_arriving_are_two_steps(cast: Cast) -> None:
    campaign = made.approved_campaign(cast)
    visit = visits.depart(campaign=campaign, unit=cast.west, by=cast.team_leader, at=AT)
    assert visit.state == S.DEPARTED

    visits.write(
        visit=visit, expected=visit.version, record=made.record_of(), by=cast.inspector, at=made.AFTER
    )

    assert visit.state == S.ON_SITE


def test_the_field_work_ends_when_every_visit_is_filed(cast: Cast) -> None:
    visit = made.filed_visit(cast)
    campaign = visit.campaign
    with pytest.raises(Refused, match="还有1次检查没有归档或中止，不能转入汇总"):
        campaigns.report(campaign=campaign, by=cast.clerk, at=made.AFTER)
    visits.abort(visit=visit, by=cast.inspector, at=made.AFTER, reason="停电")

    campaigns.report(campaign=campaign, by=cast.clerk, at=made.AFTER)

    assert campaign.state == Campaign.State.REPORTING
