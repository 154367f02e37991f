"""The calendar changes, and every deadline that runs follows: foreseen, moved once, told once, and put back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from conduct import following as ground
from conduct.calendar import book as calendar
from conduct.calendar import changes, seed
from conduct.calendar.drafts import YearDraft
from conduct.calendar.rules import working_days_between
from conduct.errors import Forbidden, NotFromHere
from conduct.models import AuditEntry, CalendarChange, JobRun, Message
from findings.actions import following, objections, reviews, statements
from findings.models import Extension, Finding, Notice, RectificationPlan, SideTerm, Term
from findings.queries import following as query
from findings.tasks import FOLLOW
from people.actions import calendar as acts
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, notice_of

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def with_day_off(day: date = TUESDAY, *, year: int = 2026) -> YearDraft:
    draft = calendar.draft_of(year)
    return YearDraft(year, "更正通知", draft.days | {day: ("off", "调休")})


def change(by: User, draft: YearDraft | None = None, *, at: datetime = AT) -> CalendarChange:
    """The calendar changed as an office does it, and the job done."""
    row = acts.save_all(years=[draft or with_day_off()], by=by, at=at)
    assert row is not None
    follow(row, by, at)
    return row


def undo(row: CalendarChange, by: User, *, at: datetime = AT) -> CalendarChange:
    undone = acts.undo(change=row, by=by, at=at)
    follow(undone, by, at)
    return undone


def follow(row: CalendarChange, by: User, at: datetime = AT) -> None:
    following.follow(change=row, by=by, at=at, on_step=lambda done: None)


def foreseen(by: User, draft: YearDraft) -> ground.Shifts:
    now = calendar.load()
    return query.foresee(by, now, changes.with_years(now=now, years={draft.year: draft}))


def test_a_new_day_off_moves_the_term_and_keeps_how_it_was_counted(cast: Cast, line: Line) -> None:
    finding = line.received()

    row = change(cast.clerk)

    moved = again(finding)
    assert (finding.due_on, moved.due_on, moved.runs_until) == (
        date(2026, 3, 23),
        date(2026, 3, 24),
        date(2026, 3, 24),
    )
    term = Term.objects.filter(finding=finding).latest("ordinal")
    assert (term.kind, term.due_before, term.working_days) == (Term.Kind.CALENDAR, finding.due_on, 15)
    assert (term.change, term.calendar_version) == (row, moved.calendar_version)
    assert "2026.2" in moved.calendar_version
    assert ["2026-03-10", "2026-03-10", "调休"] in term.skipped
    assert moved.first_due_on == finding.due_on


def test_what_would_move_is_told_before_anything_is_written(cast: Cast, line: Line) -> None:
    finding = line.received()

    shifts = foreseen(cast.clerk, with_day_off())

    shift = next(shift for shift in shifts.shown if shift.what.endswith("（整改期限）"))
    assert (shift.unit, shift.was, shift.becomes) == ("东区", date(2026, 3, 23), date(2026, 3, 24))
    assert shift.why == "2026年3月10日改为休息，不计入"
    assert again(finding).due_on == finding.due_on
    assert CalendarChange.objects.count() == 0


def test_what_is_foreseen_is_what_happens(cast: Cast, line: Line) -> None:
    line.received(route="complex")
    line.assigned()
    told = {(shift.what, shift.was, shift.becomes) for shift in foreseen(cast.clerk, with_day_off()).shown}

    row = change(cast.clerk)

    assert {(shift.what, shift.was, shift.becomes) for shift in query.moved(cast.clerk, row).shown} == told
    assert len(told) == 2


def test_an_administrator_is_told_how_many_and_not_which(cast: Cast, line: Line) -> None:
    line.received()

    shifts = foreseen(cast.system_admin, with_day_off())

    assert (shifts.shown, shifts.hidden > 0) == ([], True)


def test_a_day_that_becomes_a_working_day_shortens_nothing(cast: Cast, line: Line) -> None:
    finding = line.received()
    saturday = date(2026, 3, 14)
    draft = calendar.draft_of(2026)

    row = change(cast.clerk, YearDraft(2026, "通知", draft.days | {saturday: ("work", "")}))

    assert again(finding).due_on == finding.due_on
    assert query.moved(cast.clerk, row).count == 0


def test_a_second_run_of_the_job_moves_and_tells_nothing_twice(cast: Cast, line: Line) -> None:
    finding = line.received()
    row = change(cast.clerk)
    terms, messages, version = Term.objects.count(), Message.objects.count(), again(finding).version

    follow(row, cast.clerk)

    assert (Term.objects.count(), Message.objects.count(), again(finding).version) == (
        terms,
        messages,
        version,
    )


def test_changing_the_calendar_starts_one_job_in_the_same_transaction(cast: Cast) -> None:
    row = acts.save_all(years=[with_day_off()], by=cast.clerk, at=AT)

    run = JobRun.objects.get(job=FOLLOW)
    assert (run.kwargs, run.subject_id) == ({"change": str(row.pk)}, str(row.pk))
    assert acts.save_all(years=[with_day_off()], by=cast.clerk, at=AT) is None
    assert JobRun.objects.filter(job=FOLLOW).count() == 1


def test_the_unit_is_told_once_however_many_of_its_terms_move(cast: Cast, line: Line) -> None:
    for _ in range(3):
        line.received()

    change(cast.clerk)

    told = Message.objects.filter(kind="findings.calendar", recipient=cast.east_head.pk)
    assert [message.words for message in told] == ["放假安排有调整，3 个期限随之变动，请按新的日期办理。"]
    assert told[0].due_on == date(2026, 3, 24)
    assert told[0].lines.count("2026年3月23日改为2026年3月24日") == 3
    assert not Message.objects.filter(kind="findings.calendar", recipient=cast.west_head.pk).exists()


def test_a_paused_term_keeps_the_days_it_had_left(cast: Cast, line: Line) -> None:
    finding = line.received()
    row = objections.file(
        finding=again(finding), reasons="有派工单为证。", uploads=[], by=cast.east_head, at=AT
    )
    before = again(finding)
    left = working_days_between(start=before.paused_on, end=before.due_on, book=calendar.load())

    change(cast.clerk)

    paused = again(finding)
    assert (paused.runs_until, paused.paused_on) == (None, before.paused_on)
    assert working_days_between(start=paused.paused_on, end=paused.due_on, book=calendar.load()) == left
    assert row.pauses


def test_what_was_handed_in_keeps_its_days_for_the_case_that_it_comes_back(cast: Cast, line: Line) -> None:
    finding = line.submitted()
    left = working_days_between(start=finding.handed_in_on, end=finding.due_on, book=calendar.load())

    change(cast.clerk)
    assert again(finding).runs_until is None
    reviews.send_back(finding=again(finding), by=cast.second_clerk, at=AT, reason="措施没有写明完成时间。")

    back = again(finding)
    assert working_days_between(start=AT.date(), end=back.due_on, book=calendar.load()) == left


def test_a_day_named_by_an_extension_only_moves_on_from_a_rest_day(cast: Cast, line: Line) -> None:
    stays, rolls = extended(cast, line, date(2026, 4, 2)), extended(cast, line, date(2026, 4, 1))

    change(cast.clerk, with_day_off(date(2026, 4, 1)))

    assert (again(stays).due_on, again(rolls).due_on) == (date(2026, 4, 2), date(2026, 4, 2))


def extended(cast: Cast, line: Line, until: date) -> Finding:
    from findings.actions import extensions

    finding = line.received()
    wish = extensions.ask(
        finding=again(finding), until=until, reason="工程尚在验收。", by=cast.east_head, at=AT
    )
    wish = Extension.objects.select_related("finding__unit").get(pk=wish.pk)
    extensions.grant(extension=wish, until=until, reason="情况属实。", by=cast.second_clerk, at=AT)
    return again(finding)


def test_a_closed_matter_is_left_alone(cast: Cast, line: Line) -> None:
    finding = line.closed()

    change(cast.clerk)

    assert (again(finding).due_on, again(finding).version) == (finding.due_on, finding.version)


def test_every_other_deadline_follows_too(cast: Cast, line: Line) -> None:
    asked = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)
    finding = line.assigned(route="complex")
    wednesday = date(2026, 3, 3)

    change(cast.clerk, with_day_off(wednesday))

    assert Notice.objects.get(pk=notice_of(finding).pk).receipt_due_on == date(2026, 3, 4)
    assert again(asked).statement_due_on == date(2026, 3, 6)
    assert RectificationPlan.objects.get(finding=finding).due_on == date(2026, 3, 10)
    kinds = SideTerm.objects.filter(change__isnull=False).values_list("of", flat=True)
    assert set(kinds) == {"receipt", "statement", "plan"}


def test_an_estimate_becomes_certain_without_moving(cast: Cast) -> None:
    late = datetime(2026, 12, 21, 9, 0, tzinfo=AT.tzinfo)
    finding = Line(cast, late).received()
    assert (finding.due_on, finding.due_is_estimate) == (date(2027, 1, 11), True)
    draft = YearDraft(2027, "通知", {date(2027, 2, 1): ("off", "春节")})

    row = change(cast.clerk, draft, at=late)

    assert (again(finding).due_on, again(finding).due_is_estimate) == (date(2027, 1, 11), False)
    assert query.moved(cast.clerk, row).shown[0].why.startswith("放假安排调整后重新计算")
    assert not Message.objects.filter(kind="findings.calendar").exists()


def test_undoing_gives_back_the_calendar_and_the_days(cast: Cast, line: Line) -> None:
    finding = line.received()
    former = calendar.load()
    row = change(cast.clerk)

    undone = undo(row, cast.clerk)

    now = calendar.load()
    assert (now.off, now.work, now.years) == (former.off, former.work, former.years)
    assert "2026.3" in now.version
    assert again(finding).due_on == again(finding).runs_until == finding.due_on
    assert query.left(cast.clerk, undone).count == 0
    words = Message.objects.filter(recipient=cast.east_head.pk, matter_id=str(undone.pk)).get().words
    assert words == "放假安排的调整已撤销，1 个期限随之变动，请按新的日期办理。"


def test_a_year_that_was_not_known_is_not_known_again(cast: Cast) -> None:
    row = change(cast.clerk, YearDraft(2027, "通知", {date(2027, 1, 1): ("off", "元旦")}))

    undo(row, cast.clerk)

    assert 2027 not in calendar.load().years
    assert calendar.missing_notice(today=date(2027, 1, 5)).startswith("2027 年")
    again_in = change(cast.clerk, YearDraft(2027, "通知", {date(2027, 1, 1): ("off", "元旦")}))
    assert again_in.after["2027"]["version"] == 3


def test_what_was_set_anew_since_is_left_and_listed(cast: Cast, line: Line) -> None:
    kept, restored = line.received(), line.received()
    row = change(cast.clerk)
    from findings.actions import extensions

    until = date(2026, 4, 1)
    wish = extensions.ask(finding=again(kept), until=until, reason="工程尚在验收。", by=cast.east_head, at=AT)
    wish = Extension.objects.select_related("finding__unit").get(pk=wish.pk)
    extensions.grant(extension=wish, until=until, reason="情况属实。", by=cast.second_clerk, at=AT)

    undone = undo(row, cast.clerk)

    assert (again(kept).due_on, again(restored).due_on) == (until, restored.due_on)
    [left] = query.left(cast.clerk, undone).shown
    assert (left.becomes, left.why) == (until, "此后期限另行确定（延期），保持不变")


def test_undoing_late_makes_no_unit_late(cast: Cast, line: Line) -> None:
    finding = line.received()
    row = change(cast.clerk)
    on_the_former_day = AT + timedelta(days=21)

    undone = undo(row, cast.clerk, at=on_the_former_day)

    assert again(finding).due_on == date(2026, 3, 24)
    [left] = query.left(cast.clerk, undone).shown
    assert left.why == "原来的日期（2026年3月23日）已过或不足3个工作日，为不使单位措手不及，不提前"


def test_a_change_is_undone_once_and_only_while_it_is_the_latest(cast: Cast) -> None:
    first = change(cast.clerk)
    second = change(cast.clerk, with_day_off(date(2026, 3, 11)))
    with pytest.raises(NotFromHere, match="2026年的放假安排此后又改过，请先撤销后面的调整"):
        acts.undo(change=first, by=cast.clerk, at=AT)
    undone = undo(second, cast.clerk)

    with pytest.raises(NotFromHere, match="已经撤销过"):
        acts.undo(change=second, by=cast.clerk, at=AT)
    with pytest.raises(NotFromHere, match="这一条本身就是撤销"):
        acts.undo(change=undone, by=cast.clerk, at=AT)


def test_only_those_who_may_change_the_calendar_undo_a_change(cast: Cast) -> None:
    row = change(cast.clerk)

    with pytest.raises(Forbidden):
        acts.undo(change=row, by=cast.inspector, at=AT)


def test_the_step_stands_on_the_timeline(cast: Cast, line: Line) -> None:
    finding = line.received()

    change(cast.clerk)

    entry = AuditEntry.objects.get(verb="findings.follow_calendar", subject_id=str(finding.pk))
    assert (entry.label, entry.reason) == ("整改期限随放假安排调整", "2026年3月23日改为2026年3月24日")
