"""The product's settings, with two more doors for the phones and passwords that cost nothing."""

from __future__ import annotations

from tests.faults.settings import *  # noqa: F403

ROOT_URLCONF = "tests.faults.chaos.urls"
DOORS = "tests.faults.chaos.policy.DOORS"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nobody looks at a page here, so its pictures need not be gathered.
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
