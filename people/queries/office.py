from __future__ import annotations

from django.shortcuts import get_object_or_404

from conduct.models import Office


def is_open() -> bool:
    """Whether the first run is over."""
    return Office.objects.exists()


def house() -> Office:
    """The office this deployment serves.

    Raises: Http404 before the first run
    """
    return get_object_or_404(Office)
