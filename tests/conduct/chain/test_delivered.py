"""An anchor that was brought out stays out: what the file or the table has lost since is named, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conduct.models import AuditSeal
from tests.conduct.chain import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two() -> None:
    """Two anchors, both brought to the file."""
    for _ in range(2):
        ledger.write_and_seal(1)
        ledger.anchor()


def moved(path: Path) -> str:
    return (
        f"{path} 被删去、清空或改动，或者锚点文件换过地方。"
        "换过地方的，请把原文件各行并入这个文件再核验；原文件找不到的，用日志主机、审计员邮箱留存的锚点核对。"
    )


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("")])
def test_an_anchor_file_deleted_or_emptied_is_named(
    anchor_file: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(anchor_file)

    assert ledger.house_says() == f"第1号锚点已送到锚点文件，但文件里没有：{moved(anchor_file)}"


def test_one_line_taken_out_of_the_anchor_file_is_named(anchor_file: Path) -> None:
    anchor_file.write_text(anchor_file.read_text().splitlines(keepends=True)[0])

    assert ledger.house_says().startswith("第2号锚点已送到锚点文件，但文件里没有：")


def test_an_anchor_file_that_moved_holds_once_the_old_lines_are_in_it(
    anchor_file: Path, tmp_path: Path, settings: Any
) -> None:
    new = tmp_path / "new.jsonl"
    settings.ANCHOR_FILE = str(new)
    ledger.write_and_seal(1)
    ledger.anchor()
    assert ledger.house_says() == f"第1号锚点已送到锚点文件，但文件里没有：{moved(new)}"

    new.write_text(anchor_file.read_text() + new.read_text())

    assert ledger.house_says() == ""


def test_an_anchor_file_nobody_names_any_more_is_to_be_named_again(settings: Any) -> None:
    settings.ANCHOR_FILE = ""

    assert ledger.house_says() == (
        "第1号锚点已送到锚点文件，但文件里没有：现在没有设锚点文件。请把 ANCHOR_FILE 设回原来的文件再核验。"
    )


def test_a_tail_cut_with_its_anchors_and_their_file_is_told_by_the_deliveries(anchor_file: Path) -> None:
    high = AuditSeal.objects.get(chain="changes", seq=1).high
    ledger.tamper("DELETE FROM conduct_auditentry WHERE id > %s", high)
    ledger.tamper("DELETE FROM conduct_auditseal WHERE seq > 1")
    ledger.tamper("DELETE FROM conduct_auditanchor WHERE no > 1")
    anchor_file.write_text(anchor_file.read_text().splitlines(keepends=True)[0])

    assert ledger.house_says() == (
        "第2号锚点有送出记录（锚点文件）而没有锚点：库中的锚点被删去。"
        "请用留在库外的锚点核验，查清被截去的记录。"
    )
