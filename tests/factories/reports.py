"""Findings, visits and campaigns in any state, saved straight into their tables: material to be counted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from conduct import clock
from conduct.models import IssuedPaper
from findings.models import Finding, FindingObservation, Notice, Route
from inspections.models import Campaign, CampaignUnit, Observation, ProblemCategory, Taxonomy, Visit
from people.models import Unit
from tests.factories.cast import AT, Cast

TODAY = clock.day_of(AT)
_numbers = count(1)
S = Finding.State


def taxonomy(scheme: str = Taxonomy.Scheme.SPEECH) -> Taxonomy:
    """The newest version of a scheme, published now where a test emptied the tables."""
    found = Taxonomy.objects.filter(scheme=scheme).order_by("-version").first()
    if found is not None:
        return found
    made = Taxonomy.objects.create(scheme=scheme, version=1, title="问题分类", published_at=AT)
    for ordinal, (code, name) in enumerate(
        [("A", "大局意识"), ("B", "服务意识"), ("C", "质量意识"), ("D", "自律意识")]
    ):
        ProblemCategory.objects.create(
            taxonomy=made, code=code, name=name, level=1, top=code, ordinal=ordinal
        )
    return made


def category(code: str) -> ProblemCategory:
    """A node by its code, made where it is missing."""
    scheme = Taxonomy.Scheme.REPORT if code.startswith("R") else Taxonomy.Scheme.SPEECH
    of = taxonomy(scheme)
    top = code[:2] if code.startswith("R") else code[0]
    found = ProblemCategory.objects.filter(taxonomy=of, code=code).first()
    return found or ProblemCategory.objects.create(
        taxonomy=of, code=code, name=f"指标{code}", level=3, top=top, is_leaf=True
    )


def make_campaign(cast: Cast, *, first: date, last: date, **fields: Any) -> Campaign:
    """A campaign in the field, unless told otherwise."""
    facts: dict[str, Any] = {
        "title": f"专项检查{next(_numbers)}",
        "content": "作风",
        "objects_text": "机关",
        "scope": "全市",
        "method": "open",
        "starts_on": first,
        "ends_on": last,
        "office": cast.city,
        "leader": cast.leader,
        "author": cast.clerk,
        "approver": cast.leader,
        "taxonomy": taxonomy(),
        "state": Campaign.State.ACTIVE,
        "approved_at": AT,
        "started_at": AT,
        "created_at": AT,
    }
    return Campaign.objects.create(**(facts | fields))


def make_history(
    cast: Cast, *, day: date, pool: int | None = None, visited: int | None = None, **fields: Any
) -> Campaign:
    """A campaign of the past, with what its source states."""
    return make_campaign(
        cast,
        first=day,
        last=day,
        is_historical=True,
        stated_pool=pool,
        stated_units_visited=visited,
        state=Campaign.State.CLOSED,
        leader=None,
        approver=None,
        approved_at=None,
        started_at=None,
        **fields,
    )


def plan_unit(campaign: Campaign, *units: Unit) -> None:
    """Put units on a campaign's list."""
    for unit in units:
        CampaignUnit.objects.create(campaign=campaign, unit=unit)


def make_visit(campaign: Campaign, unit: Unit, *, day: date, **fields: Any) -> Visit:
    """A visit that has left, unless told otherwise."""
    facts: dict[str, Any] = {
        "method": campaign.method,
        "visited_on": day,
        "state": Visit.State.DEPARTED,
        "created_at": AT,
        "departed_at": clock.moment(day, time(9)),
    }
    return Visit.objects.create(campaign=campaign, unit=unit, **(facts | fields))


def make_finding(cast: Cast, unit: Unit, code: str = "D1-03", *, day: date, **fields: Any) -> Finding:
    """A confirmed finding; from `assigned` on with its notice, due and issued as told or in two weeks."""
    state = fields.pop("state", S.CONFIRMED)
    number = next(_numbers)
    facts: dict[str, Any] = {
        "unit": unit,
        "title": f"工作时间做与工作无关的事{number}",
        "facts": f"工作人员在工作时间浏览网页（{number}）。",
        "category": category(code),
        "top": category(code).top,
        "visited_on": day,
        "month": day.replace(day=1),
        "state": state,
        "raised_at": clock.moment(day, time(18)),
        "raised_by": cast.clerk,
        "confirmed_by": cast.second_clerk,
        "confirmed_at": clock.moment(day, time(19)),
    }
    if state in (*Finding.OPEN, S.CLOSED):
        facts |= _handed_over(cast, unit, day=fields.get("issued_on", day))
        due_on = fields.get("due_on", facts["due_on"])
        facts |= {"first_due_on": due_on, "runs_until": due_on if state in Finding.WITH_UNIT else None}
    if state in (S.SUBMITTED, S.AWAITING_ACCEPTANCE):
        facts["handed_in_on"] = facts["due_on"]
    if state == S.CLOSED:
        closed_on = fields.setdefault("closed_on", day + timedelta(days=7))
        facts |= {"closed_by": cast.third_clerk, "closed_at": clock.moment(closed_on, time(10))}
    return Finding.objects.create(**(facts | fields))


def make_record(
    cast: Cast, visit: Visit, code: str, *, persons: int, count: int = 1, **fields: Any
) -> Finding:
    """A finding of the past, with the observation it rests on."""
    assert visit.visited_on
    seen_at = fields.pop("seen_at", None)
    facts = fields.pop("facts", "上班时间玩电脑游戏")
    ordinal = visit.observations.count() + 1
    seen = Observation.objects.create(
        visit=visit,
        ordinal=ordinal,
        category=category(code),
        facts=facts,
        persons=persons,
        count=count,
        seen_at=seen_at,
    )
    finding = make_finding(
        cast,
        visit.unit,
        code,
        day=visit.visited_on,
        state=S.ON_RECORD,
        is_historical=True,
        facts=facts,
        persons=persons,
        count=count,
        **fields,
    )
    FindingObservation.objects.create(finding=finding, observation=seen)
    return finding


def _handed_over(cast: Cast, unit: Unit, *, day: date) -> dict[str, Any]:
    at: datetime = clock.moment(day, time(17))
    number = f"安督整〔{day.year}〕{next(_numbers)}号"
    paper = IssuedPaper.objects.create(
        kind="notice",
        number=number,
        title="整改通知书",
        facts={},
        facts_sha256="0" * 64,
        pdf_sha256="0" * 64,
        renderer="1",
        fonts="",
        issued_at=at,
        issued_by_id=str(cast.clerk.pk),
        issued_by_name=str(cast.clerk),
    )
    notice = Notice.objects.create(
        unit=unit,
        paper=paper,
        number=number,
        issued_at=at,
        issued_on=day,
        issued_by=cast.clerk,
        contact="督查一科",
        receipt_due_on=day + timedelta(days=1),
    )
    route, _ = Route.objects.get_or_create(code="limited", defaults={"working_days": 15})
    return {"notice": notice, "issued_on": day, "due_on": day + timedelta(days=14), "route": route}
