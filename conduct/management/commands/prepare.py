from __future__ import annotations

import io
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conduct.guards import guards_missing
from conduct.search import index

COLUMNS = (("username", "账号"), ("password", "口令"), ("role", "角色"), ("unit", "单位"))
NOTE = "以上为演示账号，只在首次生成时列出；忘记口令可运行：.venv/bin/python manage.py changepassword 账号"


class Command(BaseCommand):
    help = "启动之前：目录和数据库缺什么补什么；空库且未设 DEMO=0 时生成演示数据并列出账号。"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if not is_current():
            self.say("正在建立或更新数据库……")
            call_command("migrate", interactive=False, verbosity=0)
            if index.is_empty():
                index.fill()
        if os.environ.get("DEMO", "1") != "0" and not get_user_model()._default_manager.exists():
            self.say("正在生成演示数据……")
            printed = io.StringIO()
            call_command("demo", json=True, stdout=printed)
            self.say(table(json.loads(printed.getvalue())))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def is_current() -> bool:
    """Every migration is applied and the audit guards stand, so migrate has nothing to do."""
    executor = MigrationExecutor(connection)
    wanted = executor.loader.graph.leaf_nodes()
    return not executor.migration_plan(wanted) and not guards_missing(connection)


def table(accounts: Iterable[Mapping[str, str]]) -> str:
    """The demo accounts aligned for a terminal, where a Chinese character is two columns wide."""
    rows = [[title for _, title in COLUMNS]]
    rows += [[str(account.get(key, "")) for key, _ in COLUMNS] for account in accounts]
    widths = [max(columns(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = [
        "  ".join(cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(["", "演示账号", *(line.rstrip() for line in lines), NOTE, ""])


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
