"""Whether what is about to be signed for is really there."""

from __future__ import annotations

from conduct import files
from conduct.models import StoredFile
from findings.models import Rectification


def gone(report: Rectification) -> list[str]:
    """Names of the report's files whose original is no longer on the disk as it was taken in."""
    rows = report.files.select_related("file").order_by("added_at", "pk")
    return [row.file.original_name for row in rows if not _is_there(row.file)]


def objection(report: Rectification) -> str:
    """Why the report cannot be signed with what is left of its files; empty when all are there."""
    names = gone(report)
    if not names:
        return ""
    return (
        f"佐证材料“{'”“'.join(names)}”在服务器上找不到了，报告还没有签字提交，已写的内容都在。"
        "请移出这些材料并重新上传，再签字；同时请告知系统管理员核验证据存储。"
    )


def _is_there(file: StoredFile) -> bool:
    path = files.original_path(file)
    return path.exists() and path.stat().st_size == file.size
