"""Jobs on a real Redis with real workers, some of which die: every run is done, and done once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db import transaction

from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.models import AuditEntry, JobRun
from tests.conftest import Crew, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]
State = JobRun.State


def start(name: str = "faults.mark", **kwargs: object) -> JobRun:
    return jobs.start(name, by=SystemActor(), at=clock.now(), **kwargs)


def marks() -> list[str]:
    return list(AuditEntry.objects.filter(verb="faults.marked").values_list("subject_id", flat=True))


def let_leases_lapse() -> None:
    """What time alone would do in six minutes."""
    JobRun.objects.exclude(lease_until=None).update(lease_until=clock.now() - timedelta(seconds=1))


def all_done() -> bool:
    return not JobRun.objects.exclude(state=State.DONE).exists()


def test_two_relays_and_two_workers_do_every_run_once(crew: Crew) -> None:
    runs = {str(start().pk) for _ in range(60)}
    for _ in range(2):
        crew.start_relay()
        crew.start_worker()

    wait_until(all_done, seconds=60)

    assert sorted(marks()) == sorted(runs)


def test_a_run_of_a_transaction_rolled_back_is_never_done(crew: Crew) -> None:
    with transaction.atomic():
        start()
        transaction.set_rollback(True)
    kept = start()
    crew.start_relay()
    crew.start_worker()

    wait_until(all_done)

    assert marks() == [str(kept.pk)]


def test_a_run_whose_worker_was_killed_is_done_by_the_next(crew: Crew) -> None:
    run = start("faults.linger", seconds=60)
    crew.start_relay()
    doomed = crew.start_worker()
    wait_until(lambda: JobRun.objects.get(pk=run.pk).state == State.RUNNING)
    crew.kill(doomed)

    let_leases_lapse()
    crew.start_worker()
    wait_until(all_done)

    assert marks() == [str(run.pk)]


def test_runs_survive_a_redis_that_forgets_everything(crew: Crew) -> None:
    runs = {str(start().pk) for _ in range(10)}
    crew.start_relay()
    wait_until(lambda: not JobRun.objects.exclude(state=State.SENT).exists())
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushall()

    let_leases_lapse()
    crew.start_worker()
    wait_until(all_done)

    assert sorted(marks()) == sorted(runs)


def test_what_a_redis_forgot_is_sent_again_before_its_lease_lapses(crew: Crew) -> None:
    runs = {str(start().pk) for _ in range(10)}
    crew.start_relay()
    wait_until(lambda: not JobRun.objects.exclude(state=State.SENT).exists())
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushall()
    lapses = min(JobRun.objects.values_list("lease_until", flat=True))

    crew.start_worker()
    wait_until(all_done)

    assert sorted(marks()) == sorted(runs)
    assert clock.now() < lapses


@pytest.mark.parametrize(
    ("name", "words"),
    [("faults.refuse", "没有可汇总的数据。请先填报走访。"), ("faults.break", "ZeroDivisionError")],
)
def test_a_run_that_cannot_be_done_says_why(crew: Crew, name: str, words: str) -> None:
    run = start(name)
    crew.start_relay()
    crew.start_worker()

    # A program's fault is tried five times, fifteen seconds in all.
    wait_until(lambda: JobRun.objects.get(pk=run.pk).state == State.FAILED, seconds=90)

    assert words in JobRun.objects.get(pk=run.pk).problem
