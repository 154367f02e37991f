"""A scheme as a table that people can change and hand in again."""

from __future__ import annotations

from collections.abc import Iterator

from conduct import tables
from conduct.errors import Refused
from inspections.models import Taxonomy
from inspections.rules import taxonomy as rules
from inspections.rules.taxonomy import Node

from . import standards

COLUMNS = (
    tables.Column("code", "编码", required=True),
    tables.Column("parent", "上级编码", required=True),
    tables.Column("name", "名称", required=True),
    tables.Column("definition", "定义"),
    tables.Column("phrase", "通俗说法"),
    tables.Column("maps_to", "对应编码"),
    tables.Column("legal_basis", "依据"),
)
HEADINGS = tuple(column.title for column in COLUMNS)
MOST_ROWS = rules.MOST_LINES


def rows(taxonomy: Taxonomy) -> Iterator[tuple[str, ...]]:
    """A published version line by line."""
    for node in standards.nodes_of(taxonomy):
        yield (
            node.code,
            node.parent,
            node.name,
            node.definition,
            node.phrase,
            "、".join(node.maps_to),
            "；".join(node.legal_basis),
        )


def read(*, name: str, content: bytes) -> tuple[list[Node], list[int]]:
    """The lines of a file and their row numbers; a JSON file may also be nested
    (`categories`, `children`, `indicators`).

    Raises: Refused with what is wrong with the file
    """
    if tables.is_json(content):
        value = tables.read_json(name=name, content=content)
        if isinstance(value, dict) and isinstance(value.get("categories"), list):
            nodes = _nested(name, value["categories"])
            return nodes, list(range(1, len(nodes) + 1))
    lines = tables.read(name=name, content=content, columns=COLUMNS, most_rows=MOST_ROWS)
    nodes = [
        Node(
            code=line["code"],
            name=line["name"],
            parent=line["parent"],
            definition=line["definition"],
            phrase=line["phrase"],
            maps_to=_parts(line["maps_to"], "、"),
            legal_basis=_parts(line["legal_basis"], "；"),
        )
        for line in lines
    ]
    return nodes, [line.number for line in lines]


def _nested(name: str, categories: list[object]) -> list[Node]:
    try:
        return list(rules.flatten(categories))  # type: ignore[arg-type]
    except (KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Refused(f"“{name}”的结构不对：每个分类都要有 code 和 name。请对照导出的文件修改。") from fault


def _parts(text: str, sign: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(sign) if part.strip())
