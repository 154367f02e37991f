"""Posts, for the security administrator, who asks for every change of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, paging
from conduct.shapes import Chip, Crumb, MoveButton
from people.actions import post_changes as acts
from people.asking import SignedInRequest
from people.forms.persons import PostFilterForm, PostForm, ReasonForm
from people.models import Post, PostChange
from people.queries import persons, post_changes
from people.roles import ROLE_NAMES, Role

from .answers import page, tried


def listing(request: SignedInRequest) -> HttpResponse:
    """Posts in force and to come, or those looked for."""
    form = PostFilterForm(request.GET)
    wish = form.cleaned_data if form.is_valid() else {"q": "", "role": "", "state": ""}
    today = clock.day_of(clock.now())
    rows = persons.posts(today=today, text=wish["q"], role=wish["role"], state=wish["state"])
    found = paging.keyset(rows, order=("-since", "-id"), request_get=request.GET, bound=1000, noun="个岗位")
    chips = [Chip("人员", wish["q"], "?")] if wish["q"] else []
    if wish["role"]:
        chips.append(Chip("岗位", ROLE_NAMES[Role(wish["role"])], "?"))
    context = {
        "filter_form": form,
        "chips": chips,
        "rows": found.rows,
        "pager": found.pager,
        "clear_url": reverse("people:posts"),
        "open_changes": post_changes.open_count(to=request.user),
    }
    return render(request, "people/posts.html", context)


def new(request: SignedInRequest) -> HttpResponse:
    """Ask that a post be given."""
    form = PostForm(request.POST or None, initial={"since": clock.day_of(clock.now())})
    if request.method == "POST" and form.is_valid():
        wish = tried(form, lambda: acts.ask_to_give(by=request.user, at=clock.now(), **form.cleaned_data))
        if wish:
            messages.success(request, _asked(wish))
            return redirect("people:posts")
    return page(
        request,
        "people/post_new.html",
        form,
        {"crumbs": [Crumb("岗位授权", reverse("people:posts")), Crumb("授予")]},
    )


def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """One post, and the way to ask that it end."""
    post = persons.get_post(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        wish = tried(form, lambda: acts.ask_to_end(post=post, reason=reason, by=request.user, at=clock.now()))
        if wish:
            messages.success(request, _asked(wish))
            return redirect("people:posts")
    return _shown(request, post, form)


def _shown(request: SignedInRequest, post: Post, form: ReasonForm) -> HttpResponse:
    today = clock.day_of(clock.now())
    is_over = post.is_revoked or bool(post.until and post.until < today)
    wish = None if is_over else post_changes.open_of(post)
    button = MoveButton(
        "end",
        "提请终止",
        reverse("people:post_end", args=[post.pk]),
        is_danger=True,
        form=form,
        is_open=bool(form.errors),
    )
    context = {
        "post": post,
        "is_over": is_over,
        "wish": wish,
        # A refusal is shown where it was typed, also when somebody else was faster.
        "moves": [] if is_over or (wish and not form.errors) else [button],
        "others": persons.posts_of(post.user),
    }
    return page(request, "people/post_detail.html", form, context)


def _asked(wish: PostChange) -> str:
    return f"已提请{wish}，等待另一人确认。确认后生效。"
