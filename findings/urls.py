from __future__ import annotations

from django.urls import path

from findings.views import (
    detail,
    history,
    listing,
    notices,
    rectify,
    reviews,
    routes,
    shaping,
    statements,
    triage,
    worklist,
)

app_name = "findings"
urlpatterns = [
    path("", listing.ledger, name="list"),
    path("filters/", listing.filters, name="filters"),
    path("filters/units/", listing.unit_search, name="unit_search"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/set-aside/", worklist.set_aside, name="set_aside"),
    path("worklist/not-taken-up/", worklist.set_aside_list, name="set_aside_list"),
    path("worklist/take-back/", worklist.take_back, name="take_back"),
    path("raise/", worklist.raise_, name="raise"),
    path("merge/", shaping.merge, name="merge"),
    path("routes/", routes.routes, name="routes"),
    path("history/import/", history.history_import, name="history_import"),
    path("history/template/", history.history_template, name="history_template"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/issue/", notices.notice_issue, name="notice_issue"),
    path("notices/<uuid:pk>/", notices.notice_detail, name="notice_detail"),
    path("notices/<uuid:pk>/pdf/", notices.notice_pdf, name="notice_pdf"),
    path("notices/<uuid:pk>/receive/", notices.receive, name="receive"),
    path("attachments/<uuid:pk>/", detail.attachment, name="attachment"),
    path("attachments/<uuid:pk>/remove/", rectify.attachment_remove, name="attachment_remove"),
    path("<uuid:pk>/", detail.detail, name="detail"),
    path("<uuid:pk>/evidence/<uuid:evidence>/", detail.evidence, name="evidence"),
    path("<uuid:pk>/triage/", triage.triage, name="triage"),
    path("<uuid:pk>/split/", shaping.split, name="split"),
    path("<uuid:pk>/move/<str:move>/", triage.move, name="move"),
    path("<uuid:pk>/ask-statement/", statements.ask, name="ask_statement"),
    path("<uuid:pk>/statement/", statements.statement, name="statement"),
    path("<uuid:pk>/hear/", statements.hear, name="hear"),
    path("<uuid:pk>/liaison/", rectify.liaison, name="liaison"),
    path("<uuid:pk>/rectify/", rectify.rectify, name="rectify"),
    path("<uuid:pk>/rectify/sign/", rectify.rectification_sign, name="rectification_sign"),
    path("<uuid:pk>/review/", reviews.review, name="review"),
    path("<uuid:pk>/accept/", reviews.accept, name="accept"),
]
