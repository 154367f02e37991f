from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from conduct import (
    celery,  # noqa: F401  the relay rings through this application
    watchdog,
)
from conduct.relay import relay_forever


class Command(BaseCommand):
    help = "派发等待中的后台任务，打开到期的定期任务，重派中断的任务。"

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        watchdog.start(who="relay")
        relay_forever(stop)
