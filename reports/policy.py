"""Who may knock at the doors of reports."""

from __future__ import annotations

from people.doors import PUBLIC, SIGNED_IN, Door, acts, fills, reads
from people.roles import Permission, roles_with

P = Permission

DOORS: dict[str, Door] = {
    "reports:home": SIGNED_IN.taking("GET"),
    "reports:search": reads(P.VISIT_VIEW, P.FINDING_VIEW, P.BULLETIN_VIEW),
    "reports:dashboard": reads(P.FIGURES_VIEW),
    "reports:deadlines": reads(P.FINDING_VIEW),
    "reports:feed_settings": fills(P.FINDING_VIEW).named("日历订阅"),
    "reports:feed": PUBLIC.taking("GET"),
    "reports:case_files": fills(P.MEASURE_VIEW).named("案卷").asking(post="编印案卷"),
    "reports:case_file_pdf": reads(P.MEASURE_VIEW),
    "reports:bulletin_list": reads(P.BULLETIN_VIEW),
    "reports:bulletin_new": fills(P.BULLETIN_DRAFT).named("新拟通报"),
    "reports:bulletin_detail": Door(get=roles_with(P.BULLETIN_VIEW), post=roles_with(P.BULLETIN_DRAFT)).named(
        "通报文稿"
    ),
    "reports:bulletin_move": acts(P.BULLETIN_DRAFT, P.BULLETIN_APPROVE)
    .named("对通报的办理意见")
    .asking(sign="签发通报"),
    "reports:bulletin_pdf": reads(P.BULLETIN_VIEW),
    "reports:correction_list": reads(P.BULLETIN_DRAFT, P.BULLETIN_APPROVE),
    "reports:correction_detail": Door(
        get=roles_with(P.BULLETIN_VIEW, P.FINDING_VIEW), post=roles_with(P.BULLETIN_DRAFT)
    ).named("更正通知文稿"),
    "reports:correction_move": acts(P.BULLETIN_APPROVE).named("对更正的办理意见").asking(sign="签发更正通知"),
    "reports:correction_pdf": reads(P.BULLETIN_VIEW, P.FINDING_VIEW),
    "reports:corrections_of_notice": reads(P.FINDING_VIEW),
    "reports:schedules": fills(P.BULLETIN_DRAFT).named("定期通报设置"),
    "reports:job": reads(P.BULLETIN_DRAFT),
    "reports:job_retry": acts(P.BULLETIN_DRAFT).named("重新办理"),
}
