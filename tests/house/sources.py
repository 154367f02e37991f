"""The house as text: every source file of every floor, and what can be asked of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["conduct", "people", "inspections", "findings", "accountability", "tipoffs", "reports"]
PRESENT = [floor for floor in FLOORS if (ROOT / floor).is_dir()]


@dataclass(frozen=True)
class Source:
    """One Python file: the floor it belongs to, the room inside the floor, and its text."""

    floor: str
    room: str
    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def sources() -> list[Source]:
    """All files of all floors, without migrations."""
    found = []
    for floor in PRESENT:
        for path in sorted((ROOT / floor).rglob("*.py")):
            inside = path.relative_to(ROOT / floor)
            if "migrations" in inside.parts:
                continue
            room = inside.parts[0].removesuffix(".py")
            found.append(Source(floor, room, str(path.relative_to(ROOT)), path.read_text()))
    return found


def attributes_named(source: Source, names: set[str]) -> list[str]:
    """Where the file touches an attribute of one of the names."""
    return [
        f"{source.name}:{node.lineno} .{node.attr}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def state_writes(source: Source) -> list[str]:
    """Where the file sets a row's state other than through a move: by assignment or by update()."""
    found = []
    for node in ast.walk(source.tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        found += [
            f"{source.name}:{target.lineno}"
            for target in targets
            if isinstance(target, ast.Attribute) and target.attr == "state"
        ]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            found += [f"{source.name}:{node.lineno}" for word in node.keywords if word.arg == "state"]
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "setattr"
            and any(isinstance(arg, ast.Constant) and arg.value == "state" for arg in node.args)
        ):
            found.append(f"{source.name}:{node.lineno}")
    return found


CLOCKS = {
    ("timezone", "now"),
    ("clock", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("timezone", "localdate"),
}


def clock_readings(source: Source) -> list[str]:
    """Where the file asks what time it is."""
    return [
        f"{source.name}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and (_last(node.func.value), node.func.attr) in CLOCKS
    ]


def long_functions(source: Source, *, most: int) -> list[str]:
    """Functions of more lines than `most`, signature and docstring not counted."""
    found = []
    for function in source.functions():
        body = function.body
        if ast.get_docstring(function):
            body = body[1:]
        if not body:
            continue
        lines = (function.end_lineno or 0) - body[0].lineno + 1
        if lines > most:
            found.append(f"{source.name}:{function.lineno} {function.name} ({lines})")
    return found


def strings(source: Source) -> list[tuple[int, str]]:
    """Every text constant with its line, docstrings left out."""
    documents = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
    ]


def forbidden_lookups(source: Source) -> list[str]:
    """Database lookups that scan: they end a keyword or a text used as one, or are spelled out as SQL."""
    pattern = re.compile(r"__(icontains|contains|istartswith|startswith|iregex|regex|iendswith|endswith)$")
    found = [
        f"{source.name}:{word.value.lineno} {word.arg}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg and pattern.search(word.arg)
    ]
    spelled = re.compile(r"\b(I?LIKE|GLOB|REGEXP|SIMILAR TO)\b")
    return found + [
        f"{source.name}:{line} {text}"
        for line, text in strings(source)
        if pattern.search(text) or spelled.search(text)
    ]


def names_called(source: Source, function: str) -> list[tuple[int, str]]:
    """First text arguments of calls such as reverse("…") or jobs.start("…")."""
    found = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if called == function and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.append((node.lineno, first.value))
    return found


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
