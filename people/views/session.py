"""Coming in, going out, and changing one's own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from conduct import clock
from people import browser, menu
from people.actions import accounts, second_factor, sign_in
from people.asking import SignedInRequest
from people.forms.signing_in import CodeForm, NewPasswordForm, SignInForm
from people.models import User
from people.queries import held, persons
from people.queries import second_factor as factor
from people.sessions import digest
from people.visiting import CODE_GIVEN, visitor_of

from .answers import tried

# Between password and code: who, under which password, until when, and where to.
HALF_IN = "half_in"
HALF_IN_FOR = timedelta(minutes=5)


class SignIn(LoginView):
    """Name and password, then the code of those who have an authenticator."""

    authentication_form = SignInForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form is told who is at the door, and when."""
        visitor = visitor_of(self.request)
        return {**super().get_form_kwargs(), "visitor": visitor, "at": clock.now()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Whether to say what comes next."""
        return super().get_context_data(**context, asks_code=factor.is_on())

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In, or half in."""
        user = cast(User, form.get_user())
        onward = self.get_redirect_url()
        if factor.is_on() and factor.has_authenticator(user):
            logout(self.request)
            self.request.session[HALF_IN] = {
                "user": user.pk,
                "hash": user.get_session_auth_hash(),
                "until": (clock.now() + HALF_IN_FOR).timestamp(),
                "next": onward,
            }
            return redirect("sign_in_code")
        return _let_in(self.request, user, onward=onward, has_shown_code=False)


@login_not_required
@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: the code of the person whose password was right a moment ago."""
    given = request.session.get(HALF_IN) or {}
    user = persons.half_in(pk=given.get("user"), password_hash=given.get("hash", ""))
    if user is None or clock.now().timestamp() > given["until"]:
        request.session.pop(HALF_IN, None)
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, visitor = form.cleaned_data["one_time_code"], visitor_of(request)
        if tried(form, lambda: second_factor.show(user=user, code=code, visitor=visitor, at=clock.now())):
            return _let_in(request, user, onward=given["next"], has_shown_code=True)
    return render(request, "people/sign_in_code.html", {"form": form}, status=422 if form.errors else 200)


class SignOut(LogoutView):
    """Out, and written down."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End this sitting."""
        if isinstance(request.user, User):
            sign_in.note_leaving(user=request.user, at=clock.now())
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer


@sensitive_post_parameters()
@never_cache
def password_change(request: SignedInRequest) -> HttpResponse:
    """Change one's own password; after a temporary or an expired one nothing else is open."""
    form: Any = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = digest(request.session.session_key or "")
        password = form.cleaned_data["new_password1"]
        accounts.change_own_password(user=request.user, password=password, at=clock.now(), sitting=key)
        update_session_auth_hash(request, request.user)
        return redirect("password_change_done")
    context = {
        "form": form,
        "is_forced": request.user.must_change_password,
        "is_expired": accounts.is_password_old(user=request.user, at=clock.now()),
        "most_days": settings.PASSWORD_DAYS,
    }
    return render(
        request, "registration/password_change_form.html", context, status=422 if form.errors else 200
    )


def password_change_done(request: SignedInRequest) -> HttpResponse:
    """Say that the new password holds."""
    return render(request, "registration/password_change_done.html")


def _let_in(request: HttpRequest, user: User, *, onward: str, has_shown_code: bool) -> HttpResponse:
    """A new sitting, in a browser that is known from now on."""
    at = clock.now()
    token = browser.token_of(request) or browser.fresh_token()
    logout(request)
    login(request, user)
    request.session[CODE_GIVEN] = has_shown_code
    sign_in.welcome(user=user, browser=digest(token), at=at)
    answer: HttpResponseBase
    if held.shown(user=user, at=at):
        messages.info(request, "您有没提交成的内容，请先看看要不要继续提交。")
        answer = redirect("people:held")
    else:
        answer = redirect(onward or menu.start_url(user))
    browser.set_mark(request, answer, token)
    return cast(HttpResponse, answer)
