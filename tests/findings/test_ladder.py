"""The ladder: the house reminds, drafts what is to be signed, each step once, never while the clock stands still."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from conduct.audit import SystemActor
from conduct.calendar import book as calendar
from conduct.calendar import seed
from conduct.clock import moment
from conduct.models import AuditEntry, Message
from findings.actions import extensions, ladder, objections, pressing, rectifications, reviews, routes
from findings.models import Finding, Route, Supervision
from findings.rules.ladder import SHIPPED, Step, day_of
from findings.tasks import LADDER, ladder_due
from tests.factories.cast import AT
from tests.factories.findings import Line, again, report_of

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 23)
S = Supervision.State
FIRST_THREE = [(Step.WARN, S.DONE), (Step.DUE, S.DONE), (Step.REMIND, S.DONE)]


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def on(step: Step, start: date = DUE) -> datetime:
    """Nine o'clock of the day on which the step comes."""
    return at_nine(day_of(step=step, days=SHIPPED, start=start, book=calendar.load()))


def at_nine(day: date) -> datetime:
    return moment(day) + timedelta(hours=9)


def climb_to(step: Step, start: date = DUE) -> None:
    """Every step up to this one, each on its day."""
    for one in Step:
        if one <= step:
            ladder.climb(at=on(one, start))


def steps(finding: Finding) -> list[tuple[Step, str]]:
    rows = Supervision.objects.filter(finding=finding).order_by("made_at", "step")
    return [(Step(row.step), row.state) for row in rows]


def waiting(finding: Finding) -> Supervision:
    return Supervision.objects.select_related("finding__notice", "unit").get(
        finding=finding, state__in=Supervision.WAITING
    )


def test_every_step_comes_on_its_day(line: Line) -> None:
    finding = line.received()

    climb_to(Step.CASE)

    papers = [(step, S.DRAFTED) for step in (Step.LETTER, Step.YELLOW, Step.TALK, Step.RED)]
    assert steps(finding) == [*FIRST_THREE, *papers, (Step.CASE, S.PROPOSED)]


def test_the_day_before_a_step_nothing_happens(line: Line) -> None:
    finding = line.received()
    climb_to(Step.REMIND)

    ladder.climb(at=on(Step.LETTER) - timedelta(days=1))

    assert steps(finding) == FIRST_THREE


def test_taken_again_a_step_is_not_made_again(line: Line) -> None:
    finding = line.received()
    climb_to(Step.LETTER)

    assert ladder.climb(at=on(Step.LETTER)) == 0
    assert steps(finding) == [*FIRST_THREE, (Step.LETTER, S.DRAFTED)]


def test_a_step_stands_once_for_a_term(line: Line) -> None:
    climb_to(Step.LETTER) if line.received() else None
    row = Supervision.objects.get(step=Step.LETTER)

    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Supervision.objects.bulk_create([row])


def test_after_an_outage_only_the_highest_is_drafted_and_the_others_are_on_record(line: Line) -> None:
    finding = line.received()
    climb_to(Step.DUE)

    ladder.climb(at=on(Step.YELLOW))

    assert steps(finding)[2:] == [
        (Step.REMIND, S.SKIPPED),
        (Step.LETTER, S.SKIPPED),
        (Step.YELLOW, S.DRAFTED),
    ]
    told = AuditEntry.objects.get(verb="findings.ladder_drafted", subject_id=str(finding.pk))
    assert (told.label, told.reason) == (
        "起草黄牌警告",
        "系统停办期间没有办理、已越过的步骤：逾期催办、督办函。",
    )


def test_on_a_day_off_nothing_is_made(line: Line) -> None:
    finding = line.received()

    assert ladder.climb(at=at_nine(date(2026, 3, 28))) == 0
    assert steps(finding) == []


def test_the_schedule_opens_one_run_a_working_day_from_eight_on() -> None:
    def keys(at: datetime) -> list[str]:
        return [slot.key for slot in ladder_due(at) if slot.job == LADDER]

    assert keys(moment(DUE) + timedelta(hours=7, minutes=59)) == []
    assert keys(at_nine(DUE)) == keys(at_nine(DUE) + timedelta(hours=8)) == ["2026-03-23"]
    assert keys(at_nine(date(2026, 3, 28))) == []


def test_each_route_has_days_of_its_own(line: Line) -> None:
    own = {f"ladder_{step.name.lower()}": days for step, days in SHIPPED.items()}
    finding = line.received()
    routes.change_ladder(
        route=Route.objects.get(code="limited"), by=line.cast.clerk, at=AT, **(own | {"ladder_letter": 2})
    )

    climb_to(Step.REMIND)
    ladder.climb(at=at_nine(date(2026, 3, 25)))

    assert steps(finding)[-1] == (Step.LETTER, S.DRAFTED)


def test_a_step_left_out_is_never_made(line: Line) -> None:
    finding = line.received()
    Route.objects.update(ladder_letter=None)

    climb_to(Step.YELLOW)

    assert steps(finding) == [*FIRST_THREE, (Step.YELLOW, S.DRAFTED)]


def test_a_report_handed_in_puts_the_draft_aside_and_says_why(line: Line) -> None:
    finding = line.rectifying()
    climb_to(Step.LETTER)

    rectifications.sign(rectification=report_of(finding), by=line.cast.east_head, at=on(Step.LETTER))

    row = Supervision.objects.get(step=Step.LETTER)
    assert (row.state, row.why) == (S.MOOT, "单位已提交整改报告。")
    assert ladder.climb(at=on(Step.RED)) == 0


def test_an_extension_puts_the_draft_aside_and_the_ladder_starts_anew(line: Line) -> None:
    finding, later = line.received(), date(2026, 3, 30)
    wish = extensions.ask(finding=finding, until=later, reason="工程验收。", by=line.cast.east_head, at=AT)
    climb_to(Step.LETTER)

    extensions.grant(extension=wish, until=later, reason="同意。", by=line.cast.clerk, at=on(Step.LETTER))

    row = Supervision.objects.get(step=Step.LETTER)
    assert (row.state, row.why) == (S.MOOT, "期限另行确定：第一次延期，准予延至2026年3月30日")
    climb_to(Step.LETTER, later)
    assert [step for step, state in steps(again(finding))].count(Step.LETTER) == 2
    assert waiting(finding).due_on == later


def test_while_an_objection_is_heard_nothing_presses(line: Line) -> None:
    finding = line.received(route="immediate")
    due = again(finding).runs_until
    assert due is not None
    objections.file(finding=again(finding), reasons="事出有因。", uploads=[], by=line.cast.east_head, at=AT)

    assert ladder.climb(at=on(Step.RED, due)) == 0
    assert steps(finding) == []


def test_days_the_report_lay_with_the_office_do_not_press(line: Line) -> None:
    finding = line.rectifying()
    climb_to(Step.REMIND)
    rectifications.sign(rectification=report_of(finding), by=line.cast.east_head, at=on(Step.REMIND))
    back = at_nine(date(2026, 4, 14))
    reviews.send_back(finding=again(finding), by=line.cast.second_clerk, at=back, reason="材料不全。")

    assert ladder.climb(at=back) == 0
    ladder.climb(at=at_nine(date(2026, 4, 16)))

    assert steps(finding)[3:] == [(Step.LETTER, S.DRAFTED)]
    assert waiting(finding).overdue_days == 3


def returned(line: Line, times: int) -> Finding:
    """A finding whose report has come back so many times, all within its term."""
    finding = line.rectifying()
    for _ in range(times):
        rectifications.sign(rectification=report_of(finding), by=line.cast.east_head, at=AT)
        reviews.send_back(finding=again(finding), by=line.cast.second_clerk, at=AT, reason="材料不全。")
    return again(finding)


def test_the_second_return_starts_the_pressing_by_itself(line: Line) -> None:
    assert steps(returned(line, 1)) == []

    finding = returned(line, 2)

    row = waiting(finding)
    assert (row.step, row.state, row.cause) == (Step.LETTER, S.DRAFTED, Supervision.Cause.RETURNED)


def test_what_a_second_return_started_is_not_started_twice(line: Line) -> None:
    finding = returned(line, 2)
    Supervision.objects.update(state=S.HELD, why="先电话督促。")
    row = waiting(finding)
    ladder.climb(at=on(Step.LETTER, finding.runs_until or DUE))

    assert [(Step(one.step), one.pk) for one in Supervision.objects.filter(step=Step.LETTER)] == [
        (Step.LETTER, row.pk)
    ]


def test_one_message_a_day_tells_a_unit_of_all_its_reminders(line: Line) -> None:
    for _ in range(3):
        line.received()
    at = on(Step.REMIND)
    ladder.climb(at=at)

    pressing.tell(at=at)
    pressing.tell(at=at)

    told = Message.objects.get(kind="findings.ladder", recipient=line.cast.east_head.pk)
    assert told.words == "整改期限：逾期催办 3 件，请及时整改并报送整改报告。"


def test_the_leader_is_told_once_a_day_of_what_is_to_be_signed(line: Line) -> None:
    line.received()
    climb_to(Step.LETTER)

    pressing.tell(at=on(Step.LETTER))

    told = Message.objects.get(kind="findings.ladder_drafted")
    assert (told.recipient, told.words) == (
        line.cast.leader.pk,
        "督办文书已起草：督办函 1 件，请签发，或者写明理由暂缓。",
    )


def test_reminders_stand_on_the_timeline_as_made_by_the_house(line: Line) -> None:
    finding = line.received()

    climb_to(Step.WARN)

    entry = AuditEntry.objects.get(verb="findings.ladder_reminded", subject_id=str(finding.pk))
    assert (entry.label, entry.actor_name) == ("临期黄灯", str(SystemActor()))
