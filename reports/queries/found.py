"""What a search over all floors finds for one person, newest first, as a page of it is shown.

The index only proposes. Each proposal is handed to its floor, which gives back those the person may see; what is
counted, paged and shown is nothing but these, and only while their text still holds the words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.urls import reverse

from conduct.dates import cn_date
from conduct.paging import AFTER, BEFORE
from conduct.search import index, text
from conduct.search.engines import Place, Question
from conduct.search.sources import SOURCES, Hit, Source, key_of, kinds
from conduct.search.text import Piece
from conduct.shapes import Pager
from people import access, tree
from people.access import Asker
from people.queries import units
from people.roles import Permission

SIZE = 20
BOUND = 100
MOST_UNITS = 5
SALT = "search"


@dataclass(frozen=True, slots=True)
class Line:
    """One row that was found; the words stand apart in its title and in what is quoted of it."""

    url: str
    kind: str
    title: list[Piece]
    quoted: list[Piece]
    place: str
    state: str
    day: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of that name, with the way to its findings."""

    name: str
    above: str
    url: str


@dataclass(frozen=True)
class Found:
    """One page of what was found."""

    lines: list[Line]
    units: list[UnitLine]
    pager: Pager


def kinds_for(user: Asker) -> dict[str, str]:
    """What the person may filter by: kinds of which they see rows at all."""
    held = {source.kind for source in SOURCES.values() if source.keys_of(user)}
    return {kind: label for kind, label in kinds().items() if kind in held}


def look(*, user: Asker, words: Sequence[str], typed: str, kind: str, request_get: QueryDict) -> Found:
    """One page of the texts that hold all words. kind: empty for all; typed: as it stood, for names of units"""
    search = _Search(user, words, [row for row in SOURCES.values() if kind in ("", row.kind)])
    after, before = _opened(request_get.get(AFTER)), _opened(request_get.get(BEFORE))
    if before is not None:
        found = search.first(SIZE + 1, beyond=before, turned=True)
        if len(found) > SIZE:
            return _page(found[:SIZE][::-1], [], words, request_get, newer=True, older=True, count=None)
    if after is not None and before is None:
        found = search.first(SIZE + 1, beyond=after)
        return _page(found[:SIZE], [], words, request_get, newer=True, older=len(found) > SIZE, count=None)
    found = search.first(BOUND + 1)
    named = _units(user, typed) if not kind else []
    return _page(
        found[:SIZE], named, words, request_get, newer=False, older=len(found) > SIZE, count=len(found)
    )


@dataclass(frozen=True)
class _Search:
    """The words as one person looks for them."""

    user: Asker
    words: Sequence[str]
    among: Sequence[Source]

    def first(
        self, most: int, *, beyond: int | None = None, turned: bool = False
    ) -> list[tuple[Source, Hit]]:
        """So many of the rows the person sees, from a place in the order on."""
        keys = sorted({key for source in self.among for key in source.keys_of(self.user)})
        found: list[tuple[Source, Hit]] = []
        while keys and len(found) < most:
            question = Question(words=self.words, keys=keys, beyond=beyond, turned=turned)
            places = index.find(question, most=most)
            found += self._seen(places)
            if len(places) < most:
                break
            beyond = places[-1][0]
        return found[:most]

    def _seen(self, places: Sequence[Place]) -> Iterator[tuple[Source, Hit]]:
        """Those of the proposals that stand up to the floor and to the text as it is now, in their order."""
        asked: defaultdict[str, list[str]] = defaultdict(list)
        for _, name, subject in places:
            asked[name].append(subject)
        hits: dict[tuple[str, str], Hit] = {}
        for source in self.among:
            if asked[source.name]:
                for hit in source.seen(self.user, asked[source.name]):
                    if text.holds(hit.parts, self.words):
                        hits[source.name, key_of(hit.pk)] = hit
        for _, name, subject in places:
            if (name, subject) in hits:
                yield SOURCES[name], hits[name, subject]


def _page(
    shown: Sequence[tuple[Source, Hit]],
    named: list[UnitLine],
    words: Sequence[str],
    request_get: QueryDict,
    *,
    newer: bool,
    older: bool,
    count: int | None,
) -> Found:
    pager = Pager(
        newer_url=_url(request_get, BEFORE, shown[0]) if newer and shown else "",
        older_url=_url(request_get, AFTER, shown[-1]) if older else "",
        count=count,
        bound=BOUND,
        noun="条",
    )
    return Found([_line(source, hit, words) for source, hit in shown], named, pager)


def _line(source: Source, hit: Hit, words: Sequence[str]) -> Line:
    return Line(
        url=hit.url,
        kind=source.label,
        title=text.pieces(hit.title, words),
        quoted=text.quote([part for part in hit.parts if part not in hit.title], words),
        place=hit.place,
        state=hit.state,
        day=cn_date(hit.day),
    )


def _units(user: Asker, typed: str) -> list[UnitLine]:
    """Units of the person's reach that are called so, or sound so."""
    reach = access.reach(user, Permission.FINDING_VIEW)
    found = units.search(typed, limit=50) if reach else []
    mine = [unit for unit in found if any(tree.is_below(unit.path, path) for path in reach)]
    address = reverse("findings:list")
    return [UnitLine(unit.name, unit.above, f"{address}?unit={unit.pk}") for unit in mine[:MOST_UNITS]]


def _url(request_get: QueryDict, direction: str, shown: tuple[Source, Hit]) -> str:
    """The way to the next page. It names a row the person has seen, not its place, which would count the unseen."""
    source, hit = shown
    query = request_get.copy()
    for name in (AFTER, BEFORE):
        query.pop(name, None)
    query[direction] = signing.dumps([source.name, key_of(hit.pk)], salt=SALT)
    return f"?{query.urlencode()}"


def _opened(cursor: Any) -> int | None:
    """The place a cursor names; a bad one, or one whose row is gone, leads to the first page."""
    try:
        source, subject = signing.loads(cursor or "", salt=SALT)
    except signing.BadSignature:
        return None
    return index.place_of(source=source, subject_id=subject)
