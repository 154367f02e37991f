from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from conduct.search import index


class Command(BaseCommand):
    help = "重建搜索：把检查、问题、答复和文书的文字重新读入搜索库；可在使用中运行，中断后重新运行即可。"

    def handle(self, *args: Any, **options: Any) -> None:
        if index.is_empty():
            self.stdout.write(f"搜索库已建立，共 {index.fill()} 条。")
        else:
            self.stdout.write(f"搜索库已核对，更正 {index.rebuild()} 条。")
