"""Who saved first, and in what that differs from what was typed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model

from conduct import audit
from conduct.shapes import Conflict, Difference


def conflict(*, subject: Model, reload_url: str, fields: Iterable[tuple[str, str, str]]) -> Conflict:
    """The last change of the row beside the typed values. fields: (label, theirs, yours)."""
    last = audit.history_of(subject=subject).last()
    if last is None:
        raise RuntimeError(f"{subject!r} changed without a line of history")
    return Conflict(
        by=last.actor_name,
        at=last.at,
        reload_url=reload_url,
        fields=[Difference(label, theirs, yours) for label, theirs, yours in fields if theirs != yours],
    )
