from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conduct import clock
from conduct.chain import exporting


class Command(BaseCommand):
    help = "把审计记录、封存、锚点和校验值导出到一个空目录，供审计员用 verify_audit.py 在别处核验。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", help="空目录，不存在时新建")
        parser.add_argument("--files", action="store_true", help="连同证据原件一起导出")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        try:
            counts = exporting.export(folder, at=clock.now(), with_files=options["files"])
        except FileExistsError as fault:
            raise CommandError(f"目录“{folder}”不是空的。请换一个空目录，以免新旧数据混在一起。") from fault
        except OSError as fault:
            raise CommandError(f"写不进目录“{folder}”（{fault.strerror}）。请检查权限和磁盘空间。") from fault
        self.stdout.write(
            f"已导出审计记录 {counts['changes']} 条、查阅记录 {counts['reads']} 条。"
            f"核验：python3 -I {folder}/verify_audit.py {folder}"
        )
