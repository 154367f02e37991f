"""A covert plan leaves no trace in the audit either, until its first visit sets out."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from conduct.models import AuditEntry
from inspections.actions import visits
from inspections.models import Campaign
from tests.factories.cast import AT, Cast
from tests.factories.inspections import approved_campaign, covert_campaign, forget

pytestmark = pytest.mark.django_db


def read(cast: Cast, **query: str) -> str:
    client = Client()
    client.force_login(cast.auditor)
    return client.get(reverse("people:audit"), query).content.decode()


def start(campaign: Campaign, cast: Cast) -> None:
    forget(cast.team_leader)
    visits.depart(campaign=campaign, unit=cast.east_bureau, by=cast.team_leader, at=AT)


def test_the_auditor_finds_nothing_of_a_covert_plan_before_it_starts(cast: Cast) -> None:
    campaign = covert_campaign(cast)
    assert AuditEntry.objects.filter(subject_id=str(campaign.pk)).exists()

    for page in (read(cast), read(cast, subject_type="inspections.campaign", subject_id=str(campaign.pk))):
        assert "节后暗访" not in page
        assert "送批" not in page and "批准" not in page


def test_once_it_has_started_the_auditor_reads_how_it_came_about(cast: Cast) -> None:
    campaign = covert_campaign(cast)

    start(campaign, cast)

    assert "节后暗访" in read(cast, subject_type="inspections.campaign", subject_id=str(campaign.pk))


def test_an_open_plan_is_in_the_audit_from_the_beginning(cast: Cast) -> None:
    approved_campaign(cast, title="春季作风检查")

    assert "春季作风检查" in read(cast)
