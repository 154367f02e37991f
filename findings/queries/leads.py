"""Marks of the lead channel, for those who work it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from conduct import sealing
from conduct.verifying import Checked, Step
from findings.models import Finding, LeadEntry, LeadMark
from findings.rules import lead_book
from people.access import Asker

PURPOSE = "findings-lead"
UNREADABLE = "（内容无法解封，请联系系统管理员核对密钥。）"


@dataclass(frozen=True, slots=True)
class Shown:
    """A mark opened for reading."""

    row: LeadMark
    basis: str


def context_of(row: LeadMark) -> str:
    """What the sealed words belong to."""
    return f"{row.pk} {row.finding_id}"


def of(user: Asker, finding: Finding) -> Shown | None:
    """The mark on a finding, if there is one the person may read."""
    rows = LeadMark.objects.visible_to(user).select_related("marked_by")
    row = rows.filter(finding=finding).first()
    return _opened(row) if row else None


def listed(user: Asker) -> QuerySet[LeadMark]:
    """All marks the person may read."""
    return LeadMark.objects.visible_to(user).select_related("finding__unit", "marked_by")


def check(*, at: datetime, on_step: Step) -> Checked:
    """Whether the channel's own audit holds together; says neither how much there is, nor of what."""
    broken = lead_book.first_broken(_lines())
    fault = f"问题线索留痕第{broken}条被改动，或其前一条缺失。" if broken else ""
    return Checked("核对问题线索留痕", fault)


def _lines() -> Iterator[lead_book.Line]:
    names = list(lead_book.Line.__dataclass_fields__)
    for values in LeadEntry.objects.order_by("seq").values_list(*names).iterator():
        yield lead_book.Line(*values)


def _opened(row: LeadMark) -> Shown:
    try:
        plain = sealing.unseal(bytes(row.basis_sealed), alg=row.alg, purpose=PURPOSE, context=context_of(row))
    except sealing.Unreadable:
        return Shown(row, UNREADABLE)
    return Shown(row, plain.decode())
