"""What of the register belongs on somebody's desk: leaders still to be recorded, and periods that have ended."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accountability.models import Measure
from conduct import clock
from conduct.dates import cn_date
from findings.queries.waiting import Item
from people import access
from people.models import User
from people.roles import Permission

TOLD_FOR = timedelta(days=14)
MOST = 20


def for_user(user: User, *, today: date) -> list[Item]:
    """For a clerk of the office; nobody else has anything to do here."""
    if not access.holds(user, Permission.MEASURE_RECORD):
        return []
    return [*_leaders(user), *_ended(user, today)]


def _leaders(user: User) -> list[Item]:
    """Findings on which leaders are to answer and nothing against one is recorded."""
    leaders = Measure.objects.in_force().filter(level__in=Measure.LEADERS)
    rows = (
        Measure.objects.in_force()
        .filter(access.within(user, Permission.MEASURE_RECORD, path_field="finding__unit__path"))
        .filter(
            ~Exists(leaders.filter(finding=OuterRef("finding"))),
            ~Exists(leaders.filter(finding=OuterRef("finding__merged_into"))),
            leader_side=Measure.LeaderSide.HELD,
        )
        .select_related("finding__unit", "finding__merged_into__unit")
        .order_by("recorded_at", "pk")
    )
    # Where several answer for one finding, it is one thing to do; facts that were made one are one finding.
    about = {(row.finding.merged_into or row.finding) for row in rows[:MOST]}
    return [
        Item(
            verb="登记对领导的处理",
            title=finding.title,
            unit=finding.unit.name,
            url=reverse("accountability:of_finding", args=[finding.pk]),
        )
        for finding in sorted(about, key=lambda finding: (finding.raised_at, finding.pk))
    ]


def _ended(user: User, today: date) -> list[Item]:
    """Periods ended in the last two weeks."""
    since, _ = clock.day_bounds(today - TOLD_FOR, today)
    rows = Measure.objects.visible_to(user).filter(state=Measure.State.ENDED, ended_at__gte=since)
    return [
        Item(
            verb="知悉影响期满",
            title=f"{row.kind.name}（{row.who}）",
            unit=row.finding.unit.name,
            url=reverse("accountability:detail", args=[row.pk]),
            note=f"{cn_date(row.effect_last_on)}届满" if row.effect_last_on else "",
        )
        for row in rows.select_related("kind", "unit", "finding__unit").order_by("-ended_at", "pk")[:MOST]
    ]
