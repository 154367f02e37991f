"""By when a notice is to be signed for: one day, on the paper and on every page."""

from __future__ import annotations

import importlib
import re
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps

from conduct import clock
from conduct.clock import SHANGHAI
from conduct.models import CalendarDay, CalendarYear
from findings.actions import notices
from findings.models import Finding, Notice
from findings.queries import waiting
from people.models import User
from reports.queries import home
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, notice_of
from tests.findings.browsing import get, printed, text_of

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 3, 3)
ON_PAPER = "2026年3月3日（周二）"
RECTIFIED_BY = "2026年3月23日（周一）"


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at on the day the notice goes out."""
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture
def finding(line: Line) -> Finding:
    """Ordered on a Monday morning with fifteen working days."""
    return line.assigned()


def standing_on(user: User, name: str, pk: object) -> str:
    """The strip of the page that says where the matter stands."""
    page = text_of(get(user, name, pk))
    return page[page.index('<dl class="standing">') :].partition("</dl>")[0]


def test_the_day_on_the_paper_is_kept_with_the_notice(finding: Finding) -> None:
    notice = notice_of(finding)

    assert f"请于{ON_PAPER}前签收" in printed(notice)
    assert notice.receipt_due_on == TUESDAY


def test_the_duty_to_sign_is_due_on_that_day(cast: Cast, finding: Finding) -> None:
    (item,) = waiting.for_user(cast.east_head)

    assert (item.verb, item.due_on) == ("签收整改通知", TUESDAY)
    assert RECTIFIED_BY in item.note


def test_the_badge_counts_to_that_day(cast: Cast, finding: Finding) -> None:
    assert waiting.badge(cast.east_head).due_on == TUESDAY


def test_the_light_of_my_work_is_that_of_the_receipt(cast: Cast, finding: Finding) -> None:
    (line,) = home.home(user=cast.east_head, today=date(2026, 3, 5)).waiting

    assert line.due == ON_PAPER
    assert line.lamp is not None and line.lamp.word == "逾期"


@pytest.mark.parametrize("name", ["detail", "notice_detail"])
def test_the_page_tells_both_terms(cast: Cast, finding: Finding, name: str) -> None:
    pk = finding.pk if name == "detail" else notice_of(finding).pk

    standing = standing_on(cast.east_head, name, pk)

    assert re.search(f"签收期限.*{ON_PAPER}.*整改期限.*{RECTIFIED_BY}", standing, re.DOTALL)


@pytest.mark.parametrize("name", ["detail", "notice_detail"])
def test_once_signed_for_only_the_term_of_rectification_runs(cast: Cast, line: Line, name: str) -> None:
    finding = line.received()
    pk = finding.pk if name == "detail" else notice_of(finding).pk

    standing = standing_on(cast.east_head, name, pk)

    assert "签收期限" not in standing
    assert RECTIFIED_BY in standing


def test_the_list_of_notices_says_until_when(cast: Cast, finding: Finding) -> None:
    assert "待签收（3月3日（周二）前）" in text_of(get(cast.clerk, "notice_list"))


def test_the_ledger_says_of_what_its_term_is(cast: Cast, finding: Finding) -> None:
    page = text_of(get(cast.east_head, "list"))

    assert '<th scope="col">整改期限</th>' in page
    assert 'data-label="整改期限"' in page


def test_a_changed_calendar_does_not_move_the_day(cast: Cast, finding: Finding) -> None:
    year = CalendarYear.objects.get(year=2026)
    CalendarDay.objects.create(day=TUESDAY, year=year, kind=CalendarDay.Kind.OFF)

    assert ON_PAPER in standing_on(cast.east_head, "notice_detail", notice_of(finding).pk)


def test_without_the_calendar_of_the_year_the_day_is_an_estimate(cast: Cast, line: Line) -> None:
    finding = line.confirmed()
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()

    line.issue(finding)

    assert notice_of(finding).receipt_due_is_estimate
    assert "估算" in standing_on(cast.east_head, "notice_detail", notice_of(finding).pk)


def test_a_notice_given_after_office_hours_leaves_a_day_more(cast: Cast, line: Line) -> None:
    finding = line.confirmed()
    line.at = datetime(2026, 3, 2, 19, 0, tzinfo=SHANGHAI)

    line.issue(finding)

    assert notice_of(finding).receipt_due_on == date(2026, 3, 4)


def test_notices_from_before_take_the_day_from_their_paper(finding: Finding) -> None:
    Notice.objects.update(receipt_due_on=date(2000, 1, 1))
    migration = importlib.import_module("findings.migrations.0007_receipt_and_partly")

    migration.fill(apps, None)

    assert Notice.objects.get().receipt_due_on == TUESDAY


def test_signing_late_is_still_signing(cast: Cast, finding: Finding) -> None:
    late = AT + timedelta(days=9)

    notices.receive(notice=notice_of(finding), by=cast.east_head, at=late)

    assert again(finding).state == Finding.State.RECEIVED
