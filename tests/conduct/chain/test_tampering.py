"""Whatever the owner of the database does to the audit, both verifiers name the first bad row."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conduct import audit, files, guards
from conduct.chain import anchoring, books, proof
from conduct.models import AuditAnchor, AuditEntry, AuditSeal, StoredFile
from tests.conduct.chain import ledger
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db


def test_an_untouched_audit_holds(entries: list[AuditEntry], tmp_path: Path) -> None:
    assert ledger.both_say(tmp_path / "out") == ""


def test_an_edited_field_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("UPDATE conduct_auditentry SET reason = 'x' WHERE id = %s", entries[4].pk)

    assert (
        ledger.both_say(tmp_path / "out")
        == f"第{entries[4].pk}号审计记录的内容与第2号封存不符：封存以后被改动。"
    )


@pytest.mark.parametrize(
    "column, value",
    [
        ("at", "2026-01-01 00:00:00+00"),
        ("actor_id", "7"),
        ("actor_name", "乙"),
        ("verb", "x.y"),
        ("label", "别的"),
        ("subject_type", "x.y"),
        ("subject_id", "9"),
        ("subject_name", "乙"),
        ("before", "a"),
        ("after", "b"),
        ("reason", "c"),
        ("details", '{"a": 1}'),
    ],
)
def test_no_field_can_be_edited_unseen(entries: list[AuditEntry], column: str, value: str) -> None:
    ledger.tamper(f"UPDATE conduct_auditentry SET {column} = %s WHERE id = %s", value, entries[0].pk)

    assert ledger.house_says().startswith(f"第{entries[0].pk}号审计记录的内容")


@pytest.mark.sqlite
@pytest.mark.parametrize("column, value", [("at", "x"), ("reason", b"\0"), ("label", b"\xff")])
def test_a_value_the_house_never_writes_is_named_too(
    entries: list[AuditEntry], tmp_path: Path, column: str, value: object
) -> None:
    ledger.tamper(f"UPDATE conduct_auditentry SET {column} = %s WHERE id = %s", value, entries[0].pk)

    assert ledger.both_say(tmp_path / "out").startswith(f"第{entries[0].pk}号审计记录的内容")


def test_a_deleted_row_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("DELETE FROM conduct_auditentry WHERE id = %s", entries[7].pk)

    said = ledger.both_say(tmp_path / "out")
    assert said == f"第{entries[7].pk}号审计记录不见了：第3号封存记有这一条，库中已被删除。"


def test_the_last_sealed_row_deleted_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("DELETE FROM conduct_auditentry WHERE id = %s", entries[-1].pk)

    assert ledger.both_say(tmp_path / "out").startswith(f"第{entries[-1].pk}号审计记录不见了")


def test_a_row_inserted_before_sealed_ones_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    names = ", ".join(proof.FIELDS["changes"][1:])
    ledger.tamper(
        f"INSERT INTO conduct_auditentry (id, {names}) SELECT 0, {names} FROM conduct_auditentry LIMIT 1"
    )

    said = ledger.both_say(tmp_path / "out")
    assert said == "第0号审计记录不在任何封存之内，却排在已封存的记录前面：是事后插入的。"


def test_two_rows_swapped_are_named_by_the_first(entries: list[AuditEntry], tmp_path: Path) -> None:
    first, second = entries[2].pk, entries[9].pk
    ledger.write(reason="")
    for old, new in ((first, 10_000_000), (second, first), (10_000_000, second)):
        ledger.tamper("UPDATE conduct_auditentry SET id = %s WHERE id = %s", new, old)

    assert ledger.both_say(tmp_path / "out").startswith(f"第{first}号审计记录的内容")


def test_an_edited_seal_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    row = AuditSeal.objects.get(chain="changes", seq=2)
    ledger.tamper("UPDATE conduct_auditseal SET high = high + 1 WHERE id = %s", row.pk)

    assert ledger.both_say(tmp_path / "out") == "审计记录链第2号封存的内容与其校验值不符：封存被改动。"


def test_rows_a_forged_seal_claims_without_naming_them_are_named(tmp_path: Path) -> None:
    ledger.write_and_seal(2)
    first, _ = ledger.write(2)
    ledger.tamper("UPDATE conduct_auditseal SET high = %s WHERE seq = 2", first.pk)
    ledger.reseal(2)

    said = ledger.both_say(tmp_path / "out")
    assert said == f"第{first.pk}号审计记录不在任何封存之内，却排在已封存的记录前面：是事后插入的。"


def test_a_deleted_seal_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("DELETE FROM conduct_auditseal WHERE seq = 2")

    assert ledger.both_say(tmp_path / "out") == "审计记录链缺第2号封存：封存被删去或调换。"


def test_seals_swapped_are_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        ledger.tamper("UPDATE conduct_auditseal SET seq = %s WHERE seq = %s", new, old)

    assert ledger.both_say(tmp_path / "out").startswith("审计记录链第2号封存接不上前一号")


def test_a_chain_made_anew_is_told_by_the_anchor_outside(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("UPDATE conduct_auditentry SET actor_name = '别人' WHERE id = %s", entries[4].pk)
    ledger.reseal(2)
    ledger.forge_anchors()

    said = ledger.both_say(tmp_path / "out")
    assert said == "审计记录链第4号封存与库外第1号锚点不符：这一号或更早的封存被重做过。"


def test_a_chain_made_anew_is_told_by_an_anchor_in_the_database_too(
    entries: list[AuditEntry], settings
) -> None:
    settings.ANCHOR_FILE = ""
    ledger.tamper("UPDATE conduct_auditentry SET actor_name = '别人' WHERE id = %s", entries[4].pk)
    ledger.reseal(2)

    assert ledger.house_says() == "审计记录链第4号封存与库内第1号锚点不符：这一号或更早的封存被重做过。"


def test_an_edited_anchor_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("UPDATE conduct_auditanchor SET digest = %s", "0" * 64)

    assert ledger.both_say(tmp_path / "out") == "库内第1号锚点的内容与其校验值不符：锚点被改动。"


def test_an_anchor_of_an_unknown_kind_of_digest_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.tamper("UPDATE conduct_auditanchor SET alg = 'x'")

    assert ledger.both_say(tmp_path / "out") == "库内第1号锚点的内容与其校验值不符：锚点被改动。"


@pytest.mark.parametrize("heads", [{"others": [1, "0" * 64]}, {"changes": [1]}, {"changes": ["1", "x"]}, [1]])
def test_a_forged_anchor_that_speaks_of_no_seal_is_named(
    entries: list[AuditEntry], tmp_path: Path, heads: object
) -> None:
    row = AuditAnchor.objects.get()
    row.heads = heads
    digest = proof.anchor_digest(anchoring.told(row))
    ledger.tamper(
        "UPDATE conduct_auditanchor SET heads = %s, digest = %s", proof.canonical(heads).decode(), digest
    )

    assert ledger.both_say(tmp_path / "out") == "库内第1号锚点的内容与其校验值不符：锚点被改动。"


def test_without_an_anchor_a_chain_made_anew_goes_unseen(settings) -> None:
    """Why heads are anchored at all, and why the claim reads “before the last anchor”."""
    entries = ledger.write_and_seal(3)

    ledger.tamper("UPDATE conduct_auditentry SET actor_name = '别人' WHERE id = %s", entries[4].pk)
    ledger.reseal(2)

    assert ledger.house_says() == ""


def cut(after: int) -> None:
    high = AuditSeal.objects.get(chain="changes", seq=after).high
    ledger.tamper("DELETE FROM conduct_auditentry WHERE id > %s", high)
    ledger.tamper("DELETE FROM conduct_auditseal WHERE seq > %s", after)


def test_a_tail_cut_beyond_the_last_anchor_is_named(entries: list[AuditEntry], tmp_path: Path) -> None:
    cut(2)
    ledger.tamper("DELETE FROM conduct_auditanchor")

    said = ledger.both_say(tmp_path / "out")
    assert said == (
        "审计记录链止于第2号封存，而库外第1号锚点记有第4号：其后的封存被截去，或者数据库恢复到了旧备份。"
    )


def test_an_old_backup_put_back_is_named_though_it_holds_in_itself(tmp_path: Path) -> None:
    ledger.write_and_seal(2)
    ledger.anchor()
    ledger.write_and_seal(3)
    ledger.anchor()
    cut(2)
    ledger.tamper("DELETE FROM conduct_auditanchor WHERE no > 1")

    assert "止于第2号封存，而库外第2号锚点记有第5号" in ledger.both_say(tmp_path / "out")


def test_an_old_backup_that_was_worked_on_is_named(tmp_path: Path) -> None:
    ledger.write_and_seal(4)
    ledger.anchor()
    cut(2)
    ledger.tamper("DELETE FROM conduct_auditanchor")
    ledger.write_and_seal(3)

    assert "第4号封存与库外第1号锚点不符" in ledger.both_say(tmp_path / "out")


def test_anchors_the_auditor_kept_tell_more_than_the_exports_own(tmp_path: Path, anchor_file: Path) -> None:
    ledger.write_and_seal(4)
    ledger.anchor()
    mailbox = tmp_path / "mailbox.txt"
    mailbox.write_text(f"主题：审计链第1号锚点\n\n{anchor_file.read_text()}\n")
    cut(2)
    ledger.tamper("DELETE FROM conduct_auditanchor")
    anchor_file.unlink()
    # An export of what is left holds in itself; the house still knows that an anchor was brought out.
    assert ledger.script_says(tmp_path / "out") == ""
    assert ledger.house_says().startswith("第1号锚点有送出记录（锚点文件）而没有锚点：库中的锚点被删去。")

    assert "止于第2号封存" in ledger.script_says(tmp_path / "out", "--anchors", str(mailbox))


def test_a_changed_original_is_named(tmp_path: Path) -> None:
    photo = ledger.take_photo()
    ledger.write_and_seal(1)
    path = files.original_path(photo)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\0")

    said = ledger.both_say(tmp_path / "out")
    path.unlink()
    assert said == f"证据原件“大厅.jpg”（{photo.sha256[:12]}）与收到时的校验值不符：文件被改动。"


def test_a_lost_original_is_named(tmp_path: Path) -> None:
    photo = ledger.take_photo()
    files.original_path(photo).unlink()

    assert ledger.both_say(tmp_path / "out") == f"证据原件“大厅.jpg”（{photo.sha256[:12]}）不见了。"


def test_an_original_swapped_together_with_its_registered_digest_is_named(tmp_path: Path) -> None:
    photo = ledger.take_photo()
    ledger.write_and_seal(1)
    other = ledger.take_photo(8, name="门外.jpg")
    StoredFile.objects.filter(pk=photo.pk).update(sha256=other.sha256)

    said = ledger.both_say(tmp_path / "out")
    assert said == f"证据“大厅.jpg”登记的校验值与收到时的（{photo.sha256[:12]}）不符：登记被改动。"


def test_a_struck_off_original_is_named(tmp_path: Path) -> None:
    photo = ledger.take_photo()
    ledger.write_and_seal(1)
    photo.delete()

    assert ledger.both_say(tmp_path / "out").startswith("证据“大厅.jpg”")


def test_a_changed_picture_for_viewing_is_named() -> None:
    photo = ledger.take_photo()
    path = files.made_path(photo.shown_sha256)
    path.unlink()

    assert ledger.house_says() == "照片“大厅.jpg”供查看的图片不见了或被改动。"


@pytest.mark.parametrize("table", guards.GUARDED)
def test_a_dropped_trigger_is_named(table: str, tmp_path: Path) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_update{on}")

    assert ledger.both_say(tmp_path / "out") == f"数据库的防改触发器不全：缺 {table}_no_update。"


@pytest.mark.postgres
def test_a_disabled_trigger_is_named(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE conduct_auditseal DISABLE TRIGGER conduct_auditseal_no_delete")

    assert ledger.both_say(tmp_path / "out") == "数据库的防改触发器不全：缺 conduct_auditseal_no_delete。"


@pytest.mark.postgres
def test_a_trigger_that_no_longer_refuses_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION conduct_refuse_change() RETURNS trigger AS "
            "$$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql"
        )

    assert ledger.house_says().startswith("数据库的防改触发器不全")


@pytest.mark.sqlite
def test_a_trigger_replaced_by_one_that_does_nothing_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER conduct_auditentry_no_update")
        cursor.execute(
            "CREATE TRIGGER conduct_auditentry_no_update BEFORE UPDATE ON conduct_auditentry "
            "WHEN 0 BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
        )

    assert ledger.house_says() == "数据库的防改触发器不全：缺 conduct_auditentry_no_update。"


def test_a_line_of_the_anchor_file_that_is_no_anchor_is_named(
    entries: list[AuditEntry], anchor_file: Path
) -> None:
    anchor_file.write_text("{}\n")

    assert ledger.house_says() == "锚点文件第1行读不出来：锚点文件被改动或损坏。"


def test_a_last_line_cut_off_by_a_power_failure_is_passed_over(
    entries: list[AuditEntry], anchor_file: Path, tmp_path: Path
) -> None:
    with anchor_file.open("a") as out:
        out.write('{"no":2,"at"')

    assert ledger.both_say(tmp_path / "out") == ""


def test_rows_of_reading_are_chained_as_well(tmp_path: Path) -> None:
    from conduct import reads

    entry = ledger.write()[0]
    reads.read(at=AT, by=audit.SystemActor(), subject=entry, label="查看")
    ledger.write_and_seal(0)
    ledger.sealing.keep_up(at=AT)
    ledger.tamper("UPDATE conduct_readentry SET actor_name = '别人'")

    assert ledger.both_say(tmp_path / "out").startswith("第")
    assert "号查阅记录的内容与第1号封存不符" in ledger.house_says()


def test_an_export_never_mixes_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("旧")

    with pytest.raises(CommandError, match="不是空的"):
        call_command("export_audit", str(tmp_path), stdout=io.StringIO())


def test_the_export_carries_the_verifier_itself(entries: list[AuditEntry], tmp_path: Path) -> None:
    ledger.script_says(tmp_path / "out")

    assert (tmp_path / "out" / "verify_audit.py").read_text() == ledger.SCRIPT.read_text()
    assert books.ends() == {"changes": 4, "reads": 0}
