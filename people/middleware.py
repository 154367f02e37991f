"""The doorkeeper: a URL without a row in the table of doors does not exist; a role not listed is told so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.module_loading import import_string

from conduct.errors import Forbidden
from conduct.models import Office

from . import access
from .doors import Door
from .views.errors import forbidden

WITH_TEMPORARY_PASSWORD = frozenset({"login", "logout", "password_change", "people:healthz", "people:readyz"})
BEFORE_OPENING = ("/setup/", "/static/", "/healthz", "/readyz")


@cache
def table() -> Mapping[str, Door]:
    """The doors of all floors, assembled on the roof."""
    doors: Mapping[str, Door] = import_string(settings.DOORS)
    return doors


class DoorMiddleware(MiddlewareMixin):
    """Deny by default, in production as in tests."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        door = table().get(match.view_name) if match else None
        if door is None:
            raise Http404
        if request.method not in door.methods:
            return HttpResponseNotAllowed(sorted(door.methods))
        if not door.admits(request.method or "", access.roles_of(request.user)):
            return forbidden(request, Forbidden(access.NO_RIGHT))
        if match and match.view_name not in WITH_TEMPORARY_PASSWORD and _must_change(request):
            return redirect("password_change")
        return None


def _must_change(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.must_change_password)


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
