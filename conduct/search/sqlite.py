"""The search on SQLite: FTS5 over pairs of characters, one document a text, read in the order of its key.

The key is the date (see SearchText), so that FTS5 hands out the newest first and stops when enough are found.
Its trigram tokenizer would answer words of two characters with nothing, and unicode61 drops characters newer than
its tables: so the pairs are made here and the ascii tokenizer only parts them at blanks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from conduct.models import SearchText

from . import text
from .engines import TABLE, Place, Question

GRAMS = "conduct_searchgram"
LITTLE, MUCH = 1 << 20, 1 << 26  # bytes; FTS5 takes a megabyte unless told otherwise
# What the ascii tokenizer would part at, moved to where it parts at nothing.
_SAFE = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}


def install(execute: Callable[[str], Any]) -> None:
    """Make the index; it keeps neither a copy of the texts nor the places in them."""
    execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {GRAMS} USING "
        "fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')"
    )


def lock() -> None:
    """Every writing transaction is alone already."""


def find(question: Question, most: int) -> list[Place]:
    """(id, source, subject) of the first so many texts."""
    condition, values = question.condition()
    bound, places = question.bound("g.rowid")
    statement = (
        f"SELECT t.id, t.source, t.subject_id FROM {GRAMS} g CROSS JOIN {TABLE} t ON t.id = g.rowid "  # noqa: S608 own names
        f"WHERE g.{GRAMS} MATCH %s AND {bound} AND {condition.format(position='instr')} "
        f"ORDER BY g.rowid {question.direction} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_match(question), *places, *values, most])
        return list(cursor.fetchall())


def renew(old: Sequence[SearchText], new: Sequence[SearchText]) -> None:
    """Follow texts that were taken out and put in."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {GRAMS} ({GRAMS}, rowid, grams) VALUES ('delete', %s, %s)",  # noqa: S608 own name
            [(row.pk, _document(row)) for row in old],
        )
        cursor.executemany(
            f"INSERT INTO {GRAMS} (rowid, grams) VALUES (%s, %s)",  # noqa: S608 own name
            [(row.pk, _document(row)) for row in new],
        )


def begin_anew() -> None:
    """Forget everything; until `finish` more is gathered in memory before it is written."""
    _gather(MUCH)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {GRAMS} ({GRAMS}) VALUES ('delete-all')")  # noqa: S608 own name


def put_anew(rows: Sequence[SearchText]) -> None:
    """Follow what is put in since `begin_anew`."""
    renew([], rows)


def finish() -> None:
    """Write as soon as ever again; each text was found as soon as it was in."""
    _gather(LITTLE)


def _gather(size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {GRAMS} ({GRAMS}, rank) VALUES ('hashsize', %s)", [size])  # noqa: S608 own name


def _document(row: SearchText) -> str:
    return " ".join([*map(_terms, row.folded.split(text.BREAK)), row.keys])


@lru_cache(maxsize=4_096)
def _terms(part: str) -> str:
    """Pairs and characters of one part; many parts are the same sentence again."""
    safe = part.translate(_SAFE)
    return " ".join({*text.pairs(safe), *safe})


def _match(question: Question) -> str:
    grams = dict.fromkeys(gram.translate(_SAFE) for word in question.words for gram in text.grams_of(word))
    terms = " AND ".join(f'"{gram}"' for gram in grams)
    keys = " OR ".join(question.keys)
    return f"{terms} AND ({keys})" if terms and keys else terms or keys
