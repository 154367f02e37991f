"""On a working morning whoever answers for something that presses is told once, however much it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from conduct import clock
from conduct.clock import SHANGHAI
from conduct.messages import delivering
from conduct.models import JobRun, Message, MessageSettings
from findings import tasks
from findings.actions import reminding
from findings.models import Finding, Notice
from people.models import User
from people.roles import Role
from tests.factories.cast import Cast, give_post, make_unit, make_user
from tests.factories.findings import Line, again, notice_of
from tests.findings import test_plans as plan_line

pytestmark = [pytest.mark.django_db]


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 5, tzinfo=SHANGHAI)


def reminded(day: date) -> None:
    reminding.remind(at=morning(day))


def digest_of(user: User) -> Message:
    return Message.objects.get(recipient=user.pk, kind="findings.reminder")


def term(finding: Finding) -> date:
    due = again(finding).due_on
    assert due is not None
    return due


def test_a_term_that_is_far_off_reminds_nobody(cast: Cast, line: Line) -> None:
    line.received()

    reminded(date(2026, 3, 3))

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_three_working_days_before_the_end_head_and_liaison_are_reminded(cast: Cast, line: Line) -> None:
    finding = line.received()

    reminded(term(finding) - timedelta(days=3))

    row = digest_of(cast.east_head)
    assert row.words == "有 1 个问题整改临期，请及时办理。"
    assert (row.unit, row.due_on, row.path) == ("东区", term(finding), "/findings/?order=deadline")
    assert notice_of(finding).number in row.lines
    assert digest_of(cast.east_liaison).words == row.words


def test_on_the_last_day_it_is_still_in_time(cast: Cast, line: Line) -> None:
    finding = line.received()

    reminded(term(finding))

    assert "临期" in digest_of(cast.east_head).words
    assert "今天到期" in digest_of(cast.east_head).lines


def test_after_the_last_day_it_is_overdue(cast: Cast, line: Line) -> None:
    finding = line.received()

    reminded(term(finding) + timedelta(days=1))

    assert "1 个问题整改逾期" in digest_of(cast.east_head).words
    assert "已超 1 个工作日" in digest_of(cast.east_head).lines


def test_a_notice_nobody_signed_for_is_reminded_of_on_its_day(cast: Cast, line: Line) -> None:
    notice = notice_of(line.assigned())

    reminded(notice.receipt_due_on)

    assert digest_of(cast.east_head).words == "有 1 份整改通知书待签收，请及时办理。"


def test_a_notice_that_was_signed_for_is_not(cast: Cast, line: Line) -> None:
    notice = notice_of(line.received())

    reminded(notice.receipt_due_on)

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_a_notice_that_counts_as_served_is_not(cast: Cast, line: Line) -> None:
    notice = notice_of(line.assigned())
    Notice.objects.update(served_at=morning(notice.receipt_due_on))

    reminded(notice.receipt_due_on)

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_a_plan_that_is_owed_is_reminded_of(cast: Cast, line: Line) -> None:
    plan = plan_line.due(line)

    reminded(plan.due_on)

    assert "1 份整改方案待提交" in digest_of(cast.east_head).words


def test_a_plan_that_was_handed_in_is_not(cast: Cast, line: Line) -> None:
    plan = plan_line.handed_in(line)

    reminded(plan.due_on)

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_progress_that_is_owed_is_reminded_of(cast: Cast, line: Line) -> None:
    finding = again(plan_line.approved(line).finding)
    assert finding.progress_due_on is not None

    reminded(finding.progress_due_on)

    assert "1 份进度报告待提交" in digest_of(cast.east_head).words


def test_what_is_handed_in_no_longer_presses(cast: Cast, line: Line) -> None:
    finding = line.submitted()

    reminded(term(finding) + timedelta(days=1))

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_while_an_objection_stops_the_clock_nobody_is_reminded(cast: Cast, line: Line) -> None:
    finding = line.received()
    Finding.objects.filter(pk=finding.pk).update(runs_until=None, paused_on=date(2026, 3, 4))

    reminded(term(finding) + timedelta(days=1))

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_ten_thousand_overdue_findings_are_one_message_each(
    cast: Cast, line: Line, django_assert_max_num_queries: Callable[[int], object], settings
) -> None:
    settings.MESSAGE_MAIL = True
    MessageSettings.objects.create(person=cast.east_head.pk, mail_address="a@example.gov.cn", is_mail_on=True)
    finding = line.received()
    kept = {field.attname: getattr(finding, field.attname) for field in Finding._meta.concrete_fields}
    Finding.objects.bulk_create([Finding(**kept | {"id": uuid4()}) for _ in range(9_999)])
    day = morning(term(finding) + timedelta(days=1))

    with django_assert_max_num_queries(20):
        told = reminding.remind(at=day)  # type: ignore[arg-type]

    assert told == 2
    assert "10000 个问题整改逾期" in digest_of(cast.east_head).words
    assert "另有 9980 项，请登录查看。" in digest_of(cast.east_head).lines
    Message.objects.exclude(kind="findings.reminder").delete()
    assert delivering.work_off(now=lambda: day) == 1


def test_a_second_run_on_the_same_day_tells_nobody_again(cast: Cast, line: Line) -> None:
    finding = line.received()
    day = term(finding) + timedelta(days=1)
    reminded(day)
    first = digest_of(cast.east_head).words
    line.received()

    reminded(day)

    assert digest_of(cast.east_head).words == first


def test_the_next_working_day_is_another_digest(cast: Cast, line: Line) -> None:
    finding = line.received()
    for days in (1, 2):
        reminded(term(finding) + timedelta(days=days))

    assert Message.objects.filter(recipient=cast.east_head.pk, kind="findings.reminder").count() == 2


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 5, 1)], ids=["saturday", "holiday"])
def test_on_a_day_off_nobody_is_reminded(cast: Cast, line: Line, day: date) -> None:
    line.received()

    reminded(day)

    assert not Message.objects.filter(kind="findings.reminder").exists()


def test_a_new_head_is_reminded_and_the_old_one_is_not(cast: Cast, line: Line) -> None:
    finding = line.received()
    cast.east_head.posts.update(until=term(finding))
    new = make_user("new_head", "新任")
    give_post(new, cast.east, Role.UNIT_HEAD)

    reminded(term(finding) + timedelta(days=1))

    assert "逾期" in digest_of(new).words
    assert not Message.objects.filter(recipient=cast.east_head.pk, kind="findings.reminder").exists()


def test_units_without_a_head_of_their_own_come_in_the_digest_of_the_one_above(
    cast: Cast, line: Line
) -> None:
    other = make_unit("东区财政局", cast.east)
    finding = line.received(unit=cast.east_bureau)
    line.received(unit=other)

    reminded(term(finding) + timedelta(days=1))

    assert digest_of(cast.east_head).unit == "2 个单位"


def test_the_schedule_asks_once_a_working_day_from_eight() -> None:
    monday = datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)

    assert [slot.key for slot in tasks.reminding_due(monday)] == ["2026-03-02"]
    assert [slot.key for slot in tasks.reminding_due(monday.replace(hour=23))] == ["2026-03-02"]
    assert list(tasks.reminding_due(monday - timedelta(minutes=1))) == []
    assert list(tasks.reminding_due(monday - timedelta(days=1))) == []


def test_a_run_made_up_for_another_day_says_nothing(
    cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = line.received()
    day = term(finding) + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: morning(day))
    run = JobRun.objects.create(job=tasks.REMIND, created_at=morning(day))

    tasks.remind(run=run, day=str(day - timedelta(days=1)))
    silent = not Message.objects.filter(kind="findings.reminder").exists()
    tasks.remind(run=run, day=str(day))

    assert silent and digest_of(cast.east_head)
