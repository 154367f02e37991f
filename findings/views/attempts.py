"""Do what was asked, and say in the form why it was not done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django import forms

from conduct import clock
from conduct.errors import Forbidden, MovedMeanwhile, Refused
from conduct.moves import MOVED
from findings.models import Finding
from people.asking import SignedInRequest

Done = TypeVar("Done")

TYPED_WRONG = 422
CONFLICT = 409


def attempt(form: forms.Form, action: Callable[[], Done]) -> tuple[Done | None, int]:
    """What the action returned with 200; or nothing, the refusal in the form, and the status to answer with."""
    try:
        return action(), 200
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None, CONFLICT if isinstance(refusal, MovedMeanwhile) else TYPED_WRONG


def hold_to_seen(request: SignedInRequest, finding: Finding) -> None:
    """Refuse a step decided on a page that no longer shows how things stand.

    Raises: MovedMeanwhile
    """
    seen = request.POST.get("version", "")
    if seen.isdecimal() and int(seen) != finding.version:
        raise MovedMeanwhile(MOVED)


def today() -> date:
    """The day in the office."""
    return clock.day_of(clock.now())
