"""A notice nobody signs for: a reminder on its last day, then it counts as served; the head may still sign later."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.clock import SHANGHAI
from conduct.models import AuditEntry, CalendarDay, CalendarYear, JobRun
from findings import tasks
from findings.actions import notices, receipts
from findings.models import Finding, Notice
from findings.queries import waiting
from findings.rules.receipt import Step, step_due
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, notice_of
from tests.findings.browsing import get, text_of

pytestmark = pytest.mark.django_db
BY = SystemActor()
TUESDAY = datetime(2026, 3, 3, 8, 30, tzinfo=SHANGHAI)
WEDNESDAY = TUESDAY + timedelta(days=1)
SATURDAY = TUESDAY + timedelta(days=4)
MONDAY_AFTER = TUESDAY + timedelta(days=6)


@pytest.fixture
def finding(line: Line) -> Finding:
    """Ordered on Monday, to be signed for on Tuesday."""
    return line.assigned()


def told(verb: str) -> int:
    """Lines about findings of that verb."""
    return AuditEntry.objects.filter(verb=f"findings.{verb}", subject_type="findings.finding").count()


@pytest.mark.parametrize(
    ("today", "is_reminded", "step"),
    [
        (date(2026, 3, 2), False, None),
        (date(2026, 3, 3), False, Step.REMIND),
        (date(2026, 3, 3), True, None),
        (date(2026, 3, 4), True, Step.SERVE),
        (date(2026, 3, 9), False, Step.SERVE),
    ],
)
def test_the_step_of_a_day(today: date, is_reminded: bool, step: Step | None) -> None:
    assert step_due(receipt_due_on=date(2026, 3, 3), today=today, is_reminded=is_reminded) == step


def test_before_the_last_day_nothing_happens(finding: Finding) -> None:
    assert receipts.pass_over(by=BY, at=AT) == 0


def test_on_the_last_day_the_head_is_reminded_once(finding: Finding) -> None:
    assert [receipts.pass_over(by=BY, at=TUESDAY) for _ in range(2)] == [1, 0]
    assert notice_of(finding).reminded_at == TUESDAY
    assert told("remind_receipt") == 1


def test_after_it_the_notice_counts_as_served_once_with_the_time(finding: Finding) -> None:
    receipts.pass_over(by=BY, at=TUESDAY)

    assert [receipts.pass_over(by=BY, at=WEDNESDAY) for _ in range(2)] == [1, 0]
    notice = notice_of(finding)
    assert (notice.served_at, notice.delivered_at, notice.received_at) == (WEDNESDAY, WEDNESDAY, None)
    assert told("serve_notice") == 1


def test_an_outage_is_caught_up_once_and_says_that_nobody_was_reminded(finding: Finding) -> None:
    assert receipts.pass_over(by=BY, at=MONDAY_AFTER) == 1

    assert (notice_of(finding).reminded_at, notice_of(finding).served_at) == (None, MONDAY_AFTER)
    assert "没有发出提醒" in AuditEntry.objects.filter(verb="findings.serve_notice").latest("id").reason
    assert receipts.pass_over(by=BY, at=MONDAY_AFTER + timedelta(days=1)) == 0


def test_nothing_happens_on_a_day_off(finding: Finding) -> None:
    receipts.pass_over(by=BY, at=TUESDAY)

    assert receipts.pass_over(by=BY, at=SATURDAY) == 0
    assert notice_of(finding).served_at is None


def test_a_holiday_put_in_later_is_a_day_off_too(finding: Finding) -> None:
    year = CalendarYear.objects.get(year=2026)
    CalendarDay.objects.create(day=TUESDAY.date(), year=year, kind=CalendarDay.Kind.OFF)

    assert receipts.pass_over(by=BY, at=TUESDAY) == 0


def test_what_was_signed_for_is_left_alone(line: Line) -> None:
    line.received()

    assert receipts.pass_over(by=BY, at=WEDNESDAY) == 0


def test_a_signature_just_before_the_schedule_wins(
    cast: Cast, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = notice_of(finding).pk
    monkeypatch.setattr(receipts.receipts, "unanswered", lambda today: [pk])
    notices.receive(notice=notice_of(finding), by=cast.east_head, at=TUESDAY)

    assert receipts.pass_over(by=BY, at=WEDNESDAY) == 0
    assert notice_of(finding).served_at is None


def test_a_clock_put_far_ahead_serves_once_and_back_again_nothing(finding: Finding) -> None:
    assert receipts.pass_over(by=BY, at=AT + timedelta(days=401)) == 1
    assert receipts.pass_over(by=BY, at=WEDNESDAY) == 0


class TestTheLateSignature:
    @pytest.fixture
    def signed(self, cast: Cast, finding: Finding) -> Notice:
        receipts.pass_over(by=BY, at=WEDNESDAY)
        return notices.receive(notice=notice_of(finding), by=cast.east_head, at=MONDAY_AFTER)

    def test_it_is_taken_and_noted(self, finding: Finding, signed: Notice) -> None:
        assert signed.is_signed_late
        assert again(finding).state == Finding.State.RECEIVED
        assert "逾期补签" in AuditEntry.objects.get(verb="findings.receive").reason

    def test_the_notice_stays_delivered_when_it_counted_as_served(self, signed: Notice) -> None:
        assert signed.delivered_at == WEDNESDAY

    def test_the_page_tells_both_times(self, cast: Cast, signed: Notice) -> None:
        page = text_of(get(cast.clerk, "notice_detail", signed.pk))

        assert "2026年3月4日 08:30<b>视为送达</b>" in page and "补签（逾期）" in page
        assert "（逾期补签）" in text_of(get(cast.clerk, "notice_list"))


class TestWhatIsShown:
    @pytest.fixture(autouse=True)
    def served(self, finding: Finding, monkeypatch: pytest.MonkeyPatch) -> None:
        receipts.pass_over(by=BY, at=TUESDAY)
        receipts.pass_over(by=BY, at=WEDNESDAY)
        monkeypatch.setattr(clock, "now", lambda: WEDNESDAY)

    @pytest.mark.parametrize("who", ["east_head", "clerk"])
    def test_both_sides_read_it_on_the_finding_with_its_time(
        self, cast: Cast, finding: Finding, who: str
    ) -> None:
        page = text_of(get(getattr(cast, who), "detail", finding.pk))

        assert "视为送达待补签" in page
        timeline = page[page.index("timeline-head") :]
        assert "视为送达" in timeline and "2026年3月4日 08:30" in timeline and "提醒签收" in timeline

    def test_the_notice_says_what_the_head_is_still_to_do(self, cast: Cast, finding: Finding) -> None:
        page = text_of(get(cast.east_head, "notice_detail", notice_of(finding).pk))

        assert "仍须补签" in page and "补签整改通知</button>" in page

    def test_the_list_of_notices_says_it(self, cast: Cast) -> None:
        assert "2026年3月4日 08:30视为送达" in text_of(get(cast.clerk, "notice_list"))

    def test_my_work_of_the_head_says_it(self, cast: Cast) -> None:
        [item] = waiting.for_user(cast.east_head)

        assert item.verb == "补签整改通知" and "已视为送达" in item.note

    def test_the_term_of_rectification_runs_as_before(self, finding: Finding) -> None:
        assert again(finding).runs_until == date(2026, 3, 23)


class TestTheSchedule:
    def keys(self, at: datetime) -> list[str]:
        return [slot.key for slot in tasks.receipts_due(at)]

    def test_it_is_due_once_a_day_from_eight_on(self, finding: Finding) -> None:
        assert self.keys(TUESDAY) == ["2026-03-03"]
        assert self.keys(TUESDAY.replace(hour=7)) == []

    @pytest.mark.parametrize("at", [AT, SATURDAY])
    def test_it_is_not_due_when_there_is_nothing_to_do(self, finding: Finding, at: datetime) -> None:
        assert self.keys(at) == []

    def test_two_schedulers_open_one_run_and_it_does_the_work(
        self, finding: Finding, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: WEDNESDAY)
        for _ in range(2):
            jobs.open_slots(at=WEDNESDAY, by=BY)

        [run] = JobRun.objects.filter(job=tasks.RECEIPTS)
        tasks.pass_over_receipts(run=run)

        assert notice_of(finding).served_at == WEDNESDAY
        assert self.keys(WEDNESDAY) == []


def test_a_signature_before_the_service_cannot_be(cast: Cast, line: Line) -> None:
    notice = notice_of(line.received())
    wrong: dict[str, Any] = {"served_at": AT + timedelta(days=9)}

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**wrong)
