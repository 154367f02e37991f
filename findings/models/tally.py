"""Counts of findings, kept by the database in the transaction of whoever writes a finding (conduct.rollups).

The rows of a key add up; one row alone says nothing. `branch` is the path of a unit whose findings, and those of all
units below it, are counted: an office of any level reads its own branch and adds up nothing. Indexes hold what is
read, so that a figure is made of a piece of an index and no row is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models

from conduct.rollups import Counted, Rollup, Spread
from people import tree

from .finding import Finding

S = Finding.State
LONGEST_PATH = 60


class CategoryTally(models.Model):
    """What was found in a branch: by top category, month of the visit and present state."""

    branch = models.CharField(max_length=LONGEST_PATH)
    top = models.CharField(max_length=4)
    month = models.DateField()
    in_state = models.CharField(max_length=20)
    findings = models.IntegerField()
    problems = models.IntegerField()
    persons = models.IntegerField()
    # Problems that concern no one in particular.
    impersonal = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["branch", "month"], name="category_tally_branch")]

    def __str__(self) -> str:
        return f"{self.branch} {self.month:%Y-%m} {self.top} {self.in_state}"


class UnitTally(models.Model):
    """What was found at one unit itself: by month of the visit and present state."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    in_state = models.CharField(max_length=20)
    findings = models.IntegerField()
    problems = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit", "month", "in_state", "problems"], name="unit_tally_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m} {self.in_state}"


class CrossTally(models.Model):
    """Standing problems of one unit itself: by top category and month of the visit."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    top = models.CharField(max_length=4)
    month = models.DateField()
    problems = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit", "month", "top", "problems"], name="cross_tally_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m} {self.top}"


class Span(models.TextChoices):
    """Each open finding is counted twice, by the month and by the day it is due.

    What is overdue on a day are the months before and some days of its own month: two short ranges on any day.
    """

    MONTH = "month"
    DAY = "day"


class CategoryDue(models.Model):
    """Open findings of a branch: by top category, month of the visit and when their term runs out."""

    branch = models.CharField(max_length=LONGEST_PATH)
    top = models.CharField(max_length=4)
    month = models.DateField()
    span = models.CharField(max_length=5, choices=Span)
    # The day, or the first day of the month; the last day there is (NEVER) where no term runs.
    due_on = models.DateField()
    findings = models.IntegerField()
    problems = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["branch", "span", "due_on", "month", "top", "findings", "problems"],
                name="category_due_branch",
            )
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.top} {self.span} {self.due_on}"


class UnitDue(models.Model):
    """Open problems of one unit itself: by month of the visit and when they are due."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    span = models.CharField(max_length=5, choices=Span)
    due_on = models.DateField()
    problems = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["span", "due_on", "unit", "month", "problems"], name="unit_due_span")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.span} {self.due_on}"


class Turnover(models.Model):
    """Findings of a branch handed over, and findings closed: by the month in which that was."""

    class Event(models.TextChoices):
        ISSUED = "issued"
        CLOSED = "closed"

    branch = models.CharField(max_length=LONGEST_PATH)
    event = models.CharField(max_length=6, choices=Event)
    month = models.DateField()
    findings = models.IntegerField()
    # Of these, how many are closed by now.
    closed = models.IntegerField()
    # Working days from notice to closing, added up, and over how many findings.
    days = models.IntegerField()
    timed = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["branch", "month"], name="turnover_branch")]

    def __str__(self) -> str:
        return f"{self.branch} {self.event} {self.month:%Y-%m}"


def _text(value: str) -> str:
    return f"'{value}'"


def _any_of(states: Iterable[str]) -> str:
    return f"f.state IN ({', '.join(map(_text, states))})"


def _rows(name: str, column: str, values: Iterable[object]) -> str:
    """A join with a few values: each counted row goes in once for each."""
    first, *others = values
    return f"JOIN (SELECT {first} AS {column}{''.join(f' UNION ALL SELECT {one}' for one in others)}) {name}"


_LENGTHS = range(tree.STEP, LONGEST_PATH + 1, tree.STEP)
_BRANCHES = Spread(
    column="unit_id",
    into="branch",
    expression="SUBSTR(u.path, 1, b.len)",
    joins=f"JOIN people_unit u ON u.id = d.unit_id {_rows('b', 'len', _LENGTHS)} ON b.len <= LENGTH(u.path)",
)
_MONTH = "MONTH[f.visited_on]"
_SPANS = f"{_rows('s', 'span', map(_text, Span))} ON f.due_on IS NOT NULL"
# Open, yet nothing runs against the unit: neither due soon nor overdue on any day.
NEVER = date(9999, 12, 31)
_RUNS_OUT = f"COALESCE(f.runs_until, {_text(NEVER.isoformat())})"
_DUE = f"CASE s.span WHEN 'day' THEN {_RUNS_OUT} ELSE MONTH[{_RUNS_OUT}] END"
_EVENTS = (
    f"{_rows('e', 'event', map(_text, Turnover.Event))} ON "
    "CASE e.event WHEN 'issued' THEN f.issued_on ELSE f.closed_on END IS NOT NULL"
)
_COUNT = 'f."count"'

COUNTED = Counted(
    model=Finding,
    columns=(
        "id",
        "unit_id",
        "top",
        "state",
        "count",
        "persons",
        "visited_on",
        "issued_on",
        "due_on",
        "runs_until",
        "closed_on",
        "days_to_close",
        "is_historical",
    ),
    rollups=(
        Rollup(
            CategoryTally,
            keys={"unit_id": "f.unit_id", "top": "f.top", "month": _MONTH, "in_state": "f.state"},
            measures={
                "findings": "1",
                "problems": _COUNT,
                "persons": "f.persons",
                "impersonal": f"CASE WHEN f.persons = 0 THEN {_COUNT} ELSE 0 END",
            },
            spread=_BRANCHES,
        ),
        Rollup(
            UnitTally,
            keys={"unit_id": "f.unit_id", "month": _MONTH, "in_state": "f.state"},
            measures={"findings": "1", "problems": _COUNT},
        ),
        Rollup(
            CrossTally,
            keys={"unit_id": "f.unit_id", "top": "f.top", "month": _MONTH},
            measures={"problems": _COUNT},
            where=_any_of(Finding.STANDING),
        ),
        Rollup(
            CategoryDue,
            keys={"unit_id": "f.unit_id", "top": "f.top", "month": _MONTH, "span": "s.span", "due_on": _DUE},
            measures={"findings": "1", "problems": _COUNT},
            joins=_SPANS,
            spread=_BRANCHES,
            where=_any_of(Finding.OPEN),
        ),
        Rollup(
            UnitDue,
            keys={"unit_id": "f.unit_id", "month": _MONTH, "span": "s.span", "due_on": _DUE},
            measures={"problems": _COUNT},
            joins=_SPANS,
            where=_any_of(Finding.OPEN),
        ),
        Rollup(
            Turnover,
            keys={
                "unit_id": "f.unit_id",
                "event": "e.event",
                "month": "MONTH[CASE e.event WHEN 'issued' THEN f.issued_on ELSE f.closed_on END]",
            },
            measures={
                "findings": "1",
                "closed": f"CASE WHEN f.state = '{S.CLOSED}' THEN 1 ELSE 0 END",
                "days": "COALESCE(f.days_to_close, 0)",
                "timed": "CASE WHEN f.days_to_close IS NULL THEN 0 ELSE 1 END",
            },
            joins=_EVENTS,
            spread=_BRANCHES,
            where="NOT f.is_historical",
        ),
    ),
)
