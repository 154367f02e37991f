from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.calendar import book as calendar
from conduct.shapes import Conflict
from findings.actions import liaisons, rectifications
from findings.forms.rectification import UPLOAD, LiaisonForm, ReportForm, SignForm, initial_of
from findings.models import Finding, Rectification
from findings.queries import conflicts, parties
from findings.queries import detail as queries
from findings.queries.standing import standing
from findings.rules.report import PARTS
from people.asking import SignedInRequest

from .attempts import CONFLICT, attempt, refusal_of, today
from .detail import crumbs, page, shown
from .looking import look


def rectify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write the rectification report, saved as often as one likes."""
    finding = queries.get_for(request.user, pk)
    report = _draft_of(finding)
    if request.method != "POST":
        closed = refusal_of(lambda: rectifications.require_open(finding=finding, by=request.user))
        if closed:
            messages.error(request, closed)
            return redirect("findings:detail", pk=pk)
        return _page(request, finding, report, ReportForm(finding=finding, initial=initial_of(report)))
    form = ReportForm(request.POST, finding=finding)
    saved, status = attempt(lambda: _keep(request, finding, form), form)
    if saved is None:
        return _refused(request, pk, form, status)
    for refusal in saved.refusals:
        messages.error(request, f"{refusal}文字已经保存。")
    if not saved.refusals:
        messages.success(request, "整改报告已保存，可以随时接着写。")
    to_sign = request.POST.get("then") == "sign" and not saved.refusals
    return redirect("findings:rectification_sign" if to_sign else "findings:rectify", pk=pk)


def _keep(request: SignedInRequest, finding: Finding, form: ReportForm) -> rectifications.Saved:
    return rectifications.keep(
        finding=finding,
        texts=form.texts(),
        causes=list(form.cleaned_data["causes"]),
        outcome=form.outcome(),
        uploads=request.FILES.getlist("files"),
        caption=form.cleaned_data["caption"],
        expected=form.cleaned_data["version"],
        by=request.user,
        at=clock.now(),
    )


def rectification_sign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The head reads the whole report, signs it and hands it in."""
    finding = queries.get_for(request.user, pk)
    report = _draft_of(finding)
    if report is None:
        messages.error(request, "没有待签字的整改报告。请先起草报告。")
        return redirect("findings:detail", pk=pk)
    waiting = rectifications.open_parts(finding)
    form = SignForm(request.POST if request.method == "POST" else None, asks_why=bool(waiting))

    def sign() -> Rectification:
        why, seen = form.cleaned_data.get("without_parts", ""), request.POST.get("seen", "")
        by, at = request.user, clock.now()
        return rectifications.sign(rectification=report, by=by, at=at, seen=seen, without_parts=why)

    done, status = attempt(sign, form, is_sent=request.method == "POST")
    if done is not None:
        messages.success(request, "整改报告已签字提交，等待督查办审核。")
        return redirect("findings:detail", pk=pk)
    look(request, finding)
    context = {
        "finding": finding,
        "form": form,
        "report": shown(report, queries.attached_to(report)[report.pk]),
        "mark": rectifications.mark_of(report),
        "missing": rectifications.missing_of(report),
        "waiting": waiting,
        "crumbs": crumbs(request.user, finding, "签字提交整改报告"),
    }
    return render(request, "findings/rectification_sign.html", context, status=status)


def attachment_remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take supporting material out of a draft."""
    attachment = queries.attachment_for(request.user, pk)
    report = rectifications.detach(attachment=attachment, by=request.user, at=clock.now())
    messages.success(request, "已移出这件材料。")
    return redirect("findings:rectify", pk=report.finding_id)


def liaison(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The head names who drafts the report."""
    finding = queries.get_for(request.user, pk)
    form = LiaisonForm(request.POST, people=parties.liaisons_for(finding), auto_id="liaison_%s")

    def appoint() -> Finding:
        chosen = form.cleaned_data["liaison"]
        return liaisons.appoint(finding=finding, liaison=chosen, by=request.user, at=clock.now())

    done, status = attempt(appoint, form)
    if done is None:
        return page(request, pk, bound={"appoint_liaison": form}, status=status)
    messages.success(request, "已指定联络员，可以起草整改报告。")
    return redirect("findings:detail", pk=pk)


def _draft_of(finding: Finding) -> Rectification | None:
    report = queries.report_now(finding)
    return report if report and report.state == Rectification.State.DRAFT else None


def _refused(request: SignedInRequest, pk: UUID, form: ReportForm, status: int) -> HttpResponse:
    """The page again with everything typed, and where someone saved first, with both versions side by side."""
    finding = queries.get_for(request.user, pk)
    report = _draft_of(finding)
    conflict = None
    if status == CONFLICT and report is not None:
        conflict = conflicts.conflict(
            subject=report,
            reload_url=reverse("findings:rectify", args=[pk]),
            fields=[(label, getattr(report, name), form.cleaned_data[name]) for name, label in PARTS.items()],
        )
        typed = request.POST.copy()
        typed["version"] = str(report.version)
        form.data = typed
    return _page(request, finding, report, form, conflict=conflict, status=status)


def _page(
    request: SignedInRequest,
    finding: Finding,
    report: Rectification | None,
    form: ReportForm,
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    rounds = [row for row in queries.reports_of(finding) if row.state != Rectification.State.DRAFT]
    queries.name_people(*rounds)
    look(request, finding)
    context = {
        "finding": finding,
        "report": report,
        "form": form,
        "files": report.files.select_related("file").order_by("added_at", "pk") if report else [],
        "upload": UPLOAD,
        "conflict": conflict,
        "last": rounds[0] if rounds else None,
        "standing": standing(finding=finding, today=today(), book=calendar.load()),
        "crumbs": crumbs(request.user, finding, "整改报告"),
        "may_sign": parties.may_sign(request.user, finding),
        "had_files": bool(request.FILES),
    }
    return render(request, "findings/rectify.html", context, status=status)
