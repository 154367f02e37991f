from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conduct import clock
from conduct.audit import SystemActor
from conduct.errors import Refused
from inspections.actions import rule_lists
from inspections.queries import rule_files


class Command(BaseCommand):
    help = "录入规定清单原文（XLSX、CSV 或 JSON）：逐行核对，有一行不对全部不录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只核对，不录入")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            found = rule_files.read(name=path.name, content=path.read_bytes())
            for fault in found.faults:
                self.stderr.write(str(fault))
            if found.faults:
                raise CommandError(f"有{len(found.faults)}处要改，没有录入任何内容。")
            if options["dry_run"]:
                self.stdout.write(f"核对无误，共{len(found.articles)}条。")
                return
            taken = rule_lists.take_in(file=found, by=SystemActor(), at=clock.now())
        except OSError as fault:
            raise CommandError(f"打不开文件“{path.name}”：{fault.strerror}。") from fault
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for row in taken:
            self.stdout.write(f"已录入{row.name}（第{row.version}版），{row.items.count()}条。")
