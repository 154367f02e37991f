"""The names of the office, for the system administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from conduct import clock
from people.actions import office as acts
from people.asking import SignedInRequest
from people.forms.office import OfficeEditForm
from people.queries import office

from .answers import page, tried

SAVED = "已保存。以后签发的文书用新名称；已经拟好还没签发的通报，请拟稿人重新取数。"


def edit(request: SignedInRequest) -> HttpResponse:
    """The names as they stand, to be corrected."""
    house = office.house()
    form = OfficeEditForm.of(house, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        expected = given.pop("version")
        if tried(
            form,
            lambda: acts.rename(house=house, expected=expected, by=request.user, at=clock.now(), **given),
        ):
            messages.success(request, SAVED)
            return redirect("people:office")
    return page(request, "people/office.html", form)
