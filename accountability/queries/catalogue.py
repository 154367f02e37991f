"""The measures there are: the version in force, and every kind as the rules read it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from django.http import Http404

from accountability.models import Catalogue, MeasureKind
from accountability.rules.cautions import Kind
from accountability.rules.effect import Term

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "measures.json"


def shipped() -> dict[str, Any]:
    """The catalogue as it comes with the system."""
    content: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return content


def shipped_terms() -> dict[str, Term]:
    """The terms of the shipped catalogue, for a house without a database."""
    return {
        row["code"]: Term(
            name=row["name"],
            months=row["months"],
            most=row.get("most_months"),
            probation=tuple(row.get("probation", ())),
            is_permanent=row.get("is_permanent", False),
        )
        for row in shipped()["measures"]
    }


def current() -> Catalogue:
    """The version in force."""
    return Catalogue.objects.order_by("-version")[0]


def kinds() -> list[MeasureKind]:
    """The measures of the version in force, in the order of the catalogue."""
    newest = Catalogue.objects.order_by("-version").values("pk")[:1]
    return list(
        MeasureKind.objects.filter(catalogue__in=newest).select_related("catalogue").order_by("ordinal")
    )


def get(code: str) -> MeasureKind:
    """One measure of the version in force.

    Raises: Http404
    """
    # Found among the few there are: one of the engines takes no text with a zero byte.
    for kind in kinds():
        if kind.code == code:
            return kind
    raise Http404


def terms() -> dict[str, Term]:
    """Their terms, by code."""
    return {kind.code: term_of(kind) for kind in kinds()}


def by_category(rows: Iterable[MeasureKind]) -> list[tuple[str, list[MeasureKind]]]:
    """The measures under their categories, in the order of the catalogue."""
    found: dict[str, list[MeasureKind]] = {}
    for category, some in groupby(rows, key=lambda row: row.category):
        found.setdefault(category, []).extend(some)
    return list(found.items())


def term_of(kind: MeasureKind) -> Term:
    """What the catalogue says of its effect."""
    return Term(
        name=kind.name,
        months=kind.months,
        most=kind.most_months,
        probation=tuple(kind.probation),
        is_permanent=kind.is_permanent,
    )


def as_ruled(kind: MeasureKind) -> Kind:
    """The measure as the rules read it."""
    return Kind(
        code=kind.code,
        name=kind.name,
        category=kind.category,
        target=kind.target,
        told=kind.get_target_display(),
        is_for_persons=kind.is_for_persons,
        term=term_of(kind),
    )


def period_in_words(kind: MeasureKind) -> str:
    """How long it has effect, for the catalogue's page."""
    if kind.is_permanent:
        return "长期有效"
    if kind.months:
        begins = "恢复党员权利后" if kind.probation else ""
        return f"{begins}{kind.months}个月"
    if kind.most_months:
        return f"由决定书确定，一般不超过{kind.most_months}个月"
    return "无"
