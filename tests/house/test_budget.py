"""What a page may cost: so many questions to the database, never more of them with more rows, and so many bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from findings.models import Finding
from inspections.models import Campaign, CampaignUnit, Visit
from people.models import Unit
from tests.factories import findings, inspections, reports
from tests.factories.cast import Cast, make_unit, signed_in
from tests.house.sources import ROOT

pytestmark = pytest.mark.django_db
MOST_BYTES = 100 * 1024
MOST_OF_A_LIST = 5
MOST_OF_A_FINDING = 16
MOST_OF_A_FILING = 27
A_CROWD = 130
LISTS = (
    ("findings:list", ""),
    ("findings:list", "?order=deadline"),
    ("findings:list", "?state=overdue"),
    ("findings:list", "?grade=3&words=窗口"),
    ("inspections:visit_list", ""),
    ("inspections:campaign_list", ""),
)


@dataclass(frozen=True)
class Cost:
    """What one request took."""

    queries: int
    answer: HttpResponse


def cost(ask: Callable[[], HttpResponse]) -> Cost:
    """Of one request, after another one has loaded what a process loads once."""
    ask()
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    assert answer.status_code in (200, 302), answer.content.decode()[:500]
    return Cost(len(asked), answer)


def crowd(cast: Cast, number: int) -> None:
    """So many more findings under way, visits and campaigns."""
    finding = reports.make_finding(
        cast, cast.east, day=date(2026, 1, 5), state=Finding.State.RECTIFYING, grade=3
    )
    finding.title, finding.department = "窗口长时间无人值守，群众等候，" * 5, "综合受理窗口"
    campaign = reports.make_campaign(cast, first=date(2026, 1, 1), last=date(2026, 1, 9))
    visit = reports.make_visit(campaign, cast.east, day=date(2026, 1, 5))
    copies(finding, number)
    copies(visit, number, client_key=uuid4, unit=iter_units(cast, number))
    copies(campaign, number)


def copies(row: Finding | Visit | Campaign, number: int, **fresh: Callable[[], object]) -> None:
    """Rows like this one, each with a key of its own, a minute apart."""
    model, at = type(row), "raised_at" if isinstance(row, Finding) else "created_at"
    kept = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    new = []
    for place in range(number):
        like = model(**kept | {"id": uuid4(), at: kept[at] + timedelta(minutes=place)})
        for name, make in fresh.items():
            setattr(like, name, make())
        new.append(like)
    model._base_manager.bulk_create(new)


def iter_units(cast: Cast, number: int) -> Callable[[], Unit]:
    """A unit of its own for each visit: a team goes to a unit once."""
    units = iter([make_unit(f"第{place}所{uuid4().hex[:6]}", cast.west) for place in range(number)])
    return lambda: next(units)


@pytest.mark.parametrize(("name", "query"), LISTS)
def test_a_list_asks_the_same_few_questions_however_long_it_is(cast: Cast, name: str, query: str) -> None:
    address, client = reverse(name) + query, signed_in(cast.clerk)
    crowd(cast, 3)
    few = cost(lambda: client.get(address))

    crowd(cast, A_CROWD)
    many = cost(lambda: client.get(address))

    assert many.queries == few.queries <= MOST_OF_A_LIST
    assert len(many.answer.content) <= MOST_BYTES


@pytest.mark.parametrize(("name", "query"), LISTS[:3])
def test_a_later_page_of_the_ledger_costs_no_more(cast: Cast, name: str, query: str) -> None:
    client = signed_in(cast.clerk)
    crowd(cast, A_CROWD)
    first = client.get(reverse(name) + query)
    second = client.get(reverse(name) + first.context["ledger"].pager.older_url)
    address = reverse(name) + second.context["ledger"].pager.older_url

    last = cost(lambda: client.get(address))

    assert last.answer.context["ledger"].pager.older_url == ""
    assert last.queries <= MOST_OF_A_LIST


def test_a_finding_asks_the_same_questions_however_many_there_are(cast: Cast) -> None:
    address = reverse("findings:detail", args=[findings.Line(cast).closed().pk])
    client = signed_in(cast.clerk)
    alone = cost(lambda: client.get(address))

    crowd(cast, A_CROWD)
    among_many = cost(lambda: client.get(address))

    assert among_many.queries == alone.queries <= MOST_OF_A_FINDING
    assert len(among_many.answer.content) <= MOST_BYTES


def test_filing_a_visit_asks_the_same_questions_however_many_there_are(cast: Cast) -> None:
    campaign = inspections.approved_campaign(cast)
    units = iter([make_unit(f"第{place}站", cast.west) for place in range(4)])
    team = campaign.teams.first()
    client = signed_in(cast.team_leader)

    def file() -> HttpResponse:
        unit = next(units)
        CampaignUnit.objects.create(campaign=campaign, unit=unit, team=team)
        address = f"{reverse('inspections:visit_new')}?campaign={campaign.pk}&unit={unit.pk}"
        return client.post(
            address, FILED | {"client_key": str(uuid4()), "visited_on": f"{campaign.starts_on}"}
        )

    alone = cost(file)
    crowd(cast, A_CROWD)
    among_many = cost(file)

    # One of them is the test's own, which puts the unit into the campaign.
    assert among_many.queries - 1 == alone.queries - 1 <= MOST_OF_A_FILING


FILED = {
    "arrived": "09:10",
    "method": "open",
    "place": "一楼大厅",
    "seen-TOTAL_FORMS": "1",
    "seen-INITIAL_FORMS": "0",
    "seen-0-kind": "problem",
    "seen-0-category": "D1-03",
    "seen-0-facts": "三号窗口无人值守，群众等候约二十分钟。",
}


@pytest.mark.parametrize("url", ["sqlite:///somewhere.sqlite3", "postgres://somebody@/somewhere/office"])
def test_a_connection_serves_many_requests_and_is_looked_at_before_each(url: str) -> None:
    code = (
        "from conduct import settings; own = settings.DATABASES['default'];"
        "print(own['CONN_MAX_AGE'], own['CONN_HEALTH_CHECKS'])"
    )
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CONN_")}

    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["60", "True"]
