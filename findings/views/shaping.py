from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock
from conduct.shapes import Crumb
from findings.actions import shaping
from findings.forms.particulars import ParticularsForm, initial_of
from findings.models import Finding
from findings.queries import detail as queries
from findings.queries import proposals
from findings.queries.telling import LEDGER
from people.asking import SignedInRequest

from .attempts import CONFLICT, attempt, hold_all_to_seen, marks, seen_version, typed_over
from .detail import crumbs
from .looking import look
from .worklist import uuids


def split(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Make two findings of one."""
    finding = queries.get_for(request.user, pk)
    seen = queries.observations_of(finding)
    chosen = [row for row in seen if row.pk in uuids(request.POST.getlist("observation"))]
    kept = _part(request, finding, "kept", initial_of(finding))
    parted = _part(request, finding, "parted", proposals.of_part(finding, seen))

    def part() -> Finding:
        return shaping.split(
            finding=finding,
            observations=chosen,
            kept=kept.particulars(),
            parted=parted.particulars(),
            expected=seen_version(request, finding),
            by=request.user,
            at=clock.now(),
        )

    new, status = attempt(part, kept, parted, is_sent=request.method == "POST")
    if new is not None:
        messages.success(request, "已拆分。下面是新列出的问题。")
        return redirect("findings:detail", pk=new.pk)
    look(request, finding, seen=seen)
    context = {
        "finding": finding,
        "observations": seen,
        "chosen": [row.pk for row in chosen],
        "kept": kept,
        "parted": parted,
        # After a conflict the form is sent again against what the other person saved, which stands beside it.
        "version": finding.version if status == CONFLICT else seen_version(request, finding),
        "conflict": typed_over(finding, kept, "split") if status == CONFLICT else None,
        "crumbs": crumbs(request.user, finding, "拆分"),
    }
    return render(request, "findings/split.html", context, status=status)


def merge(request: SignedInRequest) -> HttpResponse:
    """Make one finding of several."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = queries.several_for(request.user, uuids(asked.getlist("finding")))
    if len(chosen) < 2:
        messages.error(request, "请至少选择两个尚未交办的问题，再合并。")
        return redirect("findings:list")
    into, *others = chosen
    start = proposals.of_findings(chosen)
    form = ParticularsForm(request.POST or None, taxonomy=into.category.taxonomy, initial=start)

    def unite() -> Finding:
        hold_all_to_seen(request, chosen)
        words = form.particulars()
        return shaping.merge(into=into, others=others, particulars=words, by=request.user, at=clock.now())

    done, status = attempt(unite, form, is_sent=request.method == "POST")
    if done is not None:
        messages.success(request, f"已把 {len(others)} 个问题并入本问题。")
        return redirect("findings:detail", pk=done.pk)
    look(request, *chosen)
    way = [Crumb(LEDGER, reverse("findings:list")), Crumb("合并问题")]
    context = {"form": form, "chosen": chosen, "seen": marks(request, chosen, status), "crumbs": way}
    return render(request, "findings/merge.html", context, status=status)


def _part(
    request: SignedInRequest, finding: Finding, prefix: str, initial: dict[str, object]
) -> ParticularsForm:
    return ParticularsForm(
        request.POST or None, prefix=prefix, taxonomy=finding.category.taxonomy, initial=initial
    )
