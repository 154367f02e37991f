"""The pieces of a case file one by one; what there is none of makes no piece."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from accountability.queries import measures as measure_queries
from conduct import clock
from conduct.dates import cn_date, cn_datetime
from conduct.models import StoredFile
from findings.models import (
    CoUnitFile,
    Extension,
    Finding,
    Notice,
    Objection,
    ObjectionFile,
    PhotoPair,
    PlanItem,
    Progress,
    Rectification,
    RectificationFile,
    RectificationPlan,
    Revisit,
)
from findings.queries import detail
from findings.queries import terms as term_queries
from findings.rules.report import PARTS
from inspections.models import Evidence, Observation
from people import access
from people.models import User
from people.roles import Permission
from reports.papers import BulletinPhoto, FiledPart, FiledTable, Piece

Said = Iterable[tuple[str, object]]


def facts(finding: Finding) -> Piece:
    """What the problem is."""
    said = (
        ("责任单位", finding.unit.name),
        ("科室（窗口）", finding.department),
        ("检查日期", finding.visited_on),
        ("地点", finding.place),
        ("问题分类", finding.category),
        ("情节", finding.get_grade_display() if finding.grade else ""),
        ("所涉规定", finding.rule_item),
        ("涉及人员（岗位）", finding.person_post),
        ("涉及人数", finding.persons or ""),
        ("问题事实", finding.facts),
        ("认定前的表述", finding.earlier_facts),
        ("列出人", finding.raised_by),
        ("认定人", finding.confirmed_by),
        ("认定理由", finding.verdict_reason),
        ("整改要求", finding.requirement),
        ("第几次", finding.occurrence if finding.occurrence > 1 else ""),
    )
    return Piece("问题基本情况", clock.day_of(finding.raised_at), _parts(said))


def records(finding: Finding) -> list[Piece]:
    """What was seen on the visits, with the pictures."""
    rows = Observation.objects.filter(finding_links__finding=finding)
    rows = rows.select_related("visit", "category").order_by("visit__visited_on", "visit", "ordinal")
    pictures = Evidence.objects.filter(observation__in=rows).select_related("file").order_by("added_at", "pk")
    found = []
    for row in rows:
        said = (
            ("所见情况", row.facts),
            ("地点", row.place),
            ("涉及人员（岗位）", row.person_post),
            ("当场处理", row.handled_on_spot),
            ("单位当场说明", row.unit_said),
        )
        own = [_photo(item.file, item.caption) for item in pictures if item.observation_id == row.pk]
        title = f"现场记录（{row.category.name}）" if row.category else "现场记录"
        found.append(Piece(title, row.visit.visited_on, _parts(said), photos=tuple(filter(None, own))))
    return found


def statements(finding: Finding) -> list[Piece]:
    """What the unit had to say before the verdict."""
    return [
        Piece(
            f"单位陈述（{row.get_means_display()}）",
            row.heard_on,
            _parts((("陈述人（岗位）", row.speaker), ("陈述内容", row.text))),
        )
        for row in detail.statements_of(finding)
    ]


def notices(finding: Finding) -> list[Piece]:
    """Every notice it was put into."""
    own = Q(findings=finding) | Q(transfers__finding=finding)
    rows = Notice.objects.filter(own).distinct().select_related("unit", "issued_by", "received_by", "paper")
    return [
        Piece(
            f"整改通知书 {row.number}",
            row.issued_on,
            _parts(
                (
                    ("发往", row.unit.name),
                    ("发出", f"{cn_datetime(row.issued_at)}，{row.issued_by}"),
                    ("签收期限", row.receipt_due_on),
                    ("视为送达", row.served_at),
                    ("签收", f"{cn_datetime(row.received_at)}，{row.received_by}" if row.received_at else ""),
                    ("文书内容校验值", row.paper.facts_sha256),
                    ("文书文件校验值", row.paper.pdf_sha256),
                )
            ),
        )
        for row in rows.order_by("issued_at", "pk")
    ]


def terms(finding: Finding) -> list[Piece]:
    """How each deadline was counted."""
    rows = tuple(
        (
            term.kind,
            f"{term.due}{'（估算）' if term.is_estimate else ''}",
            f"{term.rule}；自{term.counts_from or term.given}起",
            "；".join(term.skipped) or "没有",
        )
        for term in reversed(term_queries.told(finding=finding))
    )
    table = FiledTable(("何种期限", "期限", "依据和起算", "不计的休息日"), (2.2, 3.4, 4.4, 4.0), rows)
    return [Piece("期限怎么算的", table=table)] if rows else []


def asked(finding: Finding) -> list[Piece]:
    """Objections, extensions, returns and the parts of other units, with the answers."""
    return [*_objections(finding), *_extensions(finding), *_transfers(finding), *_co_units(finding)]


def _objections(finding: Finding) -> list[Piece]:
    rows = Objection.objects.filter(finding=finding).select_related("filed_by", "decided_by")
    return [
        Piece(
            f"异议及答复（{row.get_state_display()}）",
            clock.day_of(row.filed_at),
            _parts(
                (
                    ("提出人", row.filed_by),
                    ("异议理由", row.reasons),
                    ("暂停计时", "是" if row.pauses else "否"),
                    ("答复人", row.decided_by),
                    ("答复日期", row.decided_at),
                    ("答复理由", row.decision),
                    ("答复前的表述", row.earlier_facts),
                )
            ),
        )
        for row in rows.order_by("filed_at", "pk")
    ]


def _extensions(finding: Finding) -> list[Piece]:
    rows = Extension.objects.filter(finding=finding).select_related("asked_by", "decided_by")
    return [
        Piece(
            f"第{row.ordinal}次延期申请（{row.get_state_display()}）",
            clock.day_of(row.asked_at),
            _parts(
                (
                    ("申请人", row.asked_by),
                    ("申请时的期限", row.due_before),
                    ("申请延至", row.asked_for),
                    ("延期理由", row.reason),
                    ("批复人", row.decided_by),
                    ("准予延至", row.granted_until),
                    ("批复意见", row.decision),
                )
            ),
        )
        for row in rows.order_by("asked_at", "pk")
    ]


def _transfers(finding: Finding) -> list[Piece]:
    rows = finding.transfers.select_related("unit", "asked_by", "decided_by", "new_unit").order_by("asked_at")
    return [
        Piece(
            f"不属本单位职责退回（{row.get_state_display()}）",
            clock.day_of(row.asked_at),
            _parts(
                (
                    ("退回单位", row.unit.name),
                    ("理由", row.reason),
                    ("答复人", row.decided_by),
                    ("答复", row.decision),
                    ("改派单位", row.new_unit),
                )
            ),
        )
        for row in rows
    ]


def _co_units(finding: Finding) -> list[Piece]:
    rows = finding.parts.select_related("unit", "answered_by").order_by("given_at", "pk")
    return [
        Piece(
            f"协办事项：{row.unit.name}（{row.get_state_display()}）",
            clock.day_of(row.given_at),
            _parts(
                (
                    ("事项", row.task),
                    ("期限", row.due_on),
                    ("答复", row.answer),
                    ("答复人", row.answered_by),
                    ("退回理由", row.returned_reason),
                )
            ),
        )
        for row in rows
    ]


def plans(finding: Finding) -> list[Piece]:
    """Plans with their measures, and the progress reports."""
    found = []
    for row in RectificationPlan.objects.filter(finding=finding).order_by("due_on", "pk"):
        items = PlanItem.objects.filter(plan=row).order_by("ordinal")
        rows = tuple(
            (item.what, item.owner, _word(item.due_on), _word(item.done_on) or "未完成") for item in items
        )
        table = FiledTable(("整改措施", "责任人", "期限", "完成"), (6.0, 3.0, 3.0, 2.8), rows)
        said = (("总体思路", row.approach), ("报送", row.handed_in_at), ("审核意见", row.judgement))
        day = clock.day_of(row.handed_in_at) if row.handed_in_at else None
        found.append(
            Piece(f"整改方案（{row.get_state_display()}）", day, _parts(said), table if rows else None)
        )
    for made in Progress.objects.filter(finding=finding).order_by("reported_at", "pk"):
        told = (("已完成", made.done), ("未完成及打算", made.remaining), ("应报日期", made.due_on))
        found.append(Piece(f"第{made.number}次进度报告", made.reported_on, _parts(told)))
    return found


def reports(finding: Finding) -> list[Piece]:
    """Every report that was signed, with what hangs on it and what the reviewer wrote."""
    signed = [row for row in reversed(detail.reports_of(finding)) if row.signed_at]
    detail.name_people(*signed)
    attached = detail.attached_to(*signed)
    return [_report(row, attached[row.pk]) for row in signed]


def _report(row: Rectification, attached: detail.Attached) -> Piece:
    money, checked = row.money_returned, row.places_checked
    said = (
        *((label, getattr(row, name)) for name, label in PARTS.items()),
        ("原因分类", "、".join(attached.causes)),
        ("举一反三排查", "" if checked is None else f"{checked}处，发现同类问题{row.places_found or 0}处"),
        ("清退金额", "" if money is None else f"{Decimal(money):,.2f}元"),
        ("新订、修订制度", "、".join(f"《{rule.title}》{rule.number}" for rule in attached.rules)),
        ("处理人数", f"{sum(attached.dealt.values())}人" if attached.dealt else ""),
        ("签字", f"{row.signed_by}，{cn_datetime(row.signed_at)}" if row.signed_at else ""),
        ("审核", f"{row.get_state_display()}，{row.reviewed_by}" if row.reviewed_by_id else ""),
        ("审核意见", row.review_opinion),
    )
    photos = filter(None, (_photo(item.file, item.caption) for item in attached.files))
    day = clock.day_of(row.signed_at) if row.signed_at else None
    return Piece(f"第{row.round}轮整改报告", day, _parts(said), photos=tuple(photos))


def verdicts(finding: Finding) -> list[Piece]:
    """What each accepter wrote, with the photos put side by side."""
    rows = detail.acceptances_of(finding)
    detail.name_people(*rows)
    pairs = PhotoPair.objects.filter(acceptance__finding=finding).select_related("before__file", "after")
    found = []
    for row in rows:
        own = [pair for pair in pairs.order_by("pk") if pair.acceptance_id == row.pk]
        photos = [
            photo
            for pair in own
            for photo in (
                _photo(pair.before.file, f"整改前 {pair.caption}".strip()),
                _photo(pair.after, f"整改后 {pair.caption}".strip()),
            )
            if photo
        ]
        said = (
            ("验收人", row.by),
            ("现场查看", row.seen_on),
            ("意见", row.opinion),
            ("遗留事项", row.left_over),
        )
        title = f"第{row.round}轮验收：{row.get_verdict_display()}"
        found.append(Piece(title, clock.day_of(row.at), _parts(said), photos=tuple(photos)))
    return found


def second_looks(user: User, finding: Finding) -> list[Piece]:
    """Second looks that are decided; one that is still to come is never told of."""
    rows = Revisit.objects.visible_to(user).filter(finding=finding, decided_at__isnull=False)
    return [
        Piece(
            f"回头看：{row.get_state_display()}",
            clock.day_of(row.decided_at) if row.decided_at else None,
            _parts((("认定人", row.decided_by), ("结论依据", row.opinion))),
        )
        for row in rows.select_related("decided_by").order_by("decided_at")
    ]


def measures(user: User, finding: Finding) -> list[Piece]:
    """What competent bodies decided: units and posts; names stay in the register."""
    if not access.may(user, Permission.MEASURE_VIEW, unit=finding.unit):
        return []
    rows = tuple(
        (
            row.who,
            row.kind.name,
            f"{row.authority} {row.decision_number}",
            _word(row.decided_on),
            row.get_state_display(),
        )
        for row in reversed(measure_queries.of_finding(finding))
    )
    table = FiledTable(
        ("对象（岗位）", "措施", "决定机关、文号", "决定日期", "状态"), (3.4, 2.8, 4.4, 3.0, 1.8), rows
    )
    note = FiledPart("", "处理对象的姓名不印入案卷，有权查看的同志在责任追究登记中查看。")
    return [Piece("责任追究登记", parts=(note,), table=table)] if rows else []


def digests(finding: Finding) -> list[Piece]:
    """Every piece of material with its digest: what lies outside this file can be told from it."""
    hung: tuple[QuerySet[Any, Any], ...] = (
        RectificationFile.objects.filter(rectification__finding=finding),
        ObjectionFile.objects.filter(objection__finding=finding),
        CoUnitFile.objects.filter(part__finding=finding),
        PlanItem.objects.filter(plan__finding=finding, file__isnull=False),
        Evidence.objects.filter(observation__finding_links__finding=finding),
    )
    keys = {key for rows in hung for key in rows.values_list("file", flat=True)}
    kept = {row.pk: row for row in StoredFile.objects.filter(pk__in=keys)}
    taken = PhotoPair.objects.filter(acceptance__finding=finding).select_related("after")
    kept |= {pair.after.pk: pair.after for pair in taken}
    rows = tuple(
        (row.original_name, cn_datetime(row.received_at), f"{row.size:,}", row.sha256)
        for row in sorted(kept.values(), key=lambda row: (row.received_at, str(row.pk)))
    )
    table = FiledTable(("材料", "收到", "字节", "校验值（SHA-256）"), (3.4, 3.0, 1.8, 6.8), rows)
    return [Piece("材料清单及校验值", table=table)] if rows else []


def _parts(said: Said) -> tuple[FiledPart, ...]:
    """What is known, in order; what is not, is left out."""
    return tuple(FiledPart(label, text) for label, value in said if (text := _word(value)))


def _word(value: object) -> str:
    """A value as it is printed."""
    if isinstance(value, datetime):
        return cn_datetime(value)
    if isinstance(value, date):
        return cn_date(value)
    return "" if value is None else str(value)


def _photo(file: StoredFile, caption: str) -> BulletinPhoto | None:
    return BulletinPhoto(file.shown_sha256, caption or file.original_name) if file.shown_sha256 else None
