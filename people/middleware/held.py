"""Forms kept for their author are put back into a request here, and acts that take a code wait for it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from conduct import clock
from conduct.errors import Refused
from people import matters, posted
from people.actions import held as acts
from people.actions import second_factor
from people.models import HeldForm, User
from people.queries import held
from people.queries import second_factor as factor
from people.sessions import digest
from people.table import table
from people.views.errors import refused
from people.views.held import ask_code
from people.visiting import CODE_GIVEN, visitor_of


class HeldFormMiddleware(MiddlewareMixin):
    """Stands after the doors: who gets here may send what is sent."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not isinstance(request.user, User) or not request.resolver_match:
            return None
        door = table()[request.resolver_match.view_name]
        method = request.method or ""
        what = door.act_named(method=method, move=str(kwargs.get("move", "")))
        takes_code = bool(what) and _has_codes(request, request.user)
        form_id = request.POST.get(posted.HELD, "")
        try:
            if form_id:
                return _carry_out(request, request.user, form_id, what if takes_code else "")
            return _wait(request, request.user, what, kwargs) if takes_code else None
        except Refused as refusal:
            return refused(request, refusal)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """A form carried out is forgotten, one refused stays with its author."""
        form: HeldForm | None = getattr(request, "held_form", None)
        if form is not None:
            acts.settle(form=form, is_done=response.status_code < 400)
        return response


def _has_codes(request: HttpRequest, user: User) -> bool:
    if not factor.is_on():
        return False
    return bool(request.session.get(CODE_GIVEN)) or factor.has_authenticator(user)


def _wait(request: HttpRequest, user: User, what: str, arguments: dict[str, Any]) -> HttpResponseBase | None:
    """Keep what was sent until the code is there; a page to be had passes once, when it is."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    matter = matters.named(name, user=user, arguments=arguments)
    sent = posted.read(request, matter=matter)
    at = clock.now()
    sitting = digest(request.session.session_key or "")
    if sent.method != "POST" and acts.use_allowance(user=user, sitting=sitting, posted=sent, at=at):
        return None
    code = HeldForm.Why.CODE
    return to_code(acts.keep(user=user, posted=sent, why=code, what=what, at=at, sitting=sitting))


def _carry_out(request: HttpRequest, user: User, form_id: str, what: str) -> HttpResponseBase | None:
    """Put the kept form into this request, once; `what` is empty where no code is needed."""
    at = clock.now()
    form = held.get(user=user, pk=form_id, at=at)
    if held.opened(form, with_files=False).path != request.get_full_path():
        raise Refused(acts.GONE)
    if what:
        code = request.POST.get(posted.CODE, "")
        if not code:
            return to_code(form)
        try:
            second_factor.check(user=user, code=code, what=what, visitor=visitor_of(request), at=at)
        except Refused as refusal:
            return ask_code(request, form, problem=str(refusal))
    posted.put_into(request, acts.take(form=form, at=at))
    request.held_form = form  # type: ignore[attr-defined]
    return None


def to_code(form: HeldForm) -> HttpResponseBase:
    """To the page that asks for the code."""
    return redirect(f"{reverse('people:give_code')}?{urlencode({'form': str(form.pk)})}")
