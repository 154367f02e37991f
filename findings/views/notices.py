from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, files, issuing, reads
from conduct.calendar import book as calendar
from conduct.paging import BOUND, keyset
from conduct.shapes import Crumb
from findings import gather
from findings.actions import notices, transfers
from findings.forms.notices import NoticeForms
from findings.models import Notice
from findings.queries import detail as queries
from findings.queries import notices as notice_queries
from findings.queries import transfers as transfer_queries
from findings.queries.telling import LEDGER
from people.asking import SignedInRequest

from .attempts import attempt, hold_all_to_seen, marks, today
from .looking import look
from .worklist import uuids


def notice_list(request: SignedInRequest) -> HttpResponse:
    """The notices the person sees, newest first."""
    page = keyset(
        notice_queries.listed(request.user),
        order=("-issued_at", "id"),
        request_get=request.GET,
        bound=BOUND,
        noun="份通知书",
    )
    return render(request, "findings/notice_list.html", {"page": page})


def notice_issue(request: SignedInRequest) -> HttpResponse:
    """Choose the way for each finding and issue the notice."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = queries.several_for(request.user, uuids(asked.getlist("finding")))
    if not chosen:
        messages.error(request, "请先在台账中选择已认定的问题，再发整改通知书。")
        return redirect("findings:list")
    parts = NoticeForms(chosen, request.POST or None, contact=notice_queries.contact())

    def send_out() -> Notice:
        hold_all_to_seen(request, chosen)
        contact = parts.contact.cleaned_data["contact"]
        demands = [form.demand() for form in parts.demands]
        return notices.issue(demands=demands, contact=contact, by=request.user, at=clock.now())

    notice, status = attempt(send_out, parts.contact, *parts.demands, is_sent=request.method == "POST")
    if notice is not None:
        messages.success(request, f"已发出{notice.number}整改通知书，等待单位签收。")
        return redirect("findings:notice_detail", pk=notice.pk)
    look(request, *chosen)
    way = [Crumb(LEDGER, reverse("findings:list")), Crumb("发出整改通知书")]
    context = {"forms": parts, "chosen": chosen, "seen": marks(request, chosen, status), "crumbs": way}
    return render(request, "findings/notice_issue.html", context, status=status)


def notice_detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A notice: what was found, what is asked, by when; for the unit's head, the receipt."""
    notice = queries.notice_for(request.user, pk)
    findings = queries.findings_of(notice)
    reads.read_of_persons(
        at=clock.now(), by=request.user, subject=notice, label="查看涉及人员的整改通知书", told=findings
    )
    context = {
        "notice": notice,
        "findings": findings,
        "paper": gather.paper_of(notice.paper),
        "standing": notice_queries.standing(
            notice=notice, findings=findings, today=today(), book=calendar.load()
        ),
        "handed_on": transfer_queries.of_notice(notice),
        "transfer_until": transfers.last_day(notice=notice, book=calendar.load()),
        "is_corrected": notice_queries.is_corrected(notice),
        "may_receive": notice_queries.may_receive(request.user, notice),
        "crumbs": [Crumb("整改通知书", reverse("findings:notice_list")), Crumb(notice.number)],
    }
    return render(request, "findings/notice_detail.html", context)


def notice_pdf(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The notice as it was printed."""
    notice = queries.notice_for(request.user, pk)
    reads.read(at=clock.now(), by=request.user, subject=notice, label="查看整改通知书")
    return files.show_pdf(issuing.pdf_of(notice.paper), filename=f"{notice.number}整改通知书.pdf")


def receive(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The head signs for the notice."""
    notice = queries.notice_for(request.user, pk)
    notices.receive(notice=notice, by=request.user, at=clock.now())
    messages.success(request, f"已签收{notice.number}整改通知书。请按期整改并提交报告。")
    return redirect("findings:notice_detail", pk=pk)
