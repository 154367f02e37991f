"""The search on PostgreSQL: an array of pairs of characters for every few neighbouring texts, under a GIN index.

GIN hands out everything it finds and in no order, so a common word would cost as much as all the texts that hold it.
Two steps keep that small: the newest texts are read as they stand, which settles a common word; and the index knows
blocks of neighbouring texts, not single ones, which are read from the newest block on until enough is found.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from conduct.models import SearchText

from . import text
from .engines import TABLE, Place, Question

BLOCKS = "conduct_searchblock"
INDEX = "conduct_searchblock_grams"
BLOCK = 16
NEWEST = 2_000
A_STATEMENT = 200
LOCK = 7_302_511  # any number nobody else locks by


def install(execute: Callable[[str], Any]) -> None:
    """Make the table of blocks.

    Without statistics the planner takes every array for a rare one and goes through the index, never along the table.
    """
    execute(f"CREATE TABLE IF NOT EXISTS {BLOCKS} (id bigint PRIMARY KEY, grams integer[] NOT NULL)")
    execute(f"ALTER TABLE {BLOCKS} ALTER grams SET STATISTICS 0")
    execute(_index())


def lock() -> None:
    """Let one process at a time write, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def find(question: Question, most: int) -> list[Place]:
    """(id, source, subject) of the first so many texts."""
    found = _ask(_near(question), question, most)
    return found if len(found) == most else _ask(_through_blocks(question), question, most)


def _ask(inner: tuple[str, list[Any]], question: Question, most: int) -> list[Place]:
    statement, values = inner
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ORDER BY t.id {question.direction} LIMIT %s", [*values, most])
        return list(cursor.fetchall())


def _near(question: Question) -> tuple[str, list[Any]]:
    """The first few texts in the order, read as they stand."""
    condition, values = question.condition()
    bound, places = question.bound("id")
    return (
        f"SELECT t.id, t.source, t.subject_id FROM (SELECT * FROM {TABLE} WHERE {bound} "  # noqa: S608 own names
        f"ORDER BY id {question.direction} LIMIT {NEWEST}) t WHERE {condition.format(position='strpos')}",
        [*places, *values],
    )


def _through_blocks(question: Question) -> tuple[str, list[Any]]:
    """Blocks in which everything asked for occurs, and in them the texts."""
    condition, values = question.condition()
    bound, places = question.bound("id")
    near = f"b.id {'>=' if question.turned else '<='} %s" if question.beyond is not None else "1 = 1"
    grams = sorted({_code(gram) for word in question.words for gram in text.grams_of(word)})
    keys = " AND b.grams && %s::integer[]" if question.keys else ""
    return (
        f"WITH blocks AS MATERIALIZED (SELECT b.id FROM {BLOCKS} b "  # noqa: S608 own names
        f"WHERE b.grams @> %s::integer[]{keys} AND {near}) "
        f"SELECT t.id, t.source, t.subject_id FROM (SELECT id FROM blocks ORDER BY id {question.direction}) b "
        f"CROSS JOIN LATERAL (SELECT * FROM {TABLE} WHERE id >= b.id * {BLOCK} AND id < (b.id + 1) * {BLOCK} "
        f"AND {bound} ORDER BY id {question.direction}) t WHERE {condition.format(position='strpos')}",
        [
            grams,
            *([[_key(key) for key in question.keys]] if question.keys else []),
            *([place // BLOCK for place in places]),
            *places,
            *values,
        ],
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
    blocks = []
    rows = SearchText.objects.order_by("pk").only("pk", "folded", "keys").iterator(chunk_size=4_000)
    for number, texts in itertools.groupby(rows, key=lambda row: row.pk // BLOCK):
        blocks.append((number, _grams(texts)))
        if len(blocks) == A_STATEMENT:
            _insert(blocks)
            blocks = []
    _insert(blocks)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(_index())
        cursor.execute(f"ANALYZE {TABLE}")


def _write(numbers: Iterable[int]) -> None:
    wanted = sorted(numbers)
    for start in range(0, len(wanted), A_STATEMENT):
        part = wanted[start : start + A_STATEMENT]
        places = [place for number in part for place in range(number * BLOCK, (number + 1) * BLOCK)]
        rows = SearchText.objects.filter(pk__in=places).order_by("pk")
        blocks = [(n, _grams(texts)) for n, texts in itertools.groupby(rows, key=lambda row: row.pk // BLOCK)]
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


def _grams(texts: Iterable[SearchText]) -> str:
    """Everything that occurs in the texts, as the text of an array."""
    words: set[str] = set()
    keys: set[str] = set()
    for row in texts:
        words.update(text.pairs(row.folded))
        words.update(text.letters(row.folded))
        keys.update(row.keys.split())
    codes = {_code(word) for word in words} | {_key(key) for key in keys}
    return "{" + ",".join(map(str, sorted(codes))) + "}"


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
