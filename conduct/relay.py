"""The relay: sends waiting jobs, opens due slots, sweeps runs whose worker has gone silent, seals the audit.

Any number of relays may run; rows decide who sends what.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error, close_old_connections

from . import broker, clock, jobs
from .audit import SystemActor
from .chain import anchoring, sealing

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
SLOT_SECONDS = 10.0
SEAL_SECONDS = 3.0


def step(*, with_slots: bool) -> int:
    """One round: returns how many runs were sent."""
    at = clock.now()
    if with_slots:
        jobs.open_slots(at=at, by=SystemActor())
    if broker.has_forgotten():
        jobs.send_again(at=at)
    sent = 0
    for run in jobs.take_to_send(at=at):
        try:
            jobs.ring(run)
            sent += 1
        except Exception as fault:  # whatever the broker's client raises, the row stays the truth
            log.warning("broker not reached: %s", type(fault).__name__)
            jobs.release(run)
    return sent


def seal() -> None:
    """Seal what is new in the audit; a chain that cannot be written is logged and never stops the jobs."""
    at = clock.now()
    try:
        sealing.keep_up(at=at)
        anchoring.cast_if_due(at=at)
    except Exception:
        log.exception("audit not sealed")


def relay_forever(stop: threading.Event) -> None:
    """Run until told to stop; a fault of one round is logged and the next round tries again."""
    rounds = 0
    slots, seals = int(SLOT_SECONDS / POLL_SECONDS), int(SEAL_SECONDS / POLL_SECONDS)
    while not stop.is_set():
        sent = 0
        try:
            close_old_connections()
            sent = step(with_slots=rounds % slots == 0)
            if rounds % seals == 0:
                seal()
        except Error:
            log.exception("relay round failed")
        rounds += 1
        if not sent:
            stop.wait(POLL_SECONDS)
