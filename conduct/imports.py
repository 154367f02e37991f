"""Files handed in to be imported: kept between the preview and the word to go ahead, and shown with their faults."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from . import files, tables
from .audit import Actor
from .errors import Refused
from .tables import Fault

SALT = "conduct.imports"
HOURS = 2
MOST_SHOWN = 200


@dataclass(frozen=True)
class HandedIn:
    """A file with the token that recalls it for the same person."""

    name: str
    content: bytes
    token: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be imported.

    cells: (column, value) from left to right
    mark:  新增, 修改, 不变 …; problems empty when it is fine
    """

    number: int
    cells: Sequence[tuple[str, str]]
    mark: str = ""
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class Preview:
    """What an import would do; nothing has been saved. Only the first rows are shown, but all that are wrong."""

    columns: Sequence[str]
    rows: Sequence[PreviewRow]
    faults: Sequence[Fault] = field(default_factory=tuple)
    summary: str = ""
    token: str = ""

    @property
    def is_ready(self) -> bool:
        return not self.faults

    @property
    def shown(self) -> list[PreviewRow]:
        wrong = [row for row in self.rows if row.problems][:MOST_SHOWN]
        fine = [row for row in self.rows if not row.problems][: MOST_SHOWN - len(wrong)]
        return sorted([*wrong, *fine], key=lambda row: row.number)

    @property
    def hidden(self) -> int:
        return len(self.rows) - len(self.shown)

    @property
    def shown_faults(self) -> Sequence[Fault]:
        return self.faults[:MOST_SHOWN]


def preview(
    *,
    columns: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str], str]],
    faults: Sequence[Fault],
    summary: str,
    token: str = "",
) -> Preview:
    """Rows as (number, cells, mark), each with the faults that name it."""
    by_row: dict[int, list[str]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(
            f"{fault.column}：{fault.message}" if fault.column else fault.message
        )
    return Preview(
        columns=columns,
        rows=[
            PreviewRow(
                number,
                list(zip(columns, cells, strict=True)),
                "有误" if number in by_row else mark,
                by_row.get(number, ()),
            )
            for number, cells, mark in rows
        ],
        faults=faults,
        summary=summary,
        token=token,
    )


def take(*, upload: UploadedFile[Any], by: Actor) -> HandedIn:
    """Keep a file until its sender has looked at the preview.

    Raises: Refused when it is empty or too large
    """
    name = (upload.name or "文件")[-120:]
    if upload.size and upload.size > tables.MOST_BYTES:
        limit = tables.MOST_BYTES // tables.MEGABYTE
        raise Refused(
            f"“{name}”有 {upload.size / tables.MEGABYTE:.1f} MB，超过上限 {limit} MB。请分成几个文件导入。"
        )
    content = upload.read()
    tables.check_size(name=name, content=content)
    digest = files.keep_bytes(content).sha256
    token = signing.dumps({"file": digest, "name": name, "by": str(by.pk)}, salt=SALT)
    return HandedIn(name, content, token)


def recall(*, token: str, by: Actor) -> HandedIn:
    """The file behind a token.

    Raises: Refused when it is too old, someone else's, or no token at all
    """
    try:
        kept: Any = signing.loads(token, salt=SALT, max_age=HOURS * 3600)
        if kept["by"] != str(by.pk):
            raise signing.BadSignature
        content = files.read_bytes(kept["file"])
    except (signing.BadSignature, FileNotFoundError) as fault:
        raise Refused(f"预览已超过 {HOURS} 小时或已失效，没有导入。请重新上传文件。") from fault
    return HandedIn(kept["name"], content, token)
