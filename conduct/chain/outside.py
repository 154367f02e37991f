"""The anchors kept in the file outside the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings


class Unreadable(Exception):
    """A line of the anchor file is no anchor; the message is Chinese."""


def advice() -> str:
    """What may have happened to an anchor that the file should hold, and what to do."""
    if not settings.ANCHOR_FILE:
        return "现在没有设锚点文件。请把 ANCHOR_FILE 设回原来的文件再核验。"
    return (
        f"{settings.ANCHOR_FILE} 被删去、清空或改动，或者锚点文件换过地方。"
        "换过地方的，请把原文件各行并入这个文件再核验；原文件找不到的，用日志主机、审计员邮箱留存的锚点核对。"
    )


def lines() -> Iterator[dict[str, Any]]:
    """The anchors of the file, in the order in which they were written; none where no file is set.

    Raises: Unreadable for a line that is no anchor; a last line cut off by a power failure is passed over
    """
    path = Path(settings.ANCHOR_FILE) if settings.ANCHOR_FILE else None
    if path is None or not path.exists():
        return
    with path.open(encoding="utf-8") as source:
        for number, line in enumerate(source, start=1):
            try:
                anchor = json.loads(line)
                yield {key: anchor[key] for key in ("no", "at", "alg", "heads", "digest")}
            except (ValueError, KeyError, TypeError) as fault:
                if not line.endswith("\n"):
                    return
                raise Unreadable(f"锚点文件第{number}行读不出来：锚点文件被改动或损坏。") from fault
