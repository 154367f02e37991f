"""Many more findings behind the demo city, written in bulk: for measuring pages, not for reading one by one.

Every row keeps the constraints and the counts its neighbours imply; notices share one drawn PDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import models, transaction

from conduct import clock, issuing, numbering
from conduct.calendar import book
from conduct.models import AuditEntry, IssuedPaper, NumberSeries, Office
from findings.actions.notices import SERIES
from findings.models import Acceptance, Finding, FindingObservation, Notice, Rectification, Route
from inspections.models import Campaign, Observation, ProblemCategory, Team, TeamMember, Visit
from people.models import Unit, User

from . import words
from .city import City

SEED = 100_000
DAYS_BACK = 720
DAYS_AHEAD = 90
A_CAMPAIGN = 400
BATCH = 2000
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
ISSUED = (*Finding.OPEN, F.CLOSED)
REPORTED = (F.SUBMITTED, F.AWAITING_ACCEPTANCE, F.CLOSED)
JUDGED = (F.CONFIRMED, F.PARTLY, F.DISMISSED, *ISSUED)


@dataclass
class Rows:
    """Rows of one batch, kept in the order in which they refer to each other."""

    visits: list[Visit] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    papers: list[IssuedPaper] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    links: list[FindingObservation] = field(default_factory=list)
    reports: list[Rectification] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    history: list[AuditEntry] = field(default_factory=list)

    def save(self) -> None:
        """Write them."""
        rows: list[models.Model]
        for rows in self.__dict__.values():
            if rows:
                type(rows[0])._base_manager.bulk_create(rows, batch_size=BATCH)


@transaction.atomic
def enlarge(*, city: City, findings: int, at: datetime) -> None:
    """Add so many findings with their visits, observations, notices and reports, over two years."""
    crowd = _Crowd(city, at)
    made = crowd.visits(findings)
    while batch := list(islice(made, BATCH // 2)):
        rows = Rows()
        for number, visit in batch:
            crowd.fill(rows, visit, number)
        rows.save()
    crowd.close_series()


class _Crowd:
    """Draws the rows; all dates lie on working days and in the order people would have kept."""

    def __init__(self, city: City, at: datetime) -> None:
        self.city, self.at = city, at
        self.rng = Random(SEED)  # noqa: S311 a repeatable crowd, no secret
        self.calendar = book.load()
        today = clock.day_of(at)
        span = (today + timedelta(days=n) for n in range(-DAYS_BACK, DAYS_AHEAD))
        self.days = [day for day in span if self.calendar.is_working(day)]
        self.index = {day: place for place, day in enumerate(self.days)}
        self.today = sum(day < today for day in self.days)
        self.units = [unit for code, unit in city.units.items() if city.answered_by(code)]
        self.weights = [self.rng.randint(1, 9) for _ in self.units]
        self.categories = list(
            ProblemCategory.objects.filter(is_leaf=True, taxonomy__version=1).order_by("pk")
        )
        self.routes = {route.code: route for route in Route.objects.all()}
        self.office = Office.objects.get()
        drawn = IssuedPaper.objects.filter(kind="notice").order_by("issued_at")[0]
        self.facts, self.drawn = drawn.facts, drawn
        self.last = {row.year: row.last for row in NumberSeries.objects.filter(series=SERIES)}

    def visits(self, findings: int) -> Iterator[tuple[int, Visit]]:
        """(findings it leads to, visit), oldest first; campaigns are saved as they come up."""
        left, campaign, team = findings, None, None
        pairs = (findings + 1) // 2
        for place in range(pairs):
            index = place * (self.today - 1) // pairs
            if campaign is None or place % A_CAMPAIGN == 0:
                campaign, team = self._campaign(place, index)
            yield min(2, left), self._visit(campaign, team, index)
            left -= 2

    def fill(self, rows: Rows, visit: Visit, findings: int) -> None:
        """The observations of a visit and what became of them; one notice serves what was ordered."""
        rows.visits.append(visit)
        index = self.index[visit.visited_on]
        unit = visit.unit
        category = self.rng.choice(self.categories)
        made = []
        for ordinal in range(1, findings + 1):
            line = words.seen(rng=self.rng, code=category.code)
            seen = Observation(
                visit=visit,
                ordinal=ordinal,
                category=category,
                facts=line.facts,
                place=line.place,
                person_post=line.post,
                persons=line.persons,
            )
            finding = self._finding(unit, visit, seen, index)
            rows.observations.append(seen)
            rows.findings.append(finding)
            rows.links.append(FindingObservation(finding=finding, observation=seen))
            made.append(finding)
        ordered = [finding for finding in made if finding.state in ISSUED]
        if ordered:
            self._notice(rows, ordered, index + 4)
        for finding in made:
            self._aftermath(rows, finding, index)

    def close_series(self) -> None:
        """Let the next notice of an office worker take the next number."""
        for year, last in self.last.items():
            NumberSeries.objects.update_or_create(series=SERIES, year=year, defaults={"last": last})

    def moment(self, index: int, hour: int) -> datetime:
        return clock.moment(self.days[index], time(hour, 15))

    def _campaign(self, place: int, index: int) -> tuple[Campaign, Team]:
        city, start = self.city, self.days[index]
        campaign = Campaign.objects.create(
            title=f"日常作风检查第{place // A_CAMPAIGN + 1}批",
            content="工作纪律、服务态度、办理时限和政务公开情况。",
            objects_text="各级机关和服务窗口",
            scope="全市",
            method="open",
            starts_on=start,
            ends_on=start + timedelta(days=365),
            office=city.root,
            leader=city.team_leaders[2],
            author=city.clerks[0],
            approver=city.leaders[0],
            taxonomy=self.categories[0].taxonomy,
            state=Campaign.State.ACTIVE,
            created_at=self.moment(index, 8),
            submitted_at=self.moment(index, 8),
            approved_at=self.moment(index, 8),
            started_at=self.moment(index, 8),
        )
        team = Team.objects.create(campaign=campaign, name="第一检查组", leader=city.team_leaders[2])
        people = [city.team_leaders[2], *city.inspectors[6:8]]
        TeamMember.objects.bulk_create(TeamMember(team=team, user=person) for person in people)
        return campaign, team

    def _visit(self, campaign: Campaign, team: Team | None, index: int) -> Visit:
        present = self.rng.randint(4, 30)
        return Visit(
            campaign=campaign,
            team=team,
            unit=self.rng.choices(self.units, self.weights)[0],
            method=campaign.method,
            visited_on=self.days[index],
            arrived_at=self.moment(index, 9),
            left_at=self.moment(index, 10),
            department=self.rng.choice(words.DEPARTMENTS),
            place="一楼大厅",
            expected_count=present,
            present_count=present,
            leave_count=0,
            official_out_count=0,
            absent_count=0,
            unit_signature="办公室负责人签字",
            recorder=self.city.inspectors[6],
            state=Visit.State.LOCKED,
            version=6,
            created_at=self.moment(index, 8),
            departed_at=self.moment(index, 8),
            recorded_at=self.moment(index, 11),
            reviewed_at=self.moment(index, 16),
            reviewed_by=self.city.team_leaders[2],
            locked_at=self.moment(index, 17),
        )

    def _finding(self, unit: Unit, visit: Visit, seen: Observation, index: int) -> Finding:
        age = self.today - index
        state = _drawn(self.rng, next(fates for youngest, fates in FATES if age >= youngest))
        day = self.days[index]
        finding = Finding(
            unit=unit,
            department=visit.department,
            title=seen.facts[:60],
            facts=seen.facts,
            place=seen.place,
            category=seen.category,
            top=seen.category.top,
            grade=self.rng.choices((1, 2, 3, 4, 5), (20, 50, 20, 8, 2))[0],
            person_post=seen.person_post,
            persons=seen.persons,
            visited_on=day,
            month=day.replace(day=1),
            state=state,
            version=2 + len(JUDGED),
            raised_by=self.city.clerks[0],
            raised_at=self.moment(index, 17),
        )
        if state in JUDGED:
            finding.confirmed_by, finding.confirmed_at = self.city.clerks[1], self.moment(index + 3, 10)
            finding.verdict_reason = words.VERDICTS[0]
        return finding

    def _notice(self, rows: Rows, findings: Sequence[Finding], index: int) -> None:
        day, at, unit = self.days[index], self.moment(index, 15), findings[0].unit
        seq = self.last[day.year] = self.last.get(day.year, 0) + 1
        number = numbering.written(code=self.office.notice_code, year=day.year, seq=seq)
        facts = self.facts | {"number": number, "unit": unit.name, "issued_on": day.isoformat()}
        paper = IssuedPaper(
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
        is_received = any(finding.state != F.ASSIGNED for finding in findings)
        notice = Notice(
            unit=unit,
            paper=paper,
            number=number,
            issued_at=at,
            issued_on=day,
            issued_by=self.city.clerks[0],
            contact=self.office.contact,
            received_at=self.moment(index + 1, 9) if is_received else None,
            received_by=self._head(unit) if is_received else None,
        )
        rows.papers.append(paper)
        rows.notices.append(notice)
        for finding in findings:
            self._order(finding, notice, index)
            if is_received and finding.state == F.ASSIGNED:
                finding.state = F.RECEIVED

    def _order(self, finding: Finding, notice: Notice, index: int) -> None:
        route = self.routes[_drawn(self.rng, ROUTES)]
        finding.notice, finding.issued_on, finding.route = notice, self.days[index], route
        finding.due_on = self.days[index + route.working_days]
        finding.due_is_estimate = not self.calendar.knows(finding.issued_on, finding.due_on)
        finding.calendar_version = self.calendar.version
        finding.requirement = words.REQUIREMENTS[len(notice.number) % len(words.REQUIREMENTS)]

    def _aftermath(self, rows: Rows, finding: Finding, index: int) -> None:
        """The report, the verdicts and the end, as far as the state says; and one line of history."""
        if finding.state == F.RECTIFYING:
            rows.reports.append(self._report(finding, index + 6))
        if finding.state in REPORTED:
            slow = self.rng.randint(4, 16) if self.today - index < 60 else self.rng.randint(2, 40)
            end = index + 5 + slow
            rows.reports.append(self._report(finding, end - 2))
            if finding.state != F.SUBMITTED:
                finding.reviewed_by = self.city.clerks[1]
            if finding.state == F.CLOSED:
                rows.acceptances += [
                    Acceptance(
                        finding=finding,
                        round=1,
                        by=person,
                        at=self.moment(end, 10),
                        verdict=Acceptance.Verdict.ACCEPT,
                        opinion=words.ACCEPTS[0],
                    )
                    for person in self.city.clerks[2:4]
                ]
                finding.closed_at, finding.closed_on = self.moment(end, 16), self.days[end]
                finding.closed_by = self.city.clerks[3]
                finding.days_to_close = end - (index + 4)
        rows.history.append(
            AuditEntry(
                at=finding.raised_at,
                actor_id=str(self.city.clerks[0].pk),
                actor_name=self.city.clerks[0].name,
                verb="findings.born_finding",
                label="列为问题",
                subject_type="findings.finding",
                subject_id=str(finding.pk),
                subject_name=finding.title,
                after=finding.state,
                reason="批量演示数据",
            )
        )

    def _report(self, finding: Finding, index: int) -> Rectification:
        code = self.city.answered_by(finding.unit.code)
        verdict = {F.RECTIFYING: "draft", F.SUBMITTED: "submitted"}.get(F(finding.state), "passed")
        parts: dict[str, Any] = {name: texts[0] for name, texts in words.REPORT_PARTS.items()}
        parts["problem_summary"] = parts["problem_summary"].format(title=finding.title)
        report = Rectification(
            finding=finding,
            **parts,
            state=verdict,
            version=3,
            drafted_by=self.city.liaisons[code],
            drafted_at=self.moment(index, 9),
        )
        if verdict != Rectification.State.DRAFT:
            report.signed_by, report.signed_at = self.city.heads[code], self.moment(index, 15)
        if verdict == Rectification.State.PASSED:
            report.reviewed_by, report.reviewed_at = self.city.clerks[1], self.moment(index + 1, 9)
            report.review_opinion = words.PASSES[0]
        return report

    def _head(self, unit: Unit) -> User:
        return self.city.heads[self.city.answered_by(unit.code)]


def _drawn(rng: Random, weighted: Sequence[tuple[str, int]]) -> str:
    return rng.choices([word for word, _ in weighted], [weight for _, weight in weighted])[0]
