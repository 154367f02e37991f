"""A deployment that would not be safe does not start, and says in one sentence what to mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DATABASE_URL": "postgres://conduct@localhost/conduct",
    "REDIS_URL": "redis://localhost/0",
    "ALLOWED_HOSTS": "conduct.example",
    "SECRET_KEY": "".join(chr(97 + number * 7 % 26) for number in range(60)) + "23456789",
}
OLD = GOOD["SECRET_KEY"][::-1]
SMALL = {"DATABASE_URL": "-", "REDIS_URL": "-", "SECRET_KEY": "-", "ALLOWED_HOSTS": "-"}
ASKED = """
import json
from django.conf import settings
names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG",
         "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT",
         "MESSAGE_STORAGE"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def start(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, as a server does when it starts."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    there = {**kept, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "conduct.settings", **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=ROOT,
        env={name: value for name, value in there.items() if value != "-"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sound_deployment_starts_with_cookies_of_this_host_alone(tmp_path: Path) -> None:
    done = start(tmp_path)

    found = json.loads(done.stdout)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-") and found["CSRF_COOKIE_NAME"].startswith(
        "__Host-"
    )
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SECURE_SSL_REDIRECT"]
    # What a __Host- cookie must be: no domain, the whole path.
    assert (found["SESSION_COOKIE_DOMAIN"], found["SESSION_COOKIE_PATH"]) == (None, "/")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    # Messages travel in the sitting; a cookie of their own would bear no __Host-.
    assert found["MESSAGE_STORAGE"].endswith("SessionStorage")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "-"}, "SECRET_KEY 没有设置"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY 没有设置，或者太短"),
        ({"SECRET_KEY": "a" * 80}, "太简单"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "是示例里的"),
        ({"SECRET_KEY": "Change-Me-" + GOOD["SECRET_KEY"]}, "是示例里的"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS 中第1个"),
        ({"SECRET_KEY_FALLBACKS": f"{OLD},change-me-{OLD}"}, "SECRET_KEY_FALLBACKS 中第2个"),
        ({"DEBUG": "1"}, "不能打开 DEBUG"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS 不能写成“*”"),
        ({"ALLOWED_HOSTS": "conduct.example,*"}, "ALLOWED_HOSTS 不能写成“*”"),
        ({"SECOND_FACTOR": "maybe"}, "SECOND_FACTOR 只能是"),
    ],
)
def test_an_unsafe_deployment_does_not_start(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    done = start(tmp_path, **changes)

    assert done.returncode != 0
    assert sentence in done.stderr


def test_a_small_office_makes_its_own_key_and_lets_no_wild_host_in(tmp_path: Path) -> None:
    assert start(tmp_path, **SMALL).returncode == 0
    assert len((tmp_path / "secret_key").read_text()) >= 50
    assert "不能写成“*”" in start(tmp_path, **{**SMALL, "ALLOWED_HOSTS": "*"}).stderr


@pytest.mark.parametrize(
    "changes", [{"SECRET_KEY": ""}, {"SECRET_KEY_FALLBACKS": ""}, {"SECRET_KEY_FALLBACKS": OLD}]
)
def test_what_is_left_empty_or_is_strong_stops_no_small_office(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    assert start(tmp_path, **{**SMALL, **changes}).returncode == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY 太短、太简单，或是示例里的"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY 太短、太简单，或是示例里的"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "SECRET_KEY 太短、太简单，或是示例里的"),
        ({"SECRET_KEY_FALLBACKS": "change-me"}, "SECRET_KEY_FALLBACKS 中第1个"),
    ],
)
def test_a_small_office_that_gives_a_weak_key_does_not_start_either(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    done = start(tmp_path, **{**SMALL, **changes})

    assert done.returncode != 0
    assert sentence in done.stderr
    assert not (tmp_path / "secret_key").exists() or "SECRET_KEY" not in changes
