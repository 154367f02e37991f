"""What every page needs to know about who is looking."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """Organisation name, the person's roles, and the menu."""
    return {}
