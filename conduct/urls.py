"""The roof: where each floor's pages hang."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("people.urls")),
    path("inspections/", include("inspections.urls")),
    path("findings/", include("findings.urls")),
]
