from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, reads
from conduct.paging import BOUND, keyset
from conduct.shapes import Crumb
from findings.actions import findings, observations
from findings.forms.particulars import ParticularsForm
from findings.forms.statements import ReasonForm
from findings.models import Finding, SetAside
from findings.queries import proposals
from findings.queries import worklist as queries
from people.asking import SignedInRequest

from .attempts import attempt


def worklist(request: SignedInRequest) -> HttpResponse:
    """What was seen on locked visits and waits for the office."""
    return _worklist(request, ReasonForm(label="不列入的理由"))


def set_aside(request: SignedInRequest) -> HttpResponse:
    """Decide not to take up some observations."""
    form = ReasonForm(request.POST, label="不列入的理由")
    chosen = queries.chosen(request.user, ids=uuids(request.POST.getlist("observation")))

    def leave() -> list[SetAside]:
        reason = form.cleaned_data["reason"]
        return observations.set_aside(observations=chosen, by=request.user, at=clock.now(), reason=reason)

    done, status = attempt(leave, form)
    if done is None:
        return _worklist(request, form, status=status)
    messages.success(request, f"已注明 {len(done)} 条现场记录不列入问题。")
    return redirect("findings:worklist")


def set_aside_list(request: SignedInRequest) -> HttpResponse:
    """What was not taken up, and why."""
    return _set_aside_list(request, ReasonForm(label="恢复的理由"))


def take_back(request: SignedInRequest) -> HttpResponse:
    """Put what was not taken up back on the worklist."""
    form = ReasonForm(request.POST, label="恢复的理由")
    picked = [int(text) for text in request.POST.getlist("set_aside") if text.isdecimal() and len(text) < 16]
    rows = list(queries.set_aside(request.user).filter(pk__in=picked))

    def restore() -> int:
        reason = form.cleaned_data["reason"]
        return observations.take_back(set_asides=rows, by=request.user, at=clock.now(), reason=reason)

    done, status = attempt(restore, form)
    if done is None:
        return _set_aside_list(request, form, ticked=picked, status=status)
    messages.success(request, f"已把 {done} 条现场记录恢复待研判。")
    return redirect("findings:worklist")


def raise_(request: SignedInRequest) -> HttpResponse:
    """Make one finding of the chosen observations."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = queries.chosen(request.user, ids=uuids(asked.getlist("observation")))
    # The list sends only what was ticked; the form that follows sends its fields too.
    is_filled = "title" in request.POST
    if not chosen or (observations.taken(chosen) and not is_filled):
        messages.error(request, "没有选中待研判的现场记录，或所选记录已被别人办理。请在下面重新选择。")
        return redirect("findings:worklist")
    taxonomy, start = proposals.taxonomy_of(chosen[0]), proposals.of_observations(chosen)
    form = ParticularsForm(request.POST if is_filled else None, taxonomy=taxonomy, initial=start)

    def take_up() -> Finding:
        words = form.particulars()
        return findings.raise_from(observations=chosen, particulars=words, by=request.user, at=clock.now())

    made, status = attempt(take_up, form, is_sent=is_filled)
    if made is not None:
        messages.success(request, "已列为问题。确定情节后即可开始核实。")
        return redirect("findings:detail", pk=made.pk)
    for row in chosen:
        reads.read_of_persons(
            at=clock.now(), by=request.user, subject=row.visit, label="查看涉及人员的现场记录", told=[row]
        )
    way = [Crumb("待研判", reverse("findings:worklist")), Crumb("列为问题")]
    context = {"form": form, "chosen": chosen, "crumbs": way}
    return render(request, "findings/raise.html", context, status=status)


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Those of the texts that are ids."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _worklist(request: SignedInRequest, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    rows = queries.for_user(request.user).select_related("visit__unit", "category")
    page = keyset(
        rows,
        order=("visit__visited_on", "id"),
        request_get=request.GET,
        bound=BOUND,
        noun="条现场记录",
    )
    context = {"page": page, "form": form, "ticked": request.POST.getlist("observation")}
    return render(request, "findings/worklist.html", context, status=status)


def _set_aside_list(
    request: SignedInRequest, form: ReasonForm, *, ticked: Iterable[int] = (), status: int = 200
) -> HttpResponse:
    page = keyset(
        queries.set_aside(request.user),
        order=("-at", "id"),
        request_get=request.GET,
        bound=BOUND,
        noun="条现场记录",
    )
    way = [Crumb("待研判", reverse("findings:worklist")), Crumb("不列入的现场记录")]
    context = {"page": page, "form": form, "ticked": ticked, "crumbs": way}
    return render(request, "findings/set_aside_list.html", context, status=status)
