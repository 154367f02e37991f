"""The worker of an office without Redis: relay and Celery worker as threads of one process.

The broker lives in this process's memory, so both must be here; what is lost with it is only the bell,
the job rows are in the database.
"""

from __future__ import annotations

import os
import signal
import threading
import warnings

import django
from celery.exceptions import SecurityWarning

from .celery import app


def relay(stop: threading.Event) -> None:
    """Send waiting jobs until told to stop; a relay that fails takes the process down, to be started anew."""
    from .relay import relay_forever  # models load only after django.setup()

    try:
        relay_forever(stop)
    finally:
        if not stop.is_set():
            os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve jobs until SIGTERM, then finish those in hand."""
    # Whoever starts the office as root on a PC of its own has said so; the advice is for servers, and in English.
    warnings.simplefilter("ignore", SecurityWarning)
    django.setup()
    from . import jobs, watchdog

    jobs.reclaim_all()
    watchdog.start(who="relay")
    stop = threading.Event()
    thread = threading.Thread(target=relay, args=(stop,), name="relay", daemon=True)
    thread.start()
    try:
        app.worker_main(
            ["--quiet", "worker", "--pool=threads", "--concurrency=2", "--loglevel=warning"]
            + ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        )
    finally:
        stop.set()
        thread.join(timeout=5)


if __name__ == "__main__":
    main()
