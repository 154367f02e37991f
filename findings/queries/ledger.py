"""The lines of the ledger (台账) as plain values, column by column, as the reader may be told them.

A few questions for each batch of findings, and only for the columns asked for. Never lead marks, sealed visits,
or names that only those who need them may read: a person concerned stands in no column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.db.models import F

from conduct.calendar.rules import WorkCalendar
from conduct.clock import day_of
from findings.models import (
    Acceptance,
    Finding,
    FindingObservation,
    LedgerEntry,
    PlanItem,
    Progress,
    Rectification,
    RectificationFile,
    RectificationPlan,
)
from inspections.models import Method
from people.queries import addressees

from . import lamps, telling
from .listing import GRADES, STATES

Value = str | int | date | None
Record = dict[str, Any]
ROW = (
    *("id", "raised_at", "title", "facts", "earlier_facts", "department", "top", "grade", "state"),
    *("unit", "unit__name", "unit__short_name", "unit__path", "category__code", "category__name"),
    *("due_on", "first_due_on", "due_is_estimate", "closed_on", "handed_in_on", "paused_on", "visited_on"),
    *("issued_on", "notice", "notice__number", "extensions", "returns", "occurrence", "is_historical"),
    *("taken_over_at", "reopened_at"),
)
OF_PLAN = frozenset({"owner", "measures", "progress", "proof"})
OF_REPORT = frozenset({"head", "measures", "result", "proof"})
HANDED_IN = (
    Rectification.State.SUBMITTED,
    Rectification.State.RETURNED,
    Rectification.State.PASSED,
)
OF_ENTRY = (
    *("owner", "measures", "progress", "result", "proof", "accepted_by", "accepted_on", "closed_on"),
    *("extensions", "light"),
)
FOUND, PAST, AGAIN = "检查发现", "历史补录", "回头看反弹"
MOST_PROGRESS = 300
EVER = datetime(1900, 1, 1, tzinfo=UTC)


class Lines:
    """Turns findings, a batch at a time, into lines of these columns.

    full_names: units by their whole name, as a workbook has room for
    """

    def __init__(
        self,
        columns: Sequence[str],
        *,
        for_unit: bool,
        today: date,
        book: WorkCalendar,
        full_names: bool = False,
    ) -> None:
        self.columns, self.for_unit, self.today, self.full_names = columns, for_unit, today, full_names
        self.wanted = frozenset(columns)
        self.lamp = cache(partial(lamps.lamp, today=today, book=book))
        self.tellers = [getattr(self, f"_{column}") for column in columns]
        self.heads: dict[str, str] = {}
        self.number = 0

    def of(self, rows: Sequence[Record]) -> list[list[Value]]:
        """A line for each finding, in their order. rows: dicts of ROW"""
        self._gather(rows)
        lines = [[tell(row) for tell in self.tellers] for row in rows]
        for line, row in zip(lines, rows, strict=True):
            if told := self.past.get(row["id"]):
                line[:] = [told.get(column, value) for column, value in zip(self.columns, line, strict=True)]
        return lines

    def _gather(self, rows: Sequence[Record]) -> None:
        """Read what the lines of this batch tell beside the findings themselves."""
        ids = [row["id"] for row in rows]
        self.past = _past([row["id"] for row in rows if row["is_historical"]])
        self.sources = _sources(ids) if "source" in self.wanted and not self.for_unit else {}
        self.items = _items(ids, for_unit=self.for_unit) if self.wanted & OF_PLAN else {}
        self.progress = _progress(ids) if "progress" in self.wanted else {}
        self.reports = _reports(rows) if self.wanted & OF_REPORT else {}
        self.files = _files(self.reports.values()) if "proof" in self.wanted else {}
        is_accepted = self.wanted & {"accepted_by", "accepted_on"}
        self.acceptances = _acceptances(rows, for_unit=self.for_unit) if is_accepted else {}
        if "head" in self.wanted:
            paths = {row["unit__path"] for row in rows} - self.heads.keys()
            self.heads |= addressees.head_names(paths, day=self.today)

    def _no(self, row: Record) -> Value:
        self.number += 1
        return self.number

    def _source(self, row: Record) -> Value:
        if row["is_historical"]:
            return PAST
        if row["occurrence"] > 1:
            return AGAIN
        return self.sources.get(row["id"], FOUND)

    def _title(self, row: Record) -> Value:
        return str(row["title"])

    def _facts(self, row: Record) -> Value:
        if self.for_unit and row["notice"] is None:
            return row["earlier_facts"] or row["facts"]
        return str(row["facts"])

    def _unit(self, row: Record) -> Value:
        name = str(row["unit__name"])
        return name if self.full_names else row["unit__short_name"] or name

    def _department(self, row: Record) -> Value:
        return str(row["department"])

    def _head(self, row: Record) -> Value:
        report = self.reports.get(row["id"])
        return report["signed_by__name"] if report else self.heads.get(row["unit__path"], "")

    def _owner(self, row: Record) -> Value:
        return "、".join(dict.fromkeys(item["owner"] for item in self.items.get(row["id"], ())))

    def _category(self, row: Record) -> Value:
        return f"{row['category__code']} {row['category__name']}"

    def _grade(self, row: Record) -> Value:
        is_told = row["notice__number"] or not self.for_unit
        return GRADES[row["grade"] if is_told else None]

    def _state(self, row: Record) -> Value:
        return STATES[telling.state_for(row["state"], for_unit=self.for_unit)]

    def _number(self, row: Record) -> Value:
        return row["notice__number"] or ""

    def _visited(self, row: Record) -> Value:
        return _day(row["visited_on"])

    def _issued(self, row: Record) -> Value:
        return _day(row["issued_on"])

    def _first_due(self, row: Record) -> Value:
        return _day(row["first_due_on"])

    def _due(self, row: Record) -> Value:
        return _day(row["due_on"])

    def _measures(self, row: Record) -> Value:
        items = self.items.get(row["id"])
        if items:
            return "；".join(f"{place}. {item['what']}" for place, item in enumerate(items, 1))
        report = self.reports.get(row["id"])
        return str(report["measures"]) if report else ""

    def _progress(self, row: Record) -> Value:
        items, said = self.items.get(row["id"], ()), self.progress.get(row["id"])
        told = []
        if items:
            done = sum(item["done_on"] is not None for item in items)
            told.append(f"措施完成 {done}/{len(items)} 项")
        if said:
            last = said[-1]
            told.append(f"{last['reported_on'].isoformat()} 报告：{last['done'][:MOST_PROGRESS]}")
        return "；".join(told)

    def _handed_in(self, row: Record) -> Value:
        return _day(row["handed_in_on"])

    def _result(self, row: Record) -> Value:
        report = self.reports.get(row["id"])
        if report is None:
            return ""
        state = Rectification.State(report["state"]).label
        left = f"；未完成：{report['unfinished']}" if report["unfinished"] else ""
        return f"第 {report['round']} 次整改报告{state}{left}"

    def _proof(self, row: Record) -> Value:
        report = self.reports.get(row["id"])
        handed = self.files.get(report["id"], 0) if report else 0
        return handed + sum(item["file"] is not None for item in self.items.get(row["id"], ()))

    def _accepted_by(self, row: Record) -> Value:
        return "、".join(said["by__name"] for said in self.acceptances.get(row["id"], ()))

    def _accepted_on(self, row: Record) -> Value:
        said = self.acceptances.get(row["id"])
        return day_of(said[-1]["at"]) if said else None

    def _closed(self, row: Record) -> Value:
        return "是" if row["state"] == Finding.State.CLOSED else "否"

    def _closed_on(self, row: Record) -> Value:
        return _day(row["closed_on"])

    def _extensions(self, row: Record) -> Value:
        return int(row["extensions"])

    def _returns(self, row: Record) -> Value:
        return int(row["returns"])

    def _light(self, row: Record) -> Value:
        return lamps.in_words(self.lamp(*lamps.facts_of(row)))


def _day(value: date | None) -> date | None:
    return value


def _sources(ids: list[UUID]) -> dict[UUID, str]:
    """How the visit behind each finding was made."""
    found = FindingObservation.objects.filter(finding__in=ids).order_by("pk")
    names = dict(Method.choices)
    return {
        finding: str(names[method])
        for finding, method in found.values_list("finding", "observation__visit__method")
    }


def _past(ids: list[UUID]) -> dict[UUID, dict[str, Value]]:
    """What the ledgers of units say of problems of the past, by column."""
    if not ids:
        return {}
    told: dict[UUID, dict[str, Value]] = {}
    for entry in LedgerEntry.objects.filter(finding__in=ids):
        told[entry.finding_id] = {
            "source": entry.source or PAST,
            "head": entry.leader,
            "due": entry.due_on,
            "closed": {True: "是", False: "否", None: ""}[entry.is_closed],
            **{name: getattr(entry, name) for name in OF_ENTRY},
        }
    return told


def _items(ids: list[UUID], *, for_unit: bool) -> dict[UUID, list[Any]]:
    """The measures of the plan now in force; a draft is the unit's own."""
    rows = PlanItem.objects.filter(
        plan__finding__in=ids,
        plan__notice=F("plan__finding__notice"),
        plan__occurrence=F("plan__finding__occurrence"),
    ).order_by("plan", "ordinal")
    if not for_unit:
        rows = rows.exclude(plan__state__in=RectificationPlan.OWED)
    return _by_finding(rows.values("plan__finding", "what", "owner", "done_on", "file"), "plan__finding")


def _progress(ids: list[UUID]) -> dict[UUID, list[Any]]:
    """The progress reports on the notice now in force, the last one at the end."""
    rows = Progress.objects.filter(
        finding__in=ids, notice=F("finding__notice"), occurrence=F("finding__occurrence")
    ).order_by("number")
    return _by_finding(rows.values("finding", "done", "reported_on"), "finding")


def _by_finding(rows: Iterable[Any], name: str) -> dict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def _reports(rows: Sequence[Record]) -> dict[UUID, Record]:
    """The last report handed in by the unit that has the matter, this time."""
    begun = {row["id"]: _begun(row) for row in rows}
    found = Rectification.objects.filter(finding__in=list(begun), state__in=HANDED_IN).order_by("round")
    told = ("id", "finding", "round", "state", "measures", "unfinished", "signed_by__name", "signed_at")
    return {row["finding"]: row for row in found.values(*told) if row["signed_at"] >= begun[row["finding"]]}


def _begun(row: Record) -> datetime:
    """When the matter came to the unit that has it, or came up again: what was said before tells of another time."""
    return max(row["taken_over_at"] or EVER, row["reopened_at"] or EVER)


def _files(reports: Iterable[Record]) -> dict[UUID, int]:
    found: defaultdict[UUID, int] = defaultdict(int)
    rows = RectificationFile.objects.filter(rectification__in=[report["id"] for report in reports])
    for report in rows.values_list("rectification", flat=True):
        found[report] += 1
    return found


def _acceptances(rows: Sequence[Record], *, for_unit: bool) -> dict[UUID, list[Record]]:
    """Who accepted the last round; to the unit, once the matter is closed."""
    told = {row["id"]: _begun(row) for row in rows if not for_unit or row["state"] == Finding.State.CLOSED}
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    said = Acceptance.objects.filter(finding__in=list(told), verdict=Acceptance.Verdict.ACCEPT).order_by(
        "at", "pk"
    )
    for row in said.values("finding", "round", "by__name", "at"):
        if row["at"] < told[row["finding"]]:
            continue
        earlier = found[row["finding"]]
        if earlier and earlier[0]["round"] < row["round"]:
            earlier.clear()
        if not earlier or earlier[0]["round"] == row["round"]:
            earlier.append(row)
    return found
