"""What each check of the ground says it looked at, which bad item it names first, and what it only notes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from conduct import audit, files, guards, reads, verifying
from conduct.chain import anchoring, checks, sealing
from conduct.models import AnchorDelivery, AuditAnchor, JobRun, NumberSeries, StoredFile
from conduct.verifying import Checked
from tests.conduct.chain import ledger
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Steps = list[tuple[int, int]]


@pytest.fixture(autouse=True)
def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks of the ground alone, entered anew."""
    monkeypatch.setattr(verifying, "REGISTER", {})
    checks.register()


def check(key: str, *, at: datetime = AT, steps: Steps | None = None) -> Checked:
    """One check of the register, as the verification runs it."""
    told: Steps = [] if steps is None else steps
    return verifying.REGISTER[key].check(at=at, on_step=lambda done, total: told.append((done, total)))


def test_the_ground_checks_these_in_this_order() -> None:
    assert [(entry.key, entry.name) for entry in verifying.REGISTER.values()] == [
        ("guards", "防改触发器"),
        ("chain.changes", "审计记录链"),
        ("chain.reads", "查阅记录链"),
        ("anchors", "锚点"),
        ("files", "证据原件"),
        ("papers", "印发的文书"),
        ("numbers", "文书编号"),
        ("jobs", "后台任务"),
    ]


def test_the_triggers_of_every_guarded_table_are_looked_at() -> None:
    assert check("guards") == Checked(f"核对 {len(guards.GUARDED)} 张表")


def test_a_chain_is_told_by_its_rows_and_seals_and_steps_with_each_seal() -> None:
    entries = ledger.write_and_seal(2, at=AT)
    steps: Steps = []

    assert check("chain.changes", steps=steps) == Checked("核对 6 条、2 个封存")
    assert steps == [(3, entries[-1].pk), (6, entries[-1].pk)]
    assert check("chain.reads") == Checked("核对 0 条、0 个封存")


def test_each_book_is_checked_by_its_own_rows() -> None:
    entry = ledger.write_and_seal(1, at=AT)[0]
    reads.read(at=AT, by=audit.SystemActor(), subject=entry, label="查看")
    sealing.keep_up(at=AT)

    assert check("chain.reads") == Checked("核对 1 条、1 个封存")
    ledger.tamper("UPDATE conduct_readentry SET actor_name = '别人'")
    assert check("chain.reads").looked_at == "核对查阅记录"
    assert check("chain.changes").fault == ""


def test_the_first_bad_row_of_a_chain_is_named() -> None:
    entries = ledger.write_and_seal(2, at=AT)
    ledger.tamper("UPDATE conduct_auditentry SET reason = 'x' WHERE id = %s", entries[4].pk)

    assert check("chain.changes") == Checked(
        "核对审计记录", f"第{entries[4].pk}号审计记录的内容与第2号封存不符：封存以后被改动。"
    )


@pytest.mark.parametrize(("minutes", "fault"), [(9, ""), (10, "10 分钟以前"), (59, "59 分钟以前")])
def test_rows_not_sealed_are_a_note_and_after_ten_minutes_a_fault(minutes: int, fault: str) -> None:
    ledger.write_and_seal(1, at=AT)
    ledger.write(2)

    found = check("chain.changes", at=AT + minutes * MINUTE)

    assert found.notes == ("另有 2 条尚未封存。",)
    said = f"审计记录有 2 条尚未封存，最近一次封存在 {fault}：封存程序停了。"
    assert found.fault == (said if fault else "")


def test_a_book_without_a_seal_and_one_without_anything_new_are_no_fault() -> None:
    ledger.write(2)
    assert check("chain.changes", at=AT + 60 * MINUTE).fault == ""

    sealing.keep_up(at=AT)
    assert check("chain.changes", at=AT + 60 * MINUTE) == Checked("核对 2 条、1 个封存")


def test_anchors_in_the_database_and_outside_are_counted() -> None:
    for _ in range(2):
        ledger.write_and_seal(1)
        ledger.anchor()

    assert check("anchors") == Checked("核对锚点 4 个")


def test_the_anchors_that_held_before_the_bad_one_are_counted() -> None:
    for _ in range(2):
        ledger.write_and_seal(1)
        ledger.anchor()
    ledger.tamper("UPDATE conduct_auditanchor SET digest = %s WHERE no = 2", "0" * 64)

    assert check("anchors") == Checked("核对锚点 1 个", "库内第2号锚点的内容与其校验值不符：锚点被改动。")


def test_places_the_last_anchor_has_not_reached_are_noted_by_name(settings: Any) -> None:
    ledger.write_and_seal(1)
    ledger.anchor()
    settings.ANCHOR_MAIL, settings.ANCHOR_SYSLOG = ["auditor@example.invalid"], "127.0.0.1:514"

    assert check("anchors").notes == ("最近一个锚点尚未送到：日志主机、审计员邮箱。",)


def test_without_an_anchor_nothing_is_to_be_brought_anywhere() -> None:
    assert check("anchors") == Checked("核对锚点 0 个")


def stamped(no: int, *, channel: str = "tsa", is_done: bool = True) -> None:
    AnchorDelivery.objects.create(
        anchor_no=no, channel=channel, at=AT, is_done=is_done, stamp="AAAA", problem="" if is_done else "不通"
    )


def test_the_first_stamp_that_does_not_fit_is_named() -> None:
    for _ in range(3):
        ledger.write_and_seal(1)
        ledger.anchor()
    for no in (3, 2):
        stamped(no)

    assert check("anchors") == Checked("核对锚点 6 个", "第2号锚点的可信时间戳对不上：时间戳读不出来。")


def test_a_stamp_whose_anchor_is_gone_is_named() -> None:
    ledger.write_and_seal(1)
    ledger.anchor()
    stamped(1)
    ledger.tamper("DELETE FROM conduct_auditanchor")

    assert check("anchors").fault.startswith("第1号锚点的可信时间戳对不上：")
    assert not AuditAnchor.objects.exists()


def test_only_stamps_that_were_given_are_looked_at() -> None:
    ledger.write_and_seal(1)
    anchoring.cast_if_due(at=AT)
    stamped(1, is_done=False)
    stamped(1, channel="mail")

    assert check("anchors").fault == ""


def test_every_original_is_hashed_and_stepped_over() -> None:
    ledger.take_photo()
    ledger.take_photo(8, name="门外.jpg")
    steps: Steps = []

    assert check("files", steps=steps) == Checked("重算原件 2 个")
    assert steps == [(1, 2), (2, 2)]


def test_the_originals_that_held_before_the_bad_one_are_counted() -> None:
    photos = [ledger.take_photo(n, name=f"{n}.jpg", at=AT - n * MINUTE) for n in range(1, 5)]
    lost = photos[0]
    files.original_path(lost).unlink()

    assert check("files") == Checked("重算原件 3 个", f"证据原件“1.jpg”（{lost.sha256[:12]}）不见了。")


def test_of_several_lost_originals_the_one_received_first_is_named() -> None:
    for number in (4, 2, 6, 1, 3, 5):
        photo = ledger.take_photo(number, name=f"{number}.jpg", at=AT + number * MINUTE)
        files.original_path(photo).unlink()

    assert check("files").fault.startswith("证据原件“1.jpg”")


@pytest.mark.parametrize("which", ["shown_sha256", "thumb_sha256"])
@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_a_picture_for_viewing_is_hashed_as_well(which: str, spoil: Any) -> None:
    photo = ledger.take_photo()
    path = files.made_path(getattr(photo, which))
    content = path.read_bytes()
    path.chmod(0o600)
    spoil(path)

    said = check("files")
    path.write_bytes(content)
    assert said == Checked("重算原件 0 个", "照片“大厅.jpg”供查看的图片不见了或被改动。")


def test_a_file_without_pictures_is_hashed_alone() -> None:
    photo = ledger.take_photo()
    StoredFile.objects.filter(pk=photo.pk).update(kind="document", shown_sha256="", thumb_sha256="")

    assert check("files") == Checked("重算原件 1 个")


def test_what_is_told_of_a_file_besides_its_receipt_is_no_receipt() -> None:
    photo = ledger.take_photo()
    audit.record(at=AT, by=audit.SystemActor(), verb="conduct.file_shown", subject=photo)

    assert check("files") == Checked("重算原件 1 个")


def test_a_digest_registered_otherwise_than_received_is_named_before_anything_is_hashed() -> None:
    photo, other = ledger.take_photo(), ledger.take_photo(8, name="门外.jpg")
    StoredFile.objects.filter(pk=photo.pk).update(sha256=other.sha256)

    assert check("files") == Checked(
        "重算原件 0 个",
        f"证据“大厅.jpg”登记的校验值与收到时的（{photo.sha256[:12]}）不符：登记被改动。",
    )


def test_numbers_without_a_gap_hold_in_every_year() -> None:
    for seq, year in ((1, 2025), (2, 2025), (1, 2026)):
        ledger.issue(seq, year=year)
    NumberSeries.objects.create(series="情况通报", year=2025, last=2)
    NumberSeries.objects.create(series="整改通知", year=2026, last=9)

    assert check("numbers") == Checked("核对编号 3 个")


@pytest.mark.parametrize(("there", "missing"), [((1, 3), 2), ((2, 3), 1), ((1, 2), 3)])
def test_a_number_without_a_paper_is_named(there: tuple[int, int], missing: int) -> None:
    ledger.issue(1, year=2025)
    for seq in there:
        ledger.issue(seq)
    NumberSeries.objects.create(series="情况通报", year=2026, last=3)

    assert check("numbers") == Checked("核对编号 3 个", f"情况通报2026年第{missing}号缺号，文书不在库中。")


def test_the_gap_of_the_first_series_of_a_year_is_named_first() -> None:
    for series in ("2号系列", "1号系列"):
        ledger.issue(2, series=series)

    assert check("numbers").fault == "1号系列2026年第1号缺号，文书不在库中。"


def test_a_gap_is_looked_for_among_the_numbered_papers_of_its_series_alone() -> None:
    ledger.issue(None)
    for seq in (1, 2, 3):
        ledger.issue(seq, series="整改通知")
    for seq in (1, 2, 4):
        ledger.issue(seq)

    assert check("numbers").fault == "情况通报2026年第3号缺号，文书不在库中。"


def test_a_number_beyond_those_given_out_shows_a_gap_too() -> None:
    ledger.issue(2)

    assert check("numbers").fault == "情况通报2026年第1号缺号，文书不在库中。"


def test_the_gap_of_the_earliest_year_is_named_first() -> None:
    ledger.issue(2, series="1号系列")
    ledger.issue(3, year=2025, series="2号系列")

    assert check("numbers") == Checked("核对编号 1 个", "2号系列2025年第1号缺号，文书不在库中。")


def run(state: str, *, minutes: int = 0, lease: int | None = None, **facts: Any) -> JobRun:
    """A run begun so many minutes ago, with so many minutes left of its lease."""
    given = {"job": "tests.none", "label": "试办", **facts}
    return JobRun.objects.create(
        state=state,
        created_at=AT - minutes * MINUTE,
        lease_until=None if lease is None else AT + lease * MINUTE,
        problem="坏了" if state == "failed" else "",
        **given,
    )


@pytest.mark.parametrize(
    ("state", "minutes", "lease", "is_stuck"),
    [
        ("waiting", 30, None, False),
        ("waiting", 31, None, True),
        ("sent", 31, 5, True),
        ("sent", 11, -11, True),
        ("sent", 11, -10, False),
        ("running", 31, 5, False),
        ("running", 31, -10, False),
        ("running", 31, -11, True),
        ("waiting", 11, -11, False),
        ("done", 99, -99, False),
        ("failed", 99, -99, False),
    ],
)
def test_a_run_waits_half_an_hour_and_its_lease_ten_minutes_before_it_is_a_fault(
    state: str, minutes: int, lease: int | None, is_stuck: bool
) -> None:
    found = run(state, minutes=minutes, lease=lease)

    fault = f"后台任务“试办”（{found.pk}）{minutes} 分钟没有办完：任务没有人在办。"
    assert check("jobs").fault == (fault if is_stuck else "")


def test_a_run_started_again_waits_from_then_on() -> None:
    again = run("waiting", minutes=300, ready_at=AT - 30 * MINUTE)
    assert check("jobs").fault == ""

    JobRun.objects.update(ready_at=AT - 31 * MINUTE)
    assert check("jobs").fault == f"后台任务“试办”（{again.pk}）31 分钟没有办完：任务没有人在办。"


def test_of_the_runs_that_stand_still_the_oldest_is_named() -> None:
    run("waiting", minutes=40)
    oldest = run("waiting", minutes=50, label="")

    found = check("jobs")

    assert found.looked_at == "核对未办结任务 2 项"
    assert found.fault == f"后台任务“tests.none”（{oldest.pk}）50 分钟没有办完：任务没有人在办。"


@pytest.mark.parametrize("minutes", [0, 31])
def test_runs_that_failed_are_noted_whether_or_not_others_stand_still(minutes: int) -> None:
    run("waiting", minutes=minutes)
    for _ in range(2):
        run("failed")

    found = check("jobs")

    assert found.looked_at == "核对未办结任务 1 项"
    assert found.notes == ("有 2 项任务未办成，系统管理员可在后台任务页查看原因。",)
    assert bool(found.fault) is bool(minutes)


def test_without_runs_there_is_nothing_to_tell() -> None:
    run("done")
    run("running", lease=5)

    assert check("jobs") == Checked("核对未办结任务 1 项")


def test_papers_are_among_what_is_checked() -> None:
    ledger.issue(1)

    assert check("papers") == Checked("核对文书 1 份")
