"""The table of days off: as shipped, as edited, as imported, and as the command line asks it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from conduct.audit import SystemActor
from conduct.calendar import book, changes, drafts, seed
from conduct.calendar.drafts import OFF, WORK, YearDraft
from conduct.errors import MovedMeanwhile, Refused
from conduct.models import AuditEntry, CalendarDay, CalendarYear
from conduct.tables import Faults
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db

BY = SystemActor()
NEXT = YearDraft(2027, "通知", {date(2027, 1, 1): (OFF, "元旦"), date(2027, 1, 2): (WORK, "")})


@pytest.fixture(autouse=True)
def shipped() -> None:
    seed.ship(at=AT)


def csv_file(*rows: str) -> bytes:
    return "\n".join(["起始日,终止日,类型,名称,依据", *rows]).encode()


def faults_of(*rows: str) -> list[str]:
    _, faults = book.read(name="日历.csv", content=csv_file(*rows))
    return [str(fault) for fault in faults]


def test_the_shipped_years_stand_with_their_sources() -> None:
    assert "国务院办公厅通知" in CalendarYear.objects.get(year=2025).source
    assert CalendarDay.objects.filter(year=2026, kind="work").count() == 6


def test_shipping_twice_changes_nothing() -> None:
    assert seed.ship(at=AT) == []


def test_a_year_the_office_changed_is_not_shipped_over() -> None:
    draft = book.draft_of(2026)
    del draft.days[date(2026, 1, 2)]
    book.save_year(draft=draft, by=BY, at=AT)

    seed.ship(at=AT)

    assert not CalendarDay.objects.filter(day=date(2026, 1, 2)).exists()


def test_an_office_without_a_table_is_shipped_the_years_with_their_days() -> None:
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()

    assert seed.ship(at=AT) == [2025, 2026]

    drafts_shipped = seed.shipped_years()
    assert [book.draft_of(draft.year) for draft in drafts_shipped] == drafts_shipped
    assert set(CalendarYear.objects.values_list("version", "changed_at")) == {(1, AT)}


def test_a_year_taken_from_the_table_is_shipped_alone() -> None:
    CalendarDay.objects.filter(year=2026).delete()
    CalendarYear.objects.filter(year=2026).delete()

    assert seed.ship(at=AT) == [2026]


def test_a_shipped_file_that_contradicts_itself_is_a_fault_of_the_product(tmp_path, monkeypatch) -> None:
    file = tmp_path / "holidays.json"
    file.write_text('{"years": {"2027": {"work": ["2027-01-02"]}}}', encoding="utf-8")
    monkeypatch.setattr(seed, "FILE", file)

    with pytest.raises(ValueError, match=r"holidays.json: \['2027 年没有一天放假"):
        seed.shipped_years()


def test_a_year_that_is_not_entered_is_empty_for_editing() -> None:
    assert book.draft_of(2027) == YearDraft(2027, "", {})


def test_a_new_year_begins_at_version_one() -> None:
    assert book.save_year(draft=NEXT, by=BY, at=AT, expected=0).version == 1


def test_each_change_makes_the_version_grow_and_is_written_down() -> None:
    book.save_year(draft=NEXT, by=BY, at=AT)
    changed = YearDraft(2027, "更正", dict(NEXT.days))

    row = book.save_year(draft=changed, by=BY, at=AT, expected=1)

    assert row.version == CalendarYear.objects.get(year=2027).version == 2
    assert AuditEntry.objects.filter(verb="conduct.calendar_saved", subject_id="2027").count() == 2


def test_a_saved_year_stands_in_the_history_with_its_days_and_source() -> None:
    row = book.save_year(draft=NEXT, by=BY, at=AT)

    entry = AuditEntry.objects.get(subject_type="conduct.calendaryear", subject_id="2027")
    assert (entry.verb, entry.label, entry.at) == ("conduct.calendar_saved", "保存工作日历", AT)
    assert (entry.actor_name, entry.subject_name) == ("系统", str(row))
    assert entry.details == {"days": 2, "source": "通知"}


def test_a_change_is_kept_with_its_source_and_moment_and_leaves_other_years_alone() -> None:
    book.save_year(draft=NEXT, by=BY, at=AT)
    later = AT + timedelta(days=1)

    row = book.save_year(draft=YearDraft(2027, "更正", dict(NEXT.days)), by=BY, at=later)

    stored = CalendarYear.objects.get(year=2027)
    assert (row.source, row.changed_at) == (stored.source, stored.changed_at) == ("更正", later)
    assert book.load().version == "2025.1,2026.1,2027.2"


def test_a_year_saved_by_somebody_else_while_saving_is_not_overwritten(monkeypatch) -> None:
    book.save_year(draft=NEXT, by=BY, at=AT)
    meanwhile(monkeypatch, YearDraft(2027, "别人", dict(NEXT.days)))

    with pytest.raises(MovedMeanwhile, match="被别人改过"):
        book.save_year(draft=YearDraft(2027, "自己", dict(NEXT.days)), by=BY, at=AT)

    assert not CalendarYear.objects.filter(source="自己").exists()


def test_a_new_year_entered_by_somebody_else_while_saving_is_not_overwritten(monkeypatch) -> None:
    meanwhile(monkeypatch, NEXT)

    with pytest.raises(MovedMeanwhile, match="被别人改过"):
        book.save_year(draft=YearDraft(2027, "自己", dict(NEXT.days)), by=BY, at=AT)

    assert not CalendarYear.objects.filter(source="自己").exists()


def meanwhile(monkeypatch, draft: YearDraft) -> None:
    """Somebody else saves between the look at the table and the writing."""
    really_write = book._next_version

    def write(*given):
        monkeypatch.setattr(book, "_next_version", really_write)
        book.save_year(draft=draft, by=BY, at=AT)
        return really_write(*given)

    monkeypatch.setattr(book, "_next_version", write)


def test_saving_the_same_again_changes_nothing() -> None:
    book.save_year(draft=NEXT, by=BY, at=AT)

    assert book.save_year(draft=NEXT, by=BY, at=AT, expected=1).version == 1


def test_the_second_of_two_editors_is_told_and_nothing_overwritten() -> None:
    book.save_year(draft=NEXT, by=BY, at=AT)

    with pytest.raises(MovedMeanwhile, match="被别人改过"):
        book.save_year(draft=YearDraft(2027, "后来", dict(NEXT.days)), by=BY, at=AT, expected=0)

    assert CalendarYear.objects.get(year=2027).source == "通知"


def test_the_version_of_the_table_names_every_year() -> None:
    assert book.load().version == "2025.1,2026.1"


def test_an_empty_import_is_refused() -> None:
    with pytest.raises(Refused, match=r"^文件里没有可以导入的年份。请核对后再上传。$"):
        changes.save(years=[], by=BY, at=AT)


def test_a_table_is_read_into_years() -> None:
    years, faults = book.read(
        name="日历.csv", content=csv_file("2027-1-1,2027年1月3日,放假,元旦,通知", "2027/1/9,,调休上班,,")
    )

    assert faults == []
    assert [(year.year, year.source, len(year.days)) for year in years] == [(2027, "通知", 4)]


def test_the_shipped_shape_is_read_into_years() -> None:
    years, faults = book.read(name="holidays.json", content=seed.FILE.read_bytes())

    assert faults == []
    assert [year.year for year in years] == [2025, 2026]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2027-13-01,,放假,,", "第 2 行，起始日：“2027-13-01”不是日期"),
        ("2027-01-01,明天,放假,,", "第 2 行，终止日：“明天”不是日期"),
        ("2027-01-01,,请假,,", "第 2 行，类型：“请假”不能识别"),
        ("2027-01-03,2027-01-01,放假,,", "第 2 行：终止日 2027-01-01 早于起始日"),
        ("2026-12-31,2027-01-02,放假,,", "第 2 行：起始日和终止日不在同一年"),
        ("2027-01-01,2027-06-01,放假,,", "第 2 行：一段有 152 天"),
        ("2027-01-04,,调休上班,,", "第 2 行：2027-01-04 是周一至周五，本来就上班"),
        ("1027-01-01,,放假,,", "第 2 行：1027 年不在 2000 至 2100 年之间"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(row: str, problem: str) -> None:
    assert problem in faults_of(row)[0]


def test_a_day_written_twice_is_named() -> None:
    problems = faults_of("2027-01-01,2027-01-03,放假,,", "2027-01-02,,调休上班,,")

    assert "第 3 行：2027-01-02 前面已经写过（放假）" in problems[0]


def test_a_year_with_no_day_off_is_refused() -> None:
    assert "2027 年没有一天放假" in faults_of("2027-01-02,,调休上班,,")[0]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"years": {"2027": []}}, "应当有“off”和“work”两个列表"),
        ([], "最外层应当是一个对象"),
        ({"year": {}}, "没有“years”一项"),
        ({"years": ["2027"]}, "“years”应当是以年份为名的对象"),
        ({"years": {}}, "“years”里一个年份也没有"),
        ({"years": {"2027": {"off": [["2026-01-01", "2026-01-01", ""]]}}}, "写在 2027 年之下"),
        ({"years": {"2027": {"off": [["元旦"]]}}}, "“元旦”不是日期"),
        ({"years": {"2027": {"off": [[]]}}}, "不是日期"),
    ],
)
def test_json_of_another_shape_is_named(value: object, problem: str) -> None:
    _, faults = drafts.from_notice(value)

    assert problem in str(faults[0])


def test_days_in_a_row_are_joined_for_reading() -> None:
    spans = drafts.spans_of(book.draft_of(2026).days)

    assert (spans[0].start, spans[0].end, spans[0].name) == (date(2026, 1, 1), date(2026, 1, 3), "元旦")
    assert len(spans) == 13


def test_joining_and_gathering_again_gives_the_same_year() -> None:
    draft = book.draft_of(2026)

    assert drafts.gather(drafts.spans_of(draft.days), sources={2026: draft.source}, faults=Faults()) == [
        draft
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 30), ""),
        (date(2026, 10, 1), "2027 年"),
        (date(2027, 3, 1), "2027 年"),
        (date(2027, 12, 1), "2027 年、2028 年"),
    ],
)
def test_a_missing_year_is_warned_of_from_october_on(today: date, expected: str) -> None:
    assert book.missing_notice(today=today).partition("的放假安排")[0] == expected


def due(*arguments: str) -> str:
    out = io.StringIO()
    call_command("due", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_last_day_with_its_weekday() -> None:
    assert due("2026-02-13", "--working-days", "5") == "2026-02-27  2026年2月27日（周五）\n"


def test_the_command_counts_days_and_months_too() -> None:
    assert due("2026-10-22", "--days", "30").startswith("2026-11-23 ")
    assert due("2026-09-01", "--months", "1").startswith("2026-10-08 ")


def test_the_command_marks_an_estimate() -> None:
    assert "估算" in due("2027-02-13", "--working-days", "5")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("明天", "--days", "1"), "不是日期"),
        (("2026-02-13", "--working-days", "0"), "期限应在 1 到"),
        (("9999-12-31", "--days", "5"), "超出日历范围"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        due(*arguments)


def test_the_shipped_years_count_the_same_before_there_is_a_database() -> None:
    shipped, table = seed.shipped_book(), book.load()

    assert (shipped.off, shipped.work, shipped.years) == (table.off, table.work, table.years)


def test_the_command_answers_before_there_is_a_database(tmp_path) -> None:
    asked = subprocess.run(
        [sys.executable, "manage.py", "due", "2026-02-13", "--working-days", "5"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert asked.stdout.startswith("2026-02-27 ")
    assert "数据库尚未建立" in asked.stderr


def test_the_import_command_saves_all_years(tmp_path) -> None:
    file = tmp_path / "日历.json"
    file.write_text(
        json.dumps({"years": {"2027": {"off": [["2027-01-01", "2027-01-01", "元旦"]], "work": []}}})
    )
    out = io.StringIO()

    call_command("import_calendar", str(file), stdout=out)

    assert "已导入 1 个年份" in out.getvalue()
    assert CalendarDay.objects.get(day=date(2027, 1, 1)).name == "元旦"


def test_a_dry_run_saves_nothing(tmp_path) -> None:
    file = tmp_path / "日历.csv"
    file.write_bytes(csv_file("2027-01-01,,放假,元旦,"))

    call_command("import_calendar", str(file), "--dry-run", stdout=io.StringIO())

    assert not CalendarYear.objects.filter(year=2027).exists()


def test_one_bad_row_keeps_the_whole_file_out(tmp_path) -> None:
    file = tmp_path / "日历.csv"
    file.write_bytes(csv_file("2027-01-01,,放假,元旦,", "2027-02-30,,放假,,"))

    with pytest.raises(CommandError, match="第 3 行"):
        call_command("import_calendar", str(file))

    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_file_that_is_not_there_is_said_plainly(tmp_path) -> None:
    with pytest.raises(CommandError, match="文件打不开"):
        call_command("import_calendar", str(tmp_path / "没有.csv"))
