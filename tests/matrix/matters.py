"""The findings of one county, one in each state, with everything that hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from findings.actions import co_units, findings, observations, plans, statements, transfers
from findings.models import Finding, PlanItem, RectificationFile
from findings.rules.ladder import Step
from tests.factories.cast import AT, Cast
from tests.factories.findings import (
    Line,
    add_evidence,
    again,
    ask_extension,
    notice_of,
    object_to,
    observe,
    particulars,
    report_of,
    upload,
)
from tests.factories.ledger import ready_export, saved_view
from tests.factories.measures import measure_on
from tests.factories.revisits import kept_by, looked_again, put_side_by_side
from tests.factories.supervisions import drafted_on, signed_on


@dataclass
class Side:
    """One county: its people, and its rows by kind, the one everybody on the spot knows of first."""

    cast: Cast
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def put(self, kind: str, *rows: Any) -> None:
        self.rows.setdefault(kind, []).extend(rows)


def play_findings(side: Side) -> None:
    cast, line = side.cast, Line(side.cast)
    submitted = line.submitted(route="complex")
    side.put("finding", submitted, line.assigned(), line.received(), line.rectifying())
    side.put("finding", line.awaiting(), line.accepted(), line.confirmed(), line.verifying(), line.new())
    asked = line.verifying(title="请单位陈述的问题")
    statements.ask(finding=asked, by=cast.clerk, at=AT)
    side.put("finding", again(asked), line.new(grade=Finding.Grade.SLIGHT))
    visit = observe(cast).visit
    both = [visit.observations.get(), observe(cast, visit=visit)]
    twofold = findings.raise_from(observations=both, particulars=particulars(), by=cast.clerk, at=AT)
    side.put("finding", twofold)
    _plans(side)
    _returned(side)
    _parts(side)
    evidence = add_evidence(cast, submitted.observations.get())
    side.put("evidence", (submitted, evidence))
    side.put("pair", (submitted, put_side_by_side(cast, submitted, evidence)))
    side.put("revisit", kept_by(cast.clerk, finding=submitted, closed_by=cast.third_clerk))
    side.put("revisit", looked_again(cast, line.closed()))
    side.put("notice", *(notice_of(row) for row in side.rows["finding"][:4]))
    side.put("attachment", report_of(submitted).files.get())
    side.put(
        "attachment", *RectificationFile.objects.filter(rectification=report_of(side.rows["finding"][3]))
    )
    _rights(side, line)
    _ledgers(side)
    _pressed(side, line)
    side.put("observation", observe(cast), observe(cast))
    left = observe(cast)
    side.put(
        "set_aside",
        *observations.set_aside(observations=[left], by=cast.clerk, at=AT, reason="情节轻微，当场已改。"),
    )


def _ledgers(side: Side) -> None:
    """What the clerk keeps of the ledger for themselves."""
    side.put("ledger_export", ready_export(side.cast.clerk))
    side.put("ledger_view", saved_view(side.cast.clerk))


def play_measures(side: Side) -> None:
    finding = side.rows["finding"][0]
    side.put("measure", measure_on(side.cast, finding, upload=upload("决定书.jpg")))
    side.put("measure", measure_on(side.cast, finding, "P-TALK", person_post="值班员", name=""))


def _plans(side: Side) -> None:
    """A plan to hand in, one to judge, one to tick off, and a matter that has run for a month."""
    cast, line = side.cast, Line(side.cast)
    written, handed, agreed = (line.received(route="complex") for _ in range(3))
    line.planned(written)
    plan = line.planned(handed)
    assert plan is not None
    plans.hand_in(plan=plan, by=cast.east_head, at=AT)
    line.plan(agreed)
    long_since = Line(cast, at=AT - timedelta(days=25)).received(route="complex")
    side.put("finding", *(again(row) for row in (written, handed, agreed, long_since)))
    side.put("plan_item", *PlanItem.objects.filter(plan__finding=agreed))
    done = side.rows["plan_item"][0]
    plans.complete(item=done, done_on=AT.date(), upload=upload("巡查记录.jpg"), by=cast.east_head, at=AT)


def _parts(side: Side) -> None:
    """Two parts in one matter that its own unit's hall has and another unit: one to answer, one answered."""
    cast, finding = side.cast, Line(side.cast).received()
    asked: dict[str, Any] = {"task": "配合整改。", "contact": "督查一科", "working_days": 3}
    line: dict[str, Any] = {"by": cast.clerk, "at": AT}
    first = co_units.give(finding=finding, unit=cast.east_bureau, **asked, **line)
    second = co_units.give(finding=finding, unit=cast.west, **asked, **line)
    co_units.answer(part=second, text="已配合。", uploads=[upload("配合.jpg")], by=cast.west_head, at=AT)
    side.put("finding", again(finding))
    side.put("part", first, second)
    side.put("part_file", second.files.get())


def _returned(side: Side) -> None:
    """A matter its unit says is not its own, to be decided."""
    cast, finding = side.cast, Line(side.cast).received()
    request = transfers.ask(finding=finding, reason="归大厅管。", suggested="", by=cast.east_head, at=AT)
    side.put("finding", again(finding))
    side.put("transfer", request)


def _pressed(side: Side, line: Line) -> None:
    """Papers of the ladder: a talk that was called, and two that wait, one to be signed and one to be held."""
    called, pressed, spared = (line.received(title=f"督办的问题{number}") for number in (1, 2, 3))
    side.put("finding", called, pressed, spared)
    side.put("supervision", signed_on(side.cast, called, Step.TALK), drafted_on(pressed), drafted_on(spared))


def _rights(side: Side, line: Line) -> None:
    """What units ask of the office: a later deadline, an answer to an objection; decided by whoever had no part."""
    extended, objected = line.received(title="申请延期的问题"), line.received(title="提出异议的问题")
    Finding.objects.filter(pk=objected.pk).update(
        raised_by=side.cast.second_clerk, confirmed_by=side.cast.second_clerk
    )
    piece = object_to(side.cast, objected)
    side.put("finding", extended, objected)
    side.put("extension", ask_extension(side.cast, extended))
    side.put("objection", piece.objection)
    side.put("objection_evidence", piece)
