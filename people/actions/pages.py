"""How a person sets up pages for themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from conduct import audit
from people.models import User


@transaction.atomic
def keep(*, page: str, label: str, setting: list[str] | None, by: User, at: datetime) -> None:
    """Keep how the person wants a page; None goes back to how everybody has it. It changes nobody else's.

    label: what was set up, for the audit
    """
    pages = {name: kept for name, kept in by.pages.items() if name != page}
    by.pages = pages if setting is None else pages | {page: setting}
    by.save(update_fields=["pages"])
    audit.record(at=at, by=by, verb="people.page_set_up", label=label, subject=by)
