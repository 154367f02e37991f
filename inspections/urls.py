from __future__ import annotations

from django.urls import path

from .views import campaigns, filing, papers, plans, rule_lists, standards, visits

app_name = "inspections"
urlpatterns = [
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/new/", plans.campaign_new, name="campaign_new"),
    path("campaigns/search/", campaigns.campaign_search, name="campaign_search"),
    path("campaigns/units/", plans.campaign_units, name="campaign_units"),
    path("campaigns/<uuid:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<uuid:pk>/edit/", plans.campaign_edit, name="campaign_edit"),
    path("campaigns/<uuid:pk>/<slug:move>/", campaigns.campaign_move, name="campaign_move"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/new/", filing.visit_new, name="visit_new"),
    path("visits/depart/", filing.visit_depart, name="visit_depart"),
    path("visits/<uuid:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<uuid:pk>/edit/", filing.visit_edit, name="visit_edit"),
    path("visits/<uuid:pk>/sign/", visits.visit_sign, name="visit_sign"),
    path("visits/<uuid:pk>/correct/", visits.visit_correct, name="visit_correct"),
    path("visits/<uuid:pk>/sheet/", papers.visit_sheet, name="visit_sheet"),
    path("visits/<uuid:pk>/<slug:move>/", visits.visit_move, name="visit_move"),
    path("photos/<uuid:pk>/", papers.visit_photo, name="visit_photo"),
    path("photos/<uuid:pk>/small/", papers.visit_thumb, name="visit_thumb"),
    path("indicators/", standards.indicator_search, name="indicator_search"),
    path("standards/", standards.standards, name="standards"),
    path("standards/<slug:scheme>/publish/", standards.standards_publish, name="standards_publish"),
    path("standards/<slug:scheme>/export/", standards.standards_export, name="standards_export"),
    path("rules/import/", rule_lists.rules_import, name="rules_import"),
    path("rules/template/", rule_lists.rules_template, name="rules_template"),
]
