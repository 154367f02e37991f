from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from findings.queries import detail as queries
from findings.queries import terms as query
from findings.queries.telling import reads_as_unit
from people.asking import SignedInRequest

from .detail import crumbs


def terms(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How the deadline of a finding was counted, each time it was set."""
    finding = queries.get_for(request.user, pk)
    context = {
        "finding": finding,
        "terms": query.told(finding=finding),
        "beside": query.beside(finding=finding, for_unit=reads_as_unit(request.user)),
        "crumbs": crumbs(request.user, finding, "期限怎么算的"),
    }
    return render(request, "findings/terms.html", context)
