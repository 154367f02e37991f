"""Anchors of a test go to a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conduct import reads
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
