"""While a worker works on a run, its lease is renewed; when the worker dies or hangs, the lease lapses."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, connection

from . import clock
from .models import JobRun

log = logging.getLogger(__name__)

BEATS_PER_LEASE = 4


class Hold:
    """What this process has in hand: one try of a run, for so long as the job says it may take at most."""

    def __init__(self, longest: timedelta) -> None:
        self.longest = longest.total_seconds()
        self.renew()

    def renew(self) -> None:
        self.until = time.monotonic() + self.longest

    def is_over(self) -> bool:
        return time.monotonic() > self.until


# By run and try: a try that hangs may share this process with the next try of the same run.
HELD: dict[tuple[UUID, int], Hold] = {}


@contextlib.contextmanager
def beating(run: JobRun, *, lease: timedelta, longest: timedelta) -> Iterator[None]:
    """Renew the lease of this try until the block ends or hangs.

    lease:   what one beat is good for; beats come four times as often
    longest: no beat after so long without a sign of progress; among threads nothing else ends a hung run
    """
    stop = threading.Event()
    hold = HELD[run.pk, run.tries] = Hold(longest)
    thread = threading.Thread(
        target=_beat, args=(run, lease, hold, stop), name=f"heartbeat {run.pk}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        del HELD[run.pk, run.tries]
        stop.set()
        thread.join(timeout=lease.total_seconds())


def progressed(run: JobRun) -> None:
    """Take note that this try gets on: from now it may take its longest time again."""
    if hold := HELD.get((run.pk, run.tries)):
        hold.renew()


def is_any_in_hand() -> bool:
    """Whether this process works on a run that does not hang."""
    return any(not hold.is_over() for hold in list(HELD.values()))


def _beat(run: JobRun, lease: timedelta, hold: Hold, stop: threading.Event) -> None:
    try:
        while not stop.wait(lease.total_seconds() / BEATS_PER_LEASE):
            if hold.is_over():
                log.error(
                    "run %s of %s takes longer than it may; its lease is left to lapse", run.pk, run.job
                )
                return
            try:
                JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, tries=run.tries).update(
                    lease_until=clock.now() + lease
                )
            except DatabaseError:
                # The next beat may get through; if none does, the run is rightly given to another worker.
                log.warning("heartbeat of run %s missed", run.pk)
    finally:
        connection.close()
