"""Changes of posts: asked for by the security administrator, confirmed by a second person."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, paging
from conduct.shapes import Chip, Crumb, MoveButton
from people import access
from people.actions import post_changes as acts
from people.actions import posts
from people.asking import SignedInRequest
from people.forms.persons import CHANGE_STATES, PlainForm, PostChangeFilterForm, ReasonForm
from people.models import PostChange
from people.moves.post_change import WITHDRAW
from people.queries import persons, post_changes
from people.roles import Permission

from .answers import page, tried

ACTS: dict[str, Callable[..., PostChange]] = {
    "confirm": acts.confirm,
    "refuse": acts.refuse,
    "withdraw": acts.withdraw,
}
FORMS: dict[str, type[PlainForm | ReasonForm]] = {
    "confirm": PlainForm,
    "refuse": ReasonForm,
    "withdraw": PlainForm,
}


def listing(request: SignedInRequest) -> HttpResponse:
    """The open wishes, or those looked for, and how many wait for this person."""
    form = PostChangeFilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = paging.keyset(
        post_changes.listed(to=request.user, state=state),
        order=("-asked_at", "-id"),
        request_get=request.GET,
        bound=1000,
        noun="件",
    )
    chips = [Chip("状态", dict(CHANGE_STATES)[state], "?")] if state else []
    context = {
        "filter_form": form,
        "chips": chips,
        "rows": found.rows,
        "pager": found.pager,
        "waiting": post_changes.waiting_count(request.user),
        "may_ask": access.holds(request.user, Permission.ROLES_EDIT),
    }
    return render(request, "people/post_changes.html", context)


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One wish, and what this person may do about it."""
    return _shown(request, post_changes.get(pk, to=request.user), "", PlainForm())


def decide(request: SignedInRequest, pk: int, move: str) -> HttpResponse:
    """Confirm or refuse it, or take one's own back."""
    wish = post_changes.get(pk, to=request.user)
    if move not in ACTS:
        raise Http404
    form = FORMS[move](request.POST)
    if form.is_valid():
        done = tried(
            form, lambda: ACTS[move](wish=wish, by=request.user, at=clock.now(), **form.cleaned_data)
        )
        if done:
            messages.success(request, f"{wish.get_state_display()}{wish}。")
            return redirect("people:post_changes")
    return _shown(request, wish, move, form)


def _shown(request: SignedInRequest, wish: PostChange, move: str, form: BaseForm) -> HttpResponse:
    """The wish with its buttons. move: the one that was refused, with its form"""
    refusing = form if move == "refuse" else ReasonForm()
    moves = []
    if acts.may_decide(wish=wish, by=request.user):
        moves = [_button(wish, "confirm", f"确认{wish.get_kind_display()}"), _refusal(wish, refusing)]
    elif acts.may_withdraw(wish=wish, by=request.user):
        moves = [_button(wish, "withdraw", WITHDRAW.label)]
    context = {
        "wish": wish,
        "moves": moves,
        "begins_on": posts.begins_on(wish, at=clock.now()),
        "others": persons.posts_of(wish.user),
        "problem": None if moves and move == "refuse" else form,
        "crumbs": [Crumb("岗位变动", reverse("people:post_changes")), Crumb(wish.user.name)],
    }
    return page(request, "people/post_change.html", form, context)


def _button(wish: PostChange, move: str, label: str) -> MoveButton:
    address = reverse("people:post_change_decide", args=[wish.pk, move])
    return MoveButton(move, label, address, is_primary=move == "confirm", is_danger=move == "withdraw")


def _refusal(wish: PostChange, form: BaseForm) -> MoveButton:
    return MoveButton(
        "refuse",
        f"不同意{wish.get_kind_display()}",
        reverse("people:post_change_decide", args=[wish.pk, "refuse"]),
        is_danger=True,
        form=form,
        is_open=bool(form.errors),
    )
