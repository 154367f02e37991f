"""What a file of rules must look like before any of it is taken in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

MOST_ITEMS = 200
MOST_DIGITS = 6
MOST_TEXT = 2_000
MOST_SOURCE = 200


@dataclass(frozen=True)
class Article:
    """One line of the file: the article of a list, word for word. row: its number in the file."""

    row: int
    code: str
    number: str
    text: str
    source: str = ""

    @property
    def place(self) -> int:
        """The number as counted, 0 for one that is none: "01" is article 1."""
        is_number = self.number.isdecimal() and len(self.number) <= MOST_DIGITS
        return int(self.number) if is_number else 0


def faults(articles: Sequence[Article], known: Collection[str]) -> list[tuple[int, str]]:
    """Everything that keeps the file from being taken in, as (row, what). known: codes of the lists there are."""
    seen: set[tuple[str, int]] = set()
    found: list[tuple[int, str]] = []
    for article in articles:
        found += [(article.row, text) for text in _wrong(article, known, seen)]
        seen.add((article.code, article.place))
    return found


def _wrong(article: Article, known: Collection[str], seen: Collection[tuple[str, int]]) -> Iterator[str]:
    if article.code not in known:
        yield f"没有代码为“{article.code}”的规定清单，现有：{'、'.join(sorted(known))}。"
    if not 1 <= article.place <= MOST_ITEMS:
        yield f"条号“{article.number}”应是1到{MOST_ITEMS}的整数。"
    elif (article.code, article.place) in seen:
        yield f"第{article.place}条重复。"
    if not article.text:
        yield "没有写原文。"
    elif len(article.text) > MOST_TEXT:
        yield f"原文有{len(article.text)}个字，最多{MOST_TEXT}个字。"
    if len(article.source) > MOST_SOURCE:
        yield f"出处有{len(article.source)}个字，最多{MOST_SOURCE}个字。"
