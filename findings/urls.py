from __future__ import annotations

from django.urls import path

from findings.views import history

app_name = "findings"
urlpatterns = [
    path("history/import/", history.history_import, name="history_import"),
    path("history/template/", history.history_template, name="history_template"),
]
