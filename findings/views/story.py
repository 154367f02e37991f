from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from findings.queries import detail as queries
from findings.queries import story as query
from people import access
from people.asking import SignedInRequest
from people.roles import Permission

from .detail import crumbs
from .looking import look


def story(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Everything that happened to a finding, on one line of time."""
    finding = queries.get_for(request.user, pk)
    look(request, finding)
    context = {
        "finding": finding,
        "entries": query.entries(user=request.user, finding=finding),
        "is_whole": query.is_entitled(request.user, finding),
        "shows_case_file": access.may(request.user, Permission.MEASURE_VIEW, unit=finding.unit),
        "crumbs": crumbs(request.user, finding, "办理全过程"),
    }
    return render(request, "findings/story.html", context)
