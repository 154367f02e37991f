"""The Celery application: started by the worker processes only, imported by nothing below the roof."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conduct.settings")

app = Celery("conduct")
app.config_from_object("django.conf:settings", namespace="CELERY")
# The relay thread rings from another thread than the one that made the app.
app.set_default()
