"""Who may knock at the doors of findings."""

from __future__ import annotations

from people.doors import Door, acts, fills, reads
from people.roles import Permission as P

DOORS: dict[str, Door] = {
    "findings:list": reads(P.FINDING_VIEW),
    "findings:filters": reads(P.FINDING_VIEW),
    "findings:worklist": reads(P.FINDING_TRIAGE),
    "findings:set_aside": acts(P.FINDING_TRIAGE),
    "findings:set_aside_list": reads(P.FINDING_TRIAGE),
    "findings:take_back": acts(P.FINDING_TRIAGE),
    "findings:raise": fills(P.FINDING_TRIAGE),
    "findings:merge": fills(P.FINDING_TRIAGE),
    "findings:routes": fills(P.STANDARDS_EDIT),
    "findings:history_import": fills(P.HISTORY_IMPORT),
    "findings:history_template": reads(P.HISTORY_IMPORT),
    "findings:notice_list": reads(P.FINDING_VIEW),
    "findings:notice_issue": fills(P.NOTICE_ISSUE),
    "findings:notice_detail": reads(P.FINDING_VIEW),
    "findings:notice_pdf": reads(P.FINDING_VIEW),
    "findings:receive": acts(P.NOTICE_RECEIVE),
    "findings:attachment": reads(P.FINDING_VIEW),
    "findings:attachment_remove": acts(P.RECTIFICATION_DRAFT),
    "findings:detail": reads(P.FINDING_VIEW),
    "findings:evidence": reads(P.FINDING_VIEW),
    "findings:triage": fills(P.FINDING_TRIAGE),
    "findings:split": fills(P.FINDING_TRIAGE),
    "findings:move": acts(P.FINDING_TRIAGE, P.FINDING_CONFIRM, P.FINDING_CLOSE),
    "findings:ask_statement": acts(P.FINDING_TRIAGE),
    "findings:statement": fills(P.STATEMENT_GIVE),
    "findings:hear": fills(P.FINDING_TRIAGE),
    "findings:liaison": acts(P.RECTIFICATION_SIGN),
    "findings:rectify": fills(P.RECTIFICATION_DRAFT),
    "findings:rectification_sign": fills(P.RECTIFICATION_SIGN),
    "findings:review": fills(P.RECTIFICATION_REVIEW),
    "findings:accept": fills(P.FINDING_ACCEPT),
}
