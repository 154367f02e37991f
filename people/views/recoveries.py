"""Lost authenticators: asked for by one, confirmed by another."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, paging
from conduct.shapes import Crumb, MoveButton
from people import access
from people.actions import recoveries as acts
from people.asking import SignedInRequest
from people.forms.persons import ReasonForm
from people.forms.signing_in import RecoveryForm
from people.models import Recovery
from people.moves.recovery import CONFIRM, REFUSE
from people.queries import recoveries
from people.roles import Permission

from .answers import page, tried


def listing(request: SignedInRequest) -> HttpResponse:
    """Every wish, the newest first."""
    found = paging.keyset(
        recoveries.all_of_them(),
        order=("-asked_at", "-id"),
        request_get=request.GET,
        bound=1000,
        noun="件申请",
    )
    may_ask = access.holds(request.user, Permission.RECOVERY_ASK)
    context = {"rows": found.rows, "pager": found.pager, "may_ask": may_ask}
    return render(request, "people/recoveries.html", context)


def new(request: SignedInRequest) -> HttpResponse:
    """Ask that somebody's authenticator be unbound."""
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = tried(form, lambda: acts.ask(by=request.user, at=clock.now(), **form.cleaned_data))
        if wish:
            messages.success(request, f"已申请{wish}，等待另一人确认。")
            return redirect("people:recovery_detail", pk=wish.pk)
    crumbs = [Crumb("动态口令恢复", reverse("people:recoveries")), Crumb("申请")]
    return page(request, "people/recovery_new.html", form, {"crumbs": crumbs})


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One wish, and what the second person may do."""
    return _shown(request, recoveries.get(pk))


def decide(request: SignedInRequest, pk: int, move: str) -> HttpResponse:
    """Confirm or refuse, as the second person."""
    wish = recoveries.get(pk)
    at = clock.now()
    if move == "confirm":
        acts.confirm(wish=wish, by=request.user, at=at)
    elif move == "refuse":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _shown(request, wish, form)
        acts.refuse(wish=wish, reason=form.cleaned_data["reason"], by=request.user, at=at)
    else:
        raise Http404
    messages.success(request, f"{wish}：{wish.get_state_display()}。")
    return redirect("people:recovery_detail", pk=pk)


def _shown(request: SignedInRequest, wish: Recovery, form: ReasonForm | None = None) -> HttpResponse:
    moves = [
        MoveButton(
            "confirm",
            CONFIRM.label,
            reverse("people:recovery_decide", args=[wish.pk, "confirm"]),
            is_primary=True,
        ),
        MoveButton(
            "refuse",
            REFUSE.label,
            reverse("people:recovery_decide", args=[wish.pk, "refuse"]),
            is_danger=True,
            form=form or ReasonForm(),
            is_open=form is not None,
        ),
    ]
    context = {
        "wish": wish,
        "moves": moves if acts.may_decide(wish=wish, by=request.user) else [],
        "crumbs": [Crumb("动态口令恢复", reverse("people:recoveries")), Crumb(wish.user.name)],
    }
    return render(request, "people/recovery_detail.html", context, status=422 if form else 200)
