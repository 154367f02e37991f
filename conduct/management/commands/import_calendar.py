from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from conduct import clock, following
from conduct.audit import SystemActor
from conduct.calendar import book, changes
from conduct.calendar.drafts import YearDraft
from conduct.errors import Refused


class Command(BaseCommand):
    help = "导入节假日安排（XLSX、CSV 或 JSON）；有一处错误就全部不导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不保存")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            years, faults = book.read(name=path.name, content=path.read_bytes())
            if faults:
                raise CommandError("\n".join(["没有导入，请改正后重试：", *map(str, faults)]))
            for draft in years:
                off = sum(1 for kind, _ in draft.days.values() if kind == "off")
                self.stdout.write(f"{draft.year} 年：放假 {off} 天，调休上班 {len(draft.days) - off} 天")
            if options["dry_run"]:
                self.stdout.write("检查通过，没有保存。")
                return
            self._save(years)
        except OSError as fault:
            raise CommandError(f"文件打不开：{path}（{fault.strerror}）") from fault
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已导入 {len(years)} 个年份。")

    @transaction.atomic
    def _save(self, years: list[YearDraft]) -> None:
        by, at = SystemActor(), clock.now()
        if change := changes.save(years=years, by=by, at=at):
            following.announce(change=change, by=by, at=at)
