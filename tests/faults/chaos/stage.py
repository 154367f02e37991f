"""Set the scene in an empty database: the cast, one campaign under way, and as many units as there are submissions.

python -m tests.faults.chaos.stage 1000    prints {"campaign": ..., "day": ..., "units": [...]}
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django


def main(count: int) -> None:
    """Build the tables and fill them."""
    django.setup()
    from django.core.management import call_command

    from conduct import clock
    from inspections.actions import campaigns
    from inspections.actions.campaigns import UnitPlan
    from people import tree
    from people.models import Unit
    from tests.factories import cast as people
    from tests.factories.inspections import plan_for

    call_command("migrate", interactive=False, verbosity=0)
    cast = people.stand_up()
    at = clock.now()
    Unit.objects.bulk_create(
        Unit(
            name=f"第{number}窗口",
            parent=cast.west,
            path=tree.child_path(parent=cast.west.path, number=number),
            code=f"W{number}",
        )
        for number in range(1, count + 1)
    )
    units = list(Unit.objects.filter(parent=cast.west).order_by("path"))
    day = clock.day_of(at)
    plan = plan_for(
        cast,
        starts_on=day - timedelta(days=1),
        ends_on=day + timedelta(days=2),
        units=[UnitPlan(unit) for unit in units],
    )
    campaign = campaigns.draft(plan=plan, by=cast.clerk, at=at)
    campaigns.submit(campaign=campaign, by=cast.clerk, at=at)
    campaigns.approve(campaign=campaign, by=cast.leader, at=at)
    facts = {
        "campaign": str(campaign.pk),
        "day": (day - timedelta(days=1)).isoformat(),
        "units": [unit.pk for unit in units],
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main(int(sys.argv[1]))
