"""The proof over an export: what holds is told part by part, and the first bad item is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from conduct import audit, clock, files, reads
from conduct.chain import books, proof, sealing
from conduct.chain.proof import Broken
from conduct.models import AuditEntry
from tests.conduct.chain import ledger
from tests.conduct.chain.authority import Authority
from tests.conduct.chain.taking import proved, spoil, take_away
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db


def test_an_export_that_holds_is_told_part_by_part(entries: list[AuditEntry], folder: Path) -> None:
    ledger.take_photo()
    reads.read(at=AT, by=audit.SystemActor(), subject=entries[0], label="查看")
    sealing.keep_up(at=clock.now())
    ledger.write(2)

    take_away(folder, with_files=True)

    assert proved(folder) == [
        "审计记录：13 条、5 个封存相符，2 条尚未封存。",
        "查阅记录：1 条、1 个封存相符，0 条尚未封存。",
        "锚点：2 个相符。",
        "证据原件：1 个相符。",
    ]


def broken(folder: Path) -> str:
    """What the verifier says of an export it does not accept."""
    with pytest.raises(Broken) as fault:
        proved(folder)
    return str(fault.value)


def test_every_anchor_in_the_database_and_outside_is_counted(folder: Path) -> None:
    for _ in range(3):
        ledger.write_and_seal(1)
        ledger.anchor()
    take_away(folder)

    assert proved(folder)[2] == "锚点：6 个相符。"


def test_a_book_cut_away_whole_is_told_by_the_anchors(entries: list[AuditEntry], folder: Path) -> None:
    reads.read(at=AT, by=audit.SystemActor(), subject=entries[0], label="查看")
    sealing.keep_up(at=clock.now())
    ledger.anchor()
    take_away(folder)
    for name in ("reads.jsonl", "seals-reads.jsonl"):
        (folder / name).write_bytes(b"")

    with pytest.raises(Broken, match="查阅记录链止于第0号封存，而库内第2号锚点记有第1号"):
        proved(folder)


def test_an_export_of_an_office_that_has_not_begun_holds(folder: Path) -> None:
    take_away(folder)

    assert proved(folder)[0] == "审计记录：0 条、0 个封存相符，0 条尚未封存。"


def test_originals_that_were_not_taken_along_are_not_looked_for(folder: Path) -> None:
    ledger.take_photo()
    ledger.write_and_seal(1)
    take_away(folder)

    assert proved(folder)[-1] == "证据原件：0 个相符。"


def test_originals_may_lie_elsewhere(folder: Path, settings: Any) -> None:
    photo = ledger.take_photo()
    ledger.write_and_seal(1)
    take_away(folder)

    assert proved(folder, evidence=Path(settings.EVIDENCE_ROOT))[-1] == "证据原件：1 个相符。"
    path = files.original_path(photo)
    path.chmod(0o600)
    path.write_bytes(b"other")
    with pytest.raises(Broken, match=f"证据原件“大厅.jpg”（{photo.sha256[:12]}）与收到时的校验值不符"):
        proved(folder, evidence=Path(settings.EVIDENCE_ROOT))


def test_a_file_struck_from_the_exported_register_is_named_without_the_originals(folder: Path) -> None:
    photo = ledger.take_photo()
    ledger.take_photo(8, name="门外.jpg", at=AT + timedelta(hours=1))
    ledger.write_and_seal(1)
    take_away(folder)
    spoil(folder / "files.jsonl", lambda lines: lines.__delitem__(0))

    assert broken(folder) == f"证据“大厅.jpg”（{photo.sha256[:12]}）的登记不见了：已被删除。"


def test_words_of_people_about_a_receipt_are_no_receipt(folder: Path) -> None:
    ledger.write(reason=f'"{proof.FILE_RECEIVED}"')
    sealing.keep_up(at=AT)
    take_away(folder)

    assert proved(folder)[-1] == "证据原件：0 个相符。"


def test_an_edited_line_of_the_export_is_named(entries: list[AuditEntry], folder: Path) -> None:
    take_away(folder)
    spoil(folder / "changes.jsonl", lambda lines: lines[4].__setitem__(3, "别人"))

    with pytest.raises(Broken, match=f"第{entries[4].pk}号审计记录的内容与第2号封存不符"):
        proved(folder)


def test_a_paper_whose_printed_head_is_not_in_the_chain_is_named(
    entries: list[AuditEntry], folder: Path
) -> None:
    ledger.issue(1, mark={"seq": 2, "digest": books.head_of("changes", 2)})
    ledger.issue(2)
    ledger.issue(3, mark={"seq": 2, "digest": "0" * 64})

    take_away(folder)

    assert broken(folder) == (
        "审计记录链第2号封存与文书“安督通〔2026〕3号”上印的校验码不符：这一号或更早的封存被重做过。"
    )


def test_a_paper_that_names_a_seal_beyond_the_end_tells_of_a_cut_tail(
    entries: list[AuditEntry], folder: Path
) -> None:
    ledger.issue(1, mark={"seq": 5, "digest": "0" * 64})
    take_away(folder)

    assert broken(folder) == (
        "审计记录链止于第4号封存，而文书“安督通〔2026〕1号”上印的校验码记有第5号："
        "其后的封存被截去，或者数据库恢复到了旧备份。"
    )


def test_anchors_of_the_auditor_take_the_place_of_the_exports_own(
    entries: list[AuditEntry], folder: Path, tmp_path: Path, anchor_file: Path
) -> None:
    take_away(folder)
    kept = tmp_path / "kept.txt"
    kept.write_text(anchor_file.read_text() * 2, encoding="utf-8")

    assert proved(folder)[2] == "锚点：2 个相符。"
    assert proved(folder, anchors=kept)[2] == "锚点：3 个相符。"


@pytest.mark.parametrize(("name", "where"), [("anchors.jsonl", "库内"), ("outside.jsonl", "库外")])
def test_an_edited_anchor_is_named_with_where_it_was_kept(
    entries: list[AuditEntry], folder: Path, name: str, where: str
) -> None:
    take_away(folder)
    spoil(folder / name, lambda lines: lines[0].__setitem__("at", "2026-01-01T00:00:00.000000+00:00"))

    assert broken(folder) == f"{where}第1号锚点的内容与其校验值不符：锚点被改动。"


def test_an_anchor_in_a_letter_is_read_though_it_is_indented(
    entries: list[AuditEntry], folder: Path, tmp_path: Path, anchor_file: Path
) -> None:
    take_away(folder)
    letter = tmp_path / "letter.txt"
    letter.write_text(f"您好：\n\n    {anchor_file.read_text()}\n此致\n", encoding="utf-8")

    assert proved(folder, anchors=letter)[2] == "锚点：2 个相符。"


def test_a_line_cut_off_at_the_end_is_passed_over_and_one_before_it_is_not(
    entries: list[AuditEntry], folder: Path
) -> None:
    take_away(folder)
    with (folder / "outside.jsonl").open("a") as out:
        out.write('{"no":2')
    assert proved(folder)[2] == "锚点：2 个相符。"

    with (folder / "outside.jsonl").open("a") as out:
        out.write("\n")
    with pytest.raises(ValueError, match="delimiter"):
        proved(folder)


def test_stamps_are_checked_where_the_authority_is_known(
    folder: Path, settings: Any, authority: Authority, other_authority: Authority
) -> None:
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    ledger.write_and_seal(1)
    ledger.anchor()
    take_away(folder)

    assert proved(folder, tsa_ca=authority.ca)[2] == "锚点：2 个相符。"
    assert proved(folder)[2] == "锚点：2 个相符。"
    with pytest.raises(Broken) as fault:
        proved(folder, tsa_ca=other_authority.ca)
    assert str(fault.value) == "第1号锚点的可信时间戳与锚点不符，或不是这家机构签发的。"


def test_checking_a_stamp_leaves_nothing_behind_and_says_nothing_of_its_own(
    folder: Path,
    settings: Any,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    ledger.write_and_seal(1)
    ledger.anchor()
    take_away(folder)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    proved(folder, tsa_ca=authority.ca)

    assert list(here.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_an_anchor_without_a_stamp_is_no_fault_where_the_authority_is_known(
    entries: list[AuditEntry], folder: Path, authority: Authority
) -> None:
    take_away(folder)

    assert proved(folder, tsa_ca=authority.ca)[2] == "锚点：2 个相符。"


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """The verifier as the auditor starts it."""
    monkeypatch.setattr(sys, "argv", ["verify_audit.py", *map(str, words)])
    return proof.main()


def test_the_verifier_says_that_all_holds(
    entries: list[AuditEntry],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    take_away(folder)

    assert run(monkeypatch, folder) == 0
    assert capsys.readouterr().out.splitlines() == [
        "审计记录：12 条、4 个封存相符，0 条尚未封存。",
        "查阅记录：0 条、0 个封存相符，0 条尚未封存。",
        "锚点：2 个相符。",
        "证据原件：0 个相符。",
        "核验通过：自最近一个锚点以前的记录没有被改动。",
    ]


def test_the_verifier_names_the_first_bad_item(
    entries: list[AuditEntry],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    take_away(folder)
    spoil(folder / "changes.jsonl", lambda lines: lines[0].__setitem__(3, "别人"))

    assert run(monkeypatch, folder) == 1
    assert capsys.readouterr().out == (
        f"发现问题：第{entries[0].pk}号审计记录的内容与第1号封存不符：封存以后被改动。\n"
    )


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "anchors.jsonl").write_text("?\n"),
        lambda folder: (folder / "anchors.jsonl").write_text("{}\n"),
        lambda folder: (folder / "seals-changes.jsonl").write_text('{"x":1}\n'),
    ],
)
def test_the_verifier_says_when_it_cannot_read_the_export(
    entries: list[AuditEntry],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoilt: Callable[[Path], object],
) -> None:
    take_away(folder)
    spoilt(folder)

    assert run(monkeypatch, folder) == 2
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("导出的数据读不出来（") and last.endswith("）。请重新导出，或换一份拷贝。")


def test_the_verifier_says_what_was_wrong_with_the_reading(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, folder) == 2
    assert capsys.readouterr().out.startswith("导出的数据读不出来（FileNotFoundError：")


def test_the_verifier_explains_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "--help")

    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert "核验导出的审计数据" in out and "导出目录" in out
    for option, words in (("--anchors", "审计员自己保管"), ("--evidence", "证据原件"), ("--tsa-ca", "PEM")):
        assert words in out.split(f"  {option}", 1)[1]


def test_the_verifier_takes_what_the_auditor_holds_besides(
    folder: Path,
    anchor_file: Path,
    settings: Any,
    authority: Authority,
    other_authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.ANCHOR_TSA_URL, settings.ANCHOR_TSA_CA = authority.url, str(authority.ca)
    ledger.take_photo()
    ledger.write_and_seal(1)
    ledger.anchor()
    take_away(folder)
    kept = tmp_path / "kept.txt"
    kept.write_text(anchor_file.read_text() * 2, encoding="utf-8")

    asked = [folder, "--anchors", kept, "--evidence", settings.EVIDENCE_ROOT, "--tsa-ca"]

    assert run(monkeypatch, *asked, authority.ca) == 0
    out = capsys.readouterr().out
    assert "锚点：3 个相符。\n证据原件：1 个相符。\n" in out
    assert run(monkeypatch, *asked, other_authority.ca) == 1
