"""The product's settings for a test process: a data folder of its own, nothing of the person's environment.

TEST_DATABASE_URL and TEST_REDIS_URL, set by tests.run, choose the engine and the broker; the product's own
DATABASE_URL and REDIS_URL are not looked at, so tests never reach a server that happens to run.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="conduct-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

for _name in ("DATABASE_URL", "REDIS_URL", "EMBEDDED", "DEBUG", "ALLOWED_HOSTS", "EVIDENCE_ROOT", "FONT_DIR"):
    os.environ.pop(_name, None)
for _name in ("DATABASE_URL", "REDIS_URL"):
    if f"TEST_{_name}" in os.environ:
        os.environ[_name] = os.environ[f"TEST_{_name}"]
_OUTSIDE = ("ANCHOR_", "CHAIN_", "EMAIL_", "SITE_", "WECOM_", "DINGTALK_")
for _name in [name for name in os.environ if name.startswith(_OUTSIDE)]:
    os.environ.pop(_name)
# An anchor file outlives the tables a test empties; tests of anchors name one of their own.
for _name in [
    name for name in os.environ if name.startswith(("PASSWORD_", "IDLE_", "ADMIN_IDLE_", "SITTING_"))
]:
    os.environ.pop(_name)
# With a broker the product would ask everybody for a code; tests that speak of codes say so.
os.environ.update(SECOND_FACTOR="offered", BEHIND_PROXY="0", SECRET_KEY_FALLBACKS="")
os.environ.update(DATA_DIR=_folder, HTTPS="0", ANCHOR_FILE="")
os.environ["SECRET_KEY"] = "9f2c-Kq7x_TdWm4Rz8vLpY3sHb6NgJ1uEa5oCiXk0QwZyBtM-tests"

from conduct.settings import *  # noqa: E402, F403
from conduct.settings import DATA_DIR, DATABASES, INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
(DATA_DIR / "static").mkdir()  # WhiteNoise warns when it is missing
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, because threads of one test share it; no test needs to survive power loss.
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    _options = _database["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
# A thread of a test ends without closing what it opened.
_database["CONN_MAX_AGE"] = 0
