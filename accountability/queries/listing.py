"""The register of the whole office: narrowed, paged, and prepared as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accountability.models import Measure
from conduct.paging import BOUND, keyset
from conduct.shapes import Pager
from people import tree
from people.models import Unit, User

from .register import Line, line

ORDER = ("-decided_on", "id")


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed by; None and "" leave a column open. Days are inclusive.

    unit: of the finding, with all below it
    """

    state: str = ""
    category: str = ""
    target: str = ""
    level: str = ""
    origin: str = ""
    unit: Unit | None = None
    decided_from: date | None = None
    decided_to: date | None = None


@dataclass(frozen=True)
class Listed:
    """One page of the register."""

    lines: list[Line]
    pager: Pager


def listed(*, user: User, wish: Wish, today: date, request_get: QueryDict) -> Listed:
    """One page of what the person sees of the wish, the latest decision first."""
    rows = Measure.objects.visible_to(user).select_related("kind", "unit")
    if wish.unit is not None:
        rows = rows.filter(tree.below("finding__unit__path", wish.unit.path))
    exact = {
        "state": wish.state,
        "kind__category": wish.category,
        "target": wish.target,
        "level": wish.level,
        "origin": wish.origin,
        "decided_on__gte": wish.decided_from,
        "decided_on__lte": wish.decided_to,
    }
    rows = rows.filter(**{column: value for column, value in exact.items() if value not in ("", None)})
    page = keyset(rows, order=ORDER, request_get=request_get, bound=BOUND, noun="条登记")
    return Listed([line(row, today=today) for row in page.rows], page.pager)
