"""How a page answers what was typed: the refusal beside the form, nothing lost, the right status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from conduct.errors import Forbidden, MovedMeanwhile, Refused
from people.asking import SignedInRequest

Result = TypeVar("Result")
MOVED = "moved_meanwhile"


def tried(form: forms.BaseForm, act: Callable[[], Result]) -> Result | None:
    """Act, and write a refusal on the form; None when refused."""
    try:
        return act()
    except Forbidden:
        raise
    except Refused as refusal:
        code = MOVED if isinstance(refusal, MovedMeanwhile) else "refused"
        form.add_error(None, forms.ValidationError(str(refusal), code=code))
        return None


def page(
    request: SignedInRequest, template: str, form: forms.BaseForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 409 when someone was faster, 422 when something is wrong, else 200."""
    status = 200
    if form.errors:
        status = 409 if form.has_error("__all__", MOVED) else 422
    return render(request, template, {"form": form, **(context or {})}, status=status)
