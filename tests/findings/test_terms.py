"""The unit's clock: when it runs, when it stands still, and how each deadline was counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from conduct import clock
from conduct.calendar import book as calendar
from conduct.calendar import seed
from conduct.dates import light
from findings.actions import acceptances, reviews
from findings.models import Finding, Term
from findings.queries import filters
from findings.queries.standing import standing
from tests.factories.cast import AT
from tests.factories.findings import Line, again, report_of
from tests.findings.browsing import get, text_of

pytestmark = pytest.mark.django_db
S = Finding.State
REASON = "措施没有写明完成时间，请补充。"


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def days_later(days: int) -> datetime:
    return AT + timedelta(days=days)


def listed(state: str, *, today: date) -> set[object]:
    """Ids of the findings of a group on a day."""
    which = filters.in_state(state, today=today, book=calendar.load())
    return set(Finding.objects.filter(which).values_list("pk", flat=True))


def test_a_notice_starts_the_clock_and_keeps_how_the_term_was_counted(line: Line) -> None:
    finding = again(line.assigned())

    assert finding.runs_until == finding.first_due_on == finding.due_on
    term = Term.objects.get(finding=finding)
    assert (term.kind, term.rule, term.working_days) == (Term.Kind.ISSUED, "限期整改，15个工作日", 15)
    assert (term.due_on, term.due_before) == (finding.due_on, None)
    assert term.calendar_version == finding.calendar_version
    assert term.counts_from == clock.day_of(AT)
    assert ["2026-03-07", "2026-03-08", "周末"] in term.skipped


def test_a_report_handed_in_on_time_is_not_overdue_while_the_office_has_it(line: Line) -> None:
    finding = line.submitted()
    long_after = finding.due_on + timedelta(days=30)

    assert (finding.runs_until, finding.handed_in_on) == (None, clock.day_of(AT))
    assert listed("overdue", today=long_after) == set()
    assert listed("open", today=long_after) == {finding.pk}


def test_what_the_unit_still_owes_is_overdue_from_the_day_after(line: Line) -> None:
    finding = line.rectifying()

    assert listed("overdue", today=finding.due_on) == set()
    assert listed("overdue", today=finding.due_on + timedelta(days=1)) == {finding.pk}
    assert listed("due_soon", today=finding.due_on) == {finding.pk}


@pytest.mark.parametrize(
    ("handed_in", "closed", "word"),
    [(0, None, "按期报送"), (1, None, "逾期报送"), (0, 20, "按期办结"), (1, 20, "逾期办结")],
)
def test_the_light_goes_by_the_day_of_handing_in_not_by_how_long_the_office_took(
    handed_in: int, closed: int | None, word: str
) -> None:
    due_on = date(2026, 3, 23)

    lamp = light(
        due_on=due_on,
        today=due_on + timedelta(days=40),
        handed_in_on=due_on + timedelta(days=handed_in),
        closed_on=due_on + timedelta(days=closed) if closed else None,
    )

    assert lamp.word == word


def test_a_returned_report_leaves_the_unit_the_working_days_it_had(line: Line) -> None:
    finding = line.submitted()
    before = finding.due_on

    reviews.send_back(finding=finding, by=line.cast.second_clerk, at=days_later(7), reason=REASON)

    finding = again(finding)
    assert (finding.handed_in_on, finding.first_due_on) == (None, before)
    # Five working days on the office's desk, from Monday to Monday.
    assert finding.runs_until == finding.due_on == date(2026, 3, 30)
    term = Term.objects.filter(finding=finding).latest("ordinal")
    assert (term.kind, term.due_before, term.due_on) == (Term.Kind.AFTER_RETURN, before, finding.due_on)
    assert term.rule == "督查办审核期间不计，退回后接着计算：尚余15个工作日"


def test_a_report_refused_at_acceptance_leaves_them_too(line: Line) -> None:
    finding = line.awaiting()

    acceptances.refuse(
        finding=finding, by=line.cast.third_clerk, at=days_later(7), opinion="现场仍无人值守。"
    )

    assert again(finding).runs_until == date(2026, 3, 30)


def test_a_report_handed_in_late_and_returned_is_overdue_as_before(line: Line) -> None:
    finding = line.rectifying()
    due_on = finding.due_on
    line.at = days_later(40)
    finding = sign(line, finding)

    reviews.send_back(finding=finding, by=line.cast.second_clerk, at=days_later(50), reason=REASON)

    finding = again(finding)
    assert finding.runs_until == finding.due_on == due_on
    term = Term.objects.filter(finding=finding).latest("ordinal")
    assert (term.counts_from, term.working_days, term.skipped) == (None, None, None)
    assert term.rule == "督查办审核期间不计，退回后接着计算；停计时已逾期，期限不变"


def test_the_page_says_what_runs_and_links_to_the_counting(line: Line) -> None:
    finding = line.submitted()
    book = calendar.load()

    shown = standing(finding=finding, today=finding.due_on + timedelta(days=9), book=book)

    assert (shown.handed_in_on, shown.remaining) == (finding.handed_in_on, None)
    assert shown.how_url == f"/findings/{finding.pk}/terms/"


def test_anybody_who_sees_the_finding_can_count_its_deadline_again(line: Line) -> None:
    finding = line.submitted()
    reviews.send_back(finding=finding, by=line.cast.second_clerk, at=days_later(7), reason=REASON)

    page = text_of(get(line.cast.east_head, "terms", finding.pk))

    for words in (
        "退回后续计：2026年3月30日（周一）",
        "此前的期限</dt><dd>2026年3月23日（周一）",
        "交办：2026年3月23日（周一）",
        "限期整改，15个工作日",
        "2026年3月2日（周一）（当日不计）",
        "3月7日（周六）至3月8日（周日），共2天：周末",
        "2026年第1版",
    ):
        assert words in page, words


def test_before_the_notice_there_is_nothing_to_count(line: Line) -> None:
    finding = line.confirmed()

    assert "还没有整改期限" in text_of(get(line.cast.clerk, "terms", finding.pk))


@pytest.mark.parametrize(
    "changes",
    [
        {"runs_until": None},
        {"runs_until": F("due_on") + timedelta(days=1)},
        {"paused_on": date(2026, 3, 3)},
        {"state": S.SUBMITTED},
    ],
)
def test_the_database_holds_the_clock_to_the_state(line: Line, changes: dict[str, object]) -> None:
    finding = line.received()

    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(**changes)


def test_a_term_says_by_what_rule_it_was_set(line: Line) -> None:
    term = Term.objects.get(finding=line.assigned())

    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(rule="")


def sign(line: Line, finding: Finding) -> Finding:
    from findings.actions import rectifications

    rectifications.sign(rectification=report_of(finding), by=line.cast.east_head, at=line.at)
    return again(finding)
