"""Who may knock at the doors of people, and at the few that belong to no floor."""

from __future__ import annotations

from people.doors import PUBLIC, SIGNED_IN, Door, acts, fills, reads
from people.roles import Permission as P

DOORS: dict[str, Door] = {
    "login": PUBLIC,
    "logout": SIGNED_IN,
    "password_change": SIGNED_IN,
    "password_change_done": SIGNED_IN,
    "people:healthz": PUBLIC,
    "people:readyz": PUBLIC,
    "people:setup": PUBLIC,
    "people:office": fills(P.OFFICE_EDIT),
    "people:units": reads(P.UNITS_EDIT),
    "people:unit_new": fills(P.UNITS_EDIT),
    "people:unit_detail": fills(P.UNITS_EDIT),
    "people:unit_import": fills(P.UNITS_EDIT),
    "people:unit_template": reads(P.UNITS_EDIT),
    "people:unit_search": reads(P.UNITS_VIEW),
    "people:accounts": reads(P.ACCOUNTS_EDIT),
    "people:account_new": fills(P.ACCOUNTS_EDIT),
    "people:account_detail": fills(P.ACCOUNTS_EDIT),
    "people:account_switch": acts(P.ACCOUNTS_EDIT),
    "people:account_reset": acts(P.ACCOUNTS_EDIT),
    "people:user_search": reads(P.PEOPLE_VIEW, P.AUDIT_READ),
    "people:posts": reads(P.ROLES_EDIT),
    "people:post_new": fills(P.ROLES_EDIT),
    "people:post_end": fills(P.ROLES_EDIT),
    "people:calendar": reads(P.CALENDAR_EDIT),
    "people:calendar_year": fills(P.CALENDAR_EDIT),
    "people:calendar_import": fills(P.CALENDAR_EDIT),
    "people:calendar_template": reads(P.CALENDAR_EDIT),
    "people:jobs": reads(P.JOBS_VIEW),
    "people:job_detail": reads(P.JOBS_VIEW),
    "people:job_retry": acts(P.JOBS_VIEW),
    "people:audit": reads(P.AUDIT_READ),
}
