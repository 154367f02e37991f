"""While the database is away every page says so, in words and with what to do, and never shows a fault of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import services

ROOT = Path(__file__).resolve().parent.parent.parent
ASK = """
import json, django
django.setup()
from django.test import Client
told = {}
for who, method, address in (
    ("signed in", "get", "/"), ("signed in", "get", "/findings/"), ("nobody", "post", "/login/"),
    ("nobody", "get", "/healthz"), ("nobody", "get", "/readyz"),
):
    client = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1")
    if who == "signed in":
        client.cookies["sitting"] = "x" * 32
    answer = getattr(client, method)(address, {"username": "a", "password": "b"})
    told[f"{method} {address}"] = (answer.status_code, answer.content.decode())
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What the house answers on a machine where nobody listens at the database's address."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")} | {
        "DJANGO_SETTINGS_MODULE": "conduct.settings",
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{services.free_port()}/away",
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DEBUG": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, tuple[int, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("asked", ["get /", "get /findings/", "post /login/"])
def test_a_page_says_that_the_database_is_away_and_what_to_do(
    told: dict[str, tuple[int, str]], asked: str
) -> None:
    status, page = told[asked]

    assert status == 503
    assert "数据库暂时连不上" in page and "请过一分钟返回上一页重新提交" in page
    assert "Traceback" not in page and "OperationalError" not in page


def test_the_house_is_alive_but_not_ready(told: dict[str, tuple[int, str]]) -> None:
    assert told["get /healthz"][0] == 200
    assert told["get /readyz"][0] == 503
