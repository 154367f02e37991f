"""Who may knock at the doors of findings."""

from __future__ import annotations

from people.doors import Door, acts, answers, fills, reads
from people.roles import OFFICE_ROLES, roles_with
from people.roles import Permission as P

DOORS: dict[str, Door] = {
    "findings:list": reads(P.FINDING_VIEW),
    "findings:filters": reads(P.FINDING_VIEW),
    "findings:unit_search": reads(P.FINDING_VIEW),
    "findings:columns": fills(P.FINDING_VIEW).named("台账的列"),
    "findings:exports": fills(P.FINDING_VIEW).named("台账导出"),
    "findings:export": reads(P.FINDING_VIEW),
    "findings:export_xlsx": reads(P.FINDING_VIEW).asking(get="导出问题台账"),
    "findings:views": fills(P.FINDING_VIEW).named("台账视图"),
    "findings:view": reads(P.FINDING_VIEW),
    "findings:view_drop": acts(P.FINDING_VIEW).named("删除台账视图"),
    "findings:print": reads(P.FINDING_VIEW),
    "findings:worklist": reads(P.FINDING_TRIAGE),
    "findings:set_aside": acts(P.FINDING_TRIAGE).named("不列入问题的理由"),
    "findings:set_aside_list": reads(P.FINDING_TRIAGE),
    "findings:take_back": acts(P.FINDING_TRIAGE).named("恢复待研判的理由"),
    "findings:raise": fills(P.FINDING_TRIAGE).named("问题"),
    "findings:merge": fills(P.FINDING_TRIAGE).named("合并问题"),
    "findings:routes": fills(P.STANDARDS_EDIT).named("整改时限"),
    "findings:batch_confirm": fills(P.FINDING_CONFIRM).named("成批认定"),
    "findings:batch_issue": fills(P.NOTICE_ISSUE).named("成批整改通知书").asking(post="成批发出整改通知书"),
    "findings:batch_receive": fills(P.NOTICE_RECEIVE).named("成批签收"),
    "findings:batch_pass": fills(P.RECTIFICATION_REVIEW).named("成批审核意见"),
    "findings:batch_close": fills(P.FINDING_CLOSE).named("成批销号").asking(post="成批销号"),
    "findings:history_import": fills(P.HISTORY_IMPORT).named("历史补录文件"),
    "findings:history_template": reads(P.HISTORY_IMPORT),
    "findings:ledger_import": fills(P.HISTORY_IMPORT).named("单位台账文件"),
    "findings:ledger_template": reads(P.HISTORY_IMPORT),
    "findings:notice_list": reads(P.FINDING_VIEW),
    "findings:notice_issue": fills(P.NOTICE_ISSUE).named("整改通知书").asking(post="发出整改通知书"),
    "findings:notice_detail": reads(P.FINDING_VIEW),
    "findings:notice_pdf": reads(P.FINDING_VIEW),
    "findings:receive": acts(P.NOTICE_RECEIVE).named("整改通知签收"),
    "findings:attachment": reads(P.FINDING_VIEW),
    "findings:attachment_remove": acts(P.RECTIFICATION_DRAFT).named("移除附件"),
    "findings:detail": reads(P.FINDING_VIEW),
    "findings:evidence": reads(P.FINDING_VIEW),
    "findings:terms": reads(P.FINDING_VIEW),
    "findings:story": reads(P.FINDING_VIEW),
    # Named as any other step: a form kept for its author is listed by this name.
    "findings:lead": fills(P.LEAD_MARK).named("对问题的办理意见"),
    "findings:lead_list": reads(P.LEAD_MARK),
    "findings:extension_ask": fills(P.RECTIFICATION_SIGN).named("延期申请"),
    "findings:extension": answers(P.FINDING_VIEW, P.EXTENSION_GRANT)
    .named("对延期申请的批复")
    .asking(post="批复延期申请"),
    "findings:object": fills(P.RECTIFICATION_SIGN).named("异议"),
    "findings:objection": answers(P.FINDING_VIEW, P.OBJECTION_DECIDE)
    .named("对异议的答复")
    .asking(post="答复异议"),
    "findings:objection_evidence": reads(P.FINDING_VIEW),
    "findings:triage": fills(P.FINDING_TRIAGE).named("问题研判"),
    "findings:split": fills(P.FINDING_TRIAGE).named("拆分问题"),
    "findings:move": acts(P.FINDING_TRIAGE, P.FINDING_CONFIRM, P.FINDING_CLOSE)
    .named("对问题的办理意见")
    .asking(close="销号"),
    "findings:ask_statement": acts(P.FINDING_TRIAGE).named("请单位陈述"),
    "findings:statement": fills(P.STATEMENT_GIVE).named("陈述意见"),
    "findings:hear": fills(P.FINDING_TRIAGE).named("听取陈述的意见"),
    "findings:liaison": acts(P.RECTIFICATION_SIGN).named("整改联络员"),
    "findings:rectify": fills(P.RECTIFICATION_DRAFT).named("整改报告"),
    "findings:rectification_sign": fills(P.RECTIFICATION_SIGN)
    .named("整改报告签字")
    .asking(post="签字提交整改报告"),
    "findings:plan": reads(P.FINDING_VIEW),
    "findings:plan_edit": fills(P.RECTIFICATION_DRAFT).named("整改方案"),
    "findings:plan_move": acts(P.RECTIFICATION_SIGN, P.RECTIFICATION_REVIEW).named("整改方案的办理意见"),
    "findings:item_done": fills(P.RECTIFICATION_DRAFT).named("整改措施完成情况"),
    "findings:item_attachment": reads(P.FINDING_VIEW),
    "findings:progress": Door(
        get=roles_with(P.FINDING_VIEW), post=roles_with(P.RECTIFICATION_DRAFT), form="进度报告"
    ),
    "findings:part_list": reads(P.NOTICE_RECEIVE, P.RECTIFICATION_DRAFT),
    "findings:part_add": fills(P.NOTICE_ISSUE).named("协办事项"),
    "findings:part": Door(
        get=roles_with(P.FINDING_VIEW), post=roles_with(P.RECTIFICATION_SIGN), form="协办答复"
    ),
    "findings:part_move": acts(P.RECTIFICATION_REVIEW, P.NOTICE_ISSUE).named("对协办答复的意见"),
    "findings:part_attachment": reads(P.FINDING_VIEW),
    "findings:transfer_ask": fills(P.NOTICE_RECEIVE).named("不属本单位职责的理由"),
    "findings:transfer": reads(P.FINDING_VIEW),
    "findings:transfer_move": acts(P.NOTICE_ISSUE, P.NOTICE_RECEIVE)
    .named("对退回申请的答复")
    .asking(grant="改派并发出整改通知书"),
    "findings:supervision_list": Door(get=OFFICE_ROLES),
    "findings:supervision": reads(P.FINDING_VIEW),
    "findings:supervision_pdf": reads(P.FINDING_VIEW),
    "findings:supervision_move": acts(P.SUPERVISION_SIGN, P.NOTICE_ISSUE)
    .named("对督办文书的意见")
    .asking(sign="签发督办文书"),
    "findings:review": fills(P.RECTIFICATION_REVIEW).named("整改报告审核意见"),
    "findings:accept": fills(P.FINDING_ACCEPT).named("验收意见").asking(post="签署验收意见"),
    "findings:revisit": reads(P.FINDING_CONFIRM, P.FINDING_CLOSE),
    "findings:revisit_move": acts(P.FINDING_CONFIRM, P.FINDING_CLOSE).named("对问题的办理意见"),
    "findings:pair_photo": reads(P.FINDING_VIEW),
}
