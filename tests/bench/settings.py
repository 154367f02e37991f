"""The product as a small office runs it, plus the one table of the floor view."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench"]

# Durability as in service: a measurement of filing must pay for it.
_options = DATABASES["default"].get("OPTIONS", {})
if "init_command" in _options:
    _options["init_command"] = _options["init_command"].replace("synchronous=OFF", "synchronous=FULL")
else:
    DATABASES["default"]["CONN_MAX_AGE"] = None
