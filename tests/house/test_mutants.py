"""`make mutants`: what no test noticed is counted, named, and below the least a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.mutation import __main__ as mutation

ALL = {
    "people/access.py": "people.access.x_may__mutmut_",
    "conduct/moves.py": "conduct.moves.x_born__mutmut_",
}
OTHERS = {"conduct/calendar/rules.py": {"a": "killed"}, "conduct/chain/proof.py": {"b": "timeout"}}


def fates(*, killed: int, survived: int) -> dict[str, dict[str, str]]:
    """So many mutants of each of two files noticed and not."""
    fate = ["killed"] * killed + ["survived"] * survived
    return {path: {f"{name}{n}": fate[n] for n in range(len(fate))} for path, name in ALL.items()} | OTHERS


def test_nine_in_ten_noticed_are_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutation.tell(fates(killed=9, survived=1)) == 0

    out = capsys.readouterr().out.splitlines()
    assert out[0] == "准入：10 处改动，9 处被测试发现，1 处未被发现，90.0%"
    assert "    survived  people.access.x_may__mutmut_9" in out
    assert out[-1] == "达标：各模块均不低于 90%"


def test_fewer_in_one_module_are_not_made_good_by_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutation.tell(fates(killed=17, survived=2)) == 2
    assert capsys.readouterr().out.splitlines()[-1] == "未达标：2 个模块不足 90%"


@pytest.mark.parametrize("fate", ["no tests", "suspicious", "segfault", "not checked", "survived"])
def test_only_a_failed_test_or_one_that_never_ends_has_noticed(fate: str) -> None:
    found = fates(killed=1, survived=0) | {"people/rules.py": {"x": fate}}

    assert mutation.tell(found) == 1


def test_a_module_without_any_mutant_is_not_a_pass() -> None:
    assert mutation.tell({}) == len(mutation.MODULES)


def test_what_became_of_each_is_read_from_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meta = tmp_path / "people" / "access.py.meta"
    meta.parent.mkdir()
    meta.write_text(json.dumps({"exit_code_by_key": {"a": 1, "b": 0, "c": 36, "d": None}}))
    monkeypatch.setattr(mutation, "COPY", tmp_path)

    assert mutation.fates() == {
        "people/access.py": {"a": "killed", "b": "survived", "c": "timeout", "d": "not checked"}
    }
