from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accountability.queries import catalogue
from accountability.rules.effect import Effect, Term, effect, fault
from conduct.dates import plain_date

NONE = "无"


class Command(BaseCommand):
    help = "处理措施影响期的首日和末日：effect_period D-WARN 2026-03-02（留党察看另加 --probation 12）。没有的写“无”。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="措施编码，如 D-WARN")
        parser.add_argument("date", metavar="DATE", help="作出决定的日期，如 2026-03-02")
        parser.add_argument("--probation", type=int, metavar="M", help="察看期（月），留党察看必填")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            on = date.fromisoformat(options["date"])
        except ValueError as problem:
            raise CommandError(f"“{options['date']}”不是日期，请写成 2026-03-02 的样子。") from problem
        terms = self._terms()
        if options["code"] not in terms:
            raise CommandError(f"目录中没有编码“{options['code']}”。可用的编码：{'、'.join(terms)}。")
        term, probation = terms[options["code"]], options["probation"]
        if wrong := fault(term, probation=probation):
            raise CommandError(wrong)
        self._tell(_effect(term, on, probation))

    def _terms(self) -> dict[str, Term]:
        try:
            if terms := catalogue.terms():
                return terms
        except DatabaseError:
            pass
        self.stderr.write("数据库尚未建立，按随系统提供的目录计算。")
        return catalogue.shipped_terms()

    def _tell(self, found: Effect) -> None:
        if found.first and found.last:
            told = f"{plain_date(found.first)}至{plain_date(found.last)}"
            self.stdout.write(f"{found.first.isoformat()}  {found.last.isoformat()}  {told}")
        else:
            self.stdout.write(NONE)
        self.stderr.write(found.how)


def _effect(term: Term, on: date, probation: int | None) -> Effect:
    try:
        return effect(term, on=on, probation=probation)
    except (OverflowError, ValueError) as problem:
        raise CommandError("影响期超出日历范围，请核对日期。") from problem
