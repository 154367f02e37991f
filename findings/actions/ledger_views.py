"""Naming a list, and dropping the name again."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import audit
from conduct.errors import Refused
from findings.models import LedgerView
from findings.queries import ledger_views as query
from people import access
from people.models import User
from people.roles import Permission

MOST = 30
LONGEST_QUERY = 2000


def keep(
    *, name: str, query_text: str, columns: list[str], is_shared: bool, by: User, at: datetime
) -> LedgerView:
    """Keep the filters and columns of a list under a name.

    Raises: Forbidden; Refused for a name the person has used, and beyond thirty views
    """
    access.require(by, Permission.FINDING_VIEW)
    if query.own(by).count() >= MOST:
        raise Refused(f"您已保存 {MOST} 个视图，请先删除不用的再保存。")
    if len(query_text) > LONGEST_QUERY:
        raise Refused("筛选条件过长，不能保存。请去掉一些条件再保存。")
    view = LedgerView(
        owner=by,
        name=name,
        query=query.plain(query_text),
        columns=columns,
        is_shared=is_shared,
        made_at=at,
    )
    try:
        with transaction.atomic():
            view.save(force_insert=True)
            audit.record(at=at, by=by, verb="findings.ledger_view_kept", label="保存台账视图", subject=by)
    except IntegrityError as fault:
        raise Refused(f"您已有名为“{name}”的视图。请换一个名称，或先删除原来的。") from fault
    return view


@transaction.atomic
def drop(*, view: LedgerView, by: User, at: datetime) -> None:
    """Drop one's own view; the link to it opens nothing any more.

    Raises: Forbidden
    """
    access.require(by, Permission.FINDING_VIEW)
    LedgerView.objects.filter(pk=view.pk, owner=by).delete()
    audit.record(at=at, by=by, verb="findings.ledger_view_dropped", label="删除台账视图", subject=by)
