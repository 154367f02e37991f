"""Forms kept for one person; nobody else's are ever found."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.http import Http404

from conduct import sealing
from conduct.errors import Refused
from people.models import HeldForm, User
from people.posted import Posted, PostedFile

PURPOSE = "held-form"


def of(*, user: User, at: datetime) -> QuerySet[HeldForm]:
    """What waits for the person, the newest first; pages waiting for a code are no forms."""
    return (
        HeldForm.objects.filter(user=user, page_key="", expires_at__gt=at)
        .exclude(why=HeldForm.Why.CODE, taken_at__isnull=False)
        .defer("body")
        .order_by("-at")
    )


@dataclass(frozen=True)
class Shown:
    """One held form as its author sees it: what it says, and where it was going."""

    form: HeldForm
    matter: str
    texts: list[str]
    path: str
    files: int

    @property
    def is_under_way(self) -> bool:
        """Being carried out, or broken off while it was: nobody knows which."""
        return self.form.taken_at is not None


def shown(*, user: User, at: datetime) -> list[Shown]:
    """The person's forms opened for the page; pages that wait for a code are not forms."""
    found = []
    for form in of(user=user, at=at).defer(None).annotate(count=Count("files")):
        try:
            content = opened(form, with_files=False)
        except Refused:
            continue
        if content.method == "POST":
            found.append(Shown(form, content.matter, content.texts, content.path, form.count))
    return found


def get(*, user: User, pk: str, at: datetime) -> HeldForm:
    """One of the person's own.

    Raises: Http404 for another's, an expired or a malformed one
    """
    try:
        found = HeldForm.objects.filter(pk=uuid.UUID(pk), user=user, expires_at__gt=at).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def context_of(form: HeldForm, number: int = 0) -> str:
    """What the sealed bytes are bound to: the row, its owner, and which part of it."""
    return f"{form.pk} {form.user_id} {number}"


def opened(form: HeldForm, *, with_files: bool = True) -> Posted:
    """What was posted, as it was.

    Raises: Refused when nothing opens it any more
    """
    body = json.loads(_plain(form, form.body, 0))
    files = []
    for part in form.files.order_by("number") if with_files else ():
        header, _, content = _plain(form, part.body, part.number).partition(b"\n")
        files.append(PostedFile(**json.loads(header), body=content))
    pairs = [(name, value) for name, value in body["pairs"]]
    return Posted(body["method"], body["path"], pairs, files, body["matter"])


def _plain(form: HeldForm, sealed: bytes | memoryview[int], number: int) -> bytes:
    try:
        return sealing.unseal(bytes(sealed), alg=form.alg, purpose=PURPOSE, context=context_of(form, number))
    except sealing.Unreadable as fault:
        raise Refused("这份内容已无法读取，请重新填写。") from fault
