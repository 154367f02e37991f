"""Background work as rows: started in the business transaction, sent by the relay, done once.

An action names a job by its string, so actions never import tasks. Delivered twice is done once,
because a run is claimed by a conditional UPDATE and every effect carries a unique key of its own.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from celery import current_app, shared_task
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, Model, Q, QuerySet

from . import clock, heartbeat, outages
from .audit import Actor
from .errors import Refused
from .models import JobRun

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # a living worker renews it all the while (conduct.heartbeat)
RESEND = timedelta(seconds=30)  # a run sent and not begun is sent again: the broker may have forgotten it
# No lease and no pause reaches further ahead; one that does was given by a clock that has been put back since.
FARTHEST = timedelta(minutes=5)
MOST_TRIES = 5
BATCH = 50
# So many sent and not yet begun at a time: a long queue waits as rows, where it is not sent again and again.
MOST_ON_THE_WAY = 200

Work = Callable[..., object]


@dataclass(frozen=True)
class Job:
    """A kind of background work: its name, its words for people, and the function that does it.

    longest: how long it may take without a sign of progress
    """

    name: str
    label: str
    work: Work
    longest: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Slot:
    """One period for which a periodic job is due; the pair (job, key) exists once."""

    job: str
    key: str
    kwargs: dict[str, Any]


JOBS: dict[str, Job] = {}
SCHEDULES: list[Callable[[datetime], Iterable[Slot]]] = []


def job(name: str, *, label: str, minutes: int = 5) -> Callable[[Work], Work]:
    """Declare the function that does a kind of work.

    The function takes `run` (the JobRun) and the ids it was started with, by keyword, and may be called again
    after a crash: its effects must be unique by key.

    minutes: the longest it may take; a run that gives no sign of progress for so long counts as hung, and is
             given to another worker
    """

    def declare(work: Work) -> Work:
        JOBS[name] = Job(name, label, work, timedelta(minutes=minutes))
        limit = minutes * 60
        shared_task(name=name, ignore_result=True, time_limit=limit, soft_time_limit=limit - 60)(_bell(name))
        return work

    return declare


def schedule(due: Callable[[datetime], Iterable[Slot]]) -> Callable[[datetime], Iterable[Slot]]:
    """Declare what periodic work is due at a moment; the relay asks every few seconds."""
    SCHEDULES.append(due)
    return due


def load_jobs() -> None:
    """Import the tasks room of every floor, so that each process knows the names."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.tasks"):
            import_module(f"{config.name}.tasks")


def start(
    name: str,
    *,
    by: Actor,
    at: datetime,
    subject: Model | None = None,
    slot: str | None = None,
    **kwargs: Any,
) -> JobRun:
    """Write down that work is to be done, in the caller's transaction; the relay sends it after commit.

    kwargs: ids only, as text or numbers: the broker and its logs see them
    Raises: LookupError for a name no floor declares, a fault of the caller
    """
    if name not in JOBS:
        raise LookupError(f"no background job is called {name!r}")
    return JobRun.objects.create(
        job=name,
        label=JOBS[name].label,
        kwargs=kwargs,
        slot=slot,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        started_by_id=str(by.pk or ""),
        started_by_name=str(by),
        created_at=at,
    )


def open_slots(*, at: datetime, by: Actor) -> int:
    """Open every periodic slot that is due and not yet open; returns how many were opened here."""
    opened = 0
    for due in SCHEDULES:
        for slot in due(at):
            if JobRun.objects.filter(job=slot.job, slot=slot.key).exists():
                continue
            try:
                with transaction.atomic():
                    start(slot.job, by=by, at=at, slot=slot.key, **slot.kwargs)
                opened += 1
            except IntegrityError:
                continue  # another scheduler was faster
    return opened


def take_to_send(*, at: datetime) -> list[JobRun]:
    """Lease the runs that should be sent now: new ones, those whose worker has gone silent or was never reached."""
    waited = Q(ready_at__isnull=True) | Q(ready_at__lte=at) | Q(ready_at__gt=at + FARTHEST)
    lapsed = Q(lease_until__lt=at) | Q(lease_until__gt=at + FARTHEST)
    ready = (Q(state=JobRun.State.WAITING) & waited) | (
        Q(state__in=[JobRun.State.SENT, JobRun.State.RUNNING]) & lapsed
    )
    with transaction.atomic():
        rows = JobRun.objects.filter(ready).order_by("created_at")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        found = list(rows[: min(BATCH, _room(at=at))])
        worn_out = [run.pk for run in found if run.tries >= MOST_TRIES and run.state == JobRun.State.RUNNING]
        fresh = [run for run in found if run.pk not in worn_out]
        _give_up(JobRun.objects.filter(pk__in=worn_out), at=at)
        chosen = JobRun.objects.filter(pk__in=[run.pk for run in fresh])
        chosen.filter(state=JobRun.State.RUNNING).update(ready_at=at)
        chosen.update(state=JobRun.State.SENT, lease_until=at + RESEND)
    return fresh


def _give_up(worn_out: QuerySet[JobRun], *, at: datetime) -> None:
    """Leave to people what broke off as often as it was tried."""
    told = f"办理中断了{MOST_TRIES}次，已停止自动重试。请查明原因后点“重新办理”。"
    worn_out.update(state=JobRun.State.FAILED, finished_at=at, lease_until=None, problem=told)


def _room(*, at: datetime) -> int:
    """How many more may be sent now, beside those that are on their way to a worker."""
    on_the_way = JobRun.objects.filter(state=JobRun.State.SENT, lease_until__range=(at, at + FARTHEST))
    return max(0, MOST_ON_THE_WAY - on_the_way.count())


def is_room_used_up(*, at: datetime) -> bool:
    """Whether so many were sent lately that others rightly wait.

    Rows about to be sent again and those just begun count too, for the relay needs a moment to fill the room anew.
    Short of a batch it is used up still; a batch alone, which the broker may be refusing just now, is far less.
    """
    lately = at - RESEND
    sent = Q(state=JobRun.State.SENT, lease_until__range=(lately, at + FARTHEST)) | Q(started_at__gt=lately)
    return JobRun.objects.filter(sent).count() >= MOST_ON_THE_WAY - BATCH


def ring(run: JobRun) -> None:
    """Tell a worker about a leased run."""
    current_app.tasks[run.job].apply_async(kwargs={"run_id": str(run.pk)}, task_id=str(run.pk))


def release(run: JobRun) -> None:
    """Put a run back when the broker could not be reached."""
    JobRun.objects.filter(pk=run.pk, state=JobRun.State.SENT).update(
        state=JobRun.State.WAITING, lease_until=None
    )


def perform(run_id: str) -> None:
    """Claim one run, do its work, and keep the outcome where its people can read it."""
    at = clock.now()
    claimed = JobRun.objects.filter(pk=run_id, state=JobRun.State.SENT).update(
        state=JobRun.State.RUNNING, started_at=at, lease_until=at + LEASE, problem="", tries=F("tries") + 1
    )
    if not claimed:
        return
    run = JobRun.objects.get(pk=run_id)
    try:
        declared = JOBS[run.job]
        with heartbeat.beating(run, lease=LEASE, longest=declared.longest):
            declared.work(run=run, **run.kwargs)
    except Refused as refusal:
        _leave(run, state=JobRun.State.FAILED, problem=str(refusal))
    except Exception as fault:
        log.exception("job %s run %s failed", run.job, run.pk)
        _meet_fault(run, fault)
    else:
        _leave(run, state=JobRun.State.DONE)


def _meet_fault(run: JobRun, fault: Exception) -> None:
    """Try again a little later, and after the last try leave the run to people."""
    if run.tries >= MOST_TRIES:
        told = (
            f"程序出错（{_told(fault)}），试了{run.tries}次仍未办成。请联系系统管理员；修复后可点“重新办理”。"
        )
        _leave(run, state=JobRun.State.FAILED, problem=told)
        return
    # What the machine lacks comes back in minutes, what a program lacks does not: ask it again soon, then stop.
    is_of_machine = isinstance(fault, OSError | OperationalError)
    seconds = 5 * 3 ** (run.tries - 1) if is_of_machine else 2 ** (run.tries - 1)
    told = f"第{run.tries}次没有办成（{_told(fault)}），{seconds}秒后自动重试。"
    _leave(run, state=JobRun.State.WAITING, problem=told, ready_at=clock.now() + timedelta(seconds=seconds))


def _leave(run: JobRun, *, state: str, problem: str = "", ready_at: datetime | None = None) -> None:
    """Write the outcome of this try; a try that lost its lease meanwhile has none to write."""
    is_over = state in (JobRun.State.DONE, JobRun.State.FAILED)
    JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, tries=run.tries).update(
        state=state,
        problem=problem,
        ready_at=ready_at,
        lease_until=None,
        finished_at=clock.now() if is_over else None,
    )


def _told(fault: Exception) -> str:
    """A fault for the page: the system administrator reads it, so a value out of somebody's matter stays out.

    What the machine says (disk full, no connection) is told; of other faults only their kind and place.
    """
    if outages.of(fault) is outages.DISK_FULL:
        return "磁盘已满"
    if isinstance(fault, OSError | OperationalError):
        return f"{type(fault).__name__}：{fault}"
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"，{Path(frames[-1].filename).name} 第 {frames[-1].lineno} 行" if frames else ""
    return f"{type(fault).__name__}{place}"


def report_progress(run: JobRun, *, done: int, total: int, note: str = "") -> None:
    """Let the page show how far the work is, and renew the lease of this try."""
    heartbeat.progressed(run)
    JobRun.objects.filter(pk=run.pk, tries=run.tries).update(
        done_units=done, total_units=total, note=note, lease_until=clock.now() + LEASE
    )


def retry(*, run: JobRun, at: datetime) -> None:
    """Start a failed run again, with all its tries.

    Raises: Refused when it is not a failed one
    """
    again = JobRun.objects.filter(pk=run.pk, state=JobRun.State.FAILED).update(
        state=JobRun.State.WAITING,
        tries=0,
        ready_at=at,
        lease_until=None,
        finished_at=None,
        done_units=0,
        total_units=0,
    )
    if not again:
        raise Refused("这项任务不在“未办成”状态，无需重新办理。请刷新页面。")


def send_again(*, at: datetime) -> int:
    """Let every run that was sent and not begun be sent again: the broker has lost it. Told twice is done once."""
    return JobRun.objects.filter(state=JobRun.State.SENT, lease_until__gte=at).update(
        lease_until=at - timedelta(seconds=1)
    )


def reclaim_all() -> int:
    """Put back every run that was under way. Only for the embedded start, whose own broker died with it.

    A run that was under way each time may be what kills the process: after the last try it is left to people.
    """
    at, broken_off = clock.now(), JobRun.objects.filter(state=JobRun.State.RUNNING)
    _give_up(broken_off.filter(tries__gte=MOST_TRIES), at=at)
    broken_off.update(ready_at=at)
    return JobRun.objects.filter(state__in=[JobRun.State.SENT, JobRun.State.RUNNING]).update(
        state=JobRun.State.WAITING, lease_until=None
    )


def is_under_way(name: str, *, by: Actor | None = None) -> bool:
    """Whether a run of the job waits, is sent or is being done. by: only those this person started"""
    runs = JobRun.objects.filter(
        job=name, state__in=[JobRun.State.WAITING, JobRun.State.SENT, JobRun.State.RUNNING]
    )
    return (runs if by is None else runs.filter(started_by_id=str(by.pk))).exists()


def runs_of(*, subject: Model, limit: int = 5) -> list[JobRun]:
    """The latest runs about one row, newest first."""
    return list(
        JobRun.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by(
            "-created_at"
        )[:limit]
    )


def _bell(name: str) -> Callable[..., None]:
    def hear(run_id: str) -> None:
        perform(run_id)

    hear.__name__ = name.replace(".", "_")
    return hear
