from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from conduct import clock
from findings.actions import acceptances
from findings.forms.acceptance import AcceptanceForms
from findings.queries import detail as queries
from findings.queries import verdicts
from people.asking import SignedInRequest

from .attempts import attempt, hold_to_report, refusal_of
from .detail import crumbs, show_file
from .reviews import grounds

ACTS: dict[str, tuple[Callable[..., object], str]] = {
    "accept": (acceptances.accept, "已同意验收。两位同志都同意后即可销号。"),
    "partly": (acceptances.accept_partly, "已注明部分通过，问题退回单位，就遗留事项继续整改。"),
    "refuse": (acceptances.refuse, "已注明不同意验收，问题退回单位继续整改。"),
}


def accept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Look at the result; accept it, in full or in part, or refuse and send it back."""
    finding = queries.get_for(request.user, pk)
    forms = AcceptanceForms(finding, request.POST or None, request.FILES or None)
    act, told = ACTS.get(request.POST.get("verdict", ""), ACTS["accept"])

    def judge() -> object:
        hold_to_report(request, finding)
        return act(finding=finding, by=request.user, at=clock.now(), **forms.typed())

    barred = refusal_of(lambda: acceptances.require_accepter(finding=finding, by=request.user))
    is_sent = request.method == "POST"
    done, status = attempt(judge, forms.verdict, *forms.pairs, is_sent=is_sent)
    if done is not None:
        messages.success(request, told)
        return redirect("findings:detail", pk=finding.pk)
    context = grounds(request, finding) | {
        "forms": forms,
        "had_files": bool(request.FILES),
        # What was typed is given back beside the refusal; before anything is typed there is nothing to fill in.
        "barred": "" if is_sent else barred,
        "crumbs": crumbs(request.user, finding, "验收"),
    }
    return render(request, "findings/accept.html", context, status=status)


def pair_photo(request: SignedInRequest, pk: UUID, pair: UUID) -> HttpResponseBase:
    """The photo of now of a pair; the one of before is evidence of the visit."""
    finding = queries.get_for(request.user, pk)
    return show_file(request, verdicts.pair_for(request.user, finding, pair).after, finding)
