"""The ledger as a workbook: text is text, days are days, nobody else's, and gone in time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import python_calamine
from django.urls import reverse

from conduct import clock, files, jobs, sheets
from conduct.errors import Forbidden, Refused
from conduct.models import JobRun, ReadEntry
from conduct.sheets import Head
from findings import tasks
from findings.actions import leads, ledger_exports
from findings.models import Finding, LedgerExport
from findings.rules.ledger import BY_KEY, FULL
from people.models import Post
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line
from tests.factories.ledger import asked_export, ready_export, run_export
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db
ALL = tuple(BY_KEY)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def content(export: LedgerExport) -> bytes:
    return files.read_bytes(export.sha256)


def read(export: LedgerExport) -> list[dict[str, object]]:
    """The workbook as another program reads it."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content(export)))
    assert book.sheet_names == ["问题台账"]
    heads, *lines = book.get_sheet_by_index(0).to_python()
    return [dict(zip([str(head) for head in heads], line, strict=True)) for line in lines]


def xml(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def written(tmp_path: Path, *values: object, kind: str = "") -> bytes:
    path = tmp_path / "book.xlsx"
    lines = [[value] for value in values]
    sheets.write_book(path, title="问题台账", heads=[Head("甲", 20, kind)], lines=lines, made_at=AT)
    return path.read_bytes()


DANGEROUS = (
    "=1+1",
    "+8613800000000",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://example.com","点")',
    "=cmd|' /C calc'!A0",
    "0012345",
    "+86 138 0000 0000",
    "110101199001011234",
    "1E5",
    "2026-03-02",
    "http://example.com/",
    "TRUE",
    " 前后有空格 ",
    "第一行\n第二行",
    "_x0041_",
    "a\x07b",
    "🀄𠮷",
)


def test_what_looks_like_a_formula_a_number_or_a_link_stays_text(tmp_path: Path) -> None:
    book = written(tmp_path, *DANGEROUS)

    sheet = xml(book)
    assert "<f>" not in sheet and "<f " not in sheet and "hyperlink" not in sheet
    assert re.findall(r'<c r="A(?:[2-9]|\d\d)"[^>]* t="(\w+)"', sheet) == ["inlineStr"] * len(DANGEROUS)
    assert not re.search(r'<c r="A(?:[2-9]|\d\d)"(?![^>]*inlineStr)', sheet)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    book = written(tmp_path, *DANGEROUS)

    lines = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

    plain = [text for text in DANGEROUS if text.isprintable() or "\n" in text]
    assert [line[0] for line in lines[1:] if line[0] in plain] == plain


def test_days_are_days_and_numbers_numbers(tmp_path: Path) -> None:
    day = xml(written(tmp_path, date(2026, 3, 2), kind="date"))
    number = xml(written(tmp_path, 7, 0, kind="num"))

    assert re.search(r'<c r="A2" s="\d+"><v>46083</v></c>', day)
    assert re.findall(r"<v>(\d+)</v>", number) == ["7", "0"]


def test_a_text_longer_than_a_cell_holds_is_cut_and_the_book_still_opens(tmp_path: Path) -> None:
    book = written(tmp_path, "字" * 40_000)

    lines = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

    assert len(str(lines[1][0])) == sheets.MOST_LETTERS


def test_heads_stand_still_filter_and_repeat_and_the_sheet_lies_broad(cast: Cast, line: Line) -> None:
    line.closed()

    export = ready_export(cast.clerk)

    sheet, book = xml(content(export)), xml(content(export), "xl/workbook.xml")
    assert 'ySplit="1"' in sheet and 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:P2"/>' in sheet
    assert 'orientation="landscape"' in sheet
    assert len(re.findall("<col ", sheet)) >= 10
    assert "_xlnm.Print_Titles" in book and 'name="问题台账"' in book


def test_the_book_holds_the_ledger(cast: Cast, line: Line) -> None:
    line.closed(title="=1+1 窗口无人")

    told = read(ready_export(cast.clerk))[0]

    assert list(told) == [BY_KEY[key].label for key in FULL]
    assert told["问题"] == "=1+1 窗口无人"
    assert (told["序号"], told["是否销号"], told["延期次数"]) == (1, "是", 0)
    assert told["验收日期"] == AT.date()
    assert told["亮灯状态"] == "绿灯（按期办结）"


def test_the_book_holds_what_the_address_asks_for_and_nothing_else(cast: Cast, line: Line) -> None:
    line.closed(title="销号的"), line.received(title="办理中的")

    rows = read(ready_export(cast.clerk, query="state=open", columns=("title",)))

    assert rows == [{"问题": "办理中的"}]


@pytest.mark.parametrize("order", ["newest", "deadline"])
def test_many_batches_make_one_book(
    cast: Cast, line: Line, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_exports.query, "BATCH", 2)
    for place in range(5):
        line.received(title=f"第{place}个")

    rows = read(ready_export(cast.clerk, query=f"order={order}", columns=("no", "title")))

    assert [row["序号"] for row in rows] == [1, 2, 3, 4, 5]
    assert {row["问题"] for row in rows} == {f"第{place}个" for place in range(5)}


def test_a_unit_takes_away_its_own_rows_as_it_may_read_them(cast: Cast, line: Line) -> None:
    line.received(title="本单位的")
    line.assigned(title="别处的", unit=cast.west)
    asked = line.confirmed(title="问过的", grade=4)
    Finding.objects.filter(pk=asked.pk).update(statement_asked_at=AT)

    rows = {row["问题"]: row for row in read(ready_export(cast.east_head, columns=ALL))}

    assert set(rows) == {"本单位的", "问过的"}
    assert (rows["问过的"]["情节"], rows["问过的"]["状态"]) == ("未定", "核实中")


def test_no_workbook_tells_of_a_lead(cast: Cast, line: Line) -> None:
    finding = line.received(person_post="窗口值班员")
    before = read(ready_export(cast.leader, columns=ALL))

    leads.mark(finding=finding, basis="疑似收受礼金。", by=cast.leader, at=AT)

    assert read(ready_export(cast.leader, columns=ALL)) == before
    assert "窗口值班员" not in str(before)


def test_progress_is_told_while_it_is_made(cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_exports.query, "BATCH", 2)
    for _ in range(3):
        line.new()
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(tasks.jobs, "report_progress", lambda run, *, done, total: told.append((done, total)))

    ready_export(cast.clerk)

    assert told == [(2, 3), (3, 3)]


def test_a_second_try_writes_nothing_twice(cast: Cast, line: Line) -> None:
    line.new()
    export = ready_export(cast.clerk)
    before = export.sha256

    run_export(export)

    assert export.sha256 == before


def test_one_at_a_time(cast: Cast) -> None:
    asked_export(cast.clerk)

    with pytest.raises(Refused, match="还在生成"):
        asked_export(cast.clerk)
    asked_export(cast.second_clerk)


def test_who_sees_no_findings_asks_for_none(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        asked_export(cast.inspector)


def test_who_has_lost_the_post_meanwhile_gets_no_book(cast: Cast) -> None:
    export = asked_export(cast.clerk)
    Post.objects.filter(user=cast.clerk).update(until=AT.date() - timedelta(days=1))

    run = run_export(export)

    assert (run.state, run.problem) == (JobRun.State.FAILED, "您已没有查看问题的岗位，没有导出。")


def test_more_than_a_sheet_holds_is_refused_in_words(
    cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_exports.query, "MOST_ROWS", 1)
    line.new(), line.new()

    assert "请先筛选" in run_export(asked_export(cast.clerk)).problem


def download(cast: Cast, export: LedgerExport):
    return signed_in(cast.clerk).get(reverse("findings:export_xlsx", args=[export.pk]))


def test_taking_it_away_is_written_down_each_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ready_export(cast.clerk)
    for minute in (0, 1):
        monkeypatch.setattr(clock, "now", lambda minute=minute: AT + timedelta(minutes=minute))
        answer = download(cast, export)
        assert b"".join(answer.streaming_content) == content(export)

    assert answer["Content-Disposition"].startswith("attachment")
    assert ReadEntry.objects.filter(verb="export", subject_id=str(export.pk)).count() == 2


def test_nobody_else_gets_it_whatever_they_see(cast: Cast) -> None:
    export = ready_export(cast.clerk)

    assert get(cast.leader, "export_xlsx", export.pk).status_code == 404
    assert get(cast.leader, "export", export.pk).status_code == 404


def test_a_post_that_reaches_less_by_now_does_not_get_what_it_once_saw(cast: Cast) -> None:
    export = ready_export(cast.clerk)
    Post.objects.filter(user=cast.clerk).update(unit=cast.east)

    answer = download(cast, export)

    assert answer.status_code == 302
    assert not ReadEntry.objects.filter(verb="export").exists()
    with pytest.raises(Refused, match="有变动"):
        ledger_exports.check_to_hand_out(
            export=export, by=type(cast.clerk).objects.get(pk=cast.clerk.pk), at=AT
        )


def test_one_that_is_not_ready_is_not_handed_out(cast: Cast) -> None:
    with pytest.raises(Refused, match="还没有生成"):
        ledger_exports.check_to_hand_out(export=asked_export(cast.clerk), by=cast.clerk, at=AT)


def test_after_three_days_the_file_is_gone_and_the_page_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ready_export(cast.clerk)
    later: datetime = AT + ledger_exports.KEPT_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    (slot,) = tasks.exports_to_drop(later)

    jobs.JOBS[slot.job].work(run=None)

    assert not files.made_path(export.sha256).exists()
    assert list(tasks.exports_to_drop(later)) == []
    assert "已过保留期" in text_of(get(cast.clerk, "export", export.pk))


def test_the_page_starts_it_and_leads_to_its_progress(cast: Cast, line: Line) -> None:
    line.new()

    answer = post(cast.clerk, "exports", columns="all")

    export = LedgerExport.objects.get()
    assert answer.url == reverse("findings:export", args=[export.pk])
    assert export.columns == list(ALL)
    assert "排队等候" in text_of(get(cast.clerk, "export", export.pk))
    run_export(export)
    assert "下载 XLSX" in text_of(get(cast.clerk, "export", export.pk))
    assert "可下载" in text_of(get(cast.clerk, "exports"))


def test_a_second_wish_while_one_is_made_says_why_not(cast: Cast) -> None:
    asked_export(cast.clerk)

    assert "还在生成" in text_of(post(cast.clerk, "exports", columns="full"))
