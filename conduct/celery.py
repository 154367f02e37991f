"""The Celery application: started by the worker processes only, imported by nothing below the roof."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conduct.settings")

app = Celery("conduct")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The relay thread rings from another thread than the one that made the app.
app.set_default()


@worker_ready.connect
def _be_watched(**_: object) -> None:
    """A worker that hears no bell any more ends itself (conduct.watchdog)."""
    from . import watchdog  # models load only once the worker has set Django up

    watchdog.start(who="worker")
