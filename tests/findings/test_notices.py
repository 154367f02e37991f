"""The notice: its number, its terms, and who may have what in it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from conduct import issuing
from conduct.clock import SHANGHAI
from conduct.errors import NotFromHere, Refused
from conduct.models import CalendarDay, CalendarYear, NumberSeries
from findings import gather
from findings.actions import notices
from findings.models import Finding, Notice
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, routes
from tests.findings.browsing import get, text_of

pytestmark = pytest.mark.django_db


def issue_at(line: Line, at: datetime, route: str) -> Finding:
    finding = line.confirmed()
    line.at = at
    line.issue(finding, route=route)
    return again(finding)


def moment(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, 0, tzinfo=SHANGHAI)


@pytest.fixture
def no_days_off() -> None:
    """2026 known, with no day off but weekends and one week in May."""
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    year = CalendarYear.objects.create(year=2026, version=4, changed_at=AT)
    for day in range(4, 9):
        CalendarDay.objects.create(day=date(2026, 5, day), year=year, kind=CalendarDay.Kind.OFF)
    CalendarDay.objects.create(day=date(2026, 5, 9), year=year, kind=CalendarDay.Kind.WORK)


@pytest.mark.parametrize(
    ("at", "route", "due"),
    [
        (moment(3, 2), "immediate", date(2026, 3, 5)),
        (moment(3, 2), "limited", date(2026, 3, 23)),
        (moment(3, 2), "complex", date(2026, 4, 13)),
        # After office hours, on a Friday evening and on a Sunday, the term starts with the next working day.
        (moment(3, 2, 19), "immediate", date(2026, 3, 6)),
        (moment(3, 6, 19), "immediate", date(2026, 3, 12)),
        (moment(3, 8), "immediate", date(2026, 3, 12)),
        # Over a week off, with the Saturday that is worked instead.
        (moment(4, 30), "immediate", date(2026, 5, 11)),
    ],
)
def test_the_term_is_counted_in_working_days(
    line: Line, no_days_off: None, at: datetime, route: str, due: date
) -> None:
    finding = issue_at(line, at, route)

    assert finding.due_on == due
    assert not finding.due_is_estimate
    assert finding.calendar_version == "2026.4"


def test_a_year_without_its_calendar_makes_an_estimate(line: Line, no_days_off: None) -> None:
    finding = issue_at(line, moment(12, 25), "limited")

    assert finding.due_is_estimate
    assert gather.paper_of(finding.notice.paper).is_estimated


@pytest.mark.parametrize("page", ["notice_detail", "detail", "list"])
def test_an_estimated_term_says_so_on_the_pages_of_the_unit(
    cast: Cast, line: Line, no_days_off: None, page: str
) -> None:
    finding = issue_at(line, moment(12, 25), "limited")
    leads_to = {"notice_detail": [finding.notice_id], "detail": [finding.pk], "list": []}

    assert "估算" in text_of(get(cast.east_head, page, *leads_to[page]))


def test_changed_days_do_not_move_a_term_already_set(line: Line, cast: Cast) -> None:
    from findings.actions import routes as route_actions

    finding = line.assigned()
    before = again(finding).due_on

    route_actions.change_days(route=routes()["limited"], working_days=40, by=cast.clerk, at=AT)

    assert again(finding).due_on == before


def test_numbers_follow_each_other(line: Line) -> None:
    for _ in range(3):
        line.assigned()

    numbers = Notice.objects.order_by("issued_at", "paper__seq").values_list("number", flat=True)
    assert list(numbers) == ["安督整〔2026〕1号", "安督整〔2026〕2号", "安督整〔2026〕3号"]


def test_a_new_year_starts_at_one(line: Line) -> None:
    line.assigned()

    issue_at(line, moment(1, 5, year=2027), "limited")

    assert Notice.objects.filter(number="安督整〔2027〕1号").exists()


def test_a_notice_that_fails_gives_its_number_back(
    line: Line, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = line.confirmed()

    def no_ink(facts: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(gather, "draw", no_ink)
        with pytest.raises(OSError, match="full"):
            line.issue(finding)

    assert again(finding).state == Finding.State.CONFIRMED
    assert not NumberSeries.objects.filter(last__gt=0).exists()
    assert line.issue(again(finding)).number == "安督整〔2026〕1号"


def test_one_notice_for_findings_of_one_unit_only(line: Line, cast: Cast) -> None:
    with pytest.raises(Refused, match="不能写在一份整改通知书里"):
        line.issue(line.confirmed(), line.confirmed(unit=cast.west))


def test_a_notice_about_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="至少选择一个已认定的问题"):
        notices.issue(demands=[], contact="督查一科", by=cast.clerk, at=AT)


def test_what_is_not_confirmed_is_not_put_to_the_unit(line: Line) -> None:
    with pytest.raises(NotFromHere, match="不能发整改通知书"):
        line.issue(line.verifying())


@pytest.mark.parametrize(
    ("requirement", "contact", "words"), [(" ", "督查一科", "整改要求"), ("整改", " ", "联系人")]
)
def test_a_notice_says_what_to_do_and_whom_to_ask(
    line: Line, cast: Cast, requirement: str, contact: str, words: str
) -> None:
    demand = notices.Demand(finding=line.confirmed(), route=routes()["limited"], requirement=requirement)

    with pytest.raises(Refused, match=words):
        notices.issue(demands=[demand], contact=contact, by=cast.clerk, at=AT)


def test_too_many_findings_for_one_notice(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST_FINDINGS", 1)

    with pytest.raises(Refused, match="最多列 1 个问题"):
        line.issue(line.confirmed(), line.confirmed())


def test_the_frozen_facts_draw_the_same_bytes_again(line: Line) -> None:
    notice = line.issue(line.confirmed())

    assert gather.draw(notice.paper.facts).pdf == issuing.pdf_of(notice.paper)


def test_the_notice_names_what_is_asked(line: Line) -> None:
    paper = gather.paper_of(line.issue(line.confirmed(), route="immediate").paper)

    problem = paper.findings[0]
    assert (problem.route, problem.working_days) == ("立行立改", 3)
    assert problem.requirement == "立即整改，落实AB岗。"
    assert paper.grounds == "经2026年2月26日明察暗访并核实"
