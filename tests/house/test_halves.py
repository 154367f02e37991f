"""Nothing is left out: what does not run on one engine in `make test` runs on the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.halves import ENGINES, ON_BOTH, is_on

HERE = Path(__file__).resolve().parent.parent
FILES = sorted(
    file.relative_to(HERE).as_posix()
    for file in HERE.rglob("test_*.py")
    if file.relative_to(HERE).parts[0] not in ("rules", "papers", "browser")
)


def engines_of(path: str, *, is_drawn: bool = False) -> list[str]:
    return [engine for engine in ENGINES if is_on(engine, path=path, is_drawn=is_drawn)]


@pytest.mark.parametrize("is_drawn", [False, True])
def test_every_file_runs_somewhere(is_drawn: bool) -> None:
    assert len(FILES) > 150
    assert [path for path in FILES if not engines_of(path, is_drawn=is_drawn)] == []


def test_what_speaks_to_the_engine_runs_on_both() -> None:
    for path in ("matrix/test_matrix.py", "conduct/test_jobs.py", "findings/test_queries.py"):
        assert engines_of(path) == list(ENGINES)
    assert {path.split("/")[0] for path in FILES if len(engines_of(path)) == 2} >= set(ON_BOTH) - {"cases"}


def test_the_other_files_of_every_floor_meet_each_engine() -> None:
    for floor in ("inspections", "findings", "reports", "people", "accountability"):
        alone = [tuple(engines_of(path)) for path in FILES if path.startswith(f"{floor}/")]
        assert {("sqlite",), ("postgresql",)} <= set(alone), floor
