"""Who is what, and what each may do: readable lists, no Django. people.access answers with them."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    CAMPAIGN_VIEW = "campaign_view"
    CAMPAIGN_PLAN = "campaign_plan"
    CAMPAIGN_APPROVE = "campaign_approve"
    VISIT_VIEW = "visit_view"
    VISIT_FILE = "visit_file"
    VISIT_REVIEW = "visit_review"
    VISIT_LOCK = "visit_lock"
    VISIT_CORRECT = "visit_correct"
    FINDING_VIEW = "finding_view"
    FINDING_TRIAGE = "finding_triage"
    FINDING_CONFIRM = "finding_confirm"
    NOTICE_ISSUE = "notice_issue"
    NOTICE_RECEIVE = "notice_receive"
    STATEMENT_GIVE = "statement_give"
    RECTIFICATION_DRAFT = "rectification_draft"
    RECTIFICATION_SIGN = "rectification_sign"
    RECTIFICATION_REVIEW = "rectification_review"
    FINDING_ACCEPT = "finding_accept"
    FINDING_CLOSE = "finding_close"
    MEASURE_VIEW = "measure_view"
    MEASURE_RECORD = "measure_record"
    MEASURE_NAMES = "measure_names"
    LEAD_MARK = "lead_mark"
    EXTENSION_GRANT = "extension_grant"
    EXTENSION_GRANT_AGAIN = "extension_grant_again"
    OBJECTION_DECIDE = "objection_decide"
    SUPERVISION_SIGN = "supervision_sign"
    FIGURES_VIEW = "figures_view"
    BULLETIN_VIEW = "bulletin_view"
    BULLETIN_DRAFT = "bulletin_draft"
    BULLETIN_APPROVE = "bulletin_approve"
    STANDARDS_VIEW = "standards_view"
    STANDARDS_EDIT = "standards_edit"
    HISTORY_IMPORT = "history_import"
    CALENDAR_EDIT = "calendar_edit"
    OFFICE_EDIT = "office_edit"
    UNITS_VIEW = "units_view"
    UNITS_EDIT = "units_edit"
    PEOPLE_VIEW = "people_view"
    ACCOUNTS_EDIT = "accounts_edit"
    ROLES_EDIT = "roles_edit"
    POSTS_DECIDE = "posts_decide"
    RECOVERY_ASK = "recovery_ask"
    RECOVERY_DECIDE = "recovery_decide"
    JOBS_VIEW = "jobs_view"
    AUDIT_READ = "audit_read"


class Role(StrEnum):
    INSPECTOR = "inspector"
    TEAM_LEADER = "team_leader"
    OFFICE_CLERK = "office_clerk"
    OFFICE_LEADER = "office_leader"
    UNIT_HEAD = "unit_head"
    UNIT_LIAISON = "unit_liaison"
    READING_LEADER = "reading_leader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


ROLE_NAMES: dict[Role, str] = {
    Role.INSPECTOR: "检查人员",
    Role.TEAM_LEADER: "检查组组长",
    Role.OFFICE_CLERK: "督查办经办",
    Role.OFFICE_LEADER: "督查办分管领导",
    Role.UNIT_HEAD: "单位主要负责人",
    Role.UNIT_LIAISON: "单位联络员",
    Role.READING_LEADER: "领导（只读）",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计员",
}

P = Permission

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.INSPECTOR: frozenset(
        {P.CAMPAIGN_VIEW, P.VISIT_VIEW, P.VISIT_FILE, P.VISIT_CORRECT, P.STANDARDS_VIEW}
    ),
    Role.TEAM_LEADER: frozenset(
        {P.CAMPAIGN_VIEW, P.VISIT_VIEW, P.VISIT_FILE, P.VISIT_CORRECT, P.VISIT_REVIEW, P.STANDARDS_VIEW}
    ),
    Role.OFFICE_CLERK: frozenset(
        {
            P.CAMPAIGN_VIEW,
            P.CAMPAIGN_PLAN,
            P.VISIT_VIEW,
            P.VISIT_LOCK,
            P.VISIT_CORRECT,
            P.FINDING_VIEW,
            P.FINDING_TRIAGE,
            P.FINDING_CONFIRM,
            P.NOTICE_ISSUE,
            P.RECTIFICATION_REVIEW,
            P.FINDING_ACCEPT,
            P.FINDING_CLOSE,
            P.MEASURE_VIEW,
            P.MEASURE_RECORD,
            P.EXTENSION_GRANT,
            P.OBJECTION_DECIDE,
            P.FIGURES_VIEW,
            P.BULLETIN_VIEW,
            P.BULLETIN_DRAFT,
            P.STANDARDS_VIEW,
            P.STANDARDS_EDIT,
            P.HISTORY_IMPORT,
            P.CALENDAR_EDIT,
            P.UNITS_VIEW,
            P.PEOPLE_VIEW,
        }
    ),
    Role.OFFICE_LEADER: frozenset(
        {
            P.CAMPAIGN_VIEW,
            P.CAMPAIGN_APPROVE,
            P.VISIT_VIEW,
            P.VISIT_LOCK,
            P.FINDING_VIEW,
            P.FINDING_CONFIRM,
            P.NOTICE_ISSUE,
            P.RECTIFICATION_REVIEW,
            P.FINDING_ACCEPT,
            P.FINDING_CLOSE,
            P.MEASURE_VIEW,
            P.MEASURE_NAMES,
            P.LEAD_MARK,
            P.SUPERVISION_SIGN,
            P.EXTENSION_GRANT,
            P.EXTENSION_GRANT_AGAIN,
            P.OBJECTION_DECIDE,
            P.FIGURES_VIEW,
            P.BULLETIN_VIEW,
            P.BULLETIN_DRAFT,
            P.BULLETIN_APPROVE,
            P.STANDARDS_VIEW,
            P.UNITS_VIEW,
            P.POSTS_DECIDE,
            P.RECOVERY_DECIDE,
        }
    ),
    Role.UNIT_HEAD: frozenset(
        {P.FINDING_VIEW, P.NOTICE_RECEIVE, P.STATEMENT_GIVE, P.RECTIFICATION_DRAFT, P.RECTIFICATION_SIGN}
    ),
    Role.UNIT_LIAISON: frozenset({P.FINDING_VIEW, P.RECTIFICATION_DRAFT}),
    Role.READING_LEADER: frozenset({P.FINDING_VIEW, P.FIGURES_VIEW, P.BULLETIN_VIEW}),
    Role.SYSTEM_ADMIN: frozenset(
        {
            P.ACCOUNTS_EDIT,
            P.OFFICE_EDIT,
            P.UNITS_EDIT,
            P.UNITS_VIEW,
            P.PEOPLE_VIEW,
            P.CALENDAR_EDIT,
            P.JOBS_VIEW,
            P.POSTS_DECIDE,
            P.RECOVERY_ASK,
            P.RECOVERY_DECIDE,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {P.ROLES_EDIT, P.POSTS_DECIDE, P.RECOVERY_ASK, P.UNITS_VIEW, P.PEOPLE_VIEW}
    ),
    Role.AUDITOR: frozenset({P.AUDIT_READ}),
}

# What the head of a unit does in person: not for a unit below that has a head of its own.
IN_PERSON = frozenset({P.NOTICE_RECEIVE, P.STATEMENT_GIVE, P.RECTIFICATION_SIGN})

# What the unit answering for a finding sees it by: never drafts, leads or another unit's matter.
UNIT_ROLES = frozenset({Role.UNIT_HEAD, Role.UNIT_LIAISON})
OFFICE_ROLES = frozenset({Role.OFFICE_CLERK, Role.OFFICE_LEADER})
FIELD_ROLES = frozenset({Role.INSPECTOR, Role.TEAM_LEADER})
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


def roles_with(*permissions: Permission) -> frozenset[Role]:
    """The roles that hold at least one of the permissions."""
    return frozenset(role for role, grants in GRANTS.items() if grants & set(permissions))
