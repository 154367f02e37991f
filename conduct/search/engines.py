"""What the two engines of the search have in common: the question they are asked, and the one that answers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from django.db import connection

from conduct.models import SearchText

TABLE = "conduct_searchtext"


@dataclass(frozen=True)
class Question:
    """Texts that hold all words and one of the keys, in the order of dates.

    keys:   none at all leaves the keys open
    source: only texts of this source
    beyond: the place in the order from which to look on, itself left out; None looks from the newest
    turned: from old to new
    """

    words: Sequence[str]
    keys: Sequence[str] = ()
    source: str = ""
    beyond: int | None = None
    turned: bool = False

    def condition(self) -> tuple[str, list[Any]]:
        """The whole truth about one text, as SQL over its row `t`; `{position}` stands for the engine's function."""
        tests: list[str] = []
        values: list[Any] = []
        if self.source:
            tests.append("t.source = %s")
            values.append(self.source)
        if self.keys:
            tests.append("(" + " OR ".join(["{position}(t.keys, %s) > 0"] * len(self.keys)) + ")")
            values += [f" {key} " for key in self.keys]
        tests += ["{position}(t.folded, %s) > 0"] * len(self.words)
        values += self.words
        return " AND ".join(tests), values

    def bound(self, column: str) -> tuple[str, list[int]]:
        """From where to look on, as SQL about the column."""
        if self.beyond is None:
            return "1 = 1", []
        return f"{column} {'>' if self.turned else '<'} %s", [self.beyond]

    @property
    def direction(self) -> str:
        return "ASC" if self.turned else "DESC"


Place = tuple[int, str, str]


class Engine(Protocol):
    """Narrows the choice by pairs of characters; what it returns has been compared letter by letter."""

    def install(self, execute: Any) -> None:
        """Make the engine's own tables."""

    def find(self, question: Question, most: int) -> list[Place]:
        """(id, source, subject) of the first so many texts."""

    def renew(self, old: Sequence[SearchText], new: Sequence[SearchText]) -> None:
        """Follow texts that were taken out and put in, after their rows were."""

    def begin_anew(self) -> None:
        """Forget everything; what is put in until `finish` may not be found yet."""

    def put_anew(self, rows: Sequence[SearchText]) -> None:
        """Follow what is put in since `begin_anew`."""

    def finish(self) -> None:
        """Find what was put in since `begin_anew`."""

    def lock(self) -> None:
        """Let one process at a time write, until the end of the transaction."""


def engine() -> Engine:
    """The engine of the database in use."""
    name = "sqlite" if connection.vendor == "sqlite" else "postgres"
    return cast(Engine, import_module(f"conduct.search.{name}"))
