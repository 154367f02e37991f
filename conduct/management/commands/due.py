from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from conduct.calendar import book, rules, seed
from conduct.dates import cn_date

MOST = 10_000


class Command(BaseCommand):
    help = "期限的最后一日：due 2026-02-13 --working-days 5（或 --days 15、--months 1）。起算日不计入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", metavar="DATE", help="起算日，如 2026-02-13")
        term = parser.add_mutually_exclusive_group(required=True)
        term.add_argument("--working-days", type=int, metavar="N", help="工作日")
        term.add_argument("--days", type=int, metavar="N", help="日历日，遇休息日顺延")
        term.add_argument("--months", type=int, metavar="N", help="月，遇休息日顺延")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            start = date.fromisoformat(options["date"])
        except ValueError as fault:
            raise CommandError(f"“{options['date']}”不是日期，请写成 2026-02-13 的样子。") from fault
        try:
            table = book.load()
        except DatabaseError:
            self.stderr.write("数据库尚未建立，按随系统提供的放假安排计算。")
            table = seed.shipped_book()
        due = _due(start, options, table)
        mark = "" if not due.is_estimate else "  估算：有年份的放假安排尚未录入，按周一至周五计算"
        self.stdout.write(f"{due.day.isoformat()}  {cn_date(due.day)}{mark}")


def _due(start: date, options: dict[str, Any], table: rules.WorkCalendar) -> rules.Due:
    number = next(options[term] for term in ("working_days", "days", "months") if options[term] is not None)
    if not 1 <= number <= MOST:
        raise CommandError(f"期限应在 1 到 {MOST} 之间，现在是 {number}。")
    try:
        if options["working_days"] is not None:
            return rules.after_working_days(start=start, working_days=number, book=table)
        if options["days"] is not None:
            return rules.after_calendar_days(start=start, days=number, book=table)
        return rules.after_months(start=start, months=number, book=table)
    except (OverflowError, ValueError) as fault:
        raise CommandError("期限超出日历范围，请核对起算日。") from fault
