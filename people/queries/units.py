"""Units as they are listed, looked up and searched."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conduct.search.text import fold
from conduct.shapes import PickerOption
from people import tree
from people.initials import heard, rank
from people.models import Unit

MOST_FOUND = 20
_CODE = re.compile(r".*（([^（）]+)）")


@dataclass(frozen=True)
class Found:
    """A unit as a search shows it, with the names of the units above it. initials: as it was typed by its sound."""

    pk: int
    code: str
    name: str
    short_name: str
    initials: str
    above: str
    path: str


def get(pk: int) -> Unit:
    """One unit with its parent. Raises: Http404"""
    return get_object_or_404(Unit.objects.select_related("parent", "successor"), pk=pk)


def branch(*, under: Unit | None = None) -> QuerySet[Unit]:
    """All units in tree order, or one branch of them."""
    return Unit.objects.under(under) if under else Unit.objects.all()


def line_of(unit: Unit) -> list[Unit]:
    """The unit and all above it, from the top."""
    paths = [unit.path[: n * tree.STEP] for n in range(1, unit.level + 1)]
    return list(Unit.objects.filter(path__in=paths).order_by("path"))


def search(text: str, *, only_active: bool = True, limit: int = MOST_FOUND) -> list[Found]:
    """Units whose name, short name, other name, pinyin, initials or code hold the text, best first.

    A few thousand short rows are compared here: cheaper than a comparison no index serves, and the same
    on both engines.
    """
    if not text.strip():
        return []
    rows = Unit.objects.filter(is_unrecorded=False)
    if only_active:
        rows = rows.filter(is_active=True)
    columns = ("pk", "code", "name", "short_name", "aliases", "initials", "pinyin", "path")
    known = list(rows.order_by("path").values_list(*columns))
    names = {row[7]: row[2] for row in known}
    ranked = [(place, row) for row in known if (place := _rank(text, row[1:7])) is not None]
    ranked.sort(key=lambda pair: (pair[0], len(pair[1][2]), pair[1][7]))
    return [
        Found(pk, code, name, short, heard(text, initials, pinyin), _above(path, names), path)
        for _, (pk, code, name, short, _, initials, pinyin, path) in ranked[:limit]
    ]


def find(text: str) -> Unit | None:
    """The one unit meant by a code or a full, short or other name; None when none or several are."""
    wanted = text.strip()
    by_code = Unit.objects.filter(code=wanted).first()
    if by_code:
        return by_code
    rows = Unit.objects.filter(is_unrecorded=False).values_list("pk", "name", "short_name", "aliases")
    meant = [pk for pk, name, short, aliases in rows if wanted and wanted in (name, short, *aliases)]
    return Unit.objects.get(pk=meant[0]) if len(meant) == 1 else None


def certain(text: str) -> str:
    """What makes a choice certain that was taken from suggestions: the code behind its name, else the text."""
    found = _CODE.fullmatch(text)
    return found[1] if found else text


def options() -> list[PickerOption]:
    """All active units for a plain select, in tree order, indented by their level."""
    rows = Unit.objects.filter(is_active=True, is_unrecorded=False).order_by("path")
    return [
        PickerOption(str(unit.pk), unit.code, f"{'　' * (unit.level - 1)}{unit.name}", unit.initials)
        for unit in rows
    ]


def _rank(text: str, row: tuple[str, str, str, list[str], str, str]) -> int | None:
    code, name, short, aliases, initials, pinyin = row
    found = rank(text, names=[name, short, *aliases], sounds=[initials, pinyin])
    by_code = fold(code).startswith(fold(text).strip())
    return (0 if fold(code) == fold(text).strip() else 2) if by_code and found != 0 else found


def _above(path: str, names: dict[str, str]) -> str:
    ancestors = (path[:end] for end in range(tree.STEP, len(path), tree.STEP))
    return " › ".join(names[item] for item in ancestors if item in names)
