"""Who may knock at the doors of inspections."""

from __future__ import annotations

from people.doors import Door, acts, fills, reads
from people.roles import Permission

P = Permission

DOORS: dict[str, Door] = {
    "inspections:campaign_list": reads(P.CAMPAIGN_VIEW),
    "inspections:campaign_new": fills(P.CAMPAIGN_PLAN),
    "inspections:campaign_units": reads(P.CAMPAIGN_PLAN),
    "inspections:campaign_detail": reads(P.CAMPAIGN_VIEW),
    "inspections:campaign_edit": fills(P.CAMPAIGN_PLAN),
    "inspections:campaign_move": acts(P.CAMPAIGN_PLAN, P.CAMPAIGN_APPROVE),
    "inspections:visit_list": reads(P.VISIT_VIEW),
    "inspections:visit_new": fills(P.VISIT_FILE),
    "inspections:visit_depart": acts(P.VISIT_FILE),
    "inspections:visit_detail": reads(P.VISIT_VIEW),
    "inspections:visit_edit": fills(P.VISIT_FILE),
    "inspections:visit_move": acts(P.VISIT_FILE, P.VISIT_REVIEW, P.VISIT_LOCK),
    "inspections:visit_sign": acts(P.VISIT_FILE),
    "inspections:visit_correct": acts(P.VISIT_CORRECT),
    "inspections:visit_sheet": reads(P.VISIT_VIEW),
    "inspections:visit_photo": reads(P.VISIT_VIEW),
    "inspections:visit_thumb": reads(P.VISIT_VIEW),
    "inspections:indicator_search": reads(P.STANDARDS_VIEW),
    "inspections:standards": reads(P.STANDARDS_VIEW),
    "inspections:standards_export": reads(P.STANDARDS_VIEW),
    "inspections:standards_publish": fills(P.STANDARDS_EDIT),
    "inspections:rules_import": fills(P.STANDARDS_EDIT),
    "inspections:rules_template": reads(P.STANDARDS_EDIT),
}
