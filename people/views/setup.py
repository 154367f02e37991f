"""The first run."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.errors import Refused
from people.actions import office
from people.forms.setup import OfficeForm, admin_forms, headed
from people.queries.office import is_open


@login_not_required
def setup(request: HttpRequest) -> HttpResponse:
    """Open the office; once open this page does not exist."""
    if is_open():
        raise Http404
    data = request.POST or None
    form, admins = OfficeForm(data, request.FILES or None), admin_forms(data)
    checked = [one.is_valid() for one in (form, *admins.values())] if request.method == "POST" else [False]
    if all(checked):
        try:
            people = {role: one.person() for role, one in admins.items()}
            office.open_office(names=form.names(), admins=people, plan=form.plan, at=clock.now())
            return redirect("login")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "admins": headed(admins),
        "all_forms": [form, *admins.values()],
        "password_rules": password_validators_help_texts(),
    }
    return render(request, "people/setup.html", context, status=422 if request.method == "POST" else 200)
