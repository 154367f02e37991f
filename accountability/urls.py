from __future__ import annotations

from django.urls import path

from accountability.views import catalogue, entries, register

app_name = "accountability"
urlpatterns = [
    path("", register.listed, name="list"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("findings/<uuid:pk>/", register.of_finding, name="of_finding"),
    path("findings/<uuid:pk>/record/", entries.record, name="record"),
    path("<uuid:pk>/", register.detail, name="detail"),
    path("<uuid:pk>/name/", register.name, name="name"),
    path("<uuid:pk>/attachment/", register.attachment, name="attachment"),
    path("<uuid:pk>/correct/", entries.correct, name="correct"),
    path("<uuid:pk>/withdraw/", entries.withdraw, name="withdraw"),
]
