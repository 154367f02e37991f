"""Bring the database to what the code expects before anything serves: tables, and the demo city when wanted.

Runs as a process of its own so that the supervising one stays small.
"""

from __future__ import annotations

import io
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .audit import guards_missing

COLUMNS = (("username", "账号"), ("password", "口令"), ("role", "角色"), ("unit", "单位"))


def main() -> None:
    """Migrate when something is missing; fill an empty database with the demo unless DEMO=0."""
    django.setup()
    if not is_current():
        print("正在建立或更新数据库……", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if os.environ.get("DEMO", "1") != "0" and not get_user_model()._default_manager.exists():
        print("正在生成演示数据……", flush=True)
        printed = io.StringIO()
        call_command("demo", json=True, stdout=printed)
        print(table(json.loads(printed.getvalue())), flush=True)


def is_current() -> bool:
    """Every migration is applied and the audit guards stand, so migrate has nothing to do."""
    executor = MigrationExecutor(connection)
    wanted = executor.loader.graph.leaf_nodes()
    return not executor.migration_plan(wanted) and not guards_missing(connection)


def table(accounts: Iterable[Mapping[str, str]]) -> str:
    """The demo accounts as an aligned table for a terminal, where a Chinese character is two columns wide."""
    rows = [[title for _, title in COLUMNS]]
    rows += [[str(account.get(key, "")) for key, _ in COLUMNS] for account in accounts]
    widths = [max(_columns(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = [
        "  ".join(cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    note = "以上为演示账号，只在首次生成时列出；忘记口令可运行 .venv/bin/python manage.py changepassword 账号"
    return "\n".join(["", "演示账号", *(line.rstrip() for line in lines), note, ""])


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    main()
