"""The findings a bulletin met: kept with it, and looked at once more before it is signed."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from conduct import clock
from conduct.calendar import book as calendar
from conduct.errors import Refused
from findings.models import Finding, Objection
from findings.queries import naming
from reports.figures import scope
from reports.gather.cases import Gathered
from reports.models import Bulletin, MetFinding

CHANGED = (Objection.State.UPHELD, Objection.State.PARTLY)
AGAIN = "请先“重新取数”，核对后再签发。"


def note(*, bulletin: Bulletin, gathered: Gathered) -> None:
    """Keep which findings are printed and which are left out. Call in the transaction that freezes the facts."""
    bulletin.met.all().delete()
    printed = [
        MetFinding(bulletin=bulletin, finding=finding, place=place)
        for place, finding in enumerate(gathered.printed, start=1)
    ]
    left_out = [
        MetFinding(
            bulletin=bulletin,
            finding=finding,
            left_out_for=bar.why,
            left_out_until=bar.until,
            is_estimate=bar.is_estimate,
        )
        for finding, bar in gathered.left_out
    ]
    MetFinding.objects.bulk_create([*printed, *left_out])


def require_printable(*, bulletin: Bulletin, at: datetime) -> None:
    """Refuse to sign what an objection has overtaken since the facts were frozen. Call inside the transaction.

    Raises: Refused
    """
    printed = Finding.objects.filter(pk__in=bulletin.met.filter(place__isnull=False).values("finding"))
    if connection.features.has_select_for_update:
        # Whoever decides an objection to one of them waits until the paper is signed, and then finds it issued.
        list(printed.order_by("pk").select_for_update().values_list("pk", flat=True))
    waiting = naming.barred(printed, today=clock.day_of(at), book=calendar.load())
    if title := waiting.order_by("pk").values_list("title", flat=True).first():
        raise Refused(f"刊载的“{title}”涉及人员，单位的异议期限未过或者异议正在办理，不能印发。{AGAIN}")
    if printed.filter(taken_over_at__gt=bulletin.gathered_at).exists():
        raise Refused(f"取数以后，刊载的问题有的改派了责任单位。{AGAIN}")
    counted = Finding.objects.filter(
        scope.of_office(bulletin.office).over("unit__path"),
        visited_on__range=(bulletin.period_from, bulletin.period_to),
    )
    decided = Objection.objects.filter(
        finding__in=counted, state__in=CHANGED, decided_at__gt=bulletin.gathered_at
    )
    if decided.exists():
        raise Refused(f"取数以后，有单位的异议成立或者部分成立，数据和刊载的问题已有变化。{AGAIN}")
