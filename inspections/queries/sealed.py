"""Covert plans that have not started: what even the audit shows to nobody yet."""

from __future__ import annotations

from inspections.models import Campaign, Method, Visit


def subjects() -> dict[str, list[str]]:
    """{subject type: ids} of covert campaigns before their first visit, and of covert visits not yet set out for."""
    campaigns = Campaign.objects.filter(
        method=Method.COVERT, started_at__isnull=True, is_historical=False
    ).exclude(state=Campaign.State.CANCELLED)
    visits = Visit.objects.filter(
        campaign__method=Method.COVERT, departed_at__isnull=True, is_historical=False
    ).exclude(state=Visit.State.ABORTED)
    return {
        "inspections.campaign": [str(pk) for pk in campaigns.values_list("pk", flat=True)],
        "inspections.visit": [str(pk) for pk in visits.values_list("pk", flat=True)],
    }
