"""Jobs to break: each leaves one audit row a time its work is done, so doubled work shows."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from conduct import clock, jobs, moves
from conduct.audit import SystemActor, record
from conduct.celery import app
from conduct.errors import Refused
from conduct.models import AuditEntry, JobRun, Office
from findings.actions import ladder, pressing
from findings.queries import ladder as ladder_queries
from inspections.models import Visit

TELL = "faults.tell"
TOLD = "faults.told"
NAIVE_FILED = "naive.filed"
NAIVE_TOLD = "naive.told"


@jobs.job("faults.mark", label="试办任务")
def mark(*, run: JobRun) -> None:
    """Leave a mark."""
    record(at=clock.now(), by=SystemActor(), verb="faults.marked", subject=run)


@jobs.job("faults.linger", label="试办耗时任务")
def linger(*, run: JobRun, seconds: float) -> None:
    """Take a while the first time, none when it is done again, then leave a mark."""
    if run.tries == 1:
        time.sleep(seconds)
    record(at=clock.now(), by=SystemActor(), verb="faults.marked", subject=run)


@jobs.job("faults.refuse", label="试办被拒任务")
def refuse(*, run: JobRun) -> None:
    """Say no, as the house says it."""
    raise Refused("没有可汇总的数据。请先填报走访。")


@jobs.job("faults.break", label="试办出错任务")
def fall(*, run: JobRun) -> None:
    """Fail as a program fails."""
    raise ZeroDivisionError("除数为零")


@jobs.job(TELL, label="试办告知")
def tell(*, run: JobRun, visit_id: str) -> None:
    """Tell of a visit, once: two tries of one run wait for each other, and the second sees what the first did."""
    with transaction.atomic():
        JobRun.objects.select_for_update().get(pk=run.pk)
        visit = Visit.objects.get(pk=visit_id)
        if not AuditEntry.objects.filter(verb=TOLD, subject_id=str(visit.pk)).exists():
            record(at=clock.now(), by=SystemActor(), verb=TOLD, subject=visit)


@jobs.job("faults.climb", label="试办督办")
def climb(*, run: JobRun, at_moment: str) -> None:
    """The ladder of a moment in small batches, slow enough to be killed inside and between them."""
    at, born = datetime.fromisoformat(at_moment), moves.born_together
    ladder_queries.BATCH = 10

    def born_slowly(rows: list[Model], **told: Any) -> None:
        born(rows, **told)
        time.sleep(0.02)

    moves.born_together = born_slowly  # type: ignore[assignment]
    try:
        ladder.climb(at=at, on_step=lambda done: time.sleep(0.45))
    finally:
        moves.born_together = born
    pressing.tell(at=at)


@shared_task(name="naive.tell", acks_late=False, ignore_result=True)
def tell_naively(key: str) -> None:
    """The control: acknowledged before it is done, done as often as it is heard."""
    time.sleep(0.3)  # as long as a mail takes to be sent
    note_naively(NAIVE_TOLD, key)


def note_naively(verb: str, key: str) -> None:
    """The control: one more row, whether there is one with this key or not."""
    record(at=clock.now(), by=SystemActor(), verb=verb, subject=Office.objects.get(), details={"key": key})


def publish_naively(key: str) -> None:
    """The control: to the broker after commit; without a broker, to a thread of the web process."""
    if settings.REDIS_URL:
        app.send_task("naive.tell", (key,))
    else:
        threading.Thread(target=_tell_later, args=(key,)).start()


def _tell_later(key: str) -> None:
    time.sleep(0.3)
    try:
        tell_naively(key)
    finally:
        connection.close()
