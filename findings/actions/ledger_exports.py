"""Asking for a workbook of the ledger, making it in the background, and letting it go again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from conduct import audit, clock, files, jobs, sheets
from conduct.errors import Refused
from conduct.sheets import Head
from findings.models import LedgerExport
from findings.queries import ledger_exports as query
from findings.queries.filters import Wish
from findings.rules.ledger import BY_KEY
from people import access
from people.models import User
from people.roles import Permission

JOB = "findings.export_ledger"
KEPT_FOR = timedelta(days=3)
UNDER_WAY = "上一份台账还在生成，请等它完成后再导出。"
SEES_LESS = "您的查看范围在导出后有变动，这份文件不能再下载。请重新导出。"
GONE = "这份文件已过保留期，已经删除。请重新导出。"


@transaction.atomic
def ask(
    *, title: str, query_text: str, told: str, columns: list[str], by: User, at: datetime
) -> LedgerExport:
    """Ask for a workbook of the list as the person sees it.

    query_text, told: the filters, as the address has them and in words
    Raises:           Forbidden; Refused while an earlier one is being made
    """
    access.require(by, Permission.FINDING_VIEW)
    if jobs.is_under_way(JOB, by=by):
        raise Refused(UNDER_WAY)
    export = LedgerExport.objects.create(
        owner=by, title=title, query=query_text, told=told[:300], columns=columns, asked_at=at
    )
    audit.record(at=at, by=by, verb="findings.ledger_export_asked", label="要求导出台账", subject=by)
    jobs.start(JOB, by=by, at=at, subject=export, export_id=str(export.pk))
    return export


def make(
    *, export: LedgerExport, wish: Wish, order: str, at: datetime, on_step: Callable[[int, int], None]
) -> LedgerExport:
    """Write the workbook its owner sees today; one that is ready stays as it is.

    Raises: Refused when the owner sees no findings any more, or there are too many
    """
    if export.ready_at is not None:
        return export
    owner, today = export.owner, clock.day_of(at)
    if not access.holds(owner, Permission.FINDING_VIEW):
        raise Refused("您已没有查看问题的岗位，没有导出。")
    total = query.count(user=owner, wish=wish, order=order, today=today)
    if total > query.MOST_ROWS:
        raise Refused(f"共 {total:,} 个问题，一张表放不下。请先筛选（如按年度、单位）再导出。")
    lines = query.lines(
        user=owner, wish=wish, order=order, columns=export.columns, today=today, on_step=on_step, total=total
    )
    heads = [
        Head(column.label, column.width, column.kind) for column in map(BY_KEY.__getitem__, export.columns)
    ]
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media, prefix="export-") as folder:
        path = Path(folder) / "ledger.xlsx"
        export.rows = sheets.write_book(path, title=export.title, heads=heads, lines=lines, made_at=at)
        with path.open("rb") as book:
            kept = files.keep_bytes(book)
    export.sha256, export.size, export.reach = kept.sha256, kept.size, query.reach_of(owner)
    export.ready_at, export.expires_at = at, at + KEPT_FOR
    export.save(update_fields=["rows", "sha256", "size", "reach", "ready_at", "expires_at"])
    return export


def check_to_hand_out(*, export: LedgerExport, by: User, at: datetime) -> None:
    """Refuse what is not there, not there any more, or would tell more than the person now sees.

    Raises: Refused
    """
    if export.ready_at is None:
        raise Refused("文件还没有生成，请等进度走完再下载。")
    if not query.is_there(export, at=at) or not files.made_path(export.sha256).exists():
        raise Refused(GONE)
    if query.reach_of(by) != export.reach:
        raise Refused(SEES_LESS)


def drop_expired(*, at: datetime) -> int:
    """Take the files out whose days are over; returns how many."""
    dropped = 0
    for export in query.expired(at=at):
        if (
            not LedgerExport.objects.filter(sha256=export.sha256, dropped_at=None)
            .exclude(pk=export.pk)
            .exists()
        ):
            files.made_path(export.sha256).unlink(missing_ok=True)
        dropped += LedgerExport.objects.filter(pk=export.pk, dropped_at=None).update(dropped_at=at)
    return dropped
