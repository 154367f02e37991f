"""Forms that came too late or wait for a code: kept, shown to their author, and posted again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware import csrf
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from conduct import clock
from conduct.errors import Refused
from people import posted
from people.actions import held as acts
from people.actions import second_factor
from people.asking import SignedInRequest
from people.forms.signing_in import CodeForm
from people.middleware.doors import table
from people.middleware.sittings import key_of_forms
from people.models import HeldForm, User
from people.queries import held, sittings
from people.sessions import digest

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
        second_factor.check(user=request.user, code=code, what=form.what, at=clock.now())
    except Refused as refusal:
        return ask_code(request, form, problem=str(refusal))
    acts.allow(form=form, at=clock.now())
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


def kept_for_later(request: HttpRequest) -> HttpResponseBase | None:
    """Keep a form posted by somebody whose sitting is over; None when nobody can tell whose it is."""
    author = _author(request)
    if author is None and not _token_of(request):
        # The door for forms of other sites stands before this one: a request without a secret is no page's form.
        author = sittings.author_by_key(digest(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "-")))
    if author is None or not _is_to_be_kept(request):
        return None
    return _kept_till_login(request, author)


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form of an older sitting, or not a form of ours: only the first is kept, and for its own author."""
    if request.resolver_match and request.resolver_match.view_name in AT_THE_DOOR:
        messages.warning(request, "登录页放得太久，请再登录一次。")
        return redirect("/" if request.user.is_authenticated else "login")
    author = _author(request)
    if author is None or not _is_to_be_kept(request):
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return _kept_till_login(request, author)
    _keep(request, author, HeldForm.Why.STALE)
    if request.user == author:
        messages.warning(request, "页面是上次登录时打开的，刚才填写的内容没有丢，请核对后继续提交。")
        return redirect("people:held")
    return render(request, "people/held_for_another.html", status=403)


def _kept_till_login(request: HttpRequest, author: User) -> HttpResponseBase:
    _keep(request, author, HeldForm.Why.ENDED)
    messages.warning(request, KEPT)
    return redirect_to_login(reverse("people:held"))


def _author(request: HttpRequest) -> User | None:
    """Whose form this is, told by the secret it carries: it belongs to one sitting, and no other site knows it."""
    secret = _secret_of(_token_of(request))
    return sittings.author_by_form(key_of_forms(secret)) if secret else None


def _token_of(request: HttpRequest) -> str:
    return request.POST.get(posted.FORM_MARK, "") or request.headers.get("X-CSRFToken", "")


def _secret_of(token: str) -> str:
    """The secret under the mask; Django keeps how to lift it to itself."""
    django: Any = csrf
    try:
        django._check_token_format(token)
    except django.InvalidTokenFormat:
        return ""
    return str(django._unmask_cipher_token(token)) if len(token) == posted.MASKED else token


def _is_to_be_kept(request: HttpRequest) -> bool:
    door = table().get(request.resolver_match.view_name) if request.resolver_match else None
    return bool(door and door.is_kept and not door.public and "POST" in door.methods)


def _keep(request: HttpRequest, author: User, why: HeldForm.Why) -> None:
    door = table()[request.resolver_match.view_name] if request.resolver_match else None
    what = door.form if door else ""
    acts.keep(user=author, posted=posted.read(request), why=why, what=what, at=clock.now())
