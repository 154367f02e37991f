"""Posts, for the security administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from conduct import clock, paging
from conduct.shapes import Chip, Crumb, MoveButton
from people.actions import posts as acts
from people.asking import SignedInRequest
from people.forms.persons import PostFilterForm, PostForm, ReasonForm
from people.queries import persons
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
    context = {"filter_form": form, "chips": chips, "rows": found.rows, "pager": found.pager}
    return render(request, "people/posts.html", {**context, "clear_url": reverse("people:posts")})


def new(request: SignedInRequest) -> HttpResponse:
    """Give a post."""
    form = PostForm(request.POST or None, initial={"since": clock.day_of(clock.now())})
    if request.method == "POST" and form.is_valid():
        post = tried(form, lambda: acts.give(by=request.user, at=clock.now(), **form.cleaned_data))
        if post:
            messages.success(request, f"已授予：{post}。")
            return redirect("people:posts")
    return page(
        request,
        "people/post_new.html",
        form,
        {"crumbs": [Crumb("岗位授权", reverse("people:posts")), Crumb("授予")]},
    )


def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """One post, and the way to end it."""
    post = persons.get_post(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: acts.end(post=post, reason=reason, by=request.user, at=clock.now())):
            messages.success(request, f"已终止：{post}。")
            return redirect("people:posts")
    today = clock.day_of(clock.now())
    is_over = post.is_revoked or bool(post.until and post.until < today)
    button = MoveButton(
        "end",
        "终止岗位",
        reverse("people:post_end", args=[pk]),
        is_danger=True,
        form=form,
        is_open=bool(form.errors),
    )
    return page(
        request,
        "people/post_detail.html",
        form,
        {
            "post": post,
            "is_over": is_over,
            "moves": [] if is_over else [button],
            "others": persons.posts_of(post.user),
        },
    )
