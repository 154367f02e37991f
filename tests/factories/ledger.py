"""Workbooks and views of the ledger somebody has."""

from __future__ import annotations

from conduct import jobs
from conduct.models import JobRun
from findings.actions import ledger_exports, ledger_views
from findings.models import LedgerExport, LedgerView
from findings.rules.ledger import FULL
from people.models import User
from tests.factories.cast import AT


def asked_export(by: User, *, query: str = "", columns: tuple[str, ...] = FULL) -> LedgerExport:
    """An export asked for and not begun."""
    return ledger_exports.ask(
        title="问题台账", query_text=query, told="全部", columns=list(columns), by=by, at=AT
    )


def run_export(export: LedgerExport) -> JobRun:
    """The background work of an export, done."""
    run = jobs.runs_of(subject=export)[0]
    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.SENT)
    jobs.perform(str(run.pk))
    export.refresh_from_db()
    return jobs.runs_of(subject=export)[0]


def ready_export(by: User, *, query: str = "", columns: tuple[str, ...] = FULL) -> LedgerExport:
    """An export its owner can take away."""
    export = asked_export(by, query=query, columns=columns)
    run_export(export)
    return export


def saved_view(
    by: User, *, name: str = "我的视图", query: str = "state=open", **changes: object
) -> LedgerView:
    """A view somebody keeps."""
    given: dict[str, object] = {"columns": ["title", "unit", "light"], "is_shared": False} | changes
    return ledger_views.keep(name=name, query_text=query, by=by, at=AT, **given)  # type: ignore[arg-type]
