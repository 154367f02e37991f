from __future__ import annotations

from django.urls import URLPattern, path

from .views import accounts, audit, calendar, health, imports, jobs, office, posts, setup, units

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("setup/", setup.setup, name="setup"),
    path("office/", office.edit, name="office"),
    path("units/", units.listing, name="units"),
    path("units/new/", units.new, name="unit_new"),
    path("units/search/", units.search, name="unit_search"),
    path("units/import/", imports.units, name="unit_import"),
    path("units/import/template.xlsx", imports.unit_template, name="unit_template"),
    path("units/<int:pk>/", units.detail, name="unit_detail"),
    path("accounts/", accounts.listing, name="accounts"),
    path("accounts/new/", accounts.new, name="account_new"),
    path("accounts/search/", accounts.search, name="user_search"),
    path("accounts/<int:pk>/", accounts.detail, name="account_detail"),
    path("accounts/<int:pk>/switch/", accounts.switch, name="account_switch"),
    path("accounts/<int:pk>/reset/", accounts.reset, name="account_reset"),
    path("posts/", posts.listing, name="posts"),
    path("posts/new/", posts.new, name="post_new"),
    path("posts/<int:pk>/", posts.end, name="post_end"),
    path("calendar/", calendar.listing, name="calendar"),
    path("calendar/import/", imports.calendar, name="calendar_import"),
    path("calendar/import/template.xlsx", imports.calendar_template, name="calendar_template"),
    path("calendar/<int:year>/", calendar.year, name="calendar_year"),
    path("jobs/", jobs.listing, name="jobs"),
    path("jobs/<uuid:pk>/", jobs.detail, name="job_detail"),
    path("jobs/<uuid:pk>/retry/", jobs.retry, name="job_retry"),
    path("audit/", audit.listing, name="audit"),
]
