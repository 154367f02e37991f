from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conduct import clock
from conduct.audit import SystemActor
from conduct.errors import Refused
from people.actions import unit_import


class Command(BaseCommand):
    help = "导入单位（XLSX、CSV 或 JSON）；有一处错误就全部不导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不保存")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            plan = unit_import.plan(lines=unit_import.read(name=path.name, content=path.read_bytes()))
            if plan.faults:
                raise CommandError("\n".join(["没有导入，请改正后重试：", *map(str, plan.faults)]))
            self.stdout.write(plan.summary)
            if options["dry_run"]:
                self.stdout.write("检查通过，没有保存。")
                return
            changed = unit_import.carry_out(plan=plan, by=SystemActor(), at=clock.now())
        except OSError as fault:
            raise CommandError(f"文件打不开：{path}（{fault.strerror}）") from fault
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已导入：新增或修改了 {changed} 个单位。")
