"""The pages that are measured, by URL name, and who looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One request worth measuring.

    role:  the role label of a demo account
    at_most: highest ratio to the floor the house allows, None where it only looks
    """

    name: str
    url: str
    role: str
    at_most: float | None = None
    arguments: Callable[[], Arguments] = dict
    query: str = ""
    form: Callable[[int], Mapping[str, Any]] | None = None


PAGES = (
    Page("list", "findings:list", "经办", at_most=1.0),
    Page("detail", "findings:detail", "经办", at_most=1.5),
    Page("dashboard", "reports:dashboard", "经办", at_most=1.0),
    Page("filing form", "inspections:visit_new", "检查员"),
)
