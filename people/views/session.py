"""Coming in, going out, and changing one's own password."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from people import menu
from people.actions import accounts
from people.asking import SignedInRequest
from people.models import User


class SignIn(LoginView):
    """Django's own sign-in; each role begins at the first line of its menu."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and write it down."""
        accounts.note_sign_in(user=form.get_user(), at=clock.now())
        return super().form_valid(form)

    def get_default_redirect_url(self) -> str:
        """Where the person begins."""
        return menu.start_url(cast(User, self.request.user))


def password_change(request: SignedInRequest) -> HttpResponse:
    """Change one's own password; after a temporary one nothing else is open."""
    form: Any = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.change_own_password(
            user=request.user, password=form.cleaned_data["new_password1"], at=clock.now()
        )
        update_session_auth_hash(request, request.user)
        return redirect("password_change_done")
    context = {"form": form, "is_forced": request.user.must_change_password}
    return render(
        request, "registration/password_change_form.html", context, status=422 if form.errors else 200
    )


def password_change_done(request: SignedInRequest) -> HttpResponse:
    """Say that the new password holds."""
    return render(request, "registration/password_change_done.html")
