"""Accounts, for system administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from conduct import clock, paging
from conduct.shapes import Chip, MoveButton
from people.actions import accounts as acts
from people.asking import SignedInRequest
from people.forms.persons import AccountEditForm, AccountFilterForm, NewAccountForm, ReasonForm
from people.forms.pickers import MOST_NAMES_TEXT, last_of
from people.models import User
from people.queries import persons

from .answers import page, tried

STATES = {"on": True, "off": False}


def listing(request: SignedInRequest) -> HttpResponse:
    """All accounts, or those looked for."""
    form = AccountFilterForm(request.GET)
    wish = form.cleaned_data if form.is_valid() else {}
    rows = persons.accounts(text=wish.get("q", ""), is_active=STATES.get(wish.get("state", "")))
    found = paging.keyset(rows, order=("username",), request_get=request.GET, bound=1000, noun="个账号")
    chips = [Chip("查找", wish["q"], "?")] if wish.get("q") else []
    return render(
        request,
        "people/accounts.html",
        {"filter_form": form, "chips": chips, "rows": found.rows, "pager": found.pager},
    )


@never_cache
def new(request: SignedInRequest) -> HttpResponse:
    """Open an account; its temporary password is shown this once."""
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = tried(form, lambda: acts.create(by=request.user, at=clock.now(), **form.cleaned_data))
        if opened:
            context = {"person": opened.user, "password": opened.password, "is_new": True}
            return render(request, "people/account_password.html", context)
    return page(request, "people/account_new.html", form)


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One account, to look at and to correct."""
    user = persons.get(pk)
    form = AccountEditForm.of(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        expected = given.pop("version")
        if tried(
            form, lambda: acts.revise(user=user, expected=expected, by=request.user, at=clock.now(), **given)
        ):
            messages.success(request, f"已保存{user.name}的资料。")
            return redirect("people:account_detail", pk=user.pk)
    return page(request, "people/account_detail.html", form, _around(user))


def switch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close or open an account, with a reason."""
    user = persons.get(pk)
    form = ReasonForm(request.POST)
    act = acts.disable if user.is_active else acts.enable
    done = form.is_valid() and tried(
        form,
        lambda: bool(act(user=user, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])),
    )
    if done:
        messages.success(request, f"{user.name}的账号已{'启用' if user.is_active else '停用'}。")
        return redirect("people:account_detail", pk=user.pk)
    context = {**_around(user, form), "form": AccountEditForm.of(user)}
    return render(request, "people/account_detail.html", context, status=422)


@never_cache
def reset(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a temporary password, shown this once."""
    user = persons.get(pk)
    password = acts.reset_password(user=user, by=request.user, at=clock.now())
    return render(request, "people/account_password.html", {"person": user, "password": password})


def search(request: SignedInRequest) -> HttpResponse:
    """Suggestions for a person field; the text is in q, or in whatever field asks."""
    text = request.GET.get("q") or next(iter(request.GET.values()), "")
    before, part = last_of(str(text)[:MOST_NAMES_TEXT])
    context = {"found": persons.search(part[:100]), "before": before}
    return render(request, "people/_user_options.html", context)


def _around(user: User, reason: ReasonForm | None = None) -> dict[str, object]:
    label = "停用账号" if user.is_active else "启用账号"
    switcher = MoveButton(
        "switch",
        label,
        reverse("people:account_switch", args=[user.pk]),
        is_danger=user.is_active,
        form=reason or ReasonForm(),
        is_open=reason is not None,
    )
    return {"person": user, "moves": [switcher], "posts": persons.posts_of(user)}
