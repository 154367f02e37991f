"""The ledger: narrowed by its address, paged, and cheap."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.cast import Cast
from tests.factories.findings import (
    Line,
)
from tests.findings.browsing import browser, get, text_of

pytestmark = pytest.mark.django_db


class TestTheLedger:
    def test_the_queries_do_not_grow_with_the_rows(self, cast: Cast, line: Line) -> None:
        client = browser(cast.clerk)
        url = reverse("findings:list")
        line.assigned()
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for _ in range(6):
            line.assigned()
        with CaptureQueriesContext(connection) as many:
            page = client.get(url)

        own = [query for query in many if "findings_finding" in query["sql"] or "calendar" in query["sql"]]
        assert len(many) == len(few)
        assert len(own) <= 5
        assert len(page.content) < 100_000

    def test_the_rows_turn_by_page(self, cast: Cast, line: Line) -> None:
        for _ in range(51):
            line.new()
        client = browser(cast.clerk)

        first = client.get(reverse("findings:list"))
        second = client.get(reverse("findings:list") + first.context["ledger"].pager.older_url)

        assert (len(first.context["ledger"].rows), len(second.context["ledger"].rows)) == (50, 1)

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ({"state": "open"}, {"办理中的"}),
            ({"state": "before_notice"}, {"新列的"}),
            ({"state": "closed"}, {"销号的"}),
            ({"state": "standing"}, {"办理中的", "销号的"}),
            ({"state": "new"}, {"新列的"}),
            ({"top": "B"}, {"办理中的", "新列的", "销号的"}),
            ({"top": "A"}, set()),
            ({"month": "2026-02"}, {"办理中的", "新列的", "销号的"}),
            ({"month": "2026-03"}, set()),
            ({"issued_from": "2026-03-02", "issued_to": "2026-03-02"}, {"办理中的", "销号的"}),
            ({"closed_from": "2026-03-03"}, set()),
            ({"visited_to": "2026-02-25"}, set()),
            ({"number": "安督整[2026]1号"}, {"办理中的"}),
            ({"historical": "1"}, set()),
            ({"order": "deadline"}, {"办理中的"}),
        ],
    )
    def test_the_address_narrows_the_list(
        self, cast: Cast, line: Line, query: dict[str, str], titles: set[str]
    ) -> None:
        line.assigned(title="办理中的")
        line.new(title="新列的")
        line.closed(title="销号的")

        rows = get(cast.clerk, "list", **query).context["ledger"].rows

        assert {row.title for row in rows} == titles

    def test_a_unit_stands_for_all_below_it(self, cast: Cast, line: Line) -> None:
        line.new(unit=cast.east_bureau, title="下级的")
        line.new(unit=cast.west, title="别处的")

        rows = get(cast.clerk, "list", unit=cast.east.pk).context["ledger"].rows

        assert [row.title for row in rows] == ["下级的"]

    @pytest.mark.parametrize(
        "query", [{"month": "三月"}, {"state": "exploded"}, {"unit": "x"}, {"after": "x"}]
    )
    def test_what_cannot_be_read_is_left_out(self, cast: Cast, line: Line, query: dict[str, str]) -> None:
        line.new()

        response = get(cast.clerk, "list", **query)

        assert response.status_code == 200
        assert len(response.context["ledger"].rows) == 1

    def test_the_filters_come_as_a_part_and_as_a_page(self, cast: Cast) -> None:
        client = browser(cast.clerk)

        part = client.get(reverse("findings:filters"), headers={"HX-Request": "true"})
        page = client.get(reverse("findings:filters"))

        assert "<html" not in text_of(part)
        assert 'name="unit_name"' in text_of(page)
        assert f'hx-get="{reverse("findings:unit_search")}"' in text_of(page)
