"""Who may knock at the doors of people, and at the few that belong to no floor."""

from __future__ import annotations

from people.doors import OWN_SECRET, PUBLIC, SIGNED_IN, Door, acts, fills, reads
from people.roles import Permission as P

DOORS: dict[str, Door] = {
    "login": PUBLIC,
    "sign_in_code": PUBLIC,
    "logout": OWN_SECRET.taking("POST"),
    "password_change": OWN_SECRET,
    "password_change_done": SIGNED_IN.taking("GET"),
    "people:healthz": PUBLIC.taking("GET"),
    "people:readyz": PUBLIC.taking("GET"),
    "people:setup": PUBLIC,
    "people:office": fills(P.OFFICE_EDIT).named("机关名称"),
    "people:units": reads(P.UNITS_EDIT),
    "people:unit_new": fills(P.UNITS_EDIT).named("新单位"),
    "people:unit_detail": fills(P.UNITS_EDIT).named("单位资料"),
    "people:unit_import": fills(P.UNITS_EDIT).named("单位名单"),
    "people:unit_template": reads(P.UNITS_EDIT),
    "people:unit_search": reads(P.UNITS_VIEW),
    "people:accounts": reads(P.ACCOUNTS_EDIT),
    "people:account_new": fills(P.ACCOUNTS_EDIT).named("新账号"),
    "people:account_detail": fills(P.ACCOUNTS_EDIT).named("账号资料"),
    "people:account_switch": acts(P.ACCOUNTS_EDIT).named("停用或启用账号"),
    "people:account_reset": acts(P.ACCOUNTS_EDIT).named("重置密码"),
    "people:user_search": reads(P.PEOPLE_VIEW, P.AUDIT_READ),
    "people:posts": reads(P.ROLES_EDIT),
    "people:post_new": fills(P.ROLES_EDIT).named("岗位授权").asking(post="提请授予岗位"),
    "people:post_end": fills(P.ROLES_EDIT).named("终止岗位").asking(post="提请终止岗位"),
    "people:post_changes": reads(P.POSTS_DECIDE),
    "people:post_change": reads(P.POSTS_DECIDE),
    "people:post_change_decide": acts(P.POSTS_DECIDE)
    .named("对岗位变动的意见")
    .asking(confirm="确认岗位变动", refuse="不同意岗位变动"),
    "people:calendar": reads(P.CALENDAR_EDIT),
    "people:calendar_year": fills(P.CALENDAR_EDIT).named("工作日历"),
    "people:calendar_import": fills(P.CALENDAR_EDIT).named("工作日历"),
    "people:calendar_template": reads(P.CALENDAR_EDIT),
    "people:jobs": reads(P.JOBS_VIEW),
    "people:job_detail": reads(P.JOBS_VIEW),
    "people:job_retry": acts(P.JOBS_VIEW).named("重新办理"),
    "people:messages": SIGNED_IN.taking("GET"),
    "people:message": SIGNED_IN.taking("GET"),
    "people:message_count": SIGNED_IN.taking("GET"),
    "people:messages_read": SIGNED_IN.taking("POST").named("消息的已读标记"),
    "people:message_settings": OWN_SECRET,
    "people:message_trial": SIGNED_IN.taking("POST").named("测试消息"),
    "people:deliveries": reads(P.JOBS_VIEW),
    "people:delivery_retry": acts(P.JOBS_VIEW).named("重新投递"),
    "people:recoveries": reads(P.RECOVERY_ASK, P.RECOVERY_DECIDE),
    "people:recovery_new": fills(P.RECOVERY_ASK).named("解绑动态口令的申请"),
    "people:recovery_detail": reads(P.RECOVERY_ASK, P.RECOVERY_DECIDE),
    "people:recovery_decide": acts(P.RECOVERY_DECIDE)
    .named("对解绑申请的意见")
    .asking(confirm="确认解绑动态口令", refuse="不同意解绑动态口令"),
    "people:sittings": OWN_SECRET,
    "people:second_factor": OWN_SECRET,
    "people:second_factor_change": OWN_SECRET.taking("POST").asking(post="更换动态口令"),
    "people:held": OWN_SECRET,
    "people:give_code": OWN_SECRET,
    "people:audit": reads(P.AUDIT_READ),
    "people:reads": reads(P.AUDIT_READ),
    "people:chain": reads(P.AUDIT_READ),
    "people:chain_verify": acts(P.AUDIT_READ).named("核验申请"),
}
