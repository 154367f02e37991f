"""Every change of state in the house goes through carry_out(); birth in a later state through born()."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model

from . import audit
from .errors import MovedMeanwhile, NotFromHere, Refused
from .models import AuditEntry
from .search import filling

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Move:
    """One step of a lifecycle: the table of them feeds check, buttons, tests and diagram.

    name:         English verb, unique within its table
    permission:   what people.access is asked
    label:        the button, a verb with its object
    needs_reason: the person must say why
    second_person: who may not also be the one who did the step before, in words for the diagram
    apart:        parts in the matter that keep a person from this step, each with the words it is refused in
    danger:       sends back, refuses or ends; the page asks in the same dialog
    """

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: str
    needs_reason: bool = False
    second_person: str = ""
    danger: bool = False
    apart: tuple[tuple[str, str], ...] = ()


MOVED = "这条记录刚被别人办理过，请刷新页面看最新情况后再办。"


def carry_out(
    row: Model,
    move: Move,
    *,
    by: audit.Actor,
    at: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Move one row on, and write its history. Call inside a transaction.

    row:     a saved model with text field `state` and whole-number field `version`
    reason:  why, in the words of the person; required where the move says so
    changes: further columns to set in the same UPDATE
    Raises:  NotFromHere, MovedMeanwhile, Refused without a reason (nothing has been written);
             RuntimeError outside a transaction, a fault of the caller
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{move.name}: a move and its history need one transaction")
    before = row.state  # type: ignore[attr-defined]
    require_from(row, move)
    reason = reason.strip()
    if move.needs_reason and not reason:
        raise Refused(f"{move.label}须写明理由，请填写后再提交。")
    changed = (
        type(row)
        ._base_manager.filter(pk=row.pk, state=before, version=row.version)  # type: ignore[attr-defined]
        .update(state=move.target, version=F("version") + 1, **changes)
    )
    if changed != 1:
        raise MovedMeanwhile(MOVED)
    row.state = move.target  # type: ignore[attr-defined]
    row.version += 1  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
    audit.record(
        at=at,
        by=by,
        verb=f"{row._meta.app_label}.{move.name}",
        label=move.label,
        subject=row,
        before=before,
        after=move.target,
        reason=reason,
        details=details,
    )
    filling.changed(row)


def revise(
    row: Model,
    *,
    expected: int,
    by: audit.Actor,
    at: datetime,
    verb: str,
    label: str,
    reason: str = "",
    **changes: Any,
) -> None:
    """Change columns without changing the state, refusing to overwrite what someone else saved meanwhile.

    expected: the `version` the person had on the screen
    reason:   why, in the words of the person, where the step has one
    Raises:   MovedMeanwhile when another save came first (nothing has been written)
    """
    changed = (
        type(row)
        ._base_manager.filter(pk=row.pk, version=expected)
        .update(version=F("version") + 1, **changes)
    )
    if changed != 1:
        raise MovedMeanwhile("这条记录在您填写期间被别人改过。您填的内容仍在页面上，请核对最新内容后再保存。")
    row.version = expected + 1  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
    audit.record(
        at=at,
        by=by,
        verb=f"{row._meta.app_label}.{verb}",
        label=label,
        subject=row,
        reason=reason,
        details={"fields": sorted(changes)},
    )
    filling.changed(row)


def born(row: Row, *, state: str, by: audit.Actor, at: datetime, label: str, reason: str = "") -> Row:
    """Save a new row in the state it starts from, with its first line of history.

    Imported and demonstration rows may start in a later state; the history says so in `reason`.
    """
    row.state = state  # type: ignore[attr-defined]
    row.save(force_insert=True)
    audit.record(
        at=at,
        by=by,
        verb=f"{row._meta.app_label}.born_{row._meta.model_name}",
        label=label,
        subject=row,
        after=state,
        reason=reason,
    )
    filling.changed(row)
    return row


def born_together(rows: Sequence[Row], *, told: Sequence[AuditEntry]) -> None:
    """Save many new rows at once, each in the state it carries, with the lines of history that tell of them.

    Raises: RuntimeError outside a transaction, a fault of the caller
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("rows and their history need one transaction")
    if rows:
        type(rows[0])._base_manager.bulk_create(rows)
    audit.record_all(told)
    for row in rows:
        filling.changed(row)


def require_from(row: Model, move: Move) -> None:
    """Refuse a move that does not start from the row's state; for what is to be done before carry_out().

    Raises: NotFromHere
    """
    if row.state not in move.sources:  # type: ignore[attr-defined]
        raise NotFromHere(f"当前状态是“{_label(row)}”，不能{move.label}。请刷新页面看最新情况。")


def open_moves(row: Model, table: Iterable[Move]) -> list[Move]:
    """The moves of the table that start from the row's state."""
    return [move for move in table if row.state in move.sources]  # type: ignore[attr-defined]


def _label(row: Model) -> str:
    return str(row.get_state_display())  # type: ignore[attr-defined]
