"""The search on PostgreSQL: an array of pairs of characters for every few neighbouring texts, under a GIN index.

GIN hands out everything it finds and in no order, so a common word would cost as much as all the texts that hold it.
Two steps keep that small: the newest texts are read as they stand, which settles a common word; and the index knows
blocks of neighbouring texts, not single ones, which are read from the newest block on until enough is found.
"""

from __future__ import annotations

import io
import itertools
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db import connection

from conduct.models import SearchText

from . import text
from .engines import TABLE, Place, Question

BLOCKS = "conduct_searchblock"
INDEX = "conduct_searchblock_grams"
BLOCK = 16
NEWEST = 2_000
FURTHER = 8  # times as many are read where the first of them held a good part of what is wanted
A_STATEMENT = 200
NEWEST_FIRST, OLDEST_FIRST = "conduct_searchblocks_down", "conduct_searchblocks_up"
EARLIEST, LATEST = 0, 1 << 62
LOCK = 7_302_511  # any number nobody else locks by


def install(execute: Callable[[str], Any]) -> None:
    """Make the table of blocks."""
    execute(f"CREATE TABLE IF NOT EXISTS {BLOCKS} (id bigint PRIMARY KEY, grams integer[] NOT NULL)")
    execute(_index())


def install_functions(execute: Callable[[str], Any]) -> None:
    """Make the questions put to the blocks.

    A function may forbid the way along the table: the planner takes it for short, not seeing the arrays beside it.
    """
    for name, order in ((NEWEST_FIRST, "DESC"), (OLDEST_FIRST, "ASC")):
        execute(
            f"CREATE OR REPLACE FUNCTION {name}(integer[], integer[], bigint, bigint) RETURNS SETOF bigint "  # noqa: S608 own names
            f"LANGUAGE sql STABLE ROWS 1000 SET enable_seqscan = off SET enable_indexscan = off AS "
            f"$$SELECT id FROM {BLOCKS} WHERE grams @> $1 AND grams && $2 "
            f"AND id BETWEEN $3 AND $4 ORDER BY id {order}$$"
        )


def lock() -> None:
    """Let one process at a time write, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def find(question: Question, most: int) -> list[Place]:
    """(id, source, subject) of the first so many texts."""
    found = _near(question, most, among=NEWEST)
    if len(found) < most <= len(found) * FURTHER:
        found = _near(question, most, among=NEWEST * FURTHER)
    if len(found) == most:
        return found
    # What was read stands: the blocks go on from there.
    rest = replace(question, beyond=found[-1][0]) if found else question
    return [*found, *_through_blocks(rest, most - len(found))]


def _ask(statement: str, values: Sequence[Any]) -> list[Place]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _near(question: Question, most: int, *, among: int) -> list[Place]:
    """Among the first few texts in the order, read as they stand."""
    condition, values = question.condition()
    bound, places = question.bound("id")
    return _ask(
        f"SELECT t.id, t.source, t.subject_id FROM (SELECT * FROM {TABLE} WHERE {bound} "  # noqa: S608 own names
        f"ORDER BY id {question.direction} LIMIT {among}) t WHERE {condition.format(position='strpos')} "
        f"ORDER BY t.id {question.direction} LIMIT %s",
        [*places, *values, most],
    )


def _through_blocks(question: Question, most: int) -> list[Place]:
    """Block by block of those in which everything asked for occurs, until there is enough."""
    condition, values = question.condition()
    bound, places = question.bound("id")
    blocks = OLDEST_FIRST if question.turned else NEWEST_FIRST
    edge = [place // BLOCK for place in places]
    first, last = (edge or [EARLIEST], [LATEST]) if question.turned else ([EARLIEST], edge or [LATEST])
    grams = sorted({_code(gram) for word in question.words for gram in text.grams_of(word)})
    # Without keys any of the grams will do: an open condition would be read off the arrays themselves.
    keys = [_key(key) for key in question.keys] or grams
    return _ask(
        "SELECT t.id, t.source, t.subject_id "  # noqa: S608 own names
        f"FROM {blocks}(%s::integer[], %s::integer[], %s, %s) WITH ORDINALITY b (id, place) "
        f"CROSS JOIN LATERAL (SELECT * FROM {TABLE} WHERE id >= b.id * {BLOCK} AND id < (b.id + 1) * {BLOCK} "
        f"AND {bound}) t WHERE {condition.format(position='strpos')} "
        f"ORDER BY b.place, t.id {question.direction} LIMIT %s",
        [grams, keys, *first, *last, *places, *values, most],
    )


def renew(old: Sequence[SearchText], new: Sequence[SearchText]) -> None:
    """Write the blocks of texts that were taken out or put in as their texts are now."""
    _write({row.pk // BLOCK for row in (*old, *new)})


def begin_anew() -> None:
    """Forget everything; the index is made again at the end, which is faster than keeping it up."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {BLOCKS}")
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")


def put_anew(rows: Sequence[SearchText]) -> None:
    """What is put in since `begin_anew` is written down by `finish`, block by block."""


def finish() -> None:
    """Write the blocks of all texts, and the index over them."""
    codes = _Codes()
    rows = SearchText.objects.order_by("pk").only("pk", "folded", "keys").iterator(chunk_size=4_000)
    blocks = itertools.groupby(rows, key=lambda row: row.pk // BLOCK)
    lines = (f"{number}\t{_grams(texts, codes)}\n" for number, texts in blocks)
    with connection.cursor() as cursor:
        while part := "".join(itertools.islice(lines, A_STATEMENT)):
            cursor.copy_expert(f"COPY {BLOCKS} (id, grams) FROM STDIN", io.StringIO(part))
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(_index())
        cursor.execute(f"ANALYZE {TABLE}")


def _write(numbers: Iterable[int]) -> None:
    wanted, codes = sorted(numbers), _Codes()
    for start in range(0, len(wanted), A_STATEMENT):
        part = wanted[start : start + A_STATEMENT]
        places = [place for number in part for place in range(number * BLOCK, (number + 1) * BLOCK)]
        rows = SearchText.objects.filter(pk__in=places).order_by("pk")
        found = itertools.groupby(rows, key=lambda row: row.pk // BLOCK)
        blocks = [(number, _grams(texts, codes)) for number, texts in found]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {BLOCKS} WHERE id = ANY(%s)", [part])  # noqa: S608 own name
        _insert(blocks)


def _insert(blocks: Sequence[tuple[int, str]]) -> None:
    if blocks:
        places = ", ".join(["(%s, %s::integer[])"] * len(blocks))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {BLOCKS} (id, grams) VALUES {places}",  # noqa: S608 own name
                [value for block in blocks for value in block],
            )


class _Codes(dict[str, str]):
    """The numbers of pairs, characters and keys as they are written, each worked out once."""

    def __missing__(self, gram: str) -> str:
        self[gram] = code = str(_key(gram) if len(gram) > 2 else _code(gram))
        return code


def _grams(texts: Iterable[SearchText], codes: _Codes) -> str:
    """Everything that occurs in the texts, as the text of an array."""
    found: set[str] = set()
    for row in texts:
        for part in row.folded.split(text.BREAK):
            found |= _terms(part)
        found.update(row.keys.split())
    return "{" + ",".join(map(codes.__getitem__, found)) + "}"


@lru_cache(maxsize=4_096)
def _terms(part: str) -> frozenset[str]:
    """Pairs and characters of one part; many parts are the same sentence again."""
    return frozenset(text.pairs(part)) | frozenset(part)


def _code(gram: str) -> int:
    """Two characters in one number; beyond the common plane two pairs may share one, which reading then tells apart."""
    first, second = (ord(gram[0]), ord(gram[1])) if len(gram) == 2 else (0, ord(gram))
    return _signed((first << 16 ^ second) & 0xFFFFFFFF)


def _key(key: str) -> int:
    return _signed(zlib.crc32(key.encode()))


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number


def _index() -> str:
    return f"CREATE INDEX IF NOT EXISTS {INDEX} ON {BLOCKS} USING gin (grams) WITH (fastupdate = off)"
