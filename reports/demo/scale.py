"""Many more findings behind the demo city, written in bulk: for measuring pages, not for reading one by one.

Every row keeps the constraints and the counts its neighbours imply; notices share one drawn PDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from conduct import clock, issuing, numbering
from conduct.calendar import book
from conduct.models import AuditEntry, IssuedPaper, NumberSeries, Office
from findings.actions.notices import SERIES
from findings.models import Acceptance, Finding, FindingObservation, Notice, Rectification, Route, Term
from findings.rules.deadline import receipt_deadline
from findings.rules.term import skipped
from inspections.actions import signing
from inspections.models import Campaign, Observation, ProblemCategory, Team, TeamMember, Visit
from people.models import Unit, User

from . import themes, words
from .bulk import Table
from .city import City

SEED = 100_000
DAYS_BACK = 720
DAYS_AHEAD = 90
A_CAMPAIGN = 400
A_BATCH = 1000
F = Finding.State
# What has become of a finding by its age in working days: (youngest age, states and their weights).
FATES = (
    (60, ((F.CLOSED, 90), (F.DISMISSED, 4), (F.RECTIFYING, 3), (F.AWAITING_ACCEPTANCE, 2), (F.SUBMITTED, 1))),
    (
        25,
        ((F.CLOSED, 62), (F.RECTIFYING, 14), (F.SUBMITTED, 9), (F.AWAITING_ACCEPTANCE, 9), (F.DISMISSED, 6)),
    ),
    (8, ((F.RECTIFYING, 45), (F.RECEIVED, 25), (F.ASSIGNED, 16), (F.PARTLY, 5), (F.DISMISSED, 9))),
    (5, ((F.CONFIRMED, 40), (F.PARTLY, 10), (F.ASSIGNED, 50))),
    (0, ((F.NEW, 60), (F.VERIFYING, 40))),
)
ROUTES = (("immediate", 2), ("limited", 7), ("complex", 1))
GRADES = ((1, 20), (2, 50), (3, 20), (4, 8), (5, 2))
ISSUED = (*Finding.OPEN, F.CLOSED)
REPORTED = (F.RECTIFYING, F.SUBMITTED, F.AWAITING_ACCEPTANCE, F.CLOSED)
REVIEWED = (F.AWAITING_ACCEPTANCE, F.CLOSED)
JUDGED = (F.CONFIRMED, F.PARTLY, F.DISMISSED, *ISSUED)
SHARED_PARTS = {name: texts[0] for name, texts in words.REPORT_PARTS.items()}


@dataclass
class Matter:
    """A finding being made up: its key, stage and line, before its row is written."""

    pk: UUID
    stage: str
    category: ProblemCategory
    line: words.Seen
    columns: dict[str, Any]


@transaction.atomic
def enlarge(*, city: City, findings: int, at: datetime) -> None:
    """Add so many findings with their visits, observations, notices and reports, over two years."""
    crowd = _Crowd(city, at)
    pairs = (findings + 1) // 2
    for place in range(pairs):
        index = place * (crowd.today - 1) // pairs
        if place % A_CAMPAIGN == 0:
            crowd.open_campaign(place, index)
        crowd.visit(index, findings=min(2, findings - 2 * place))
        if place % A_BATCH == A_BATCH - 1:
            crowd.write()
    crowd.write()
    crowd.close_series()


class _Crowd:
    """Draws the rows; all dates lie on working days and in the order people would have kept."""

    def __init__(self, city: City, at: datetime) -> None:
        self.city, self.calendar = city, book.load()
        self.rng = Random(SEED)  # noqa: S311 a repeatable crowd, no secret
        today = clock.day_of(at)
        span = (today + timedelta(days=n) for n in range(-DAYS_BACK, DAYS_AHEAD))
        self.days = [day for day in span if self.calendar.is_working(day)]
        self.today = sum(day < today for day in self.days)
        self.units = [unit for code, unit in city.units.items() if city.answered_by(code)]
        self.weights = [self.rng.randint(1, 9) for _ in self.units]
        leaves = ProblemCategory.objects.filter(is_leaf=True, taxonomy__version=1)
        self.categories = list(leaves.select_related("taxonomy").order_by("pk"))
        self.routes = {route.code: route for route in Route.objects.all()}
        self.office = Office.objects.get()
        self.drawn = IssuedPaper.objects.filter(kind="notice").order_by("issued_at")[0]
        self.last = {(row.series, row.year): row.last for row in NumberSeries.objects.all()}
        # In the order in which they refer to each other.
        self.visits, self.seen = Table(Visit), Table(Observation)
        self.papers, self.notices = Table(IssuedPaper), Table(Notice)
        self.findings, self.links = Table(Finding), Table(FindingObservation, without="id")
        self.terms = Table(Term, without="id")
        self.reports, self.verdicts = Table(Rectification), Table(Acceptance, without="id")
        self.history = Table(AuditEntry, without="id")

    def write(self) -> None:
        """Write what has been drawn so far."""
        for table in (self.visits, self.seen, self.papers, self.notices, self.findings):
            table.write()
        for table in (self.terms, self.links, self.reports, self.verdicts, self.history):
            table.write()

    def close_series(self) -> None:
        """Let the next notice or record of an office worker take the next number."""
        for (series, year), last in self.last.items():
            NumberSeries.objects.update_or_create(series=series, year=year, defaults={"last": last})

    def number(self, series: str, year: int) -> int:
        """The next number of a series, as one who takes it at that time would get it."""
        self.last[series, year] = self.last.get((series, year), 0) + 1
        return self.last[series, year]

    @lru_cache(maxsize=10_000)  # noqa: B019 lives as long as the crowd
    def moment(self, index: int, hour: int) -> datetime:
        return clock.moment(self.days[index], time(hour, 15))

    def open_campaign(self, place: int, index: int) -> None:
        """The campaign the next visits belong to."""
        city, begun = self.city, self.moment(index, 8)
        self.campaign = Campaign.objects.create(
            title=f"日常作风检查第{place // A_CAMPAIGN + 1}批",
            content="工作纪律、服务态度、办理时限和政务公开情况。",
            objects_text="各级机关和服务窗口",
            scope="全市",
            method="open",
            starts_on=self.days[index],
            ends_on=self.days[index] + timedelta(days=365),
            office=city.root,
            leader=city.team_leaders[2],
            author=city.clerks[0],
            approver=city.leaders[0],
            taxonomy=self.rng.choice(self.categories).taxonomy,
            state=Campaign.State.ACTIVE,
            created_at=begun,
            submitted_at=begun,
            approved_at=begun,
            started_at=begun,
        )
        self.team = Team.objects.create(
            campaign=self.campaign, name="第一检查组", leader=city.team_leaders[2]
        )
        people = (city.team_leaders[2], *city.inspectors[6:8])
        TeamMember.objects.bulk_create(TeamMember(team=self.team, user=person) for person in people)

    def visit(self, index: int, *, findings: int) -> None:
        """A visit and what became of what was seen; one notice serves what was ordered."""
        unit = self.rng.choices(self.units, self.weights)[0]
        visit, department = uuid4(), self.rng.choice(words.DEPARTMENTS)
        self._visit(visit, unit, department, index)
        matters = [self._matter(index, department) for _ in range(findings)]
        ordered = [matter for matter in matters if matter.stage in ISSUED]
        if ordered:
            self._notice(unit, ordered, index + 4)
        for ordinal, matter in enumerate(matters, start=1):
            self._store(visit, unit, ordinal, matter, index)

    def _visit(self, pk: UUID, unit: Unit, department: str, index: int) -> None:
        present, year = self.rng.randint(4, 30), self.days[index].year
        seq = self.number(signing.SERIES, year)
        self.visits.add(
            id=pk,
            number=numbering.written(code=signing.CODE, year=year, seq=seq),
            client_key=uuid4(),
            campaign_id=self.campaign.pk,
            team_id=self.team.pk,
            unit_id=unit.pk,
            method="open",
            visited_on=self.days[index],
            arrived_at=self.moment(index, 9),
            left_at=self.moment(index, 10),
            department=department,
            place="一楼大厅",
            expected_count=present,
            present_count=present,
            leave_count=0,
            official_out_count=0,
            absent_count=0,
            unit_signature="办公室负责人签字",
            recorder_id=self.city.inspectors[6].pk,
            state=Visit.State.LOCKED,
            version=6,
            created_at=self.moment(index, 8),
            departed_at=self.moment(index, 8),
            recorded_at=self.moment(index, 11),
            reviewed_at=self.moment(index, 16),
            reviewed_by_id=self.city.team_leaders[2].pk,
            locked_at=self.moment(index, 17),
        )

    def _matter(self, index: int, department: str) -> Matter:
        age = self.today - index
        state = _drawn(self.rng, next(fates for youngest, fates in FATES if age >= youngest))
        category = self.rng.choice(self.categories)
        line = words.seen(rng=self.rng, code=category.code, at=time(9, self.rng.randint(20, 58)))
        columns: dict[str, Any] = {
            "department": department,
            "visited_on": self.days[index],
            "month": self.days[index].replace(day=1),
            "grade": _drawn(self.rng, GRADES),
            "raised_by_id": self.city.clerks[0].pk,
            "raised_at": self.moment(index, 17),
        }
        if state in JUDGED:
            columns["confirmed_by_id"] = self.city.clerks[1].pk
            columns["confirmed_at"] = self.moment(index + 3, 10)
            columns["verdict_reason"] = words.VERDICTS[0]
        return Matter(uuid4(), state, category, line, columns)

    def _notice(self, unit: Unit, matters: Sequence[Matter], index: int) -> None:
        """One order for all of them; when one of them has been received, all have."""
        day, at, clerk = self.days[index], self.moment(index, 15), self.city.clerks[0]
        paper, notice = uuid4(), uuid4()
        number = self._paper(paper, unit, day, at)
        receipt = receipt_deadline(given_at=at, book=self.calendar)
        is_received = any(matter.stage != F.ASSIGNED for matter in matters)
        self.notices.add(
            id=notice,
            unit_id=unit.pk,
            paper_id=paper,
            number=number,
            issued_at=at,
            issued_on=day,
            issued_by_id=clerk.pk,
            contact=self.office.contact,
            receipt_due_on=receipt.day,
            receipt_due_is_estimate=receipt.is_estimate,
            received_at=self.moment(index + 1, 9) if is_received else None,
            received_by_id=self._head(unit).pk if is_received else None,
        )
        for matter in matters:
            if is_received and matter.stage == F.ASSIGNED:
                matter.stage = F.RECEIVED
            route = self.routes[_drawn(self.rng, ROUTES)]
            due = self.days[index + route.working_days]
            matter.columns |= {"notice_id": notice, "issued_on": day, "route_id": route.pk, "due_on": due}
            self._term(matter, route, index, at)
            matter.columns |= {
                "first_due_on": due,
                "runs_until": due if matter.stage in Finding.WITH_UNIT else None,
                "due_is_estimate": not self.calendar.knows(day, due),
                "calendar_version": self.calendar.version,
                "requirement": self.rng.choice(themes.REQUIREMENTS[themes.of(matter.category.code)]),
            }

    def _term(self, matter: Matter, route: Route, index: int, at: datetime) -> None:
        due = self.days[index + route.working_days]
        self.terms.add(
            finding_id=matter.pk,
            ordinal=1,
            kind=Term.Kind.ISSUED,
            at=at,
            rule=f"{route.get_code_display()}，{route.working_days}个工作日",
            counts_from=self.days[index],
            working_days=route.working_days,
            due_on=due,
            is_estimate=not self.calendar.knows(self.days[index], due),
            calendar_version=self.calendar.version,
            skipped=self._skipped(index, route.working_days),
        )

    @lru_cache(maxsize=10_000)  # noqa: B019 lives as long as the crowd
    def _skipped(self, index: int, working_days: int) -> list[list[str]]:
        start, due = self.days[index], self.days[index + working_days]
        runs = skipped(start=start, due=due, book=self.calendar, names=book.names(first=start, last=due))
        return [[run.first.isoformat(), run.last.isoformat(), run.why] for run in runs]

    def _paper(self, pk: UUID, unit: Unit, day: date, at: datetime) -> str:
        seq = self.number(SERIES, day.year)
        number = numbering.written(code=self.office.notice_code, year=day.year, seq=seq)
        facts = self.drawn.facts | {"number": number, "unit": unit.name, "issued_on": day.isoformat()}
        self.papers.add(
            id=pk,
            kind="notice",
            series=SERIES,
            year=day.year,
            seq=seq,
            number=number,
            title=self.drawn.title,
            facts=facts,
            facts_sha256=hashlib.sha256(issuing.canonical(facts)).hexdigest(),
            pdf_sha256=self.drawn.pdf_sha256,
            renderer=self.drawn.renderer,
            fonts=self.drawn.fonts,
            issued_at=at,
            issued_by_id=str(self.city.clerks[0].pk),
            issued_by_name=self.city.clerks[0].name,
        )
        return number

    def _store(self, visit: UUID, unit: Unit, ordinal: int, matter: Matter, index: int) -> None:
        seen, line = uuid4(), matter.line
        told = {"place": line.place, "person_post": line.post, "persons": line.persons}
        self.seen.add(
            id=seen, visit_id=visit, ordinal=ordinal, category_id=matter.category.pk, facts=line.facts, **told
        )
        if matter.stage in REPORTED:
            self._report(unit, matter, index)
        self.findings.add(
            id=matter.pk,
            unit_id=unit.pk,
            title=line.facts[:60],
            facts=line.facts,
            category_id=matter.category.pk,
            top=matter.category.top,
            state=matter.stage,
            version=9,
            **told,
            **matter.columns,
        )
        self.links.add(finding_id=matter.pk, observation_id=seen)
        self.history.add(
            at=self.moment(index, 17),
            actor_id=str(self.city.clerks[0].pk),
            actor_name=self.city.clerks[0].name,
            verb="findings.born_finding",
            label="列为问题",
            subject_type="findings.finding",
            subject_id=str(matter.pk),
            subject_name=line.facts[:60],
            after=matter.stage,
            reason="批量演示数据",
        )

    def _report(self, unit: Unit, matter: Matter, index: int) -> None:
        """The unit's report, the verdicts on it and the end, as far as the state says."""
        slow = self.rng.randint(4, 16) if self.today - index < 60 else self.rng.randint(2, 40)
        end = index + 7 + slow if matter.stage != F.RECTIFYING else index + 8
        code, clerks = self.city.answered_by(unit.code), self.city.clerks
        columns: dict[str, Any] = {"state": "draft", "drafted_at": self.moment(end - 2, 9)}
        if matter.stage != F.RECTIFYING:
            columns |= {"state": "submitted", "signed_by_id": self.city.heads[code].pk}
            columns["signed_at"] = self.moment(end - 2, 15)
            matter.columns["handed_in_on"] = self.days[end - 2]
        if matter.stage in REVIEWED:
            columns |= {"state": "passed", "reviewed_by_id": clerks[1].pk, "review_opinion": words.PASSES[0]}
            columns["reviewed_at"] = self.moment(end - 1, 9)
            matter.columns["reviewed_by_id"] = clerks[1].pk
        drafted_by = self.city.liaisons[code].pk
        texts = SHARED_PARTS | themes.report_parts(rng=self.rng, code=matter.category.code)
        texts["problem_summary"] = texts["problem_summary"].format(title=matter.line.facts[:40])
        self.reports.add(
            id=uuid4(), finding_id=matter.pk, round=1, version=3, drafted_by_id=drafted_by, **texts, **columns
        )
        if matter.stage == F.CLOSED:
            self._close(matter, end, issued=index + 4)

    def _close(self, matter: Matter, end: int, *, issued: int) -> None:
        for person in self.city.clerks[2:4]:
            self.verdicts.add(
                finding_id=matter.pk,
                round=1,
                by_id=person.pk,
                at=self.moment(end, 10),
                verdict=Acceptance.Verdict.ACCEPT,
                opinion=words.ACCEPTS[0],
            )
        matter.columns |= {
            "closed_at": self.moment(end, 16),
            "closed_on": self.days[end],
            "closed_by_id": self.city.clerks[3].pk,
            "days_to_close": end - issued,
        }

    def _head(self, unit: Unit) -> User:
        return self.city.heads[self.city.answered_by(unit.code)]


def _drawn(rng: Random, weighted: Sequence[tuple[Any, int]]) -> Any:
    return rng.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
