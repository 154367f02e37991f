"""The pages for someone who may not, and for when the machine cannot."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from conduct import outages


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence of the refusal."""
    return render(request, "403.html", {"message": str(exception)}, status=403)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """409 with the sentence of the refusal, for what is refused before any view is asked."""
    return render(request, "409.html", {"message": str(exception)}, status=409)


def failed(request: HttpRequest) -> HttpResponse:
    """507 on a full disk, 503 without the database, each with what to do; 500 for a fault of ours.

    Drawn without the request: who is asking could not be read from a database that is away.
    """
    outage = outages.of(sys.exc_info()[1])
    if outage is None:
        return HttpResponse(loader.get_template("500.html").render(), status=500)
    facts = {"head": outage.head, "message": outage.message}
    return HttpResponse(loader.get_template("503.html").render(facts), status=outage.status)
