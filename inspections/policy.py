"""Who may knock at the doors of inspections."""

from __future__ import annotations

from people.doors import Door, acts, fills, reads
from people.roles import Permission

P = Permission

DOORS: dict[str, Door] = {
    "inspections:campaign_list": reads(P.CAMPAIGN_VIEW),
    "inspections:campaign_search": reads(P.VISIT_VIEW),
    "inspections:campaign_new": fills(P.CAMPAIGN_PLAN).named("检查方案"),
    "inspections:campaign_units": reads(P.CAMPAIGN_PLAN),
    "inspections:campaign_detail": reads(P.CAMPAIGN_VIEW),
    "inspections:campaign_edit": fills(P.CAMPAIGN_PLAN).named("检查方案"),
    "inspections:campaign_move": acts(P.CAMPAIGN_PLAN, P.CAMPAIGN_APPROVE)
    .named("对检查方案的办理意见")
    .asking(approve="批准检查方案"),
    "inspections:visit_list": reads(P.VISIT_VIEW),
    "inspections:visit_new": fills(P.VISIT_FILE).named("检查记录"),
    "inspections:visit_depart": acts(P.VISIT_FILE).named("出发登记"),
    "inspections:visit_detail": reads(P.VISIT_VIEW),
    "inspections:visit_edit": fills(P.VISIT_FILE).named("检查记录"),
    "inspections:visit_move": acts(P.VISIT_FILE, P.VISIT_REVIEW, P.VISIT_LOCK).named("对检查记录的办理意见"),
    "inspections:visit_sign": acts(P.VISIT_FILE).named("检查记录签名").asking(post="在检查记录上签名"),
    "inspections:visit_correct": acts(P.VISIT_CORRECT).named("检查记录更正"),
    "inspections:visit_sheet": reads(P.VISIT_VIEW),
    "inspections:visit_photo": reads(P.VISIT_VIEW),
    "inspections:visit_thumb": reads(P.VISIT_VIEW),
    "inspections:indicator_search": reads(P.STANDARDS_VIEW),
    "inspections:standards": reads(P.STANDARDS_VIEW),
    "inspections:standards_export": reads(P.STANDARDS_VIEW).asking(get="导出检查标准"),
    "inspections:standards_publish": fills(P.STANDARDS_EDIT).named("检查标准"),
    "inspections:rules_import": fills(P.STANDARDS_EDIT).named("规定清单"),
    "inspections:rules_template": reads(P.STANDARDS_EDIT),
}
