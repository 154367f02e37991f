"""What the auditor takes away: everything that is needed to prove the audit elsewhere."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from conduct import audit, files, reads
from conduct.chain import anchoring, books, proof, sealing
from conduct.chain.proof import Broken
from conduct.models import AnchorDelivery, AuditAnchor, AuditEntry, AuditSeal
from tests.conduct.chain import ledger
from tests.conduct.chain.taking import proved, take_away, told
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db


def test_an_export_counts_what_it_holds(entries: list[AuditEntry], folder: Path) -> None:
    ledger.take_photo()
    ledger.issue(1)
    reads.read(at=AT, by=audit.SystemActor(), subject=entries[0], label="查看")
    sealing.keep_up(at=AT)

    counts = take_away(folder)

    assert counts == {
        "seals-changes": 5,
        "changes": 13,
        "seals-reads": 1,
        "reads": 1,
        "anchors": 1,
        "papers": 1,
        "files": 1,
    }
    assert all(len(told(folder, f"{name}.jsonl")) == count for name, count in counts.items())


def test_an_empty_folder_that_is_there_already_is_taken_and_a_full_one_is_not(folder: Path) -> None:
    folder.mkdir(parents=True)

    assert take_away(folder)["changes"] == 0
    with pytest.raises(FileExistsError, match="out"):
        take_away(folder)


def test_an_export_says_when_and_of_what_it_was_made(entries: list[AuditEntry], folder: Path) -> None:
    counts = take_away(folder)

    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "form": 1,
        "made_at": "2026-03-02T01:00:00.000000+00:00",
        "engine": connection.vendor,
        "guards_missing": [],
        "lines": counts,
    }


def test_a_missing_trigger_stands_in_the_export_in_its_words(entries: list[AuditEntry], folder: Path) -> None:
    on = " ON conduct_auditseal" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER conduct_auditseal_no_update{on}")
    take_away(folder)

    with pytest.raises(Broken, match="防改触发器不全：缺 conduct_auditseal_no_update。"):
        proved(folder)


def test_an_export_holds_each_row_as_it_is_hashed(entries: list[AuditEntry], folder: Path) -> None:
    take_away(folder)

    lines = dict(books.rows(books.CHANGES))
    assert (folder / "changes.jsonl").read_bytes() == b"".join(line + b"\n" for line in lines.values())
    first = dict(zip(proof.FIELDS["changes"], told(folder, "changes.jsonl")[0], strict=True))
    assert first["id"] == entries[0].pk
    assert (first["verb"], first["label"], first["details"]) == ("house.tested", "试办", {})


def test_an_export_holds_each_seal_whole(entries: list[AuditEntry], folder: Path) -> None:
    take_away(folder)

    seals = [proof.Seal(**told_of) for told_of in told(folder, "seals-changes.jsonl")]
    assert seals == [books.sealed(row) for row in AuditSeal.objects.order_by("seq")]


def test_an_export_holds_the_printed_heads_of_papers_and_their_digests(folder: Path) -> None:
    mark: dict[str, object] = {"seq": 1, "digest": "0" * 64}
    paper, older = ledger.issue(1, mark=mark), ledger.issue(2)

    take_away(folder)

    first, second = told(folder, "papers.jsonl")
    assert first == {
        "number": "安督通〔2026〕1号",
        "title": "通报",
        "facts_sha256": paper.facts_sha256,
        "pdf_sha256": paper.pdf_sha256,
        "chain": mark,
    }
    assert (second["number"], second["chain"]) == (older.number, None)


def test_papers_are_taken_away_in_the_order_of_their_issue(folder: Path) -> None:
    for seq in (4, 2, 5, 1, 3):
        ledger.issue(seq)

    take_away(folder)

    assert [paper["number"] for paper in told(folder, "papers.jsonl")] == [
        f"安督通〔2026〕{seq}号" for seq in (1, 2, 3, 4, 5)
    ]


def test_an_export_holds_the_register_of_files_in_the_order_of_receipt(folder: Path) -> None:
    hours = (3, 1, 4, 2)
    taken = [ledger.take_photo(n, name=f"{n}.jpg", at=AT + timedelta(hours=n)) for n in hours]

    take_away(folder)

    assert told(folder, "files.jsonl") == [
        {"id": str(file.pk), "name": file.original_name, "sha256": file.sha256}
        for file in sorted(taken, key=lambda file: file.received_at)
    ]


def test_originals_go_along_when_they_are_asked_for(folder: Path, tmp_path: Path) -> None:
    photo = ledger.take_photo()

    take_away(folder)
    take_away(tmp_path / "with", with_files=True)

    place = Path("evidence", photo.sha256[:2], photo.sha256[2:4], photo.sha256)
    assert not (folder / "evidence").exists()
    assert (tmp_path / "with" / place).read_bytes() == files.original_path(photo).read_bytes()


def test_the_same_original_handed_in_twice_goes_along_once(folder: Path) -> None:
    ledger.take_photo()
    ledger.take_photo(name="大厅（二）.jpg")
    ledger.write_and_seal(1)

    take_away(folder, with_files=True)

    assert len([path for path in (folder / "evidence").rglob("*") if path.is_file()]) == 1
    assert proved(folder)[-1] == "证据原件：2 个相符。"


def test_a_lost_original_does_not_keep_the_others_from_being_taken_along(folder: Path) -> None:
    lost, kept = ledger.take_photo(), ledger.take_photo(8, name="门外.jpg", at=AT + timedelta(hours=1))
    files.original_path(lost).unlink()

    take_away(folder, with_files=True)

    assert [path.name for path in (folder / "evidence").rglob("*") if path.is_file()] == [kept.sha256]
    with pytest.raises(Broken, match="证据原件“大厅"):
        proved(folder)


def test_the_anchors_outside_go_along_where_there_are_any(
    entries: list[AuditEntry], folder: Path, tmp_path: Path, anchor_file: Path
) -> None:
    take_away(folder)
    assert (folder / "outside.jsonl").read_text() == anchor_file.read_text()

    anchor_file.unlink()
    take_away(tmp_path / "later")
    assert not (tmp_path / "later" / "outside.jsonl").exists()
    # The export cannot carry what is gone; that it is gone is for the house to say.
    assert ledger.house_says().startswith("第1号锚点已送到锚点文件，但文件里没有：")


def test_an_office_without_an_anchor_file_can_be_taken_away(
    entries: list[AuditEntry], folder: Path, settings: Any
) -> None:
    settings.ANCHOR_FILE = ""

    take_away(folder)

    assert not (folder / "outside.jsonl").exists()


def test_an_anchor_is_taken_away_with_the_stamp_it_got(entries: list[AuditEntry], folder: Path) -> None:
    AnchorDelivery.objects.create(anchor_no=1, channel="tsa", at=AT, is_done=False, stamp="", problem="不通")
    ledger.write_and_seal(1)
    ledger.anchor()
    AnchorDelivery.objects.create(anchor_no=2, channel="tsa", at=AT, is_done=True, stamp="c3RhbXA=")
    AnchorDelivery.objects.create(anchor_no=2, channel="mail", at=AT, is_done=True)
    AnchorDelivery.objects.create(anchor_no=2, channel="tsa", at=AT, is_done=False, problem="不通")

    take_away(folder)

    first, second = told(folder, "anchors.jsonl")
    assert first == {**anchoring.told(AuditAnchor.objects.get(no=1)), "stamp": ""}
    assert second == {**anchoring.told(AuditAnchor.objects.get(no=2)), "stamp": "c3RhbXA="}


def test_the_verifier_goes_along_as_the_house_runs_it(entries: list[AuditEntry], folder: Path) -> None:
    take_away(folder)

    assert (folder / "verify_audit.py").read_bytes() == Path(proof.__file__).read_bytes()


def verifier(folder: Path, *arguments: str) -> tuple[int, str]:
    """How the verifier that went along ends on a machine without this house, and its last sentence."""
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_audit.py"), str(folder), *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    return done.returncode, done.stdout.splitlines()[-1]


@pytest.mark.parametrize("option", ["--anchors", "--evidence", "--tsa-ca"])
def test_what_the_auditor_names_and_is_not_there_is_refused_and_not_passed_over(
    entries: list[AuditEntry], folder: Path, tmp_path: Path, option: str
) -> None:
    take_away(folder)
    path = tmp_path / "没有"

    assert verifier(folder, option, str(path)) == (
        2,
        f"没有核验：{option} 指明的 {path} 不存在。请核对路径后重新运行；手里没有这一项，就去掉它再运行。",
    )


@pytest.mark.parametrize("text", ["", "主题：审计链第1号锚点\n"])
def test_a_file_of_the_auditor_that_holds_no_anchor_is_refused(
    entries: list[AuditEntry], folder: Path, tmp_path: Path, text: str
) -> None:
    take_away(folder)
    letter = tmp_path / "letter.txt"
    letter.write_text(text, encoding="utf-8")

    assert verifier(folder, "--anchors", str(letter)) == (
        2,
        f"没有核验：--anchors 指明的 {letter} 里没有锚点。"
        "请核对路径后重新运行；手里没有这一项，就去掉它再运行。",
    )


def test_without_any_anchor_nothing_is_claimed_about_what_came_before_one(folder: Path) -> None:
    ledger.write_and_seal(1)
    take_away(folder)

    said = "记录与封存相符，但没有锚点可核对：记录被截尾或整体替换无法排除。"
    assert verifier(folder) == (0, f"{said}手里有锚点的，用 --anchors 指明后再核验。")
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().splitlines()[-1] == said
