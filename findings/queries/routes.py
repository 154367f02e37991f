"""The ways of putting right."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from findings.models import Route


def all_routes() -> list[Route]:
    """The shortest term first."""
    return list(Route.objects.order_by("working_days"))


def get(code: str) -> Route:
    """One route.

    Raises: Http404
    """
    return get_object_or_404(Route, code=code)
