"""What the search reads of bulletins: the words around and between the figures, and the cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from conduct import clock
from conduct.search import sources
from conduct.search.sources import Hit, Rows, Source, Text
from people import access, tree
from people.access import Asker
from people.roles import Permission
from reports.models import Bulletin

from .bulletins import url_of


def register() -> None:
    """Offer the tables of this floor to the search."""
    sources.register(Source(Bulletin, "paper", "文书", bulletins, bulletin_keys, seen_bulletins))


def bulletin_keys(user: Asker) -> list[str]:
    """The person's reach over bulletins."""
    return [f"bulletin{path}" for path in access.reach(user, Permission.BULLETIN_VIEW)]


def bulletins(rows: Rows) -> Iterator[Text]:
    """Bulletins, by the day of issue or of the draft."""
    for row in rows.select_related("office", "paper"):
        keys = tuple(f"bulletin{path}" for path in tree.line_to(row.office.path))
        yield Text(row.pk, _day(row), _parts(row), keys)


def seen_bulletins(user: Asker, pks: Sequence[Any]) -> Iterator[Hit]:
    """Bulletins the person may read."""
    for row in Bulletin.objects.visible_to(user).filter(pk__in=pks).select_related("office", "paper"):
        yield Hit(
            pk=row.pk,
            url=url_of(row),
            title=row.title,
            place=row.office.name,
            state=row.get_state_display(),
            day=_day(row),
            parts=_parts(row),
        )


def _day(row: Bulletin) -> date:
    return clock.day_of(row.issued_at or row.drafted_at)


def _parts(row: Bulletin) -> tuple[str, ...]:
    told = row.facts.get("content", {})
    cases = [
        case.get(name) or ""
        for case in told.get("cases", [])
        for name in ("heading", "facts", "place", "unit", "post", "result")
    ]
    number = row.paper.number if row.paper else ""
    return (row.title, number, row.narrative, told.get("opening") or "", *cases, *told.get("next_steps", []))
