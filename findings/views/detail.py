from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from conduct import clock, files, reads
from conduct.calendar import book as calendar
from conduct.calendar.rules import WorkCalendar
from conduct.models import StoredFile
from conduct.shapes import Crumb, Fact
from findings.models import Acceptance, Finding, Rectification
from findings.queries import (
    co_units,
    extensions,
    objections,
    plans,
    recurrence,
    revisits,
    supervisions,
    telling,
    timeline,
    transfers,
    verdicts,
)
from findings.queries import detail as queries
from findings.queries.standing import standing
from findings.rules.report import PARTS
from people import access
from people.asking import SignedInRequest
from people.models import User
from people.roles import Permission

from .attempts import today
from .desk import desk
from .looking import look


def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One finding with its facts, evidence, answers and history."""
    return page(request, pk)


def page(
    request: SignedInRequest, pk: UUID, *, bound: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of one finding, with forms to show again by the name of their move."""
    finding = queries.to_read(request.user, pk)
    reports = [row for row in queries.reports_of(finding) if queries.shows_report(request.user, row)]
    is_unit_side = queries.is_unit_side(request.user, finding)
    observations = [] if is_unit_side else queries.observations_of(finding)
    look(request, finding, seen=observations)
    statements = telling.statements(queries.statements_of(finding), finding=finding, for_unit=is_unit_side)
    acceptances = telling.acceptances(queries.acceptances_of(finding), finding=finding, for_unit=is_unit_side)
    attached = queries.attached_to(*reports)
    queries.name_people(finding, *reports, *acceptances)
    context = {
        "finding": finding,
        "told_facts": telling.facts_for(finding, for_unit=is_unit_side),
        "crumbs": crumbs(request.user, finding),
        "facts": facts(finding, is_unit_side=is_unit_side),
        "observations": observations,
        "photos": queries.evidence_photos(request.user, finding),
        "statements": statements,
        "reports": [shown(row, attached[row.pk], for_unit=is_unit_side) for row in reports],
        "verdicts": verdicts.with_sides(request.user, finding, acceptances),
        **_standing(
            finding,
            accepted=accepted(reports, acceptances),
            is_heard=bool(statements),
            for_unit=is_unit_side,
        ),
        "entries": timeline.entries(
            finding=finding,
            reports=reports,
            statements=statements,
            acceptances=acceptances,
            for_unit=is_unit_side,
        ),
        "desk": desk(request.user, finding, bound=bound),
        **_sides(request.user, finding, is_unit_side=is_unit_side),
    }
    return render(
        request, "findings/detail.html", context | _asked(finding, for_unit=is_unit_side), status=status
    )


def _asked(finding: Finding, *, for_unit: bool) -> dict[str, Any]:
    """What the unit asked of the office, where the finding was read for its page."""
    has_objections, has_wishes = (getattr(finding, name, False) for name in ("has_objections", "has_wishes"))
    return {
        "objections": objections.of_finding(finding, for_unit=for_unit) if has_objections else [],
        "wishes": extensions.of_finding(finding, for_unit=for_unit) if has_wishes else [],
    }


def _sides(user: User, finding: Finding, *, is_unit_side: bool) -> dict[str, Any]:
    """What only some of the readers are shown; the register of measures is of the floor above, led to by name."""
    return {
        "is_unit_side": is_unit_side,
        "shows_grade": finding.grade and telling.shows_judgement(finding, for_unit=is_unit_side),
        "shows_measures": access.may(user, Permission.MEASURE_VIEW, unit=finding.unit),
        "revisits": [] if is_unit_side else revisits.of(user, finding),
        "recurrence": None if is_unit_side else recurrence.before(user, finding),
    }


def _standing(finding: Finding, **known: Any) -> dict[str, Any]:
    """Where the finding stands, with what else is due of the unit meanwhile."""
    book, day = WorkCalendar() if finding.closed_on else calendar.load(), today()
    plan = plans.plan_of(finding)
    more = plans.terms(finding=finding, plan=plan, today=day, book=book)
    return {
        "standing": standing(finding=finding, today=day, book=book, more=more, **known),
        "plan": plan,
        "ladder": supervisions.of_finding(finding, for_unit=known["for_unit"], today=day, book=book),
        "parts": co_units.of_finding(finding),
        "transfers": transfers.of_finding(finding, for_unit=known["for_unit"]),
        "shows_progress": plans.owes_progress(finding, today=day) or finding.progress_made,
    }


def evidence(request: SignedInRequest, pk: UUID, evidence: UUID) -> HttpResponseBase:
    """A picture or document from the visits behind a finding."""
    finding = queries.get_for(request.user, pk)
    row = queries.evidence_for(request.user, finding).filter(pk=evidence).first()
    if row is None:
        raise Http404
    return show_file(request, row.file, finding)


def attachment(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """Supporting material of a report."""
    row = queries.attachment_for(request.user, pk)
    return show_file(request, row.file, row.rectification.finding)


def crumbs(user: User, finding: Finding, here: str = "") -> list[Crumb]:
    """The way back to the list, and to the finding from its own pages."""
    way = [Crumb(telling.ledger_name(user), reverse("findings:list"))]
    if here:
        return [*way, Crumb(finding.title, reverse("findings:detail", args=[finding.pk])), Crumb(here)]
    return [*way, Crumb(finding.title)]


def facts(finding: Finding, *, is_unit_side: bool) -> list[Fact]:
    """What is known about the finding, the unit's reading without the office's own notes."""
    notice = finding.notice
    told = [
        Fact("责任单位", finding.unit.name),
        Fact("科室（窗口）", finding.department),
        Fact("检查日期", finding.visited_on),
        Fact("地点", finding.place),
        Fact("问题分类", str(finding.category)),
        Fact("涉及人员（岗位）", finding.person_post),
        Fact("涉及人数", finding.persons),
        Fact("起数", finding.count),
    ]
    if telling.shows_judgement(finding, for_unit=is_unit_side):
        told += [
            Fact("情节", finding.get_grade_display() if finding.grade else ""),
            Fact("所涉规定", str(finding.rule_item) if finding.rule_item else ""),
        ]
        if finding.is_partly:
            told += [
                Fact("认定情况", "部分属实"),
                Fact("部分属实的理由", finding.verdict_reason, wide=True),
            ]
    if notice is not None:
        told += [
            Fact("整改通知书", notice.number, url=reverse("findings:notice_detail", args=[notice.pk])),
            *([Fact("原定期限", finding.first_due_on)] if finding.first_due_on != finding.due_on else []),
            Fact("整改方式", str(finding.route.get_code_display()) if finding.route else ""),
            Fact("联络员", finding.liaison.name if finding.liaison else ""),
            Fact("整改要求", finding.requirement, wide=True),
        ]
    return told if is_unit_side else [*told, *_office_notes(finding)]


def _office_notes(finding: Finding) -> list[Fact]:
    notes = [
        Fact("原因", "、".join(queries.causes_of(finding))),
        Fact("列出人", finding.raised_by.name if finding.raised_by else ""),
    ]
    if finding.confirmed_by:
        notes.append(Fact("认定人", finding.confirmed_by.name))
        if finding.is_partly:
            notes.append(Fact("认定前的表述", finding.earlier_facts, wide=True))
        else:
            notes.append(Fact("认定理由", finding.verdict_reason, wide=True))
    if finding.merged_into:
        url = reverse("findings:detail", args=[finding.merged_into_id])
        notes.append(Fact("已并入", finding.merged_into.title, url=url, wide=True))
    return notes


def shown(report: Rectification, attached: queries.Attached, *, for_unit: bool = False) -> dict[str, Any]:
    """A report for reading: its written parts in order, its pictures and its documents.

    for_unit: what the reviewer wrote about a report that passed is told later; why one was returned, always
    """
    is_returned = report.state == Rectification.State.RETURNED
    is_told = is_returned or telling.tells_opinion(report.finding, at=report.reviewed_at, for_unit=for_unit)
    parts = [Fact(label, getattr(report, name), wide=True) for name, label in PARTS.items()]
    parts.insert(3, Fact("原因分类", "、".join(attached.causes), wide=True))
    parts += outcomes(report, attached)
    return {
        "row": report,
        "parts": parts,
        "opinion": report.review_opinion if is_told else "",
        "photos": queries.report_photos(attached),
        "documents": [row for row in attached.files if row.file.kind == StoredFile.Kind.DOCUMENT],
    }


def outcomes(report: Rectification, attached: queries.Attached) -> list[Fact]:
    """What came of it, in numbers."""
    checked, found, money = report.places_checked, report.places_found, report.money_returned
    rules = [f"《{rule.title}》{rule.number}" for rule in attached.rules]
    dealt = [f"{kind} {number} 人" for kind, number in attached.dealt.items()]
    return [
        Fact("举一反三排查", "" if checked is None else f"{checked:,} 处，发现同类问题 {found or 0:,} 处"),
        Fact("清退金额", "" if money is None else f"{money:,.2f} 元"),
        Fact("新订、修订制度", f"{len(rules)} 件" + (f"：{'、'.join(rules)}" if rules else ""), wide=True),
        Fact("处理人数", f"{sum(attached.dealt.values()):,} 人" + (f"：{'、'.join(dealt)}" if dealt else "")),
    ]


def accepted(reports: list[Rectification], acceptances: list[Acceptance]) -> int:
    """How many accepted the latest round."""
    latest = reports[0].round if reports else 0
    return sum(row.round == latest and row.verdict == Acceptance.Verdict.ACCEPT for row in acceptances)


def show_file(request: SignedInRequest, file: StoredFile, finding: Finding) -> HttpResponseBase:
    """A piece of material about a finding, and a line that somebody looked at it."""
    is_small = bool(file.shown_sha256) and "small" in request.GET
    label, part = ("查看照片小图", "") if is_small else ("查看材料", str(file.pk))
    reads.read(at=clock.now(), by=request.user, subject=finding, label=label, part=part)
    if not file.shown_sha256:
        return files.hand_out(file)
    return files.show_thumb(file) if is_small else files.show(file)
