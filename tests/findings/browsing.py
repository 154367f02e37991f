"""Pages of findings as a signed-in person asks for them."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
from django.test import Client
from django.urls import reverse

from conduct import issuing
from findings.models import Notice
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


def printed(notice: Notice) -> str:
    """The words of the notice as it was printed, without blanks."""
    pages = pypdf.PdfReader(io.BytesIO(issuing.pdf_of(notice.paper))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
