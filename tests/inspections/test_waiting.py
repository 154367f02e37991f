"""Each person's desk holds what they can do next, and nothing they may not know."""

from __future__ import annotations

import pytest

from inspections.actions import campaigns, signing
from inspections.models import Method
from inspections.queries import waiting
from people.models import User
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast

pytestmark = pytest.mark.django_db


def labels(user: User) -> list[str]:
    made.forget(user)
    return [item.label for item in waiting.for_user(user)]


def test_a_plan_sent_up_waits_for_its_approver(cast: Cast) -> None:
    made.submitted_campaign(cast)

    assert labels(cast.leader) == ["批准检查方案：春季作风检查"]
    assert labels(cast.clerk) == []
    assert [item.label for item in waiting.sent_and_waiting(cast.clerk)] == ["等待批准方案：春季作风检查"]


def test_a_plan_sent_back_waits_for_its_author(cast: Cast) -> None:
    campaigns.send_back(campaign=made.submitted_campaign(cast), by=cast.leader, at=AT, reason="改")

    assert labels(cast.clerk) == ["修改退回的检查方案：春季作风检查"]


def test_units_still_to_visit_wait_for_the_team(cast: Cast) -> None:
    made.approved_campaign(cast)

    assert labels(cast.inspector) == ["到被查单位检查：春季作风检查（3月2日起，还有2家）"]
    assert labels(cast.outside_inspector) == []


def test_sealed_units_wait_for_the_leader_alone(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    assert labels(cast.inspector) == []
    assert labels(cast.team_leader) == ["到被查单位检查：节后暗访（3月2日起，还有2家）"]

    made.filed_visit(cast, campaign=campaign, method=Method.COVERT)

    assert labels(cast.inspector) == ["填完检查记录：东区行政审批局"]


def test_a_complete_record_waits_for_those_who_have_not_signed(cast: Cast) -> None:
    visit = made.recorded_visit(cast)
    signing.sign(visit=visit, expected=visit.version, by=cast.inspector, at=made.AFTER)

    assert "签名：东区行政审批局" not in labels(cast.inspector)
    assert "签名：东区行政审批局" in labels(cast.second_inspector)


def test_a_signed_record_waits_for_its_leader(cast: Cast) -> None:
    made.signed_visit(cast)

    assert "复核检查记录：东区行政审批局" in labels(cast.team_leader)


def test_a_record_sent_back_no_longer_waits_for_review(cast: Cast) -> None:
    visit = made.signed_visit(cast)

    signing.send_back(visit=visit, by=cast.team_leader, at=made.AFTER, reason="改")

    assert "复核检查记录：东区行政审批局" not in labels(cast.team_leader)


def test_a_reviewed_record_waits_for_the_office(cast: Cast) -> None:
    made.reviewed_visit(cast)

    assert labels(cast.clerk) == ["归档检查记录：东区行政审批局"]
    assert labels(cast.auditor) == []
