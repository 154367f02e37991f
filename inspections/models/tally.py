"""Counts of visits, kept by the database in the transaction of whoever writes a visit (conduct.rollups)."""

from __future__ import annotations

from django.db import models

from conduct.rollups import Counted, Rollup

from .visits import Visit


class VisitTally(models.Model):
    """Visits really made to one unit itself, by month; the rows of a key add up."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    # Recorded one by one, at a unit that is known.
    made = models.IntegerField()
    # Of which the source states only how many there were, or not at which unit.
    untold = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit", "month"], name="visit_tally_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m}"


_TOLD = "c.stated_units_visited IS NULL AND NOT u.is_unrecorded"

COUNTED = Counted(
    model=Visit,
    columns=("id", "unit_id", "campaign_id", "visited_on", "departed_at", "is_historical", "state"),
    rollups=(
        Rollup(
            VisitTally,
            keys={"unit_id": "f.unit_id", "month": "MONTH[f.visited_on]"},
            measures={
                "made": f"CASE WHEN {_TOLD} THEN 1 ELSE 0 END",
                "untold": f"CASE WHEN {_TOLD} THEN 0 ELSE 1 END",
            },
            joins=(
                "JOIN inspections_campaign c ON c.id = f.campaign_id JOIN people_unit u ON u.id = f.unit_id"
            ),
            where=(
                "f.visited_on IS NOT NULL AND (f.departed_at IS NOT NULL OR f.is_historical) "
                f"AND f.state <> '{Visit.State.ABORTED}'"
            ),
        ),
    ),
)
