"""What stands still is started anew: measured by work left undone, not by processes that answer."""

from __future__ import annotations

import contextlib
import threading
import time
from datetime import timedelta

import pytest

from conduct import clock, heartbeat, jobs, watchdog
from conduct.models import JobRun

S = JobRun.State
LONG = watchdog.PATIENCE + timedelta(seconds=5)
SHORT = watchdog.PATIENCE - timedelta(seconds=30)


def run(state: str, *, age: timedelta, **facts: object) -> JobRun:
    now = clock.now()
    return JobRun.objects.create(job="tests.print", state=state, created_at=now - age, **facts)


def on_the_way(count: int, *, sent: timedelta) -> None:
    """So many runs, sent that long ago and not yet begun."""
    now = clock.now()
    until = now - sent + jobs.RESEND
    facts = {"job": "tests.print", "state": S.SENT, "created_at": now - LONG, "lease_until": until}
    JobRun.objects.bulk_create(JobRun(**facts) for _ in range(count))


@pytest.mark.django_db
class TestRelay:
    def test_a_run_nobody_sent_for_two_minutes_accuses_the_relay(self) -> None:
        old = run(S.WAITING, age=LONG)

        assert watchdog.unsent_since(at=clock.now()) == old.created_at

    def test_a_run_that_has_just_come_does_not(self) -> None:
        run(S.WAITING, age=SHORT)

        assert watchdog.unsent_since(at=clock.now()) is None

    def test_nor_does_one_that_pauses_after_a_fault(self) -> None:
        run(S.WAITING, age=LONG, ready_at=clock.now() + timedelta(seconds=60))

        assert watchdog.unsent_since(at=clock.now()) is None

    def test_but_one_whose_pause_is_long_over_does(self) -> None:
        run(S.WAITING, age=3 * LONG, ready_at=clock.now() - LONG)

        assert watchdog.unsent_since(at=clock.now()) is not None

    def test_nor_does_an_old_run_just_started_again(self) -> None:
        old = run(S.FAILED, age=100 * LONG, problem="磁盘已满。")
        jobs.retry(run=old, at=clock.now() - SHORT)

        assert watchdog.unsent_since(at=clock.now()) is None

    def test_nor_do_runs_that_wait_while_as_many_as_may_are_on_the_way(self) -> None:
        run(S.WAITING, age=LONG)
        on_the_way(jobs.MOST_ON_THE_WAY, sent=timedelta(seconds=10))

        assert watchdog.unsent_since(at=clock.now()) is None

    def test_nor_when_they_are_just_about_to_be_sent_again(self) -> None:
        run(S.WAITING, age=LONG)
        on_the_way(jobs.MOST_ON_THE_WAY, sent=jobs.RESEND + timedelta(seconds=1))

        assert watchdog.unsent_since(at=clock.now()) is None

    def test_nor_when_workers_have_just_made_room(self) -> None:
        run(S.WAITING, age=LONG)
        on_the_way(jobs.MOST_ON_THE_WAY - jobs.BATCH, sent=timedelta(seconds=10))
        for _ in range(jobs.BATCH):
            run(S.DONE, age=LONG, started_at=clock.now() - timedelta(seconds=5))

        assert watchdog.unsent_since(at=clock.now()) is None

    def test_a_relay_that_sends_no_more_is_accused_although_much_was_on_the_way(self) -> None:
        old = run(S.WAITING, age=LONG)
        on_the_way(jobs.MOST_ON_THE_WAY, sent=3 * jobs.RESEND)

        assert watchdog.unsent_since(at=clock.now()) == old.created_at

    def test_a_batch_the_broker_does_not_take_is_no_excuse(self) -> None:
        old = run(S.WAITING, age=LONG)
        on_the_way(jobs.BATCH, sent=timedelta(seconds=1))

        assert watchdog.unsent_since(at=clock.now()) == old.created_at


@pytest.mark.django_db
class TestWorker:
    def test_a_sent_run_nobody_begins_accuses_the_workers(self) -> None:
        old = run(S.SENT, age=LONG)

        assert watchdog.unheard_since(at=clock.now()) == old.created_at

    def test_an_old_run_just_started_again_does_not(self) -> None:
        run(S.SENT, age=100 * LONG, ready_at=clock.now() - SHORT)

        assert watchdog.unheard_since(at=clock.now()) is None

    def test_workers_that_are_at_work_are_left_alone(self) -> None:
        run(S.SENT, age=LONG)
        run(S.RUNNING, age=LONG, lease_until=clock.now() + timedelta(seconds=20))

        assert watchdog.unheard_since(at=clock.now()) is None

    def test_workers_that_lately_worked_are_left_alone(self) -> None:
        run(S.SENT, age=LONG)
        run(S.DONE, age=LONG, started_at=clock.now() - SHORT)

        assert watchdog.unheard_since(at=clock.now()) is None

    def test_workers_that_lately_finished_a_long_run_are_left_alone(self) -> None:
        run(S.SENT, age=LONG)
        run(S.DONE, age=9 * LONG, started_at=clock.now() - 9 * LONG, finished_at=clock.now() - SHORT)

        assert watchdog.unheard_since(at=clock.now()) is None

    def test_a_run_finished_long_ago_is_no_excuse(self) -> None:
        run(S.SENT, age=LONG)
        run(S.DONE, age=9 * LONG, started_at=clock.now() - 9 * LONG, finished_at=clock.now() - LONG)

        assert watchdog.unheard_since(at=clock.now()) is not None

    def test_a_worker_that_died_over_a_run_is_no_excuse(self) -> None:
        run(S.SENT, age=LONG)
        run(
            S.RUNNING, age=LONG, started_at=clock.now() - LONG, lease_until=clock.now() - timedelta(seconds=1)
        )

        assert watchdog.unheard_since(at=clock.now()) is not None


@pytest.mark.django_db(transaction=True)
class TestWatching:
    @pytest.fixture(autouse=True)
    def hurry(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Look at once, and note the signal instead of dying by it."""
        self.signals: list[int] = []
        monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.01)
        monkeypatch.setattr(
            watchdog.os, "kill", lambda pid, number: (self.signals.append(number), stop.set())
        )
        stop = self.stop = threading.Event()
        return self.signals

    def test_a_standstill_ends_the_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run(S.WAITING, age=LONG)
        moments = iter([clock.now() - 2 * LONG])
        real = clock.now
        monkeypatch.setattr(clock, "now", lambda: next(moments, None) or real())

        watchdog.watch(self.stop, who="relay")

        assert self.signals == [watchdog.signal.SIGTERM]

    def test_a_process_just_started_is_given_time(self) -> None:
        run(S.WAITING, age=LONG)
        threading.Timer(0.3, self.stop.set).start()

        watchdog.watch(self.stop, who="relay")

        assert self.signals == []


@pytest.mark.django_db(transaction=True)
class TestEnding:
    """What a process accused of standing still may yet finish before it is cut."""

    @pytest.fixture(autouse=True)
    def hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cut: list[float] = []
        self.stop = threading.Event()
        self.begun = time.monotonic()
        monkeypatch.setattr(watchdog, "CLOSE_LOOK_SECONDS", 0.05)
        monkeypatch.setattr(watchdog, "GRACE_SECONDS", 0.2)
        monkeypatch.setattr(watchdog, "LONGEST_GRACE_SECONDS", 1.5)
        monkeypatch.setattr(watchdog.os, "kill", lambda pid, number: None)
        monkeypatch.setattr(watchdog.os, "_exit", lambda code: self.cut.append(time.monotonic() - self.begun))

    def held(self, *, longest: float) -> contextlib.AbstractContextManager[None]:
        job = run(S.RUNNING, age=SHORT, tries=1)
        return heartbeat.beating(job, lease=jobs.LEASE, longest=timedelta(seconds=longest))

    def test_one_with_nothing_in_hand_is_cut_after_the_short_grace(self) -> None:
        watchdog.end(self.stop)

        assert len(self.cut) == 1 and 0.2 <= self.cut[0] < 1

    def test_a_run_in_hand_is_finished_first(self) -> None:
        with self.held(longest=60):
            threading.Timer(0.7, self.stop.set).start()
            watchdog.end(self.stop)

        assert self.cut == []

    def test_a_run_that_hangs_is_not_waited_for(self) -> None:
        with self.held(longest=0.05):
            watchdog.end(self.stop)

        assert self.cut[0] < 1

    def test_nor_is_any_for_ever(self) -> None:
        with self.held(longest=60):
            watchdog.end(self.stop)

        assert 1.5 <= self.cut[0] < 3


@pytest.mark.django_db(transaction=True)
def test_the_lease_of_a_long_run_is_renewed_while_it_is_worked_on() -> None:
    lease = timedelta(seconds=0.4)
    held = run(S.RUNNING, age=SHORT, tries=1, lease_until=clock.now() + lease)

    with heartbeat.beating(held, lease=lease, longest=LONG):
        time.sleep(1.2)
        held.refresh_from_db()
        assert held.lease_until is not None and held.lease_until > clock.now()

    held.refresh_from_db()
    last = held.lease_until
    time.sleep(0.3)
    held.refresh_from_db()
    assert held.lease_until == last


@pytest.mark.django_db(transaction=True)
def test_a_worker_given_up_does_not_renew_the_lease_of_its_successor() -> None:
    lease = timedelta(seconds=0.2)
    stale = run(S.RUNNING, age=SHORT, tries=1, lease_until=clock.now())
    JobRun.objects.filter(pk=stale.pk).update(tries=2)

    with heartbeat.beating(stale, lease=lease, longest=LONG):
        time.sleep(0.3)

    assert JobRun.objects.get(pk=stale.pk).lease_until == stale.lease_until


@pytest.mark.django_db(transaction=True)
class TestHungRun:
    LEASE = timedelta(seconds=0.3)

    def hung(self) -> JobRun:
        return run(S.RUNNING, age=9 * LONG, tries=1, lease_until=clock.now() + self.LEASE)

    def test_its_lease_lapses_after_the_longest_it_may_take_and_another_worker_gets_it(self) -> None:
        held = self.hung()

        with heartbeat.beating(held, lease=self.LEASE, longest=timedelta(seconds=0.2)):
            time.sleep(0.8)

            assert jobs.take_to_send(at=clock.now()) == [held]

    def test_a_worker_that_only_holds_such_runs_is_accused(self) -> None:
        held, waiting = self.hung(), run(S.SENT, age=9 * LONG)

        with heartbeat.beating(held, lease=self.LEASE, longest=timedelta(seconds=0.2)):
            time.sleep(0.8)

            assert watchdog.unheard_since(at=clock.now()) == waiting.created_at

    def test_one_that_tells_of_progress_is_not_hung(self) -> None:
        held = self.hung()

        with heartbeat.beating(held, lease=self.LEASE, longest=timedelta(seconds=1.5)):
            time.sleep(1)
            jobs.report_progress(held, done=1, total=2)
            time.sleep(0.9)
            JobRun.objects.filter(pk=held.pk).update(lease_until=clock.now())
            time.sleep(0.25)

            held.refresh_from_db()
            assert held.lease_until is not None and held.lease_until > clock.now()

    def test_a_job_is_held_no_longer_than_was_declared(self, monkeypatch: pytest.MonkeyPatch) -> None:
        left: list[bool] = []

        def hang(*, run: JobRun) -> None:
            time.sleep(0.8)
            left.append(JobRun.objects.filter(pk=run.pk, lease_until__gt=clock.now()).exists())

        monkeypatch.setattr(jobs, "LEASE", self.LEASE)
        for longest in (timedelta(seconds=0.2), timedelta(minutes=1)):
            monkeypatch.setitem(jobs.JOBS, "tests.print", jobs.Job("tests.print", "打印", hang, longest))
            jobs.perform(str(run(S.SENT, age=SHORT).pk))

        assert left == [False, True]
