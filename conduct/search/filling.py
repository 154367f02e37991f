"""How texts come into the index: the business transaction notes the row, a job reads it after commit.

The note is the outbox: one small row, the same for every change, without text. The relay opens a run of the job
when it sees notes; a run takes all of them, however many, and does the same again when it is delivered twice.
"""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.db.models import Model

from conduct.models import SearchPending

from . import index
from .engines import engine
from .sources import SOURCES, key_of, of_row

A_BATCH = 500
MOST_BATCHES = 40


def changed(row: Model) -> None:
    """Note that the text of a row may have changed. Call inside the transaction that changes it."""
    for source in of_row(row):
        if not source.is_sealed(row):
            SearchPending.objects.create(source=source.name, subject_id=key_of(row.pk))


def note_everything() -> int:
    """Note every row of every source, part by part; returns how many."""
    count = 0
    for source in SOURCES.values():
        for keys in index.parts(source):
            SearchPending.objects.bulk_create(
                SearchPending(source=source.name, subject_id=key) for key in keys
            )
            count += len(keys)
    return count


def latest_note() -> int | None:
    """The latest note nobody has worked off yet, None when all is done."""
    return SearchPending.objects.order_by("-pk").values_list("pk", flat=True).first()


def work_off() -> int:
    """Read noted rows anew, as many as one run may; returns how many texts changed."""
    changed = 0
    for _ in range(MOST_BATCHES):
        with transaction.atomic():
            engine().lock()
            notes = list(SearchPending.objects.order_by("pk")[:A_BATCH])
            wanted: defaultdict[str, list[str]] = defaultdict(list)
            for note in notes:
                wanted[note.source].append(note.subject_id)
            for name, keys in wanted.items():
                changed += index.refresh(SOURCES[name], keys)
            # A note written meanwhile is not among these and keeps its own turn.
            SearchPending.objects.filter(pk__in=[note.pk for note in notes]).delete()
        if len(notes) < A_BATCH:
            break
    return changed
