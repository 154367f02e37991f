"""What can be searched: each floor registers the tables whose texts it offers, and says who may see which row.

The index narrows, the floor decides: whatever is found is shown only after its floor, asked for this person, has
handed it over. A row that is still sealed is never written down here at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one row.

    day:   by which what is found is ranked
    parts: title first; no word is found across two parts
    keys:  small letters and digits, at least three; whoever may see the row holds one of them
    """

    pk: Any
    day: date
    parts: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row as the person who may see it reads it now."""

    pk: Any
    url: str
    title: str
    place: str
    state: str
    day: date
    parts: tuple[str, ...]


Rows = QuerySet[Any]


@dataclass(frozen=True)
class Source:
    """One table that is searched.

    kind, label: what a person filters by, and its Chinese name
    texts:       the texts of some of its rows; sealed rows are left out
    keys_of:     the keys a person holds; without one they see no row of this table
    seen:        those of the rows the person may see, as they read them
    is_sealed:   whether a row must not yet leave a trace, or has no text of this kind
    reading:     a second text of the same rows, as some read it otherwise
    """

    model: type[Model]
    kind: str
    label: str
    texts: Callable[[Rows], Iterator[Text]]
    keys_of: Callable[[Any], Sequence[str]]
    seen: Callable[[Any, Sequence[Any]], Iterable[Hit]]
    is_sealed: Callable[[Any], bool] = lambda row: False
    reading: str = ""

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower}{self.reading and '.'}{self.reading}"


SOURCES: dict[str, Source] = {}


def register(source: Source) -> None:
    """Offer a table to the search; from AppConfig.ready."""
    SOURCES[source.name] = source


def of_row(row: Model) -> list[Source]:
    """The sources the row belongs to; none when its table is not searched."""
    return [source for source in SOURCES.values() if source.model is type(row)]


def kinds() -> dict[str, str]:
    """What one can filter by, with its name, in the order of the floors."""
    return {source.kind: source.label for source in SOURCES.values()}


def key_of(pk: Any) -> str:
    """The key of a row as it is written down: a UUID without hyphens, a number as it is."""
    return str(pk).replace("-", "")
