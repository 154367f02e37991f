"""Anchors of a test go to a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conduct import reads
from conduct.models import AuditEntry
from tests.conduct.chain import ledger
from tests.conduct.chain.authority import Authority, standing


@pytest.fixture(autouse=True)
def anchor_file(tmp_path: Path, settings: Any) -> Path:
    """The file outside the database."""
    settings.ANCHOR_FILE = str(tmp_path / "outside" / "anchors.jsonl")
    reads.forget()
    return Path(settings.ANCHOR_FILE)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """A time stamping authority."""
    with standing(tmp_path_factory.mktemp("tsa") / "one") as one:
        yield one


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Another one, with certificates of its own."""
    with standing(tmp_path_factory.mktemp("tsa") / "other") as other:
        yield other


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an export goes; its parent is not there yet."""
    return tmp_path / "disk" / "out"


@pytest.fixture
def entries() -> list[AuditEntry]:
    """Twelve entries under four seals, the last head anchored."""
    written = ledger.write_and_seal(4, entries=3)
    ledger.anchor()
    return written
