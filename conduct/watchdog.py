"""Measures work, not life: a worker or relay that answers and does nothing ends itself, to be started anew.

A process can look alive to whoever asks it and yet have lost its broker (celery 8091, 10205). So what is looked
at is how long the oldest job has waited while nobody did anything.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import Q

from . import clock, heartbeat, jobs
from .models import WAITING_SINCE, JobRun

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=120)
LOOK_SECONDS = 15.0
GRACE_SECONDS = 20.0
# As long as most jobs may take. What takes longer is cut and begun anew, or nobody would do the rest meanwhile.
LONGEST_GRACE_SECONDS = 300.0
CLOSE_LOOK_SECONDS = 1.0


def unsent_since(*, at: datetime) -> datetime | None:
    """Since when a run waits to be sent although it could be; None when none waits too long."""
    row = _waits_longest(JobRun.State.WAITING, at=at)
    return row.waiting_since if row and not jobs.is_room_used_up(at=at) else None


def unheard_since(*, at: datetime) -> datetime | None:
    """Since when a sent run waits while no worker does, or lately began or ended, anything; None when all is well."""
    row = _waits_longest(JobRun.State.SENT, at=at)
    if row is None:
        return None
    is_working = Q(state=JobRun.State.RUNNING, lease_until__gt=at)
    has_lately = Q(started_at__gt=at - PATIENCE) | Q(finished_at__gt=at - PATIENCE)
    return None if JobRun.objects.filter(is_working | has_lately).exists() else row.waiting_since


def _waits_longest(state: str, *, at: datetime) -> JobRun | None:
    """The run in this state that has waited longest; None when none waits beyond all patience."""
    runs = JobRun.objects.filter(state=state).alias(since=WAITING_SINCE)
    return runs.filter(since__lt=at - PATIENCE).order_by("since").first()


def watch(stop: threading.Event, *, who: str) -> None:
    """Look every few seconds; end the process when its work has stood still for two minutes.

    who: "relay" or "worker"
    """
    stalled_since = {"relay": unsent_since, "worker": unheard_since}[who]
    begun = clock.now()
    while not stop.wait(LOOK_SECONDS):
        try:
            at = clock.now()
            # A process just started has had no chance yet to do what waited before it.
            since = stalled_since(at=at) if at - begun > PATIENCE else None
        except DatabaseError:
            since = None  # without the database nobody can work: starting anew would not help
        finally:
            connection.close()
        if since:
            log.error("%s stands still: the oldest job waits since %s; starting anew", who, since.isoformat())
            end(stop)
            return


def end(stop: threading.Event) -> None:
    """Ask the process to stop, and cut it when it does not; the runs in its own hand are given time to end.

    Nobody need set the event: a process that stops in time takes this thread along.
    """
    os.kill(os.getpid(), signal.SIGTERM)
    now = time.monotonic()
    cut, latest = now + GRACE_SECONDS, now + LONGEST_GRACE_SECONDS
    while now < min(cut, latest):
        if stop.wait(CLOSE_LOOK_SECONDS):
            return
        now = time.monotonic()
        if heartbeat.is_any_in_hand():
            cut = now + GRACE_SECONDS
    os._exit(1)  # it does not even hear that it should stop


def start(*, who: str) -> threading.Event:
    """Watch in a thread of this process; the event stops it."""
    stop = threading.Event()
    threading.Thread(target=watch, args=(stop,), kwargs={"who": who}, name="watchdog", daemon=True).start()
    return stop
