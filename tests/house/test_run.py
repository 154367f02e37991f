"""`make test` itself: what is not run or skipped is never taken for passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import run
from tests.machine import Need

REPORT = '<testsuites><testsuite tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"/></testsuites>'


def tally_of(folder: Path, *, tests: int, failures: int = 0, skipped: int = 0) -> run.Tally:
    report = folder / "report.xml"
    report.write_text(REPORT.format(tests=tests, failures=failures, skipped=skipped))
    tally = run.Tally()
    tally.add(report)
    return tally


def test_the_last_line_is_the_plain_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = tally_of(tmp_path, tests=12)

    code = run.tell(tally, all_required=True)

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "全部通过：12 项测试，0 项跳过，0 项失败",
        "12 passed, 0 failed, 0 skipped",
    ]


@pytest.mark.parametrize("bad", [{"failures": 1}, {"skipped": 1}])
def test_a_failure_or_a_skip_is_not_a_pass(tmp_path: Path, bad: dict[str, int]) -> None:
    assert run.tell(tally_of(tmp_path, tests=12, **bad), all_required=False) == 1


def test_no_tests_at_all_is_not_a_pass() -> None:
    assert run.tell(run.Tally(), all_required=False) == 1


def test_a_phase_without_its_package_is_named_and_fails_only_where_all_is_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = tally_of(tmp_path, tests=12)
    absent = Need("no-such-package", lambda: False)

    run.run(run.Phase("x", "某组", ["tests/rules"], needs=(absent,)), [], tally, run.Models("", ""))

    assert run.tell(tally, all_required=False) == 0
    assert "未运行：某组（缺 no-such-package：sudo apt-get update" in capsys.readouterr().out
    assert run.tell(tally, all_required=True) == 1


def test_every_folder_of_tests_belongs_to_a_phase() -> None:
    named = {folder for phase in run.PHASES for folder in phase.where if not folder.startswith("--")}
    ignored = {word.removeprefix("--ignore=") for word in run.WITH_DATABASE if word.startswith("--ignore=")}

    assert "tests" in named
    assert ignored <= named


def test_the_long_fires_run_only_when_asked_for_and_are_ten_of_a_minute() -> None:
    asked = dict(run.LONG.environ)

    assert run.LONG not in run.PHASES
    assert len(set(asked["CHAOS_SEEDS"].split(","))) == 10
    assert asked["CHAOS_SECONDS"] == "60"
