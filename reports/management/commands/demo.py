from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conduct import clock, rollups
from conduct.env import env
from conduct.management.commands import prepare
from conduct.models import Office
from conduct.search import index
from findings.models import Finding
from people.models import Unit, User
from reports.demo import play, scale


class Command(BaseCommand):
    help = "生成演示城市：单位、各角色账号、各种状态的批次、检查、问题和通报；--scale N 另加 N 个问题。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=0, metavar="N", help="另外批量生成 N 个问题")
        parser.add_argument("--json", action="store_true", help="只输出账号清单（JSON）")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_where_people_work()
        if options["scale"] < 0:
            raise CommandError("--scale 应为不小于 0 的整数。")
        at = clock.now()
        city = play.perform(at=at, password=env.str("DEMO_PASSWORD", default=""))
        if options["scale"]:
            scale.enlarge(city=city, findings=options["scale"], at=at)
        rollups.fold_all()
        index.fill()
        accounts = [asdict(account) for account in city.accounts]
        if options["json"]:
            self.stdout.write(json.dumps(accounts, ensure_ascii=False))
        else:
            self.stdout.write(prepare.table(accounts))


def refuse_where_people_work() -> None:
    """Refuse a database somebody uses, and a production server unless it is empty.

    Raises: CommandError
    """
    if Office.objects.exists() or Finding.objects.exists() or Unit.objects.exists() or User.objects.exists():
        where = "" if settings.EMBEDDED else "（生产环境）"
        raise CommandError(f"数据库{where}里已有单位或业务数据，不能生成演示数据。请另建一个空库再运行。")
