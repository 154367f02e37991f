"""Paths of the unit tree: four digits a level, so that everything below a unit is one index range."""

from __future__ import annotations

from django.db.models import Q

STEP = 4


def child_path(*, parent: str, number: int) -> str:
    """The path of the n-th child (from 1).

    Raises: ValueError beyond 9999 children
    """
    if not 1 <= number <= 9999:
        raise ValueError(f"a unit has 1 to 9999 children, got {number!r}")
    return f"{parent}{number:0{STEP}d}"


def end_of(path: str) -> str:
    """The first path after everything at and below `path`."""
    return f"{int(path) + 1:0{len(path)}d}" if int(path) + 1 < 10 ** len(path) else f"{path}:"


def below(field: str, path: str) -> Q:
    """A filter for a unit and all below it: a range, never LIKE."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": end_of(path)})


def is_below(path: str, ancestor: str) -> bool:
    """Whether one path is the other or lies below it."""
    return path.startswith(ancestor)


def line_to(path: str) -> list[str]:
    """The path and all above it, from the top."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]
