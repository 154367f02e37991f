"""Pages of findings as a signed-in person asks for them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from people.models import User


def browser(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def get(user: User, name: str, *args: object, **query: object) -> Any:
    """Look at a page of findings by its URL name."""
    return browser(user).get(reverse(f"findings:{name}", args=args), query)


def post(user: User, name: str, *args: object, **data: object) -> Any:
    """Send a form of findings by its URL name."""
    return browser(user).post(reverse(f"findings:{name}", args=args), data)


def hidden(page: str, name: str, *, many: bool = False) -> Any:
    """What the page carries in a hidden field: one value, or all of that name."""
    found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    return found if many else found[0]
