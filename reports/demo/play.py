"""What happens in the demo city: which campaigns, how far each, and what becomes of what they find."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.db import transaction

from accountability.actions import catalogue
from accountability.actions import measures as taken
from conduct import clock
from conduct.audit import SystemActor
from conduct.calendar import seed
from conduct.chain import anchoring, sealing
from findings.actions import history, routes
from findings.queries import history as reading
from inspections.actions import standards
from inspections.models import Observation, Visit
from reports.actions import bulletins, schedules
from reports.models import Bulletin
from reports.rules.periods import AD_HOC, MONTHLY, WEEKLY, Period, month_of, week_of

from . import city as cities
from . import field, matters, measures
from .city import City
from .field import Script
from .scripts import COURSES, LEFT_OVER, NEEDS, SCRIPTS
from .stage import Stage, Story

SEED = 20_260_301
LAST_YEAR = Path(__file__).parent / "last_year.json"


@transaction.atomic
def perform(*, at: datetime, password: str = "") -> City:
    """Build the city and play its last eight months up to the moment given."""
    rng = Random(SEED)  # noqa: S311 a repeatable city, no secret
    seed.ship(at=at)
    standards.load_shipped()
    routes.load_shipped()
    catalogue.load_shipped()
    stage = Stage(
        cities.build(rng=rng, at=at - timedelta(days=400), password=password), rng, at, measures.cases()
    )
    _remember_last_year(stage)
    for script in SCRIPTS:
        stage.add(field.campaign(stage, script, _OnLocked(stage, script)))
    for story in _bulletins(stage):
        stage.add(story)
    stage.play()
    taken.end_due(by=SystemActor(), at=at)
    for kind, day in ((WEEKLY, 1), (MONTHLY, 3)):
        schedules.arrange(
            office=stage.city.root,
            kind=kind,
            is_on=True,
            day=day,
            at_time=time(8, 30),
            expected=0,
            by=stage.city.clerks[4],
            at=at,
        )
    sealing.keep_up(at=at)
    anchoring.cast_if_due(at=at)
    return stage.city


class _OnLocked:
    """Decides, visit by visit, what becomes of what a campaign found."""

    def __init__(self, stage: Stage, script: Script) -> None:
        self.stage, self.script = stage, script
        self.courses = iter(COURSES.get(script.title, ()))
        self.extras = iter(
            ("merged", "set_aside") if script.title in (SCRIPTS[3].title, SCRIPTS[4].title) else ()
        )

    def __call__(self, visit: Visit, back: int) -> None:
        seen = list(
            visit.observations.filter(kind=Observation.Kind.PROBLEM)
            .select_related("visit__unit", "category")
            .order_by("ordinal")
        )
        if back < 1:
            return
        if len(seen) > 1 and back > 1 and (extra := next(self.extras, "")):
            if extra == "merged":
                self.stage.add(matters.merged(self.stage, seen[0], seen[1], back - 1))
                seen = seen[2:]
            else:
                self.stage.add(matters.set_aside(self.stage, seen.pop(), back - 1))
        for item in seen:
            course = next(self.courses, LEFT_OVER.get(self.script.title))
            if course and back - 1 >= NEEDS.get(course.upto, 3):
                self.stage.add(matters.finding(self.stage, [item], back - 1, course))


def _remember_last_year(stage: Stage) -> None:
    """A campaign of the past, taken in as any office would."""
    day = stage.day(240)
    case = json.loads(LAST_YEAR.read_text(encoding="utf-8")) | {"date": day.isoformat()}
    content = json.dumps(case, ensure_ascii=False).encode()
    at, office = stage.at(160, 10), stage.city.root
    source, troubles = reading.read(
        name="补录.json", content=content, title="", method="", today=clock.day_of(at)
    )
    history.import_visits(
        preview=reading.preview(source=source, troubles=troubles, office=office),
        import_key=hashlib.sha256(content).hexdigest(),
        office=office,
        by=stage.city.clerks[0],
        at=at,
    )


def _bulletins(stage: Stage) -> Iterator[Story]:
    """Monthly and weekly bulletins of the time that is played, and two of their own."""
    last = stage.day(0)
    month = month_of(stage.day(145))
    while month.last < last:
        yield _bulletin(stage, MONTHLY, month, Bulletin.State.ISSUED)
        month = month_of(month.last + timedelta(days=1))
    week = week_of(last - timedelta(days=21))
    for upto in (Bulletin.State.ISSUED, Bulletin.State.SUBMITTED):
        yield _bulletin(stage, WEEKLY, week, upto)
        week = week_of(week.last + timedelta(days=1))
    yield _bulletin(stage, AD_HOC, Period(stage.day(62), stage.day(45)), Bulletin.State.RETURNED, back=8)
    yield _bulletin(stage, AD_HOC, Period(stage.day(27), stage.day(6)), Bulletin.State.DRAFT, back=3)


def _bulletin(stage: Stage, kind: str, period: Period, upto: str, back: int | None = None) -> Story:
    """Draft, submit and sign, or send back."""
    clerk, leader = stage.city.clerks[4], stage.city.leaders[0]
    if back is None:
        back = _first_after(stage, period.last)
        if back is None:
            return
    yield (moment := stage.at(back, 10))
    row = bulletins.draft(
        kind=kind,
        office=stage.city.root,
        period=period,
        by=clerk,
        at=moment,
        made_key=f"demo:{kind}:{period.first}:{period.last}",
    )
    if upto == Bulletin.State.DRAFT:
        return
    bulletins.submit(bulletin=row, by=clerk, at=moment + timedelta(minutes=50))
    if upto == Bulletin.State.SUBMITTED:
        return
    yield (moment := stage.at(back, 16))
    if upto == Bulletin.State.RETURNED:
        bulletins.send_back(bulletin=row, by=leader, at=moment, reason="请补充责任单位整改进展后再送审。")
        return
    bulletins.sign(bulletin=row, by=leader, at=moment)


def _first_after(stage: Stage, day: date) -> int | None:
    """The first working day after, as working days before today; None when it has not come."""
    found = [back for back in range(200) if stage.day(back) > day]
    return found[-1] if found else None
