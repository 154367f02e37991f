from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conduct import clock
from conduct.errors import Refused
from findings.actions import history
from findings.queries import history as reading
from findings.queries.history import Preview
from people import access
from people.models import Unit, User
from people.roles import Permission


class Command(BaseCommand):
    help = "历史补录：导入一个已结束的检查批次（JSON、XLSX 或 CSV），逐行核对，有错则全部不录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只核对，不补录")
        parser.add_argument("--office", metavar="CODE", help="组织单位代码，默认为最上级单位")
        parser.add_argument("--by", metavar="账号", help="由谁补录，默认为该单位第一位有权限的经办")
        parser.add_argument("--title", help="批次名称（仅用于表格文件，默认为文件名）")
        parser.add_argument("--method", default="明察", help="检查方式（仅用于表格文件，默认明察）")

    def handle(self, *args: Any, file: Path, dry_run: bool, office: str | None, **options: Any) -> None:
        try:
            self._import(file, dry_run=dry_run, office=office, **options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as fault:
            raise CommandError(f"读不到文件“{file}”：{fault.strerror}。请核对路径。") from fault

    def _import(
        self, file: Path, *, dry_run: bool, office: str | None, title: str | None, method: str, **options: Any
    ) -> None:
        at = clock.now()
        content = file.read_bytes()
        unit = _office(office)
        source, troubles = reading.read(
            name=file.name, content=content, title=title or file.stem, method=method, today=clock.day_of(at)
        )
        preview = reading.preview(source=source, troubles=troubles, office=unit)
        self._tell(preview)
        import_key = hashlib.sha256(content).hexdigest()
        if dry_run:
            history.refuse_again(import_key)
            return
        campaign = history.import_visits(
            preview=preview, import_key=import_key, office=unit, by=_person(options["by"], unit), at=at
        )
        self.stdout.write(f"已补录“{campaign.title}”：{preview.problems} 起问题，涉及 {preview.persons} 人。")

    def _tell(self, preview: Preview) -> None:
        for trouble in preview.troubles:
            self.stdout.write(f"第 {trouble.row} 行：{trouble.text}" if trouble.row else trouble.text)
        if preview.troubles:
            raise CommandError(f"有 {len(preview.troubles)} 处要改，没有补录任何内容。请改好后重新导入。")
        rows = len(preview.entries)
        self.stdout.write(f"核对无误：{rows} 行，{preview.problems} 起问题，涉及 {preview.persons} 人。")


def _office(code: str | None) -> Unit:
    found = list(Unit.objects.filter(code=code) if code else Unit.objects.filter(parent=None)[:2])
    if code and not found:
        raise CommandError(f"没有代码为“{code}”的单位。请先导入单位，或核对代码。")
    if not found:
        raise CommandError("还没有单位。请先用 import_units 导入单位。")
    if len(found) > 1:
        raise CommandError("最上级单位不止一个，请用 --office 单位代码 指明由哪个单位组织。")
    return found[0]


def _person(username: str | None, office: Unit) -> User:
    able = access.holders(permission=Permission.HISTORY_IMPORT, unit=office, day=clock.day_of(clock.now()))
    person = able.filter(username=username).first() if username else able.first()
    if person is None:
        who = f"账号“{username}”" if username else f"{office}"
        raise CommandError(f"{who}没有可以补录历史的经办。请先开通经办账号并授予岗位，或用 --by 指明账号。")
    return person
