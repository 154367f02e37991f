"""Sittings end by the clock; what somebody sends after that is kept for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from conduct import clock
from conduct.errors import Refused
from people import access, browser, late
from people.actions import sittings as acts
from people.models import HeldForm, Sitting, User
from people.queries import sittings
from people.sessions import SessionStore
from people.views import held
from people.views.errors import refused

SEEN_EVERY = timedelta(minutes=1)
# Parts of the page that ask by themselves, without anybody there.
ASKS_BY_ITSELF = ("job-", "inbox-")


class SittingMiddleware(MiddlewareMixin):
    """Note that the person is there, and send away who was away too long."""

    def process_request(self, request: HttpRequest) -> None:
        session = _session(request)
        session.address = browser.address_of(request)
        session.device = browser.words_of(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return
        sitting = session.row
        if sitting is None:
            return
        at = timezone.now()  # the clock by which Django ends sessions
        if why := _overdue(sitting, request.user, at):
            acts.end(sitting=sitting, why=why, at=at)
            logout(request)
        elif _is_to_be_noted(request, sitting, at):
            acts.seen(sitting=sitting, address=session.address, device=session.device, at=at)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Note what the forms of this sitting carry, as soon as a page with a form goes out."""
        session = _session(request)
        # The sign-in page sets its cookie by itself, before this is asked; there the session has changed.
        goes_out = request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or session.modified
        secret = request.META.get("CSRF_COOKIE") if goes_out else None
        if not secret or not session.accessed or not request.user.is_authenticated:
            return response
        form_key = late.key_of_forms(str(secret))
        if session.modified:
            session.form_key = form_key
        elif session.row is not None and session.row.form_key != form_key:
            acts.remember_forms(sitting=session.row, form_key=form_key)
        return response


class SignedInMiddleware(LoginRequiredMiddleware):
    """Nobody without an account; what was typed before the door closed is kept."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.method == "POST":
            author = late.author_after_the_end(request)
            try:
                if late.keep(request, author=author, why=HeldForm.Why.ENDED, at=clock.now()):
                    return held.to_login(request)
            except Refused as refusal:
                return refused(request, refusal)
        if request.headers.get("HX-Request"):
            # The page around it stays as it is, with everything typed on it.
            return render(request, "people/away.html", status=401)
        if request.method not in ("GET", "HEAD"):
            return redirect("login")  # what takes a form alone is no place to come back to
        answered: HttpResponse = super().handle_no_permission(request, view_func)
        return answered


def _overdue(sitting: Sitting, user: User, at: datetime) -> Sitting.End | None:
    # Within the shorter limit nothing need be asked about the person's posts.
    quiet = min(settings.ADMIN_IDLE_MINUTES, settings.IDLE_MINUTES)
    is_fresh = at - sitting.seen_at < timedelta(minutes=quiet)
    roles = frozenset() if is_fresh else access.roles_of(user)
    return sittings.overdue(sitting, roles=roles, at=at)


def _is_to_be_noted(request: HttpRequest, sitting: Sitting, at: datetime) -> bool:
    if request.headers.get("HX-Trigger", "").startswith(ASKS_BY_ITSELF):
        return False
    return at - sitting.seen_at >= SEEN_EVERY or not sitting.device


def _session(request: HttpRequest) -> SessionStore:
    session: Any = request.session
    return session  # type: ignore[no-any-return]
