"""A unit's own ledger taken in: looked at first, all or nothing, each problem once, and no trick file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct import imports, sheets
from conduct.errors import Forbidden, Refused
from conduct.models import AuditEntry
from findings.actions import ledger_lines
from findings.models import Finding, LedgerEntry
from findings.queries import ledger_lines as query
from findings.rules import ledger_lines as rules
from findings.rules.ledger_lines import HEADINGS
from people.models import User
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import standards
from tests.findings.browsing import get, hidden, text_of

pytestmark = pytest.mark.django_db
HEADS = list(HEADINGS)
LINE = {
    "日期": "2024-05-16",
    "责任单位": "东区",
    "问题": "上班时间窗口无人在岗",
    "分类": "D1-02",
    "责任领导": "分管副局长",
    "责任人": "窗口负责人",
    "整改措施": "实行 AB 岗",
    "整改期限": "2024-06-15",
    "是否销号": "是",
    "销号日期": "2024-06-10",
    "延期次数": "1",
    "亮灯状态": "绿灯",
}


@pytest.fixture(autouse=True)
def taxonomy(cast: Cast) -> None:
    standards()


def workbook(*lines: Mapping[str, object], heads: list[str] = HEADS) -> bytes:
    rows = [[line.get(head, "") for head in heads] for line in lines]
    return sheets.workbook(title="台账", headings=heads, rows=rows)


def upload(content: bytes, name: str = "台账.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def look(by: User, content: bytes, name: str = "台账.xlsx") -> Any:
    return signed_in(by).post(reverse("findings:ledger_import"), {"file": upload(content, name)})


def confirm(by: User, page: Any) -> Any:
    token = hidden(text_of(page), "token")
    return signed_in(by).post(reverse("findings:ledger_import"), {"token": token})


def plan_of(by: User, content: bytes, name: str = "台账.xlsx") -> query.Plan:
    file = imports.take(upload=upload(content, name), by=by)
    return query.plan(file=file, user=by, today=AT.date())


def take_in(by: User, plan: query.Plan) -> int:
    return ledger_lines.take_in(plan=plan, file_name="台账.xlsx", file_sha256="0" * 64, by=by, at=AT)


def faults(cast: Cast, **changes: object) -> str:
    return "；".join(str(fault) for fault in plan_of(cast.clerk, workbook(LINE | changes)).faults)


def test_nothing_is_saved_before_it_is_confirmed(cast: Cast) -> None:
    before = AuditEntry.objects.count()

    page = look(cast.clerk, workbook(LINE))

    assert page.status_code == 200 and "共 1 行：新增 1 个问题" in text_of(page)
    assert (Finding.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_confirmed_the_lines_stand_on_record_as_the_file_tells_them(cast: Cast) -> None:
    answer = confirm(cast.clerk, look(cast.clerk, workbook(LINE)))

    assert answer.status_code == 302
    finding = Finding.objects.get()
    assert (finding.state, finding.unit, finding.visited_on) == ("on_record", cast.east, date(2024, 5, 16))
    assert (finding.category.code, finding.title) == ("D1-02", "上班时间窗口无人在岗")
    entry = LedgerEntry.objects.get()
    assert (entry.leader, entry.owner, entry.due_on) == ("分管副局长", "窗口负责人", date(2024, 6, 15))
    assert (entry.is_closed, entry.closed_on, entry.extensions) == (True, date(2024, 6, 10), 1)
    assert AuditEntry.objects.filter(subject_id=str(finding.pk)).get().label == "台账导入"


def test_the_ledger_shows_what_the_unit_had_written(cast: Cast) -> None:
    confirm(cast.clerk, look(cast.clerk, workbook(LINE)))

    page = text_of(get(cast.clerk, "list", columns="head,owner,measures,due,closed,extensions,light"))

    for told in ("分管副局长", "窗口负责人", "实行 AB 岗", "2024-06-15", "绿灯"):
        assert told in page


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    confirm(cast.clerk, look(cast.clerk, workbook(LINE)))

    page = look(cast.clerk, workbook(LINE))
    confirm(cast.clerk, page)

    assert "已有 1 个不再导入" in text_of(page)
    assert Finding.objects.count() == LedgerEntry.objects.count() == 1


def test_a_longer_file_brings_only_what_is_new(cast: Cast) -> None:
    take_in(cast.clerk, plan_of(cast.clerk, workbook(LINE)))

    again = plan_of(cast.clerk, workbook(LINE | {"进展": "后来补写的"}, LINE | {"问题": "另一个问题"}))

    assert take_in(cast.clerk, again) == 1
    assert Finding.objects.count() == 2


def test_two_who_confirm_at_once_take_it_in_once(cast: Cast) -> None:
    first, second = (plan_of(cast.clerk, workbook(LINE)) for _ in range(2))
    take_in(cast.clerk, first)

    with pytest.raises(Refused, match="刚导入了同样的内容"):
        take_in(cast.clerk, second)
    assert Finding.objects.count() == 1


def test_one_bad_line_and_nothing_is_taken_in(cast: Cast) -> None:
    page = look(cast.clerk, workbook(LINE, LINE | {"责任单位": "不存在的局"}))

    assert page.status_code == 422
    assert "第 3 行" in text_of(page) and "没有叫“不存在的局”的单位" in text_of(page)
    assert 'name="token"' not in text_of(page)
    with pytest.raises(Refused, match="1 处要改"):
        take_in(cast.clerk, plan_of(cast.clerk, workbook(LINE, LINE | {"责任单位": "不存在的局"})))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"日期": ""}, "没有填写“日期”"),
        ({"日期": "去年五月"}, "“日期”不是日期"),
        ({"日期": "2030-01-01"}, "晚于今天"),
        ({"问题": ""}, "没有填写“问题”"),
        ({"分类": "Z9-99"}, "不在现行分类中"),
        ({"整改期限": "尽快"}, "“整改期限”不是日期"),
        ({"是否销号": "大概"}, "应填“是”或“否”"),
        ({"是否销号": "否"}, "两处不一致"),
        ({"销号日期": "2031-01-01"}, "晚于今天"),
        ({"延期次数": "两次"}, "“延期次数”应填整数"),
        ({"延期次数": "500"}, "最多 99 次"),
        ({"责任人": "长" * 61}, "最多 60 字"),
        ({"通知书": "安督整〔2026〕1号"}, "本系统里已有的问题"),
    ],
)
def test_each_fault_is_told_with_its_line(cast: Cast, changes: dict[str, object], told: str) -> None:
    said = faults(cast, **changes)

    assert "第 2 行" in said and told in said


def test_the_same_problem_twice_in_a_file_is_named(cast: Cast) -> None:
    found = plan_of(cast.clerk, workbook(LINE, LINE | {"问题": " 上班时间 窗口无人在岗"}))

    assert [str(fault) for fault in found.faults] == ["第 3 行：与第 2 行是同一个问题。请删去重复的一行。"]


def test_what_the_file_does_not_say_stays_empty(cast: Cast) -> None:
    bare = {name: LINE[name] for name in rules.REQUIRED}
    take_in(cast.clerk, plan_of(cast.clerk, workbook(bare, heads=list(rules.REQUIRED))))

    entry = LedgerEntry.objects.get()
    assert (entry.is_closed, entry.due_on, entry.extensions, entry.owner) == (None, None, None, "")


def test_headings_as_units_write_them_and_real_days_are_read(cast: Cast) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day = book.add_worksheet("整改台账"), book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_row(0, 0, ["发现日期", "整改单位", "存在问题", "问题分类", "时限"])
        sheet.write_datetime(1, 0, date(2024, 5, 16), day)
        sheet.write_row(1, 1, ["东区", "窗口无人", "D1-02 脱岗串岗"])
        sheet.write_datetime(1, 4, date(2024, 6, 15), day)

    found = plan_of(cast.clerk, out.getvalue())

    assert found.faults == ()
    assert (found.lines[0].day, found.lines[0].due_on) == (date(2024, 5, 16), date(2024, 6, 15))


def test_a_formula_is_refused_with_its_place(cast: Cast) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(rules.REQUIRED))
        sheet.write_row(1, 0, [LINE[name] for name in rules.REQUIRED])
        sheet.write_formula(1, 2, '="窗口"&"无人"', None, "窗口无人")

    page = look(cast.clerk, out.getvalue())

    assert page.status_code == 422
    assert "C2 单元格是公式" in text_of(page)


def test_text_that_looks_like_a_formula_is_text(cast: Cast) -> None:
    found = plan_of(cast.clerk, workbook(LINE | {"问题": "=1+1", "责任人": "+8613800000000"}))

    assert (found.lines[0].facts, found.lines[0].owner) == ("=1+1", "+8613800000000")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


def other_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: b"", "没有选择文件"),
        (lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 100, "不是可以导入的表格"),
        (other_archive, "不是 Excel 工作簿"),
        (lambda: b"PK\x03\x04 broken", "打不开"),
        (bomb, "展开后过大"),
        (lambda: b"x" * (10 * 1024 * 1024 + 1), "超过上限 10 MB"),
        (lambda: workbook(LINE, heads=["日期", "问题"]), "表头没有“责任单位”一列"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_in_words(cast: Cast, make: Any, told: str) -> None:
    content = make()
    page = look(cast.clerk, content)

    assert page.status_code == 422
    assert told in text_of(page) or "空文件" in text_of(page) or "file is empty" in text_of(page)
    assert Finding.objects.count() == 0


def test_nothing_chosen_and_an_old_preview_are_told(cast: Cast) -> None:
    client, address = signed_in(cast.clerk), reverse("findings:ledger_import")

    assert "没有选择文件" in text_of(client.post(address, {}))
    assert "已失效" in text_of(client.post(address, {"token": "x"}))


def test_a_preview_is_confirmed_by_whoever_looked_at_it(cast: Cast) -> None:
    page = look(cast.clerk, workbook(LINE))

    assert confirm(cast.second_clerk, page).status_code == 422
    assert Finding.objects.count() == 0


def test_an_office_takes_in_nothing_of_units_beyond_its_reach(cast: Cast) -> None:
    cast.clerk.posts.update(unit=cast.west)

    assert "不在您的范围内" in "".join(map(str, plan_of(cast.clerk, workbook(LINE)).faults))


def test_who_may_not_is_refused_whatever_was_planned(cast: Cast) -> None:
    found = plan_of(cast.clerk, workbook(LINE))

    with pytest.raises(Forbidden):
        take_in(cast.leader, found)


def test_a_line_is_kept_once(cast: Cast) -> None:
    take_in(cast.clerk, plan_of(cast.clerk, workbook(LINE)))
    entry = LedgerEntry.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(fingerprint="")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(is_closed=False)


def test_the_template_is_read_without_a_fault_but_its_unit(cast: Cast) -> None:
    content = get(cast.clerk, "ledger_template").content

    assert [fault.column for fault in plan_of(cast.clerk, content).faults] == ["责任单位"]
