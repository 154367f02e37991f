from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from conduct import rollups


class Command(BaseCommand):
    help = "重算统计表：逐条重新计数检查和问题，一次完成或完全不变；可在使用中运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"统计表已重算，共 {rollups.rebuild_all()} 格。")
