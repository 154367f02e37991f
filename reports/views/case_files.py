from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, files, reads
from conduct.shapes import Crumb
from people.asking import SignedInRequest
from reports.actions import case_files
from reports.queries import case_files as query


def of_finding(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The case files of one finding; sent, one more is put together."""
    finding = query.finding_for(request.user, pk)
    if request.method == "POST":
        sent = "".join(filter(str.isalnum, request.POST.get("made_key", "")))[:40]
        row = case_files.make(finding=finding, made_key=sent or uuid4().hex, by=request.user, at=clock.now())
        messages.success(
            request, "案卷已编好。" if row.pdf_sha256 else "案卷较厚，正在后台编印，可以离开本页。"
        )
        return redirect("reports:case_files", pk=pk)
    rows = query.of_finding(request.user, finding)
    job = query.unfinished(rows)
    if job and getattr(request, "htmx", False):
        return render(request, "_parts/_job.html", {"job": job})
    way = [Crumb(finding.title, reverse("findings:detail", args=[pk])), Crumb("案卷")]
    context = {"finding": finding, "rows": rows, "job": job, "made_key": uuid4().hex, "crumbs": way}
    return render(request, "reports/case_files.html", context)


def pdf(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """One case file as it was drawn; taking it is written down each time."""
    row = query.get_for(request.user, pk)
    reads.export(at=clock.now(), by=request.user, subject=row.finding, label="查看案卷", what=str(row.pk))
    return files.show_pdf(files.read_bytes(row.pdf_sha256), filename=f"案卷 {row.finding.title}.pdf")
