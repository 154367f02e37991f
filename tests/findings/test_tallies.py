"""The roll-ups: right after every change, whoever makes it; wrong ones are found and mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from conduct import rollups, verifying
from conduct.clock import SHANGHAI
from conduct.verifying import Checked
from findings.actions import acceptances, findings, history, shaping
from findings.models import (
    CategoryDue,
    CategoryTally,
    CrossTally,
    Finding,
    Turnover,
    UnitDue,
    UnitTally,
)
from findings.models.tally import COUNTED, Span
from findings.queries import history as reading
from findings.queries import recount, tallies
from findings.tasks import fold_tallies, folding_due
from inspections.models import Visit, VisitTally
from people.models import Unit
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, category, make_visit, particulars
from tests.factories.reports import TODAY, S, make_finding
from tests.factories.tallies import all_cells, all_differences, all_rows

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 10)
CASE = Path(__file__).resolve().parent.parent / "cases" / "city-2014.json"


def sums(model: Any, *measures: str, **where: Any) -> list[int]:
    rows = model.objects.filter(**where).values_list(*measures)
    return [sum(values) for values in zip(*rows, strict=True)] or [0] * len(measures)


def verified() -> Checked:
    return recount.check(at=AT, on_step=lambda done, total: None)


# What each change of a finding does, by the action that makes it.


@pytest.mark.parametrize(
    "step",
    [
        "new",
        "verifying",
        "confirmed",
        "assigned",
        "received",
        "rectifying",
        "submitted",
        "awaiting",
        "closed",
    ],
)
def test_every_step_of_the_main_line_is_counted_as_it_is_made(line: Line, step: str) -> None:
    finding = getattr(line, step)(count=3, persons=2, person_post="窗口人员")

    now = again(finding)
    assert sums(UnitTally, "findings", "problems", in_state=now.state, unit=now.unit) == [1, 3]
    assert sums(UnitTally, "findings") == [1]
    assert all_differences() == []


def test_a_report_sent_back_is_counted_back(line: Line) -> None:
    finding = line.awaiting()

    acceptances.refuse(finding=finding, by=line.cast.third_clerk, at=AT, opinion="未整改到位。")

    assert sums(UnitTally, "findings", in_state=S.RECTIFYING) == [1]
    assert sums(UnitTally, "findings", in_state=S.AWAITING_ACCEPTANCE) == [0]
    assert all_differences() == []


def test_what_is_dismissed_is_no_standing_problem(line: Line) -> None:
    findings.dismiss(finding=line.verifying(), by=line.cast.clerk, at=AT, reason="查无此事。")

    assert sums(CategoryTally, "findings", branch=line.cast.east.path, in_state=S.DISMISSED) == [1]
    assert sums(CrossTally, "problems") == [0]
    assert all_differences() == []


def test_another_category_and_another_number_go_over_to_their_own_cells(line: Line) -> None:
    finding = line.new(count=2)

    findings.amend(
        finding=finding,
        particulars=particulars(category=category("A1-01"), count=5, persons=0),
        expected=finding.version,
        by=line.cast.clerk,
        at=AT,
    )

    branch = line.cast.east.path
    assert sums(CategoryTally, "findings", "problems", branch=branch, top="B") == [0, 0]
    assert sums(CategoryTally, "findings", "problems", "impersonal", branch=branch, top="A") == [1, 5, 5]
    assert all_differences() == []


def test_merging_and_splitting_are_counted(line: Line) -> None:
    into, other, third = line.new(), line.new(), line.verifying()
    clerk = line.cast.clerk
    shaping.merge(into=into, others=[other], particulars=particulars(count=2), by=clerk, at=AT)
    seen = [link.observation for link in third.links.all()]

    shaping.split(
        finding=third,
        observations=seen,
        kept=particulars(),
        parted=particulars(title="另一件事"),
        expected=third.version,
        by=clerk,
        at=AT,
    )

    assert sums(UnitTally, "findings", in_state=S.MERGED) == [1]
    assert sums(UnitTally, "findings") == [4]
    assert all_differences() == []


def test_history_taken_in_is_counted(cast: Cast) -> None:
    content = CASE.read_bytes()
    source, troubles = reading.read(name=CASE.name, content=content, title="", method="", today=TODAY)
    for row in source.lines if source else ():
        if row.unit and not Unit.objects.filter(name=row.unit).exists():
            Unit.objects.create(
                code=row.unit,
                name=row.unit,
                parent=cast.city,
                path=f"{cast.city.path}{Unit.objects.count():04}",
            )
    preview = reading.preview(source=source, troubles=troubles, office=cast.city)

    history.import_visits(preview=preview, import_key="k", office=cast.city, by=cast.clerk, at=AT)

    assert sums(CategoryTally, "problems", branch=cast.city.path, in_state=S.ON_RECORD) == [6]
    assert sums(VisitTally, "untold") == [Visit.objects.count()]
    assert sums(Turnover, "findings") == [0]
    assert all_differences() == []


def test_rows_written_in_bulk_are_counted(cast: Cast) -> None:
    rows = [make_finding(cast, cast.east, day=DAY) for _ in range(3)]

    Finding.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(count=4, visited_on=date(2026, 1, 5))

    assert sums(UnitTally, "problems", month=date(2026, 1, 1)) == [8]
    assert sums(UnitTally, "problems", month=date(2026, 2, 1)) == [1]
    assert all_differences() == []


def test_a_change_the_counts_do_not_depend_on_leaves_no_row(cast: Cast) -> None:
    finding = make_finding(cast, cast.east, day=DAY)
    before = all_rows()

    Finding.objects.filter(pk=finding.pk).update(title="另一个标题", version=2)
    Finding.objects.filter(pk=finding.pk).update(count=finding.count)

    assert all_rows() == before


def test_what_is_taken_back_was_never_counted(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_finding(cast, cast.east, day=DAY)
        raise ZeroDivisionError

    assert all_rows() == 0


def test_a_branch_counts_what_lies_below_it_and_a_unit_only_itself(cast: Cast) -> None:
    make_finding(cast, cast.east_bureau, day=DAY)

    counted = {unit.name: sums(CategoryTally, "findings", branch=unit.path)[0] for unit in Unit.objects.all()}
    assert {name: count for name, count in counted.items() if count} == {
        "安平市": 1,
        "东区": 1,
        "东区行政审批局": 1,
    }
    assert set(UnitTally.objects.values_list("unit__name", flat=True)) == {"东区行政审批局"}


def test_an_open_finding_is_counted_by_the_month_and_by_the_day_it_is_due(cast: Cast) -> None:
    make_finding(cast, cast.west, day=DAY, state=S.RECEIVED, due_on=date(2026, 3, 5), count=2)

    due = set(UnitDue.objects.values_list("span", "due_on", "problems"))
    assert due == {(Span.MONTH, date(2026, 3, 1), 2), (Span.DAY, date(2026, 3, 5), 2)}
    assert sums(CategoryDue, "findings", branch=cast.city.path, span=Span.DAY) == [1]


def test_turnover_knows_what_is_closed_and_how_long_it_took(line: Line) -> None:
    finding = line.closed()

    issued = Turnover.Event.ISSUED
    assert sums(Turnover, "findings", "closed", branch=line.cast.city.path, event=issued) == [1, 1]
    days = [1, finding.days_to_close, 1]
    closed = Turnover.Event.CLOSED
    assert sums(Turnover, "findings", "days", "timed", branch=line.cast.city.path, event=closed) == days


def test_a_visit_counts_from_its_departure_until_it_is_broken_off(cast: Cast) -> None:
    visit = make_visit(cast)
    Visit.objects.filter(pk=visit.pk).update(departed_at=None)
    planned = sums(VisitTally, "made")
    Visit.objects.filter(pk=visit.pk).update(departed_at=AT)
    made = sums(VisitTally, "made")
    Visit.objects.filter(pk=visit.pk).update(state=Visit.State.ABORTED)

    assert (planned, made, sums(VisitTally, "made")) == ([0], [1], [0])
    assert all_differences() == []


# Folding.


def walk_about(cast: Cast) -> None:
    """Some findings, changed again and again."""
    for number in range(4):
        finding = make_finding(cast, cast.east if number % 2 else cast.west, day=DAY, state=S.RECEIVED)
        for state in (S.RECTIFYING, S.SUBMITTED, S.RECTIFYING):
            runs_until = F("due_on") if state in Finding.WITH_UNIT else None
            Finding.objects.filter(pk=finding.pk).update(state=state, runs_until=runs_until)


def test_folding_leaves_one_row_a_cell_and_every_count_as_it_was(cast: Cast) -> None:
    walk_about(cast)
    long = all_rows()

    rollups.fold_all()

    assert all_rows() == all_cells() < long
    assert all_differences() == []


def test_folding_twice_changes_nothing(cast: Cast) -> None:
    walk_about(cast)
    rollups.fold_all()
    before = set(UnitTally.objects.values_list("pk", flat=True))

    rollups.fold_all()

    assert set(UnitTally.objects.values_list("pk", flat=True)) == before


def test_folding_is_due_once_an_hour_after_many_changes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "LONG", 10)
    quiet = list(folding_due(AT))
    walk_about(cast)

    slots = [slot.key for slot in folding_due(AT.astimezone(SHANGHAI))]
    fold_tallies(run=None)  # type: ignore[arg-type]

    assert (quiet, slots, list(folding_due(AT))) == ([], ["2026-03-02T09"], [])


# Finding and mending what is wrong.


def test_right_tallies_are_verified(cast: Cast) -> None:
    walk_about(cast)

    assert verified() == Checked(f"复算统计 {all_cells()} 格")
    assert verifying.REGISTER["tallies"].check is recount.check


PLANTED: tuple[tuple[Callable[[Cast], object], str], ...] = (
    (
        lambda cast: CategoryTally.objects.filter(branch=cast.city.path).update(problems=70),
        "问题分类统计不符，安平市及下级，2026年2月检查，D类，属实待交办：逐条核算问题1起，统计表记问题70起。",
    ),
    (
        lambda cast: UnitTally.objects.create(
            unit=cast.west, month=date(2026, 2, 1), in_state=S.CLOSED, findings=1, problems=1
        ),
        "单位问题统计不符，西区，2026年2月检查，已销号：逐条核算问题0件、问题0起，统计表记问题1件、问题1起。",
    ),
    (
        lambda cast: CrossTally.objects.all().delete(),
        "单位分类统计不符，东区，2026年2月检查，D类：逐条核算问题1起，统计表记问题0起。",
    ),
    (
        lambda cast: Turnover.objects.create(
            branch=cast.east.path,
            event="issued",
            month=date(2026, 2, 1),
            findings=1,
            closed=0,
            days=0,
            timed=0,
        ),
        "交办销号统计不符，东区及下级，2026年2月交办：逐条核算问题0件，统计表记问题1件。",
    ),
    (
        lambda cast: UnitDue.objects.create(
            unit=cast.east, month=date(2026, 2, 1), span=Span.DAY, due_on=date(2026, 3, 5), problems=1
        ),
        "单位期限统计不符，东区，2026年2月检查，2026年3月5日到期：逐条核算问题0起，统计表记问题1起。",
    ),
    (
        lambda cast: VisitTally.objects.create(unit=cast.east, month=date(2026, 2, 1), made=2, untold=0),
        "检查统计不符，东区，2026年2月检查：逐条核算检查0次，统计表记检查2次。",
    ),
)


@pytest.mark.parametrize(("plant", "sentence"), PLANTED)
def test_a_wrong_tally_is_named_and_counting_anew_mends_it(
    cast: Cast, plant: Callable[[Cast], object], sentence: str
) -> None:
    make_finding(cast, cast.east, day=DAY)
    plant(cast)

    fault = verified().fault
    call_command("rebuild_tallies")

    assert fault == f"{sentence}请系统管理员运行 manage.py rebuild_tallies 重算。"
    assert verified().fault == ""


def test_a_finding_deleted_past_the_house_is_noticed(cast: Cast) -> None:
    finding = make_finding(cast, cast.east, day=DAY)
    with connection.cursor() as cursor:
        key = finding.pk if connection.vendor == "postgresql" else finding.pk.hex
        cursor.execute("DELETE FROM findings_finding WHERE id = %s", [key])

    assert "逐条核算问题0件" in verified().fault


def test_counting_anew_changes_nothing_that_is_right(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    walk_about(cast)
    rollups.fold_all()
    before = list(
        CategoryTally.objects.order_by("branch", "in_state").values_list("branch", "in_state", "findings")
    )

    call_command("rebuild_tallies")

    after = list(
        CategoryTally.objects.order_by("branch", "in_state").values_list("branch", "in_state", "findings")
    )
    assert (after, all_rows()) == (before, all_cells())
    assert capsys.readouterr().out == f"统计表已重算，共 {all_cells()} 格。\n"


def test_a_trigger_that_is_gone_is_noticed_set_again_and_what_it_missed_counted(cast: Cast) -> None:
    rollups.lift_all(connection)
    make_finding(cast, cast.east, day=DAY)

    fault = verified().fault
    rollups.settle(connection)

    assert fault.startswith("统计表的触发器不全：缺 inspections_visit_rollup_insert_")
    assert sums(UnitTally, "findings") == [1]
    assert verified().fault == ""


@pytest.mark.postgres
def test_a_trigger_that_is_switched_off_is_noticed_and_set_again(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE findings_finding DISABLE TRIGGER USER")
    make_finding(cast, cast.east, day=DAY)

    fault = verified().fault
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    rollups.settle(connection)

    assert "触发器不全：缺 findings_finding_rollup_insert_" in fault
    assert verified().fault == ""


def test_triggers_of_another_definition_are_replaced(cast: Cast) -> None:
    name = rollups.trigger_names(connection, COUNTED)["update"]
    rollups.lift_all(connection)
    with connection.cursor() as cursor:
        stale = f"{name[:-1]}x"
        body = "BEGIN RETURN NULL; END" if connection.vendor == "postgresql" else "BEGIN SELECT 1; END"
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE FUNCTION {stale}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
            body = f"FOR EACH STATEMENT EXECUTE FUNCTION {stale}()"
        cursor.execute(f"CREATE TRIGGER {stale} AFTER UPDATE ON findings_finding {body}")

    rollups.settle(connection)

    assert rollups.standing(connection, COUNTED) == set(rollups.trigger_names(connection, COUNTED).values())
