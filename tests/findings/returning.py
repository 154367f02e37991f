"""Matters returned as not the unit's own, at each step, for the tests of transfers and of their pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from findings.actions import transfers
from findings.models import Finding, TransferRequest
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, routes

REASON = "按三定方案，大厅由审批局管理。"
LATER = AT + timedelta(days=1)


def ask(line: Line, finding: Finding | None = None, **changes: Any) -> TransferRequest:
    finding = finding or line.received()
    options: dict[str, Any] = {"reason": REASON, "suggested": "西区", "by": line.cast.east_head, "at": AT}
    request = transfers.ask(finding=again(finding), **options | changes)
    return fresh(request)


def fresh(request: TransferRequest) -> TransferRequest:
    rows = TransferRequest.objects.select_related("unit", "notice", "finding__unit", "finding__notice")
    return rows.get(pk=request.pk)


def grant(request: TransferRequest, cast: Cast, **changes: Any) -> Any:
    options: dict[str, Any] = {
        "unit": cast.west,
        "route": routes()["limited"],
        "requirement": "立即整改，落实顶岗安排。",
        "contact": "督查一科 0000-1234567",
        "reason": "该大厅由西区管理。",
        "by": cast.clerk,
        "at": LATER,
    }
    return transfers.grant(request=request, **options | changes)


def decline(request: TransferRequest, cast: Cast, **changes: Any) -> Any:
    options: dict[str, Any] = {"reason": "大厅日常管理在东区。", "by": cast.clerk, "at": LATER}
    return transfers.decline(request=request, **options | changes)


def withdraw(request: TransferRequest, cast: Cast, **changes: Any) -> Any:
    return transfers.withdraw(request=request, **{"by": cast.east_head, "at": LATER} | changes)
