"""The columns of the ledger: what each tells, of whom it tells nothing, and what they cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct.calendar import book as calendar
from conduct.models import ReadEntry
from findings.actions import leads, plans
from findings.models import Finding, PlanItem
from findings.queries.ledger import ROW, Lines
from findings.rules.ledger import BY_KEY, COLUMNS, FULL, USUAL, chosen
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, upload
from tests.findings.browsing import browser, get, post, text_of

pytestmark = pytest.mark.django_db
ALL = tuple(BY_KEY)


def line_of(finding: Finding, *, for_unit: bool = False, full_names: bool = False) -> dict[str, Any]:
    """The line of one finding, by column."""
    lines = Lines(ALL, for_unit=for_unit, today=AT.date(), book=calendar.load(), full_names=full_names)
    rows = list(Finding.objects.filter(pk=finding.pk).values(*ROW))
    return dict(zip(ALL, lines.of(rows)[0], strict=True))


def test_the_whole_ledger_holds_what_the_office_keeps_on_paper() -> None:
    asked = (
        "序号、问题来源、问题、责任单位、责任领导、责任人、整改措施、整改期限、进展、完成情况、佐证材料（份）"
    )
    asked += "、验收人、验收日期、是否销号、延期次数、亮灯状态"

    assert [BY_KEY[key].label for key in FULL] == asked.split("、")


def test_a_closed_matter_tells_who_did_what_by_when(cast: Cast, line: Line) -> None:
    told = line_of(line.closed())

    assert told["source"] == "明察"
    assert (told["unit"], told["head"]) == ("东区", "东区负责人")
    assert told["measures"] and "审核通过" in told["result"]
    assert told["accepted_by"].count("、") == 1 and told["accepted_on"] == AT.date()
    assert (told["closed"], told["closed_on"], told["extensions"]) == ("是", AT.date(), 0)
    assert told["proof"] == 1
    assert told["light"] == "绿灯（按期办结）"


def test_a_plan_tells_measures_owners_and_how_far_they_are(cast: Cast, line: Line) -> None:
    finding = line.received(route="complex")
    line.plan(finding)
    item = PlanItem.objects.filter(plan__finding=finding).order_by("ordinal")[0]
    plans.complete(item=item, done_on=AT.date(), upload=upload("巡查记录.jpg"), by=cast.east_head, at=AT)
    items = list(PlanItem.objects.filter(plan__finding=finding).order_by("ordinal"))

    told = line_of(again(finding))

    assert told["measures"].startswith(f"1. {items[0].what}")
    assert items[0].owner in told["owner"]
    assert told["progress"] == f"措施完成 1/{len(items)} 项"
    assert told["proof"] == 1


@pytest.mark.parametrize(
    ("due", "light"),
    [
        (date(2026, 3, 31), "绿灯（正常，还剩 21 个工作日）"),
        (date(2026, 3, 3), "黄灯（临期，还剩 1 个工作日）"),
        (date(2026, 2, 26), "红灯（逾期，已超 "),
    ],
)
def test_the_light_is_told_in_words(cast: Cast, line: Line, due: date, light: str) -> None:
    finding = line.received()
    Finding.objects.filter(pk=finding.pk).update(due_on=due, runs_until=due)

    assert line_of(finding)["light"].startswith(light)


def test_before_the_notice_the_unit_is_told_no_verdict(cast: Cast, line: Line) -> None:
    finding = line.confirmed()
    Finding.objects.filter(pk=finding.pk).update(earlier_facts="原来的表述。", grade=4)

    told = line_of(finding, for_unit=True)

    assert (told["grade"], told["state"], told["facts"]) == ("未定", "核实中", "原来的表述。")
    assert told["source"] == "检查发现"


def test_the_unit_reads_who_accepted_once_the_matter_is_closed(cast: Cast, line: Line) -> None:
    accepted, closed = line.accepted(), line.closed()

    assert line_of(accepted, for_unit=True)["accepted_by"] == ""
    assert line_of(accepted)["accepted_by"] != ""
    assert line_of(closed, for_unit=True)["accepted_by"] != ""


def test_no_column_tells_of_a_lead_or_of_a_person_concerned(cast: Cast, line: Line) -> None:
    finding = line.received(person_post="窗口值班员", names_person=True)
    before = line_of(finding)

    leads.mark(finding=finding, basis="疑似收受礼金。", by=cast.leader, at=AT)

    assert line_of(finding) == before
    assert not any("值班员" in str(value) for key, value in before.items() if key != "facts")


def test_what_came_before_a_relapse_is_not_told_as_done_now(cast: Cast, line: Line) -> None:
    finding = line.closed()
    Finding.objects.filter(pk=finding.pk).update(occurrence=2, factor=2, reopened_at=AT.replace(hour=18))

    told = line_of(finding)

    assert (told["source"], told["result"], told["accepted_by"]) == ("回头看反弹", "", "")


def test_unknown_columns_are_left_out_and_the_problem_is_always_there() -> None:
    assert chosen(["light", "secret", 3]) == ("title", "light")
    assert chosen(["secret"]) == ()


def test_a_chosen_column_stays_for_that_person_alone(cast: Cast, line: Line) -> None:
    line.received()

    post(cast.clerk, "columns", column=["unit", "head", "light"])

    assert [column.key for column in get(cast.clerk, "list").context["ledger"].columns] == [
        *("title", "unit", "head", "light")
    ]
    assert not hasattr(get(cast.second_clerk, "list").context["ledger"], "columns")


@pytest.mark.parametrize(("preset", "kept"), [("full", set(FULL)), ("all", set(BY_KEY)), ("usual", set())])
def test_a_preset_is_one_click(cast: Cast, preset: str, kept: set[str]) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(pages={"findings:list": ["light"]})

    post(cast.clerk, "columns", preset=preset)

    assert set(User.objects.get(pk=cast.clerk.pk).pages.get("findings:list", ())) == kept


def test_columns_that_make_no_sense_show_the_usual_list(cast: Cast, line: Line) -> None:
    line.received()
    User.objects.filter(pk=cast.clerk.pk).update(pages={"findings:list": "x"})

    assert get(cast.clerk, "list", columns="nothing,at,all").status_code == 200
    assert set(USUAL) <= {column.key for column in COLUMNS}


def test_every_column_costs_the_same_few_questions_however_many_rows(cast: Cast, line: Line) -> None:
    client, address = browser(cast.clerk), reverse("findings:list") + f"?columns={','.join(ALL)}"
    line.closed()
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(3):
        line.closed()
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few) <= 16


def test_a_chosen_list_turns_by_page(cast: Cast, line: Line) -> None:
    for _ in range(51):
        line.new()
    client, address = browser(cast.clerk), reverse("findings:list")

    first = client.get(f"{address}?columns=unit,light").context["ledger"]
    second = client.get(address + first.pager.older_url).context["ledger"]

    assert (first.rows, second.rows) == (50, 1)
    assert [column.key for column in second.columns] == ["title", "unit", "light"]


def test_a_unit_prints_its_own_rows_and_the_print_leaves_a_line(cast: Cast, line: Line) -> None:
    line.received(title="本单位的")
    line.assigned(title="别处的", unit=cast.west)

    page = text_of(get(cast.east_head, "print"))

    assert "本单位的" in page and "别处的" not in page
    entry = ReadEntry.objects.get(actor_id=str(cast.east_head.pk), verb="export")
    assert (entry.label, entry.subject_name) == ("打印本单位问题", "全部")
