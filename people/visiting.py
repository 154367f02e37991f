"""Who is at the door or in the house, as tries are counted by."""

from __future__ import annotations

from django.http import HttpRequest

from . import browser
from .actions.sign_in import Visitor

# Set in the session when its owner has shown a code in it.
CODE_GIVEN = "second_factor"


def visitor_of(request: HttpRequest) -> Visitor:
    """Where the request comes from, from which browser, and in which sitting."""
    network = browser.network_of(browser.address_of(request))
    return Visitor(address=network, browser=browser.mark_of(request), sitting=_sitting_of(request))


def _sitting_of(request: HttpRequest) -> str:
    row = getattr(request.session, "row", None)
    if row is None or not request.user.is_authenticated or not request.session.get(CODE_GIVEN):
        return ""
    # By its beginning and not its key: a new password makes a new key, and would forgive every wrong code.
    return str(row.started_at.isoformat())
