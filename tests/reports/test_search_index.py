"""What the index holds: every text as its row is now, and nothing of what is still sealed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction

from conduct import jobs
from conduct.audit import SystemActor
from conduct.models import JobRun, SearchPending, SearchText
from conduct.search import filling, index
from findings.actions import findings as finding_actions
from findings.models import Finding, UnitStatement
from inspections.actions import signing, visits
from inspections.models import Method, Observation
from people.actions import unit_import
from people.models import Unit
from tests.factories import inspections as made
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, particulars
from tests.factories.reports import make_finding
from tests.house import world

pytestmark = pytest.mark.django_db
HOUSE = SystemActor()


def holdings() -> set[tuple[str, str, str, str, int]]:
    """All that is written down, without the running number of each day."""
    rows = SearchText.objects.values_list("source", "subject_id", "keys", "folded", "pk")
    return {(source, subject, keys, folded, pk // index.A_DAY) for source, subject, keys, folded, pk in rows}


def opened(*, at: datetime = AT) -> list[JobRun]:
    """Let the scheduler open what is due; the runs of the search among it."""
    before = set(JobRun.objects.values_list("pk", flat=True))
    jobs.open_slots(at=at, by=HOUSE)
    return list(JobRun.objects.filter(job="conduct.fill_search").exclude(pk__in=before))


def test_after_the_whole_line_the_index_is_what_reading_everything_gives() -> None:
    """But for the visits the tests put straight into their table, on which its findings rest."""
    world.build()
    by_hand = {seen.visit_id.hex for seen in Observation.objects.filter(finding_links__isnull=False)}
    filling.work_off()
    followed = holdings()

    index.fill()

    assert {row for row in holdings() if row[1] not in by_hand} == followed
    assert {name for name, *_ in followed} == {
        "inspections.visit",
        "findings.finding",
        "findings.rectification",
        "findings.notice",
        "reports.bulletin",
    }


def test_a_heard_statement_and_a_correction_come_in_too(cast: Cast) -> None:
    line = Line(cast)
    line.hear(line.verifying())
    visit = made.locked_visit(cast, made.seen_playing())
    signing.correct(visit=visit, text="到达时间应为九时四十分。", by=cast.clerk, at=AT + timedelta(hours=2))

    filling.work_off()

    assert SearchText.objects.get(source="findings.unitstatement").folded.startswith("当日确有外出")
    assert "九时四十分" in SearchText.objects.get(source="inspections.visit").folded


def test_the_business_transaction_only_leaves_a_note(cast: Cast) -> None:
    Line(cast).new()

    assert SearchPending.objects.exists()
    assert not SearchText.objects.exists()
    assert not JobRun.objects.exists()


def test_what_was_not_committed_is_not_noted(cast: Cast) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        Line(cast).new()
        raise RuntimeError("the power went")

    assert not SearchPending.objects.exists()


def test_one_run_takes_every_note_and_none_is_opened_without(cast: Cast) -> None:
    for _ in range(3):
        Line(cast).new()

    (run,) = opened()
    jobs.take_to_send(at=AT)
    jobs.perform(str(run.pk))

    assert run.kwargs == {}
    assert SearchText.objects.filter(source="findings.finding").count() == 3
    assert not SearchPending.objects.exists()
    assert opened(at=AT + timedelta(hours=1)) == []


def test_no_second_run_is_opened_while_one_waits(cast: Cast) -> None:
    Line(cast).new()
    opened()
    Line(cast).new()

    assert opened(at=AT + timedelta(minutes=5)) == []


def test_a_text_that_changed_is_found_by_its_new_words_alone(cast: Cast) -> None:
    finding = Line(cast).new()
    filling.work_off()
    told = particulars(facts="值班室无人应答。", title="值班室无人")
    finding_actions.amend(finding=finding, particulars=told, expected=finding.version, by=cast.clerk, at=AT)
    filling.work_off()

    row = SearchText.objects.get(source="findings.finding")

    assert "值班室无人应答" in row.folded
    assert list(index.narrow(Finding.objects.all(), source="findings.finding", words=["值班室"])) == [finding]


def test_the_same_note_worked_off_again_changes_nothing(cast: Cast) -> None:
    finding = Line(cast).new()
    filling.work_off()
    before = set(SearchText.objects.values_list("pk", "folded"))

    filling.changed(finding)

    assert filling.work_off() == 0
    assert set(SearchText.objects.values_list("pk", "folded")) == before


def test_a_covert_visit_leaves_no_trace_before_it_has_left(cast: Cast) -> None:
    campaign = made.covert_campaign(cast)
    visits._planned(campaign, cast.west, campaign.teams.get(), uuid4(), Method.COVERT, cast.clerk, AT)

    assert not SearchPending.objects.exists()
    index.fill()
    assert not SearchText.objects.exists()

    visits.depart(campaign=campaign, unit=cast.west, by=cast.team_leader, at=made.AFTER)
    filling.work_off()
    assert SearchText.objects.filter(source="inspections.visit").count() == 1


def test_rebuilding_mends_what_is_wrong_and_takes_out_what_is_gone(cast: Cast) -> None:
    Line(cast).new()
    index.fill()
    whole = holdings()
    SearchText.objects.update(folded="别的文字")
    SearchText.objects.create(
        pk=202603029_000_0001, source="findings.finding", subject_id="0" * 32, keys=" ", folded="已不存在"
    )

    call_command("rebuild_search")

    assert holdings() == whole


def test_narrowing_gives_the_same_whether_matches_are_few_or_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = AT.date()
    for number in range(6):
        facts = "窗口无人值守" if number % 2 else "台账没有更新"
        make_finding(cast, cast.east, "D1-03", day=day, facts=facts, title=facts)
    index.fill()
    rows = Finding.objects.order_by("-raised_at", "id")

    def narrowed() -> tuple[list[Any], bool]:
        found = index.narrow(rows, source="findings.finding", words=["窗口", "无人"])
        return [row.pk for row in found], "EXISTS" in str(found.query)

    few = narrowed()
    monkeypatch.setattr(index, "A_GLANCE", 1)  # seen at the second of three, all of them near
    common = narrowed()
    monkeypatch.setattr(index, "NEAR", 1)  # not near: fetched, and found to be few
    rare = narrowed()
    monkeypatch.setattr(index, "FEW", 1)
    many = narrowed()

    assert len(few[0]) == 3
    assert (few[0], common[0], rare[0]) == (many[0],) * 3
    assert [is_asked_in_turn for _, is_asked_in_turn in (few, common, rare, many)] == [
        False,
        True,
        False,
        True,
    ]
    assert list(index.narrow(rows, source="findings.finding", words=[])) == list(rows)


def test_narrowing_keeps_to_rows_with_plain_numbers_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(cast)
    line.hear(line.verifying())
    index.fill()
    monkeypatch.setattr(index, "A_GLANCE", 0)
    found = index.narrow(UnitStatement.objects.all(), source="findings.unitstatement", words=["外出"])

    assert found.count() == 1


def import_unit(unit: Unit, *, below: Unit) -> None:
    """Take a unit in from a file, under this parent."""
    head = "单位代码,单位名称,简称,上级单位代码,类型,别名"
    line = f"{unit.code},{unit.name},{unit.short_name},{below.code},政府部门,"
    lines = unit_import.read(name="单位.csv", content=f"{head}\n{line}".encode())
    unit_import.carry_out(plan=unit_import.plan(lines=lines), by=HOUSE, at=AT)


def test_when_a_unit_has_moved_its_new_superior_finds_its_texts(cast: Cast) -> None:
    Line(cast).new(unit=cast.east_bureau)
    index.fill()
    assert cast.west.path not in SearchText.objects.get(source="findings.finding").keys

    import_unit(cast.east_bureau, below=cast.west)
    (run,) = JobRun.objects.filter(job="conduct.reread_search")
    jobs.take_to_send(at=AT)
    jobs.perform(str(run.pk))
    filling.work_off()

    assert f"finding{cast.west.path} " in SearchText.objects.get(source="findings.finding").keys


def test_a_unit_that_stays_where_it_is_has_nothing_read_again(cast: Cast) -> None:
    import_unit(cast.east_bureau, below=cast.east)

    assert not JobRun.objects.filter(job="conduct.reread_search").exists()


def test_a_run_does_only_so_much_and_leaves_the_rest_to_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        Line(cast).new()
    monkeypatch.setattr(filling, "A_BATCH", 1)
    monkeypatch.setattr(filling, "MOST_BATCHES", 2)

    filling.work_off()

    assert SearchPending.objects.exists()
    assert opened()
