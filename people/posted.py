"""A posted form apart from its request: read off one, kept, and put into another."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

FORM_MARK = "csrfmiddlewaretoken"
HELD = "held_form"
CODE = "one_time_code"
# Length of a token that hides the secret under a fresh mask, as Django writes it into forms.
MASKED = 64


@dataclass(frozen=True)
class PostedFile:
    """One uploaded file: the field it was chosen in, and what it held."""

    field: str
    name: str
    kind: str
    body: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True)
class Posted:
    """Everything a person sent to one address.

    path:   with the query
    pairs:  (field, value) in the order sent
    matter: what it is about, in words
    """

    method: str
    path: str
    pairs: list[tuple[str, str]] = dataclasses.field(repr=False)
    files: list[PostedFile] = dataclasses.field(default_factory=list, repr=False)
    matter: str = ""

    @property
    def texts(self) -> list[str]:
        """What the person wrote in words, to know the form again by."""
        return [value for _, value in self.pairs if any(ch > "\u2e7f" for ch in value)]


def read(request: HttpRequest, *, matter: str = "") -> Posted:
    """What the request carries, without the marks of this house's own doors."""
    own = {FORM_MARK, HELD, CODE}
    pairs = [(name, value) for name, values in request.POST.lists() if name not in own for value in values]
    files = [
        PostedFile(name, file.name or "", file.content_type or "", file.read())
        for name, uploads in request.FILES.lists()
        for file in uploads
    ]
    return Posted(request.method or "", request.get_full_path(), pairs, files, matter)


def put_into(request: HttpRequest, posted: Posted) -> None:
    """Let the request carry what was posted before."""
    data = QueryDict(mutable=True)
    for name, value in posted.pairs:
        data.appendlist(name, value)
    data._mutable = False
    files: MultiValueDict[str, SimpleUploadedFile] = MultiValueDict()
    for file in posted.files:
        files.appendlist(file.field, SimpleUploadedFile(file.name, file.body, file.kind))
    request._post, request._files = data, files  # type: ignore[attr-defined]
