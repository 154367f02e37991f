"""The ladder with a thousand matters due, its worker killed again and again: every step is made exactly once.

Six kills in `make test`; more when asked for (LADDER_KILLS=20).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from datetime import date, timedelta

import pytest

from conduct import clock, jobs
from conduct.audit import SystemActor
from conduct.calendar import seed
from conduct.clock import moment
from conduct.models import AuditEntry, JobRun, Message
from findings.models import Supervision
from findings.rules.ladder import Step
from tests.conftest import Crew, wait_until
from tests.factories.cast import AT, stand_up
from tests.factories.findings import Line
from tests.factories.supervisions import many_like

KILLS = int(os.environ.get("LADDER_KILLS", "6"))
MATTERS = 1000
PATIENCE = 8.0
# The third working day after the term of the line has ended.
PRESSED_AT = moment(date(2026, 3, 26)) + timedelta(hours=9)
S = Supervision.State
State = JobRun.State


def letters() -> int:
    return Supervision.objects.filter(step=Step.LETTER).count()


def press_on(run: JobRun) -> None:
    """What time alone would do: the dead worker's lease lapses, and what broke off too often is started again."""
    JobRun.objects.exclude(lease_until=None).update(lease_until=clock.now() - timedelta(seconds=1))
    JobRun.objects.filter(pk=run.pk).update(tries=0)


def wait_for_more(run: JobRun) -> None:
    """Until letters have been drafted that were not there; a message lost with a worker is sent again meanwhile."""
    before, pressed = letters(), time.monotonic()

    def has_more() -> bool:
        nonlocal pressed
        if time.monotonic() > pressed + PATIENCE:
            press_on(run)
            pressed = time.monotonic()
        return letters() > before

    wait_until(has_more, seconds=90)


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_each_step_is_made_once_however_often_the_worker_dies(crew: Crew) -> None:
    cast = stand_up()
    seed.ship(at=AT)
    many_like(Line(cast).received(), MATTERS)
    draw = random.Random(KILLS)
    run = jobs.start("faults.climb", by=SystemActor(), at=clock.now(), at_moment=PRESSED_AT.isoformat())
    crew.start_relay()
    workers, seen = [crew.start_worker(pool="solo") for _ in range(2)], []

    for _ in range(KILLS):
        wait_for_more(run)
        time.sleep(draw.uniform(0.0, 0.1))
        for worker in workers:
            crew.kill(worker)
        seen.append(letters())
        workers = [crew.start_worker(pool="solo")]
        press_on(run)
    wait_until(lambda: JobRun.objects.get(pk=run.pk).state == State.DONE, seconds=90)

    assert len(seen) == KILLS and seen[0] > 0 and seen[-1] < MATTERS, f"not killed in the middle: {seen}"
    made = Counter(Supervision.objects.values_list("step", "state"))
    assert made == {
        (Step.WARN, S.SKIPPED): MATTERS,
        (Step.DUE, S.SKIPPED): MATTERS,
        (Step.REMIND, S.SKIPPED): MATTERS,
        (Step.LETTER, S.DRAFTED): MATTERS,
    }
    told = Counter(
        AuditEntry.objects.filter(verb="findings.ladder_drafted").values_list("subject_id", flat=True)
    )
    assert (len(told), set(told.values())) == (MATTERS, {1})
    assert Message.objects.filter(kind="findings.ladder_drafted").count() == 1
