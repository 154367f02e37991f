"""The doorkeeper: a URL without a row in the table of doors does not exist; a role not listed is told so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from conduct import clock
from conduct.errors import Forbidden, Refused
from conduct.models import Office
from people import access, late
from people.actions import accounts
from people.models import HeldForm, User
from people.queries import second_factor
from people.table import table
from people.views.errors import forbidden, refused
from people.visiting import CODE_GIVEN

ALWAYS_OPEN = frozenset({"login", "logout", "people:healthz", "people:readyz"})
WITH_OLD_PASSWORD = ALWAYS_OPEN | {"password_change"}
WITHOUT_FACTOR = WITH_OLD_PASSWORD | {"password_change_done", "people:second_factor"}
BEFORE_OPENING = ("/setup/", "/static/", "/healthz", "/readyz")


class RowMiddleware(MiddlewareMixin):
    """What has no row in the table does not exist, be it asked by a stranger or by somebody signed in."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        door = table().get(match.view_name) if match else None
        if door is None or request.method not in door.methods:
            raise Http404
        return None


class DoorMiddleware(MiddlewareMixin):
    """Deny by default, in production as in tests."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        door = table()[name]
        if not door.admits(request.method or "", access.roles_of(request.user)):
            return forbidden(request, Forbidden(access.NO_RIGHT))
        # What asks nothing of a stranger asks nothing more of somebody who is half signed in.
        if not request.user.is_authenticated or door.public:
            return None
        if _must_change(request.user):
            return None if name in WITH_OLD_PASSWORD else _first(request, "password_change")
        if second_factor.is_required() and not request.session.get(CODE_GIVEN):
            return None if name in WITHOUT_FACTOR else _first(request, "people:second_factor")
        return None


def _first(request: HttpRequest, url_name: str) -> HttpResponseBase:
    """To what must be done first; what was typed meanwhile is kept."""
    try:
        is_kept = late.keep(request, author=cast(User, request.user), why=HeldForm.Why.FIRST, at=clock.now())
    except Refused as refusal:
        return refused(request, refusal)
    if is_kept:
        messages.info(request, "刚才填写的内容已保存，办好这一步后可在“找回未提交的内容”里继续提交。")
    return redirect(url_name)


def _must_change(user: User) -> bool:
    """A password somebody else chose, or one that is too old where passwords age."""
    return user.must_change_password or accounts.is_password_old(user=user, at=clock.now())


class FirstRunMiddleware:
    """An office that has not been set up answers every page with its first-run form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_open = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_open and not request.path.startswith(BEFORE_OPENING):
            # Once open an office stays open, so one query per process and not one per request.
            self.is_open = Office.objects.exists()
            if not self.is_open:
                return redirect("people:setup")
        return self.get_response(request)
