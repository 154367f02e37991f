from __future__ import annotations

from django.urls import path

from reports.views import (
    bulletins,
    case_files,
    corrections,
    dashboard,
    deadlines,
    feeds,
    home,
    jobs,
    schedules,
    search,
)

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/feed/", feeds.settings, name="feed_settings"),
    path("feed/<str:token>.ics", feeds.feed, name="feed"),
    path("case-files/of/<uuid:pk>/", case_files.of_finding, name="case_files"),
    path("case-files/<uuid:pk>/", case_files.pdf, name="case_file_pdf"),
    path("bulletins/", bulletins.bulletin_list, name="bulletin_list"),
    path("bulletins/new/", bulletins.bulletin_new, name="bulletin_new"),
    path("bulletins/schedules/", schedules.schedules, name="schedules"),
    path("bulletins/jobs/<uuid:pk>/", jobs.job, name="job"),
    path("bulletins/jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("bulletins/<uuid:pk>/", bulletins.bulletin_detail, name="bulletin_detail"),
    path("bulletins/<uuid:pk>/pdf/", bulletins.bulletin_pdf, name="bulletin_pdf"),
    path("bulletins/<uuid:pk>/<str:move>/", bulletins.bulletin_move, name="bulletin_move"),
    path("corrections/", corrections.correction_list, name="correction_list"),
    path("corrections/notices/<uuid:pk>/", corrections.of_notice, name="corrections_of_notice"),
    path("corrections/<uuid:pk>/", corrections.correction_detail, name="correction_detail"),
    path("corrections/<uuid:pk>/pdf/", corrections.correction_pdf, name="correction_pdf"),
    path("corrections/<uuid:pk>/<str:move>/", corrections.correction_move, name="correction_move"),
]
