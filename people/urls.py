from __future__ import annotations

from django.urls import URLPattern, path

from .views import health

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
