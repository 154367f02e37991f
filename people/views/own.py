"""One's own account: where one is signed in, and the authenticator."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conduct import clock
from people.actions import second_factor as acts
from people.actions import sittings as ends
from people.asking import SignedInRequest
from people.forms.signing_in import CodeForm
from people.queries import second_factor as factor
from people.queries import sittings
from people.sessions import digest
from people.visiting import CODE_GIVEN, visitor_of

from .answers import page, tried

# Set while somebody who has an authenticator binds another.
BINDING = "binding_another"


@dataclass(frozen=True)
class Picture:
    """A QR code as the outline of its dark squares, each one unit wide."""

    width: int
    outline: str


@never_cache
def signed_in(request: SignedInRequest) -> HttpResponse:
    """Where the person is signed in; each can be ended, or all others at once."""
    here = digest(request.session.session_key or "")
    if request.method == "POST":
        ended = _end(request, request.POST.get("sitting", ""), here)
        messages.success(request, f"已退出 {ended} 处登录。" if ended else "没有要退出的登录。")
        return redirect("people:sittings")
    rows = list(sittings.open_of(user=request.user, at=clock.now()))
    return render(request, "people/sittings.html", {"rows": rows, "here": here})


@never_cache
def authenticator(request: SignedInRequest) -> HttpResponse:
    """Bind an authenticator; with one in use, show the code in a sitting that has not, or begin anew."""
    has_one = factor.has_authenticator(request.user)
    is_binding = not has_one or bool(request.session.get(BINDING))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["one_time_code"]
        if tried(form, lambda: _take(request, code, is_binding=is_binding)):
            request.session[CODE_GIVEN] = True
            request.session.pop(BINDING, None)
            messages.success(request, "已绑定动态口令。" if is_binding else "动态口令已通过。")
            return redirect("people:second_factor")
    context: dict[str, object] = {
        "is_required": factor.is_required(),
        "has_one": has_one,
        "is_on": factor.is_on(),
    }
    if not is_binding:
        is_shown = bool(request.session.get(CODE_GIVEN))
        return page(request, "people/second_factor.html", form, {**context, "is_shown": is_shown})
    device = acts.begin(user=request.user)
    context |= {"qr": _picture(device.config_url), "key": device.typed_key}
    return page(request, "people/second_factor_bind.html", form, context)


@require_POST
def change_authenticator(request: SignedInRequest) -> HttpResponse:
    """Begin binding another authenticator; the door has asked for a code of the present one."""
    request.session[BINDING] = True
    return redirect("people:second_factor")


def _take(request: SignedInRequest, code: str, *, is_binding: bool) -> bool:
    if is_binding:
        return acts.confirm(user=request.user, code=code, at=clock.now())
    return acts.show(user=request.user, code=code, visitor=visitor_of(request), at=clock.now())


def _end(request: SignedInRequest, key: str, here: str) -> int:
    if not key:
        return ends.end_others(user=request.user, but=here, at=clock.now())
    is_elsewhere = key.isalnum() and key != here
    return ends.end_own(user=request.user, key=key, at=clock.now()) if is_elsewhere else 0


def _picture(address: str) -> Picture:
    rows = list(segno.make(address, error="m").matrix_iter(border=4))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Picture(len(rows), "".join(dark))
