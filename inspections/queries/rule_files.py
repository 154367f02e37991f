"""A file of rules as it was handed in, judged row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conduct import tables
from inspections.models import RuleList
from inspections.rules import rule_lists as rules
from inspections.rules.rule_lists import Article

from . import standards

COLUMNS = (
    tables.Column("code", "清单代码", required=True),
    tables.Column("number", "条号", required=True),
    tables.Column("text", "原文", required=True),
    tables.Column("source", "出处"),
)
HEADINGS = tuple(column.title for column in COLUMNS)
MOST_ROWS = 1_000


@dataclass(frozen=True)
class RuleFile:
    """The articles of a file, what is wrong with them, and the names of the lists by code."""

    articles: Sequence[Article]
    faults: Sequence[tables.Fault]
    names: dict[str, str]


def read(*, name: str, content: bytes) -> RuleFile:
    """Read a file without taking anything in.

    Raises: Refused when the file as a whole cannot be read
    """
    lines = tables.read(name=name, content=content, columns=COLUMNS, most_rows=MOST_ROWS)
    articles = [
        Article(line.number, line["code"], line["number"], line["text"], line["source"]) for line in lines
    ]
    names = {row.code: row.name for row in standards.rule_lists()}
    faults = [tables.Fault(row, text) for row, text in rules.faults(articles, names)]
    return RuleFile(articles, faults, names)


def newest(code: str) -> RuleList:
    """The newest version of a list."""
    return RuleList.objects.filter(code=code).order_by("-version")[0]
