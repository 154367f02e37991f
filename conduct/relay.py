"""The relay: sends waiting jobs, opens due slots, sweeps runs whose worker has gone silent.

Any number of relays may run; rows decide who sends what.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error, close_old_connections

from . import clock, jobs
from .audit import SystemActor

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
SLOT_SECONDS = 10.0


def step(*, with_slots: bool) -> int:
    """One round: returns how many runs were sent."""
    at = clock.now()
    if with_slots:
        jobs.open_slots(at=at, by=SystemActor())
    sent = 0
    for run in jobs.take_to_send(at=at):
        try:
            jobs.ring(run)
            sent += 1
        except Exception as fault:  # whatever the broker's client raises, the row stays the truth
            log.warning("broker not reached: %s", type(fault).__name__)
            jobs.release(run)
    return sent


def relay_forever(stop: threading.Event) -> None:
    """Run until told to stop; a fault of one round is logged and the next round tries again."""
    rounds = 0
    every = int(SLOT_SECONDS / POLL_SECONDS)
    while not stop.is_set():
        sent = 0
        try:
            close_old_connections()
            sent = step(with_slots=rounds % every == 0)
        except Error:
            log.exception("relay round failed")
        rounds += 1
        if not sent:
            stop.wait(POLL_SECONDS)
