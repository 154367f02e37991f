"""The request of someone who is signed in, which is what every page but the public ones gets."""

from __future__ import annotations

from django.http import HttpRequest

from .models import User


class SignedInRequest(HttpRequest):
    """LoginRequiredMiddleware lets nobody else in."""

    user: User
