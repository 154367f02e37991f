"""Forms that cannot be carried out now: whose they are, and keeping them until they can."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware import csrf

from . import posted
from .actions import held
from .models import HeldForm, User
from .queries import sittings
from .sessions import digest
from .table import table


def key_of_forms(secret: str) -> str:
    """What a sitting remembers of the secret its forms carry."""
    return hmac.new(settings.SECRET_KEY.encode(), b"forms\0" + secret.encode(), hashlib.sha256).hexdigest()


def author_by_secret(request: HttpRequest) -> User | None:
    """Whose form this is, told by the secret it carries: it belongs to one sitting, and no other site knows it."""
    secret = _secret_of(_token_of(request))
    return sittings.author_by_form(key_of_forms(secret)) if secret else None


def author_after_the_end(request: HttpRequest) -> User | None:
    """Whose form this is, once the door for forms of other sites has let it pass.

    A request that had to carry no secret is told by the cookie of the sitting that is over.
    """
    if _token_of(request):
        return author_by_secret(request)
    return sittings.author_by_key(digest(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "-")))


def keep(request: HttpRequest, *, author: User | None, why: HeldForm.Why, at: datetime) -> bool:
    """Keep the form for its author; whether there was an author, and a form that may be kept.

    Raises: Refused when too many of the author's forms wait already
    """
    door = table().get(request.resolver_match.view_name) if request.resolver_match else None
    if author is None or door is None or request.method != "POST":
        return False
    if door.public or not door.is_kept or "POST" not in door.methods:
        return False
    if posted.HELD in request.POST:
        return True  # sent on from the page of kept forms: it is kept still
    held.keep(user=author, posted=posted.read(request), why=why, what=door.form, at=at)
    return True


def _token_of(request: HttpRequest) -> str:
    return request.POST.get(posted.FORM_MARK, "") or request.headers.get("X-CSRFToken", "")


def _secret_of(token: str) -> str:
    """The secret under the mask; Django keeps how to lift it to itself."""
    django: Any = csrf
    try:
        django._check_token_format(token)
    except django.InvalidTokenFormat:
        return ""
    return str(django._unmask_cipher_token(token)) if len(token) == posted.MASKED else token
