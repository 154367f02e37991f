"""Everything a person can open, as bytes: what they read with a sealed thing and without must be the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from conduct import reads
from people import access
from people.middleware import table
from people.models import User
from tests.factories.cast import signed_in
from tests.house.world import Arguments

# The list of sign-ins differs by the very sign-in that asks for it, and by nothing else.
NOT_PAGES = {"logout", "people:setup", "people:sittings"}
ASKED = {
    "findings:list": ("", "?order=deadline", "?state=closed", "?state=open", "?words=窗口"),
    "reports:search": ("?q=窗口", "?q=回头看", "?q=线索"),
    "inspections:campaign_list": ("", "?words=回头看&method=covert"),
    "inspections:visit_list": ("", "?state=planned"),
    "inspections:campaign_search": ("?campaign=回头看",),
}
LOTS = re.compile(rb'(X-CSRFToken": ?"|(?:csrfmiddlewaretoken|made_key|client_key)" value=")[^"]+')


def addresses(user: User, arguments: Arguments) -> Iterator[str]:
    """Every page the person's doors open: lists, and those of the rows there are."""
    roles = access.roles_of(user)
    for name, door in table().items():
        if name in NOT_PAGES or not door.admits("GET", roles) or "GET" not in door.methods:
            continue
        with suppress(NoReverseMatch):
            place = reverse(name, args=arguments.get(name, []))
            yield from (f"{place}{query}" for query in ASKED.get(name, ("",)))


def read_by(user: User, arguments: Arguments) -> dict[str, tuple[int, bytes, int]]:
    """{address: status, body without what is drawn by lot, questions to the database}."""
    client, seen = signed_in(User.objects.get(pk=user.pk)), {}
    for url in addresses(user, arguments):
        reads.forget()
        with CaptureQueriesContext(connection) as asked:
            answer: Any = client.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen[url] = (answer.status_code, LOTS.sub(b"", _unpacked(body)), len(asked))
    return seen


def _unpacked(body: bytes) -> bytes:
    """The sheets of a workbook without the moment it was made at; anything else as it is."""
    if not body.startswith(b"PK"):
        return body
    with ZipFile(BytesIO(body)) as book:
        return b"".join(book.read(name) for name in sorted(book.namelist()) if "docProps" not in name)


def differing(
    before: dict[str, tuple[int, bytes, int]], after: dict[str, tuple[int, bytes, int]]
) -> list[str]:
    """Addresses whose answer changed."""
    return sorted(url for url in before.keys() | after.keys() if before.get(url) != after.get(url))
