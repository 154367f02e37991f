"""While a matter runs on: a plan that is late, and a report of progress every thirty days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conduct import clock
from conduct.errors import Forbidden, NotFromHere, Refused
from findings.actions import liaisons, plans, progress
from findings.models import Finding, Progress
from findings.queries import owed
from findings.rules.plan import is_owed, number_now, progress_due
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again
from tests.findings.browsing import get, post, text_of
from tests.findings.planning import at_day, due, handed_in, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


class TestBeingLate:
    def test_the_finding_shows_by_when_the_plan_is_due(
        self, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = due(line).finding
        at_day(monkeypatch, 10)

        page = text_of(get(cast.clerk, "detail", finding.pk))

        standing = page[page.index('<dl class="standing">') :].partition("</dl>")[0]
        assert "方案期限" in standing and "2026年3月9日（周一）" in standing and "逾期" in standing

    def test_a_plan_handed_in_late_says_so(self, cast: Cast, line: Line) -> None:
        plan = written(line)
        plans.hand_in(plan=plan, by=cast.east_head, at=AT + timedelta(days=8))

        assert "迟交" in text_of(get(cast.clerk, "plan", plan.finding_id))

    def test_my_work_of_the_head_names_the_plan(self, cast: Cast, line: Line) -> None:
        due(line)

        [item] = owed.for_user(cast.east_head, today=AT.date())

        assert (item.verb, item.due_on) == ("提交整改方案", date(2026, 3, 9))

    def test_my_work_of_the_office_names_it_once_it_is_in(self, cast: Cast, line: Line) -> None:
        handed_in(line)

        assert owed.for_user(cast.east_head, today=AT.date()) == []
        assert [row.verb for row in owed.for_user(cast.second_clerk, today=AT.date())] == ["审核整改方案"]
        assert owed.for_user(cast.clerk, today=AT.date()) == []
        assert owed.for_user(cast.west_head, today=AT.date()) == []

    def test_a_liaison_sees_what_is_named_to_them(self, cast: Cast, line: Line) -> None:
        plan = due(line)
        assert owed.for_user(cast.east_liaison, today=AT.date()) == []
        liaisons.appoint(finding=plan.finding, liaison=cast.east_liaison, by=cast.east_head, at=AT)

        assert [row.verb for row in owed.for_user(cast.east_liaison, today=AT.date())] == ["提交整改方案"]


class TestProgress:
    def report(self, line: Line, finding: Finding, at: Any, **changes: Any) -> Progress:
        options: dict[str, Any] = {
            "done": "已落实顶岗。",
            "remaining": "制度修订中。",
            "by": line.cast.east_head,
        }
        return progress.report(finding=again(finding), at=at, **options | changes)

    def test_the_days_are_thirty_apart_and_worked(self, line: Line) -> None:
        from conduct.calendar import book

        days = [progress_due(issued_on=AT.date(), number=n, book=book.load()).day for n in (1, 2, 3)]

        assert days == [date(2026, 4, 1), date(2026, 5, 6), date(2026, 6, 1)]

    def test_it_is_asked_of_what_runs_longer_than_thirty_days(self) -> None:
        day = date(2026, 4, 1)

        assert is_owed(due=day, until=date(2026, 4, 13), today=AT.date())
        assert not is_owed(due=day, until=date(2026, 3, 23), today=AT.date())
        assert is_owed(due=day, until=date(2026, 3, 23), today=day)

    def test_a_report_counts_for_its_thirty_days(self, cast: Cast, line: Line) -> None:
        finding = line.received(route="complex")

        row = self.report(line, finding, AT + timedelta(days=28))

        assert (row.number, row.due_on, row.is_late) == (1, date(2026, 4, 1), False)
        assert again(finding).progress_due_on == date(2026, 5, 6)

    def test_it_is_not_taken_long_before(self, line: Line) -> None:
        finding = line.received(route="complex")

        with pytest.raises(NotFromHere, match="2026年3月22日起可以填报"):
            self.report(line, finding, AT + timedelta(days=5))

    def test_once_told_the_same_days_are_not_told_again(self, line: Line) -> None:
        finding = line.received(route="complex")
        self.report(line, finding, AT + timedelta(days=28))

        with pytest.raises(NotFromHere, match="没有应报的进度报告"):
            self.report(line, finding, AT + timedelta(days=29))

    def test_what_was_missed_is_told_in_one_and_is_late(self, line: Line) -> None:
        finding = line.received(route="complex")

        row = self.report(line, finding, AT + timedelta(days=70))

        assert (row.number, row.due_on, row.is_late) == (2, date(2026, 4, 1), True)
        assert again(finding).progress_due_on == date(2026, 6, 1)

    def test_a_short_matter_owes_none_until_it_has_run_that_long(self, cast: Cast, line: Line) -> None:
        finding = line.received()

        with pytest.raises(NotFromHere, match="没有应报的进度报告"):
            self.report(line, finding, AT + timedelta(days=25))
        assert self.report(line, finding, AT + timedelta(days=31)).number == 1

    @pytest.mark.parametrize("changes", [{"done": " "}, {"remaining": ""}])
    def test_it_says_something(self, line: Line, changes: dict[str, str]) -> None:
        with pytest.raises(Refused, match="没有的写“无”"):
            self.report(line, line.received(route="complex"), AT + timedelta(days=28), **changes)

    @pytest.mark.parametrize("stranger", ["west_head", "clerk"])
    def test_only_the_unit_reports(self, cast: Cast, line: Line, stranger: str) -> None:
        with pytest.raises(Forbidden):
            by = getattr(cast, stranger)
            self.report(line, line.received(route="complex"), AT + timedelta(days=28), by=by)

    def test_nothing_is_reported_on_what_is_handed_in(self, line: Line) -> None:
        with pytest.raises(NotFromHere, match="不用提交进度报告"):
            self.report(line, line.submitted(route="complex"), AT + timedelta(days=28))

    def test_the_page_takes_it_and_both_sides_read_it(
        self, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = line.received(route="complex")
        at_day(monkeypatch, 31)

        post(cast.east_head, "progress", finding.pk, done="已落实顶岗。", remaining="制度修订中。")

        for person in (cast.east_head, cast.clerk):
            assert "制度修订中。" in text_of(get(person, "progress", finding.pk))
        assert "已报到第 1 次" in text_of(get(cast.clerk, "detail", finding.pk))
        assert "迟交" in text_of(get(cast.clerk, "progress", finding.pk))

    def test_a_report_too_early_is_answered_with_the_day(self, cast: Cast, line: Line) -> None:
        finding = line.received(route="complex")

        assert "起可以填报" in text_of(get(cast.east_head, "progress", finding.pk))
        answer = post(cast.east_head, "progress", finding.pk, done="已落实。", remaining="无")
        assert answer.status_code == 422 and not Progress.objects.exists()

    def test_my_work_names_it_when_its_time_has_come(self, cast: Cast, line: Line) -> None:
        finding = line.received(route="complex")
        line.plan(finding)

        assert owed.for_user(cast.east_head, today=AT.date()) == []
        [item] = owed.for_user(cast.east_head, today=date(2026, 3, 23))
        assert (item.verb, item.due_on) == ("提交进度报告", date(2026, 4, 1))

    def test_the_finding_shows_a_progress_report_overdue(
        self, cast: Cast, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = line.received()
        at_day(monkeypatch, 32)

        page = text_of(get(cast.clerk, "detail", finding.pk))

        standing = page[page.index('<dl class="standing">') :].partition("</dl>")[0]
        assert "进度报告期限" in standing and "2026年4月1日（周三）" in standing

    def test_number_now_never_goes_back(self) -> None:
        from conduct.calendar.rules import WorkCalendar

        number = number_now(issued_on=AT.date(), last=4, today=AT.date(), book=WorkCalendar())

        assert number == 5


def test_two_reports_of_the_same_thirty_days_cannot_be(line: Line) -> None:
    finding = line.received(route="complex")
    row = TestProgress().report(line, finding, AT + timedelta(days=28))
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        Progress.objects.create(
            **{
                name: getattr(row, name)
                for name in ("finding", "notice", "number", "due_on", "done", "remaining", "reported_on")
            },
            reported_at=AT,
            reported_by=line.cast.east_head,
        )
