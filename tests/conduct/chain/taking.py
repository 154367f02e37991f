"""An export taken away, and the proof run over it as the auditor would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conduct.chain import exporting, proof
from tests.factories.cast import AT


def take_away(folder: Path, *, with_files: bool = False) -> dict[str, int]:
    """Export into the folder."""
    return exporting.export(folder, at=AT, with_files=with_files)


def told(folder: Path, name: str) -> list[Any]:
    """The lines of one file of the export."""
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def proved(folder: Path, **more: Path) -> list[str]:
    """What the proof says as it goes along."""
    said: list[str] = []
    proof.prove(proof.Export(folder, **more), say=said.append)
    return said


def spoil(path: Path, change: Callable[[list[Any]], None]) -> None:
    """Change the lines of a file of the export, spelt as they were."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(lines)
    path.write_bytes(b"".join(proof.canonical(line) + b"\n" for line in lines))
