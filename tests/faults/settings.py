"""The product's settings for worker processes of a test, which know the test jobs as well."""

from __future__ import annotations

from conduct.settings import *  # noqa: F403
from conduct.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
