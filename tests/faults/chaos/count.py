"""Count what is left in the database, once or whenever a line comes in, each answer a line of JSON.

python -m tests.faults.chaos.count
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import django


def count() -> dict[str, Any]:
    """Keys stored, effects by key, jobs by state; and the same of the naive control."""
    from django.db.models import Count, Sum

    from conduct.models import AuditEntry, JobRun
    from inspections.models import Visit
    from tests.faults import tasks

    told = Counter(AuditEntry.objects.filter(verb=tasks.TOLD).values_list("subject_id", flat=True))
    visits = {str(pk): str(key) for pk, key in Visit.objects.values_list("pk", "client_key")}
    runs = JobRun.objects.filter(job=tasks.TELL)
    details = AuditEntry.objects.filter(verb__in=[tasks.NAIVE_FILED, tasks.NAIVE_TOLD])
    naive: dict[str, Counter[str]] = {tasks.NAIVE_FILED: Counter(), tasks.NAIVE_TOLD: Counter()}
    for verb, facts in details.values_list("verb", "details"):
        naive[verb][facts["key"]] += 1
    return {
        "stored": sorted(visits.values()),
        "told": {visits.get(pk, pk): times for pk, times in told.items()},
        "states": dict(runs.values_list("state").annotate(Count("pk")).order_by()),
        "tries": runs.aggregate(sum=Sum("tries"))["sum"] or 0,
        "failed": list(JobRun.objects.filter(state="failed").values_list("job", "problem")),
        "naive_stored": naive[tasks.NAIVE_FILED],
        "naive_told": naive[tasks.NAIVE_TOLD],
    }


def open_runs() -> int:
    """Jobs of the phones that are not done."""
    from conduct.models import JobRun
    from tests.faults import tasks

    return JobRun.objects.filter(job=tasks.TELL).exclude(state=JobRun.State.DONE).count()


def main() -> None:
    """Answer "open" or "all" until there is nothing more to answer."""
    django.setup()
    from django.db import connection

    for line in sys.stdin:
        answer = open_runs() if line.strip() == "open" else count()
        connection.close()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
