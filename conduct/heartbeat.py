"""While a worker works on a run, its lease is renewed; when the worker dies, the lease lapses in seconds."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, connection

from . import clock
from .models import JobRun

log = logging.getLogger(__name__)

BEATS_PER_LEASE = 4


@contextlib.contextmanager
def beating(run: JobRun, *, lease: timedelta) -> Iterator[None]:
    """Renew the lease of this try until the block ends.

    lease: what one beat is good for; beats come four times as often
    """
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, lease, stop), name=f"heartbeat {run.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=lease.total_seconds())


def _beat(run: JobRun, lease: timedelta, stop: threading.Event) -> None:
    try:
        while not stop.wait(lease.total_seconds() / BEATS_PER_LEASE):
            try:
                JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, tries=run.tries).update(
                    lease_until=clock.now() + lease
                )
            except DatabaseError:
                # The next beat may get through; if none does, the run is rightly given to another worker.
                log.warning("heartbeat of run %s missed", run.pk)
    finally:
        connection.close()
