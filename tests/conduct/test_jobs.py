"""A job is a row: written with the business, sent by the relay, done once, and its failure can be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from conduct import clock, jobs, relay
from conduct.audit import SystemActor
from conduct.errors import Refused
from conduct.models import JobRun
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
S = JobRun.State
HOUSE = SystemActor()


class Desk:
    """A job of the tests, with what it was asked to do."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.fault: Exception | None = None

    def work(self, *, run: JobRun, paper: str) -> None:
        if self.fault:
            raise self.fault
        self.asked.append(paper)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    jobs.JOBS["tests.print"] = jobs.Job("tests.print", "打印", desk.work)
    yield desk
    del jobs.JOBS["tests.print"]


@pytest.fixture
def run(desk: Desk) -> JobRun:
    return jobs.start("tests.print", by=HOUSE, at=AT, paper="甲")


def send(run: JobRun) -> None:
    jobs.take_to_send(at=clock.now())
    run.refresh_from_db()


def test_work_is_done_and_its_row_says_so(desk: Desk, run: JobRun) -> None:
    send(run)
    jobs.perform(str(run.pk))

    run.refresh_from_db()
    assert (desk.asked, run.state) == (["甲"], S.DONE)
    assert run.finished_at is not None


def test_delivered_twice_is_done_once(desk: Desk, run: JobRun) -> None:
    send(run)
    jobs.perform(str(run.pk))
    jobs.perform(str(run.pk))

    assert desk.asked == ["甲"]


def test_a_run_nobody_sent_is_not_done(desk: Desk, run: JobRun) -> None:
    jobs.perform(str(run.pk))

    assert desk.asked == []


def test_what_is_rolled_back_is_never_sent(desk: Desk) -> None:
    class Abandoned(Exception):
        pass

    with pytest.raises(Abandoned), transaction.atomic():
        jobs.start("tests.print", by=HOUSE, at=AT, paper="乙")
        raise Abandoned

    assert jobs.take_to_send(at=AT) == []


def test_a_long_queue_waits_as_rows_and_not_on_the_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_ON_THE_WAY", 3)
    for number in range(5):
        jobs.start("tests.print", by=HOUSE, at=AT, paper=str(number))

    first, more = jobs.take_to_send(at=AT), jobs.take_to_send(at=AT)
    jobs.perform(str(first[0].pk))

    assert (len(first), more) == (3, [])
    assert len(jobs.take_to_send(at=AT)) == 1


def test_what_was_sent_and_never_begun_makes_room_for_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_ON_THE_WAY", 1)
    run = jobs.start("tests.print", by=HOUSE, at=AT, paper="甲")
    jobs.take_to_send(at=AT)

    assert jobs.take_to_send(at=AT + jobs.RESEND + timedelta(seconds=1)) == [run]


def test_a_refusal_is_shown_in_its_own_words(desk: Desk, run: JobRun) -> None:
    desk.fault = Refused("本期没有已确认的问题，无需编印。")
    send(run)
    jobs.perform(str(run.pk))

    run.refresh_from_db()
    assert (run.state, run.problem) == (S.FAILED, "本期没有已确认的问题，无需编印。")


def attempt(run: JobRun, *, times: int = 1) -> None:
    """Let a worker try, and the pause after each fault go by."""
    for _ in range(times):
        JobRun.objects.filter(pk=run.pk).update(ready_at=None)
        send(run)
        jobs.perform(str(run.pk))
    run.refresh_from_db()


def test_a_fault_is_tried_again_after_a_pause_and_says_so(desk: Desk, run: JobRun) -> None:
    desk.fault = OSError("disk full")
    attempt(run)

    assert (run.state, run.tries) == (S.WAITING, 1)
    assert "第1次没有办成（OSError：disk full），5秒后自动重试" in run.problem
    assert run.ready_at is not None
    assert jobs.take_to_send(at=run.ready_at - timedelta(seconds=1)) == []
    assert jobs.take_to_send(at=run.ready_at + timedelta(seconds=1)) == [run]


def test_what_the_machine_lacks_is_given_minutes_and_what_a_program_lacks_seconds(
    desk: Desk, run: JobRun
) -> None:
    pauses = {}
    for fault in (OSError("disk full"), ValueError()):
        desk.fault = fault
        JobRun.objects.filter(pk=run.pk).update(state=S.WAITING, tries=3)
        attempt(run)
        pauses[type(fault)] = run.problem[-12:]

    assert "135秒后" in pauses[OSError] and "8秒后" in pauses[ValueError]


def test_after_five_tries_a_run_is_left_to_people_with_its_reason_and_the_way_out(
    desk: Desk, run: JobRun
) -> None:
    desk.fault = OSError("disk full")
    attempt(run, times=jobs.MOST_TRIES)

    assert run.state == S.FAILED
    assert "OSError：disk full" in run.problem and "试了5次" in run.problem
    assert "重新办理" in run.problem
    assert jobs.take_to_send(at=clock.now() + timedelta(days=1)) == []


def test_a_fault_that_passes_is_forgotten(desk: Desk, run: JobRun) -> None:
    desk.fault = OSError("disk full")
    attempt(run, times=2)
    desk.fault = None
    attempt(run)

    assert (desk.asked, run.state, run.problem) == (["甲"], S.DONE, "")


def test_a_fault_tells_its_place_and_nothing_of_the_matter(desk: Desk, run: JobRun) -> None:
    desk.fault = ValueError("Key (name)=(某甲) already exists")
    attempt(run)

    assert "ValueError，test_jobs.py 第" in run.problem
    assert "某甲" not in run.problem


def test_a_try_that_lost_its_lease_does_not_write_over_the_next(desk: Desk, run: JobRun) -> None:
    def lose_the_lease(*, run: JobRun, paper: str) -> None:
        JobRun.objects.filter(pk=run.pk).update(tries=run.tries + 1)  # another worker has begun it meanwhile
        raise ValueError

    jobs.JOBS["tests.print"] = jobs.Job("tests.print", "打印", lose_the_lease)
    attempt(run)

    assert (run.state, run.problem) == (S.RUNNING, "")


def test_a_failed_run_can_be_started_again(desk: Desk, run: JobRun) -> None:
    desk.fault = Refused("本期没有已确认的问题，无需编印。")
    send(run)
    jobs.perform(str(run.pk))
    desk.fault = None

    jobs.retry(run=run, at=AT)
    send(run)
    jobs.perform(str(run.pk))

    assert desk.asked == ["甲"]


def test_only_a_failed_run_is_started_again(desk: Desk, run: JobRun) -> None:
    with pytest.raises(Refused, match="不在“未办成”状态"):
        jobs.retry(run=run, at=AT)


def test_a_run_started_again_waits_from_then_on(desk: Desk, run: JobRun) -> None:
    JobRun.objects.filter(pk=run.pk).update(state=S.FAILED, problem="磁盘已满。", tries=5)
    again = AT + timedelta(hours=5)

    jobs.retry(run=run, at=again)
    jobs.take_to_send(at=again)

    run.refresh_from_db()
    assert (run.state, run.waiting_since) == (S.SENT, again)


def test_a_run_that_paused_after_a_fault_waits_from_the_end_of_the_pause(desk: Desk, run: JobRun) -> None:
    desk.fault = OSError("disk full")
    attempt(run)
    pause_over = run.ready_at
    assert pause_over is not None

    jobs.take_to_send(at=pause_over)

    run.refresh_from_db()
    assert (run.state, run.waiting_since) == (S.SENT, pause_over)


def test_a_run_whose_worker_fell_silent_waits_from_when_that_was_seen(desk: Desk, run: JobRun) -> None:
    send(run)
    JobRun.objects.filter(pk=run.pk).update(state=S.RUNNING)
    seen = clock.now() + jobs.LEASE + timedelta(seconds=1)

    jobs.take_to_send(at=seen)

    run.refresh_from_db()
    assert run.waiting_since == seen


def test_a_run_in_hand_at_an_embedded_start_waits_from_that_start(desk: Desk, run: JobRun) -> None:
    sent = jobs.start("tests.print", by=HOUSE, at=AT, paper="乙")
    JobRun.objects.filter(pk=run.pk).update(state=S.RUNNING)
    JobRun.objects.filter(pk=sent.pk).update(state=S.SENT)
    begun = clock.now()

    jobs.reclaim_all()

    run.refresh_from_db()
    sent.refresh_from_db()
    assert run.waiting_since >= begun
    assert sent.waiting_since == AT


def test_a_run_whose_worker_fell_silent_is_sent_again(desk: Desk, run: JobRun) -> None:
    send(run)
    JobRun.objects.filter(pk=run.pk).update(state=S.RUNNING)

    assert jobs.take_to_send(at=clock.now()) == []
    assert jobs.take_to_send(at=clock.now() + jobs.LEASE + timedelta(seconds=1)) == [run]


def test_a_run_that_kills_its_worker_again_and_again_is_stopped_and_says_why(desk: Desk, run: JobRun) -> None:
    at = clock.now()
    for tries in range(1, jobs.MOST_TRIES + 2):
        jobs.take_to_send(at=at)
        JobRun.objects.filter(pk=run.pk, state=S.SENT).update(
            state=S.RUNNING, tries=tries, lease_until=at + jobs.LEASE
        )
        at += jobs.LEASE + timedelta(seconds=1)

    run.refresh_from_db()
    assert run.state == S.FAILED
    assert "办理中断了5次" in run.problem


def test_a_run_the_broker_forgot_is_sent_again_and_again_and_costs_no_try(desk: Desk, run: JobRun) -> None:
    at = clock.now()
    for _ in range(3 * jobs.MOST_TRIES):
        assert jobs.take_to_send(at=at) == [run]
        at += jobs.RESEND + timedelta(seconds=1)

    run.refresh_from_db()
    assert (run.state, run.tries) == (S.SENT, 0)


def test_a_broker_out_of_reach_costs_no_try(desk: Desk, run: JobRun) -> None:
    send(run)
    jobs.release(run)

    run.refresh_from_db()
    assert (run.state, run.tries, run.lease_until) == (S.WAITING, 0, None)


def test_the_relay_puts_a_run_back_when_it_cannot_ring(
    desk: Desk, run: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(run: JobRun) -> None:
        raise ConnectionError

    monkeypatch.setattr(jobs, "ring", unreachable)

    assert relay.step(with_slots=False) == 0
    run.refresh_from_db()
    assert run.state == S.WAITING


def test_a_slot_is_opened_once_by_any_number_of_schedulers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = jobs.Slot("tests.print", "2026-W10", {"paper": "周报"})
    monkeypatch.setattr(jobs, "SCHEDULES", [lambda at: [slot]])

    opened = [jobs.open_slots(at=AT, by=HOUSE) for _ in range(3)]

    assert opened == [1, 0, 0]
    assert JobRun.objects.filter(job="tests.print", slot="2026-W10").count() == 1


def test_the_database_refuses_a_slot_twice(desk: Desk) -> None:
    jobs.start("tests.print", by=HOUSE, at=AT, slot="2026-W10", paper="周报")

    with pytest.raises(IntegrityError), transaction.atomic():
        jobs.start("tests.print", by=HOUSE, at=AT, slot="2026-W10", paper="周报")


def test_a_failed_run_must_say_why(run: JobRun) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        JobRun.objects.filter(pk=run.pk).update(state=S.FAILED, problem="")


def test_progress_can_be_read_while_work_is_under_way(run: JobRun) -> None:
    jobs.report_progress(run, done=30, total=120, note="正在排版")

    run.refresh_from_db()
    assert (run.percent, run.note) == (25, "正在排版")


def test_a_try_given_up_does_not_hold_the_next_by_telling_of_its_progress(run: JobRun) -> None:
    send(run)
    JobRun.objects.filter(pk=run.pk).update(tries=2, state=S.RUNNING)

    jobs.report_progress(run, done=30, total=120)

    held = JobRun.objects.get(pk=run.pk)
    assert (held.lease_until, held.done_units) == (run.lease_until, 0)


@pytest.mark.parametrize(("name", "minutes"), [("conduct.verify", 240), ("conduct.fill_search", 5)])
def test_each_job_says_the_longest_it_may_take(name: str, minutes: int) -> None:
    assert jobs.JOBS[name].longest == timedelta(minutes=minutes)


def test_an_embedded_start_takes_back_what_died_with_its_broker(desk: Desk, run: JobRun) -> None:
    send(run)

    assert jobs.reclaim_all() == 1
    run.refresh_from_db()
    assert run.state == S.WAITING


def test_a_run_that_ends_every_embedded_process_is_left_to_people(desk: Desk, run: JobRun) -> None:
    for _ in range(jobs.MOST_TRIES):
        send(run)
        JobRun.objects.filter(pk=run.pk).update(state=S.RUNNING, tries=F("tries") + 1)
        jobs.reclaim_all()

    run.refresh_from_db()
    assert (run.state, run.lease_until) == (S.FAILED, None)
    assert run.finished_at is not None
    assert run.problem == "办理中断了5次，已停止自动重试。请查明原因后点“重新办理”。"


def test_a_run_broken_off_short_of_the_last_try_is_put_back(desk: Desk, run: JobRun) -> None:
    send(run)
    JobRun.objects.filter(pk=run.pk).update(state=S.RUNNING, tries=jobs.MOST_TRIES - 1)

    assert jobs.reclaim_all() == 1


def test_what_the_broker_forgot_is_sent_again_and_what_is_in_hand_is_not(desk: Desk, run: JobRun) -> None:
    send(run)
    in_hand = jobs.start("tests.print", by=HOUSE, at=AT, paper="乙")
    JobRun.objects.filter(pk=in_hand.pk).update(state=S.RUNNING, lease_until=clock.now() + jobs.LEASE)

    assert jobs.send_again(at=clock.now()) == 1

    assert [found.pk for found in jobs.take_to_send(at=clock.now())] == [run.pk]


def test_a_job_no_floor_declares_is_a_fault() -> None:
    with pytest.raises(LookupError, match=r"tests\.nowhere"):
        jobs.start("tests.nowhere", by=HOUSE, at=AT)
