"""Forms that came too late or wait for a code: kept, shown to their author, and posted again."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from conduct import clock
from conduct.errors import Refused
from people import late, posted
from people.actions import held as acts
from people.actions import second_factor
from people.asking import SignedInRequest
from people.forms.signing_in import CodeForm
from people.models import HeldForm
from people.queries import held
from people.sessions import digest
from people.visiting import visitor_of

from .errors import refused

AT_THE_DOOR = ("login", "sign_in_code")
KEPT = "登录已失效，刚才填写的内容已加密保存 24 小时。请原来的用户登录，登录后可以继续提交。"


@never_cache
def listing(request: SignedInRequest) -> HttpResponse:
    """What waits for the person to be sent again or given up."""
    if request.method == "POST":
        form = held.get(user=request.user, pk=request.POST.get("form", ""), at=clock.now())
        acts.drop(form=form)
        messages.success(request, f"已放弃：{form.what}。")
        return redirect("people:held")
    found = held.shown(user=request.user, at=clock.now())
    return render(request, "people/held.html", {"rows": found})


@never_cache
def give_code(request: SignedInRequest) -> HttpResponse:
    """Say what is about to be done, and ask for the code; a page to be had is fetched with it."""
    source = request.POST if request.method == "POST" else request.GET
    form = held.get(user=request.user, pk=source.get("form", ""), at=clock.now())
    if request.method != "POST":
        return ask_code(request, form)
    code = request.POST.get(posted.CODE, "")
    try:
        second_factor.check(
            user=request.user, code=code, what=form.what, visitor=visitor_of(request), at=clock.now()
        )
    except Refused as refusal:
        return ask_code(request, form, problem=str(refusal))
    acts.allow(form=form, sitting=digest(request.session.session_key or ""), at=clock.now())
    return redirect(held.opened(form, with_files=False).path)


def ask_code(request: HttpRequest, form: HeldForm, *, problem: str = "") -> HttpResponse:
    """The page with the code's field; its form goes straight to the address the kept one was meant for."""
    content = held.opened(form, with_files=False)
    code = CodeForm({posted.CODE: ""} if problem else None)
    if problem:
        code.errors.clear()
        code.add_error(posted.CODE, problem)
    is_page = content.method != "POST"
    context = {
        "held": form,
        "content": content,
        "form": code,
        "action": reverse("people:give_code") if is_page else content.path,
    }
    return render(request, "people/give_code.html", context, status=422 if problem else 200)


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form of an older sitting, or not a form of ours: only the first is kept, and for its own author."""
    if request.resolver_match and request.resolver_match.view_name in AT_THE_DOOR:
        messages.warning(request, "登录页放得太久，请再登录一次。")
        return redirect("/" if request.user.is_authenticated else "login")
    author = late.author_by_secret(request)
    why = HeldForm.Why.STALE if request.user.is_authenticated else HeldForm.Why.ENDED
    try:
        is_kept = late.keep(request, author=author, why=why, at=clock.now())
    except Refused as refusal:
        return refused(request, refusal)
    if not is_kept:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return to_login(request)
    if request.user == author:
        messages.warning(request, "页面是上次登录时打开的，刚才填写的内容没有丢，请核对后继续提交。")
        return redirect("people:held")
    return render(request, "people/held_for_another.html", status=403)


def to_login(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, saying that nothing is lost, and from there to what was kept."""
    messages.warning(request, KEPT)
    return redirect_to_login(reverse("people:held"))
