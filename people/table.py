"""The doors of all floors, assembled on the roof; found by name so that imports stay downward."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from .doors import Door


@cache
def table() -> Mapping[str, Door]:
    """Every URL name with its door."""
    doors: Mapping[str, Door] = import_string(settings.DOORS)
    return doors
