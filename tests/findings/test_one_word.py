"""One word for one thing, and a year wherever it is not the present one."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from conduct import clock
from conduct.clock import SHANGHAI
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line
from tests.findings.browsing import get, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists are looked at in March 2026."""
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.mark.parametrize("name", ["list", "detail", "statement", "rectify"])
def test_the_unit_reads_everywhere_what_its_menu_says(cast: Cast, line: Line, name: str) -> None:
    finding = line.rectifying()

    page = text_of(get(cast.east_head, name, *([] if name == "list" else [finding.pk])))

    assert "问题台账" not in page


def test_the_list_of_a_unit_is_headed_as_its_menu_says(cast: Cast, line: Line) -> None:
    line.assigned()

    assert "<h1>本单位问题</h1>" in text_of(get(cast.east_head, "list"))
    assert "<h1>本单位问题（办理中）</h1>" in text_of(get(cast.east_head, "list", state="open"))


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_the_office_and_the_reading_leader_read_the_ledger(cast: Cast, line: Line, who: str) -> None:
    line.assigned()

    assert "<h1>问题台账</h1>" in text_of(get(getattr(cast, who), "list"))


class TestAnotherYear:
    def test_a_term_of_next_year_names_it_in_the_ledger(self, cast: Cast, line: Line) -> None:
        line.at = datetime(2026, 12, 21, 9, 0, tzinfo=SHANGHAI)
        finding = line.assigned()
        assert finding.__class__.objects.get().due_on.year == 2027

        page = text_of(get(cast.clerk, "list"))

        assert "2027年1月" in page

    def test_a_term_of_this_year_stays_short(self, cast: Cast, line: Line) -> None:
        line.assigned()

        page = text_of(get(cast.clerk, "list"))

        assert "3月23日（周一）" in page
        assert "2026年3月23日" not in page

    def test_a_notice_of_last_year_names_it_in_the_list(self, cast: Cast, line: Line) -> None:
        line.assigned().__class__.objects.get().notice.__class__.objects.update(issued_on=date(2025, 12, 2))

        assert "2025年12月2日（周二）" in text_of(get(cast.clerk, "notice_list"))
