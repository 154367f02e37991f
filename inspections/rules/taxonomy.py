"""What a scheme of problem categories must look like before it can be published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_LEVELS = 3
MOST_NAME = 60
MOST_LINES = 500
MOST_CODE = 10
MOST_TOP_CODE = 4
CODE = re.compile(r"[A-Z][A-Z0-9]*(-[0-9]+)?")


@dataclass(frozen=True)
class Node:
    """One line of a scheme.

    parent:  the code it stands under, "" at the top
    maps_to: codes of the other scheme it corresponds to
    """

    code: str
    name: str
    parent: str = ""
    definition: str = ""
    phrase: str = ""
    legal_basis: tuple[str, ...] = ()
    maps_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line. row: from 1, 0 for the whole."""

    row: int
    text: str

    def __str__(self) -> str:
        return f"第{self.row}行：{self.text}" if self.row else self.text


@dataclass(frozen=True)
class Place:
    """Where a line stands: its level from 1, the code of its top category, and whether anything is below it."""

    level: int
    top: str
    is_leaf: bool


def flatten(categories: Sequence[Mapping[str, Any]], *, parent: str = "") -> Iterator[Node]:
    """The lines of a nested scheme (`children`, `indicators`), parents before children."""
    for item in categories:
        yield Node(
            code=str(item["code"]),
            name=str(item["name"]),
            parent=parent,
            definition=str(item.get("definition", "")),
            phrase=str(item.get("phrase") or item.get("problem") or ""),
            legal_basis=tuple(item.get("legal_basis", ())),
            maps_to=tuple(item.get("maps_to", ())),
        )
        yield from flatten(item.get("children") or item.get("indicators") or (), parent=str(item["code"]))


def places(nodes: Sequence[Node]) -> dict[str, Place]:
    """Level, top and leaf of every line of a faultless scheme, by code."""
    by_code = {node.code: node for node in nodes}
    parents = {node.parent for node in nodes}
    found: dict[str, Place] = {}
    for node in nodes:
        chain = _chain(node, by_code)
        found[node.code] = Place(len(chain), chain[-1].code, node.code not in parents)
    return found


def in_order(nodes: Sequence[Node]) -> list[Node]:
    """The lines of a faultless scheme with each below its parent, otherwise as they came."""
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node)

    def walk(parent: str) -> Iterator[Node]:
        for node in below.get(parent, ()):
            yield node
            yield from walk(node.code)

    return list(walk(""))


def faults(nodes: Sequence[Node]) -> list[Fault]:
    """Everything that keeps the lines from being published, in the order of the lines."""
    if not nodes:
        return [Fault(0, "没有任何分类。请至少写明一个类别和它下面的指标。")]
    by_code = {node.code: node for node in nodes}
    seen: set[str] = set()
    found: list[Fault] = []
    for row, node in enumerate(nodes, start=1):
        found += [Fault(row, text) for text in _wrong(node, by_code, seen)]
        seen.add(node.code)
    return found or _shape(nodes)


def _wrong(node: Node, by_code: Mapping[str, Node], seen: set[str]) -> Iterator[str]:
    if not node.code:
        yield "没有编码。"
    elif len(node.code) > MOST_CODE or not CODE.fullmatch(node.code):
        yield f"编码“{node.code}”不合规则：以大写字母开头，只用大写字母、数字，至多一个短横，不超过{MOST_CODE}个字符。"
    elif node.code in seen:
        yield f"编码“{node.code}”重复。"
    if not node.name:
        yield "没有名称。"
    elif len(node.name) > MOST_NAME:
        yield f"名称有{len(node.name)}个字，最多{MOST_NAME}个字。"
    if len(node.phrase) > MOST_NAME:
        yield f"通俗说法有{len(node.phrase)}个字，最多{MOST_NAME}个字。"
    if not node.parent and len(node.code) > MOST_TOP_CODE:
        yield f"顶层类别的编码最多{MOST_TOP_CODE}个字符。"
    if node.parent and node.parent not in by_code:
        yield f"上级编码“{node.parent}”不在表中。"
    elif node.parent and len(_chain(node, by_code)) > MOST_LEVELS:
        yield f"层级超过{MOST_LEVELS}级，或者上下级互相包含。"


def _shape(nodes: Sequence[Node]) -> list[Fault]:
    at = places(nodes)
    return [
        Fault(row, f"类别“{node.name}”下面没有指标，检查人员无从选择。")
        for row, node in enumerate(nodes, start=1)
        if not node.parent and at[node.code].is_leaf
    ]


def _chain(node: Node, by_code: Mapping[str, Node]) -> list[Node]:
    """The line and all above it; a circle stops one past the most levels allowed."""
    chain = [node]
    while chain[-1].parent and chain[-1].parent in by_code and len(chain) <= MOST_LEVELS:
        chain.append(by_code[chain[-1].parent])
    return chain
