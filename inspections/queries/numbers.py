"""Numbers of record sheets, verified: each year runs from one to the last given without a gap."""

from __future__ import annotations

from datetime import date, datetime

from conduct import clock, numbering
from conduct.models import NumberSeries
from conduct.verifying import Checked, Step
from inspections.models import Visit

# Record sheets are numbered through the year as they are filed away.
SERIES, CODE = "record_sheet", "检"


def check(*, at: datetime, on_step: Step) -> Checked:
    """Every number that was given stands on a visit."""
    looked_at = 0
    for given in NumberSeries.objects.filter(series=SERIES).order_by("year"):
        first, end = clock.day_bounds(date(given.year, 1, 1), date(given.year, 12, 31))
        numbered = Visit.objects.filter(locked_at__gte=first, locked_at__lt=end).exclude(number="")
        count = numbered.count()
        looked_at += count
        if count != given.last:
            missing = _first_missing(given, set(numbered.values_list("number", flat=True)))
            return Checked(f"核对现场记录表编号 {looked_at} 个", f"现场记录表{missing}缺号，记录不在库中。")
    return Checked(f"核对现场记录表编号 {looked_at} 个")


def _first_missing(given: NumberSeries, taken: set[str]) -> str:
    for seq in range(1, given.last + 1):
        number = numbering.written(code=CODE, year=given.year, seq=seq)
        if number not in taken:
            return number
    return f"{given.year}年"
