"""The product as a small office runs it on a copy of the stock, plus the one table of the floor view."""

from __future__ import annotations

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench"]

EVIDENCE_ROOT = Path(os.environ["BENCH_FOLDER"]) / "evidence"
MEDIA_ROOT = Path(os.environ["BENCH_FOLDER"]) / "media"

# Durability as in service: a measurement of filing must pay for it.
_options = DATABASES["default"].get("OPTIONS", {})
if "init_command" in _options:
    _options["init_command"] = _options["init_command"].replace("synchronous=OFF", "synchronous=FULL")
DATABASES["default"]["CONN_MAX_AGE"] = 60
