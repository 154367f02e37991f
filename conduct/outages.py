"""What the machine lacks, in words for whoever asked it for something: room on the disk, or its database."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What SQLite says of a disk without room; a write the system cut short reads as a fault of the disk.
NO_ROOM_WORDS = ("database or disk is full", "disk I/O error")
NO_ROOM_STATE = "53100"  # PostgreSQL: disk_full


@dataclass(frozen=True)
class Outage:
    """What to answer and to say."""

    status: int
    head: str
    message: str


DISK_FULL = Outage(
    507,
    "存储空间不足，没有保存",
    "服务器的磁盘已满，这次提交没有保存，此前保存的内容不受影响。请通知系统管理员清理磁盘，然后返回上一页重新提交。",
)
DATABASE_AWAY = Outage(
    503,
    "数据库暂时连不上",
    "这次操作没有完成。请过一分钟返回上一页重新提交；仍然不行，请联系系统管理员。",
)


def of(fault: BaseException | None) -> Outage | None:
    """What the machine lacked when it raised this; None when the fault is another."""
    chain = list(_chain(fault))
    if any(_is_no_room(link) for link in chain):
        return DISK_FULL
    if any(isinstance(link, OperationalError | InterfaceError) for link in chain):
        return DATABASE_AWAY
    return None


def _is_no_room(fault: BaseException) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in NO_ROOM
    if isinstance(fault, OperationalError):
        return any(words in str(fault) for words in NO_ROOM_WORDS)
    return getattr(fault, "pgcode", None) == NO_ROOM_STATE


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """The fault and what it came from."""
    while fault is not None:
        yield fault
        fault = fault.__cause__
