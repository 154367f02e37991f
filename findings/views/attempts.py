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

SHOWN = 200
CONFLICT = 409
TYPED_WRONG = 422


def attempt(action: Callable[[], Done], *typed: forms.Form, is_sent: bool = True) -> tuple[Done | None, int]:
    """What the action returned; or nothing, the refusal in the first form, and the status to answer with.

    typed:   the forms that must be readable first
    is_sent: False while the page is only being shown
    """
    if not is_sent:
        return None, SHOWN
    if not all(form.is_valid() for form in typed):
        return None, TYPED_WRONG
    try:
        return action(), SHOWN
    except Forbidden:
        raise
    except Refused as refusal:
        typed[0].add_error(None, str(refusal))
        return None, CONFLICT if isinstance(refusal, MovedMeanwhile) else TYPED_WRONG


def hold_to_seen(request: SignedInRequest, finding: Finding) -> None:
    """Refuse a step decided on a page that no longer shows how things stand.

    Raises: MovedMeanwhile
    """
    if seen_version(request, finding) != finding.version:
        raise MovedMeanwhile(MOVED)


def seen_version(request: SignedInRequest, finding: Finding) -> int:
    """The version the page was shown at; the present one where the page did not say."""
    seen = request.POST.get("version", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else finding.version


def today() -> date:
    """The day in the office."""
    return clock.day_of(clock.now())
