"""Turning pages by keyset: nothing twice, nothing missed, and a bad cursor is the first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict

from conduct import paging
from conduct.models import AuditEntry, CalendarDay, JobRun
from tests.factories.cast import AT

pytestmark = pytest.mark.django_db
ORDER = ("-created_at", "id")


@pytest.fixture
def runs() -> list[str]:
    """Seven runs; three begun at one moment, and three never begun."""
    for number in range(7):
        JobRun.objects.create(
            job=f"job{number}",
            created_at=AT + timedelta(minutes=number // 2),
            started_at=AT + timedelta(minutes=number) if number % 2 else None,
        )
    return [run.job for run in JobRun.objects.order_by(*ORDER)]


def turn(query: str = "", *, order=ORDER, size: int = 3, rows=None, **options):
    found = JobRun.objects.all() if rows is None else rows
    return paging.keyset(found, order=order, request_get=QueryDict(query), size=size, **options)


def names(page) -> list[str]:
    return [run.job for run in page.rows]


def walk(*, order, size: int) -> list[str]:
    page, seen = turn(order=order, size=size), []
    while True:
        seen += names(page)
        if not page.pager.older_url:
            return seen
        page = turn(page.pager.older_url.removeprefix("?"), order=order, size=size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10])
def test_every_row_is_met_once(runs: list[str], size: int) -> None:
    assert walk(order=ORDER, size=size) == runs


@pytest.mark.parametrize("order", [("started_at", "id"), ("-started_at", "id"), ("-started_at", "-id")])
def test_empty_values_have_their_place_too(runs: list[str], order: tuple[str, ...]) -> None:
    seen = walk(order=order, size=2)

    assert sorted(seen) == sorted(runs)
    assert (seen[:4] if order[0].startswith("-") else seen[-4:]) == [
        run.job for run in JobRun.objects.filter(started_at=None).order_by(order[1])
    ]


def test_going_back_leads_over_the_same_pages(runs: list[str]) -> None:
    second = turn(turn().pager.older_url[1:])
    third = turn(second.pager.older_url[1:])

    assert names(turn(third.pager.newer_url[1:])) == names(second)


def test_back_at_the_front_the_page_is_whole(runs: list[str]) -> None:
    second = turn(turn(size=2).pager.older_url[1:], size=3)

    front = turn(second.pager.newer_url[1:], size=3)

    assert names(front) == runs[:3]
    assert front.pager.newer_url == ""


def test_the_first_page_has_no_newer_and_the_last_no_older(runs: list[str]) -> None:
    assert turn().pager.newer_url == ""
    assert turn(size=7).pager.older_url == ""


def test_a_row_that_arrives_meanwhile_shifts_nothing(runs: list[str]) -> None:
    older = turn().pager.older_url
    JobRun.objects.create(job="new", created_at=AT + timedelta(hours=1))

    assert names(turn(older[1:])) == runs[3:6]


def test_the_filters_of_the_address_are_kept(runs: list[str]) -> None:
    assert turn("state=waiting&q=%E7%94%B2").pager.older_url.startswith("?state=waiting&q=%E7%94%B2&after=")


@pytest.mark.parametrize("cursor", ["x", "", "a:b:c", "%00", "x" * 5000])
@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_bad_cursor_is_the_first_page(runs: list[str], cursor: str, direction: str) -> None:
    assert names(turn(f"{direction}={cursor}")) == runs[:3]


def test_a_cursor_of_another_list_is_the_first_page(runs: list[str]) -> None:
    foreign = turn(order=("job", "id")).pager.older_url

    assert names(turn(foreign[1:])) == runs[:3]


def test_rows_as_dictionaries_are_paged_too(runs: list[str]) -> None:
    rows = JobRun.objects.values("id", "job", "created_at")

    page = turn(turn(rows=rows).pager.older_url[1:], rows=rows)

    assert [row["job"] for row in page.rows] == runs[3:6]


def test_an_empty_list_is_a_page(db: None) -> None:
    page = paging.keyset(CalendarDay.objects.none(), order=("day",), request_get=QueryDict(), bound=10)

    assert (page.rows, page.pager.count, page.pager.older_url) == ([], 0, "")


def test_a_page_costs_one_query_however_far_one_has_turned(
    runs: list[str], django_assert_num_queries
) -> None:
    far = turn(turn().pager.older_url[1:]).pager.older_url

    with django_assert_num_queries(1):
        turn(far[1:])


def test_a_count_stops_one_past_its_bound(runs: list[str]) -> None:
    assert paging.bounded_count(JobRun.objects.all(), 5) == 6
    assert paging.bounded_count(JobRun.objects.all(), 10) == 7
    assert turn(bound=5).pager.count == 6


def test_a_deep_page_starts_in_the_index() -> None:
    from django.db import connection

    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=AT + timedelta(seconds=n), actor_name="甲", verb="x", subject_type="a", subject_id=str(n)
        )
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE conduct_auditentry")
    keys = [paging._key(AuditEntry, "-at"), paging._key(AuditEntry, "-id")]
    rows = AuditEntry.objects.filter(
        paging._from_cursor(keys, [AT + timedelta(seconds=99), 99], turned=False)
    )

    plan = rows.order_by("-at", "-id")[:51].explain()

    assert "audit_at" in plan
    assert "SCAN conduct_auditentry\n" not in plan and "Seq Scan" not in plan
