"""The one way into the search: keep texts, find them again, narrow a list by words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Replace, StrIndex

from conduct.models import SearchPending, SearchText

from . import text
from .engines import Place, Question, engine
from .sources import SOURCES, Source, Text, key_of

Rows = TypeVar("Rows", bound="QuerySet[Any]")

A_DAY = 10_000_000
FEW = 2_000
A_GLANCE, NEAR = 100, 5_000
A_BATCH = 500
Step = Callable[[int, int], None]


def find(question: Question, *, most: int) -> list[Place]:
    """(id, source, subject) of the first so many texts that answer the question, whoever may see them."""
    return engine().find(question, most)


def place_of(*, source: str, subject_id: str) -> int | None:
    """Where a text stands in the order of dates."""
    row = SearchText.objects.filter(source=source, subject_id=subject_id)
    return row.values_list("pk", flat=True).first()


def narrow(rows: Rows, *, source: str, words: Sequence[str]) -> Rows:
    """Those of the rows whose text holds every word; what the person may see is for the rows to say.

    source: the name of a registered source, the table of the rows
    words:  as text.words_of gives them; none leaves the rows as they are
    """
    return rows.filter(holding(rows.model, source=source, words=words)) if words else rows


def holding(model: type[Model], *, source: str, words: Sequence[str]) -> Q:
    """A filter on rows of a table whose text holds every word.

    Few matches come from the index as they are; of many, each row of a list is asked in its turn, so that a list
    in its own order stops as soon as a page is full.
    """
    found = _few(Question(words=words, source=source))
    if found is not None:
        return Q(pk__in=[_pk_of(model, subject) for _, _, subject in found])
    pk: Any = Cast(OuterRef("pk"), CharField())
    if isinstance(model._meta.pk, UUIDField):
        pk = Replace(pk, Value("-"), Value(""))
    texts = SearchText.objects.filter(source=source, subject_id=pk)
    for number, word in enumerate(words):
        place = f"place{number}"
        texts = texts.alias(**{place: StrIndex("folded", Value(word))}).filter(**{f"{place}__gt": 0})
    return Q(Exists(texts))


def _few(question: Question) -> list[Place] | None:
    """All places that answer the question; None when they are many."""
    found = find(question, most=A_GLANCE + 1)
    if len(found) <= A_GLANCE:
        return found
    # So many among the newest: the word is common, and the few thousand first of it need not be fetched to know.
    newer = SearchText.objects.filter(pk__gt=found[-1][0])
    if newer.order_by().values("pk")[:NEAR].count() < NEAR:
        return None
    found = find(question, most=FEW + 1)
    return found if len(found) <= FEW else None


def refresh(source: Source, keys: Iterable[str]) -> int:
    """Write some rows of a source down as they are now; returns how many texts changed.

    keys: of rows, as written down; of those that are gone or sealed nothing is kept
    """
    wanted = list(dict.fromkeys(keys))
    with transaction.atomic():
        engine().lock()
        rows = source.model._base_manager.filter(pk__in=[_pk(source, key) for key in wanted])
        fresh = {key_of(item.pk): item for item in source.texts(rows)}
        known = {
            row.subject_id: row
            for row in SearchText.objects.filter(source=source.name, subject_id__in=wanted)
        }
        old = [row for key, row in known.items() if not _is_same(row, fresh.get(key))]
        changed = {row.subject_id for row in old}
        SearchText.objects.filter(pk__in=[row.pk for row in old]).delete()
        coming = [item for key, item in fresh.items() if key in changed or key not in known]
        new = _numbered(source, coming, _Days())
        SearchText.objects.bulk_create(new, batch_size=A_BATCH)
        engine().renew(old, new)
    return len(changed | {row.subject_id for row in new})


def rebuild(*, on_step: Step = lambda done, total: None) -> int:
    """Write every row of every source down as it is now, part by part, while people work; returns what changed."""
    changed = 0
    counts = {source.name: source.model._base_manager.count() for source in SOURCES.values()}
    total, done = sum(counts.values()), 0
    for source in list(SOURCES.values()):
        for keys in parts(source):
            changed += refresh(source, keys)
            done += len(keys)
            on_step(done, total)
        changed += _sweep(source)
    return changed


@transaction.atomic
def fill() -> int:
    """Write everything down into an empty index at once; nobody else may be at work. Returns how many texts."""
    engine().lock()
    engine().begin_anew()
    SearchText.objects.all().delete()
    SearchPending.objects.all().delete()
    days, count = _Days(is_empty=True), 0
    for source in SOURCES.values():
        for keys in parts(source):
            rows = source.model._base_manager.filter(pk__in=[_pk(source, key) for key in keys])
            new = _numbered(source, source.texts(rows), days)
            SearchText.objects.bulk_create(new, batch_size=A_BATCH)
            engine().put_anew(new)
            count += len(new)
    engine().finish()
    return count


def is_empty() -> bool:
    """Whether nothing has been written down yet."""
    return not SearchText.objects.exists()


def empty() -> None:
    """Forget every text."""
    with transaction.atomic():
        engine().begin_anew()
        SearchText.objects.all().delete()
        engine().finish()


class _Days:
    """Gives out the places of each day, the next after the last one taken."""

    def __init__(self, *, is_empty: bool = False) -> None:
        self.is_empty = is_empty
        self.last: dict[date, int] = {}

    def take(self, day: date) -> int:
        if day not in self.last:
            first = int(f"{day:%Y%m%d}") * A_DAY
            taken = None if self.is_empty else self._last_taken(first)
            self.last[day] = first if taken is None else taken
        self.last[day] += 1
        return self.last[day]

    def _last_taken(self, first: int) -> int | None:
        rows = SearchText.objects.filter(pk__gt=first, pk__lt=first + A_DAY).order_by("-pk")
        return rows.values_list("pk", flat=True).first()


def _numbered(source: Source, texts: Iterable[Text], days: _Days) -> list[SearchText]:
    return [
        SearchText(
            pk=days.take(item.day),
            source=source.name,
            subject_id=key_of(item.pk),
            keys=_written(item.keys),
            folded=text.joined(item.parts),
        )
        for item in texts
    ]


def _is_same(row: SearchText, item: Text | None) -> bool:
    return (
        item is not None
        and row.pk // A_DAY == int(f"{item.day:%Y%m%d}")
        and row.keys == _written(item.keys)
        and row.folded == text.joined(item.parts)
    )


def _written(keys: Iterable[str]) -> str:
    return f" {' '.join(sorted(set(keys)))} "


def parts(source: Source) -> Iterator[list[str]]:
    """The keys of all rows of a source, some at a time."""
    keys = source.model._base_manager.order_by("pk").values_list("pk", flat=True)
    return _batches(key_of(pk) for pk in keys.iterator(chunk_size=10_000))


def _sweep(source: Source) -> int:
    """Take out texts whose rows are gone."""
    changed = 0
    kept = SearchText.objects.filter(source=source.name).order_by("pk").values_list("subject_id", flat=True)
    for keys in _batches(kept.iterator(chunk_size=10_000)):
        rows = source.model._base_manager.filter(pk__in=[_pk(source, key) for key in keys])
        there = {key_of(pk) for pk in rows.values_list("pk", flat=True)}
        changed += refresh(source, set(keys) - there)
    return changed


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while part := list(itertools.islice(rest, A_BATCH)):
        yield part


def _pk(source: Source, key: str) -> Any:
    return _pk_of(source.model, key)


def _pk_of(model: type[Model], key: str) -> Any:
    return UUID(key) if isinstance(model._meta.pk, UUIDField) else int(key)
