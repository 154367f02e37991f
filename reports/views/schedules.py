"""When periodic bulletins are drafted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from conduct import clock
from conduct.errors import MovedMeanwhile, Refused
from conduct.shapes import Crumb
from people.asking import SignedInRequest
from reports.actions import schedules as actions
from reports.forms.schedules import ScheduleForm
from reports.queries import bulletins, offices
from reports.queries import schedules as query
from reports.rules.periods import MONTHLY, WEEKLY


def schedules(request: SignedInRequest) -> HttpResponse:
    """The weekly and the monthly bulletin of the person's office; POST saves the one that was sent."""
    office = offices.drafted_for(request.user)[0]
    arranged = query.of_office(office)
    sent = request.POST.get("kind", "")
    forms = [
        ScheduleForm(request.POST if kind == sent else None, kind=kind, schedule=arranged.get(kind))
        for kind in (WEEKLY, MONTHLY)
    ]
    status = 200
    for form in forms:
        if form.is_bound and form.is_valid():
            try:
                actions.arrange(office=office, **form.wish(), by=request.user, at=clock.now())
                messages.success(request, "已保存。")
                return redirect("reports:schedules")
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409 if isinstance(refusal, MovedMeanwhile) else 422
        elif form.is_bound:
            status = 422
    context = {
        "forms": forms,
        "office": office,
        "crumbs": [Crumb("通报", bulletins.list_url()), Crumb("定期编制")],
    }
    return render(request, "reports/schedules.html", context, status=status)
