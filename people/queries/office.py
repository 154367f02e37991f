from __future__ import annotations

from conduct.models import Office


def is_open() -> bool:
    """Whether the first run is over."""
    return Office.objects.exists()
