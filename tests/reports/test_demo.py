"""The demo city: believable, whole, the same every time, and large when asked."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max, Min
from django.test import Client, TestCase
from django.urls import reverse

from accountability.models import Measure
from accountability.queries import waiting
from conduct import clock, files, issuing, numbering
from conduct.calendar import book
from conduct.calendar.rules import working_days_between
from conduct.clock import SHANGHAI
from conduct.models import AuditEntry, IssuedPaper, NumberSeries, Office
from findings.actions.notices import SERIES
from findings.models import Acceptance, Finding, FindingObservation, Notice, Rectification, SetAside
from findings.rules.light import SOON_WORKING_DAYS
from inspections.actions import signing
from inspections.models import Campaign, Evidence, Observation, ProblemCategory, Visit
from people.models import User
from people.roles import ROLE_NAMES, Role
from reports.actions import bulletins
from reports.demo import play, scale, words
from reports.demo.city import City
from reports.models import Bulletin, ReportSchedule
from tests.factories.cast import AT, open_office

SUNDAY_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI)
MANY, FEW = 2000, 300
SPREAD = (Campaign, Visit, Finding, Rectification, Bulletin)


def build(at: datetime = AT) -> City:
    """The small city."""
    return play.perform(at=at)


def faces() -> list[Any]:
    """What the city is, without keys and passwords."""
    findings = Finding.objects.order_by("raised_at", "title", "facts").values_list(
        "title", "facts", "state", "unit__name", "due_on", "closed_at", "notice__number", "raised_by__name"
    )
    people = User.objects.order_by("username").values_list("username", "name")
    bulletins = Bulletin.objects.order_by("drafted_at").values_list("title", "state", "facts_sha256")
    return [list(findings), list(people), list(bulletins)]


def paper_series() -> list[tuple[str, int, int]]:
    """(series, year, last number) of the papers."""
    rows = NumberSeries.objects.filter(series__in=(SERIES, bulletins.SERIES))
    return list(rows.values_list("series", "year", "last"))


class TestTheCity(TestCase):
    city: City

    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = build()

    def enlarge(self, findings: int = FEW) -> None:
        """Add findings in bulk, for this test alone."""
        scale.enlarge(city=self.city, findings=findings, at=AT)

    def test_every_state_of_every_lifecycle_is_there(self) -> None:
        for model in SPREAD:
            found = set(model.objects.values_list("state", flat=True))
            assert found == {state.value for state in model.State}, model.__name__

    def test_findings_of_both_schemes_are_there(self) -> None:
        schemes = Finding.objects.values_list("category__taxonomy__scheme", flat=True)

        assert set(schemes) == {"speech", "report"}

    def test_every_top_category_has_problems(self) -> None:
        tops = set(Finding.objects.values_list("top", flat=True))

        assert tops >= {"A", "B", "C", "D", "R1", "R2", "R3", "R4", "R5"}

    def test_some_are_overdue_some_due_soon_and_some_have_time(self) -> None:
        today, calendar = clock.day_of(AT), book.load()
        due = Finding.objects.filter(state__in=Finding.OPEN).values_list("due_on", flat=True)
        left = [working_days_between(start=today, end=day, book=calendar) for day in due]
        assert min(left) < 0
        assert any(0 <= days <= SOON_WORKING_DAYS for days in left)
        assert max(left) > SOON_WORKING_DAYS

    def test_returned_refused_set_aside_and_corrected_are_there(self) -> None:
        assert Finding.objects.filter(returns__gt=0, state=Finding.State.RECTIFYING).exists()
        assert Acceptance.objects.filter(verdict=Acceptance.Verdict.REFUSE).exists()
        assert SetAside.objects.exists()
        assert Visit.objects.filter(corrections__isnull=False).exists()

    def test_no_visit_is_without_a_result(self) -> None:
        done = Visit.objects.filter(state=Visit.State.LOCKED, is_historical=False)

        assert done.filter(no_problem=True).exists()
        assert Observation.objects.filter(kind=Observation.Kind.GOOD).exists()
        assert not done.filter(no_problem=False).exclude(observations__kind="problem").exists()

    def test_measures_were_taken_against_persons_and_a_unit_and_one_is_over(self) -> None:
        taken = Measure.objects.all()

        assert {measure.target for measure in taken} == {"person", "unit"}
        assert {measure.state for measure in taken} >= {"in_force", "no_period", "ended"}
        assert waiting.for_user(self.city.clerks[0], today=clock.day_of(AT))

    def test_about_forty_units_stand_in_a_tree(self) -> None:
        depths = {unit.level for unit in self.city.units.values()}

        assert 35 <= len(self.city.units) <= 45
        assert depths == {1, 2, 3}

    def test_every_role_has_an_account(self) -> None:
        assert {account.role for account in self.city.accounts} == {ROLE_NAMES[role] for role in Role}

    def test_everyone_can_sign_in_and_sees_where_they_begin(self) -> None:
        for account in self.city.accounts:
            client = Client()
            typed = {"username": account.username, "password": account.password}
            page = client.post(reverse("login"), typed, follow=True)
            assert page.redirect_chain, account
            assert page.status_code == 200, account

    def test_passwords_are_different_for_everyone(self) -> None:
        secrets = {account.password for account in self.city.accounts}

        assert len(secrets) == len(self.city.accounts)

    def test_numbers_run_without_a_gap_in_the_order_of_their_dates(self) -> None:
        for series, year, last in paper_series():
            papers = IssuedPaper.objects.filter(series=series, year=year).order_by("seq")
            given = list(papers.values_list("seq", flat=True))
            times = list(papers.values_list("issued_at", flat=True))
            assert given == list(range(1, last + 1))
            assert times == sorted(times)

    def test_every_paper_has_its_bytes(self) -> None:
        for paper in IssuedPaper.objects.all():
            assert issuing.pdf_of(paper).startswith(b"%PDF")

    def test_every_photo_is_intact(self) -> None:
        evidence = Evidence.objects.select_related("file")

        assert evidence.count() > 20
        assert all(files.is_intact(row.file) for row in evidence)

    def test_history_ends_where_each_finding_stands(self) -> None:
        for finding in Finding.objects.all():
            moves = AuditEntry.objects.filter(subject_id=str(finding.pk)).exclude(after="").order_by("id")
            assert moves.last().after == finding.state, finding  # type: ignore[union-attr]

    def test_nothing_happened_in_the_future(self) -> None:
        assert AuditEntry.objects.aggregate(last=Max("at"))["last"] <= AT

    def test_the_city_looks_back_on_several_months(self) -> None:
        months = Finding.objects.filter(is_historical=False).values("month").distinct().count()

        assert months >= 5

    def test_the_covert_campaign_to_come_is_known_to_few(self) -> None:
        sealed = Campaign.objects.get(method="covert", state=Campaign.State.APPROVED)
        author, approver = sealed.author, sealed.approver

        knowing = {
            user.pk for user in User.objects.all() if Campaign.objects.visible_to(user).filter(pk=sealed.pk)
        }
        leaders = set(sealed.teams.values_list("leader", flat=True))
        assert knowing == {author.pk, approver.pk, sealed.leader_id} | leaders  # type: ignore[union-attr]

    def test_schedules_are_on(self) -> None:
        assert sorted(ReportSchedule.objects.filter(is_on=True).values_list("kind", flat=True)) == [
            "monthly",
            "weekly",
        ]

    def test_no_text_names_a_person(self) -> None:
        names = set(User.objects.values_list("name", flat=True))
        told = " ".join(Finding.objects.values_list("facts", flat=True))
        told += json.dumps(list(Bulletin.objects.values_list("facts", flat=True)), ensure_ascii=False)

        assert not [name for name in names if name in told]

    def test_the_pages_of_the_city_open(self) -> None:
        client = Client()
        client.force_login(self.city.clerks[0])
        for name in (
            "reports:home",
            "reports:dashboard",
            "findings:list",
            "findings:worklist",
            "reports:bulletin_list",
        ):
            assert client.get(reverse(name)).status_code == 200, name
        for finding in Finding.objects.all():
            assert client.get(reverse("findings:detail", args=[finding.pk])).status_code == 200, finding

    def test_a_database_in_use_is_refused(self) -> None:
        with pytest.raises(CommandError, match="已有单位或业务数据，不能生成演示数据"):
            call_command("demo")

    def test_enlarged_it_has_as_many_findings_more_as_asked_for(self) -> None:
        before = Finding.objects.count()

        self.enlarge(MANY)

        assert Finding.objects.count() - before == MANY

    def test_enlarged_it_is_spread_over_months_units_categories_and_states(self) -> None:
        self.enlarge(MANY)

        def different(field: str) -> int:
            return Finding.objects.values(field).distinct().count()

        assert different("month") >= 20
        assert different("unit") >= 20
        assert different("category") >= 60
        assert different("state") >= 12

    def test_enlarged_every_finding_rests_on_an_observation_of_its_unit_and_day(self) -> None:
        self.enlarge()
        links = FindingObservation.objects.values_list(
            "finding",
            "finding__unit",
            "observation__visit__unit",
            "finding__visited_on",
            "observation__visit__visited_on",
            "finding__taken_over_at",
        )

        # What was given to another unit was still seen where it was seen.
        assert all(
            (unit == seen or taken_over) and day == seen_on
            for _, unit, seen, day, seen_on, taken_over in links
        )
        resting = {finding for finding, *_ in links}
        assert set(Finding.objects.filter(merged_into=None).values_list("pk", flat=True)) <= resting

    def test_enlarged_numbers_stay_without_a_gap(self) -> None:
        self.enlarge()
        for series, year, last in paper_series():
            seen = IssuedPaper.objects.filter(series=series, year=year).aggregate(
                first=Min("seq"), last=Max("seq"), n=Count("pk")
            )
            assert seen == {"first": 1, "last": last, "n": last}

    def test_enlarged_every_record_filed_away_has_its_number(self) -> None:
        self.enlarge()

        filed = Visit.objects.filter(state=Visit.State.LOCKED, is_historical=False)
        lasts = NumberSeries.objects.filter(series=signing.SERIES).values_list("last", flat=True)
        assert not filed.filter(number="").exists()
        assert filed.values("number").distinct().count() == filed.count() == sum(lasts)

    def test_enlarged_the_next_notice_takes_the_next_number(self) -> None:
        self.enlarge()
        last = NumberSeries.objects.get(series=SERIES, year=AT.year).last

        assert numbering.take(series=SERIES, year=AT.year) == last + 1

    def test_enlarged_what_is_closed_was_accepted_by_two_after_a_report_that_passed(self) -> None:
        self.enlarge()
        closed = set(Finding.objects.filter(state=Finding.State.CLOSED).values_list("pk", flat=True))

        passed = Rectification.objects.filter(state=Rectification.State.PASSED).values_list(
            "finding", flat=True
        )
        accepted = Counter(Acceptance.objects.filter(verdict="accept").values_list("finding", flat=True))
        assert closed <= set(passed)
        assert {accepted[pk] for pk in closed} == {2}

    def test_enlarged_dates_are_in_the_order_of_the_work(self) -> None:
        self.enlarge()
        rows = Finding.objects.filter(is_historical=False)

        assert not rows.filter(raised_at__date__lt=F("visited_on")).exists()
        assert not rows.filter(closed_at__lt=F("notice__issued_at")).exists()
        assert not rows.filter(closed_at__gt=AT).exists()
        assert not Notice.objects.filter(received_at__lt=F("issued_at")).exists()

    def test_enlarged_its_pages_open(self) -> None:
        self.enlarge()
        client = Client()
        client.force_login(self.city.clerks[0])
        picked = [
            Finding.objects.filter(state=state).order_by("-raised_at").first() for state in Finding.State
        ]
        for finding in filter(None, picked):
            assert client.get(reverse("findings:detail", args=[finding.pk])).status_code == 200, finding
            if finding.notice_id:
                pdf = client.get(reverse("findings:notice_pdf", args=[finding.notice_id]))
                assert pdf.status_code == 200, finding

    def test_enlarged_each_has_a_line_of_history(self) -> None:
        self.enlarge()
        born = AuditEntry.objects.filter(verb="findings.born_finding").values("subject_id").distinct().count()

        assert born >= FEW


@pytest.mark.django_db
def test_the_city_is_the_same_every_time_and_the_command_prints_only_its_accounts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "演示-口令-2026")
    monkeypatch.setattr(clock, "now", lambda: SUNDAY_NIGHT)
    out = io.StringIO()
    with transaction.atomic():
        call_command("demo", json=True, stdout=out)
        first = faces()
        transaction.set_rollback(True)

    city = build(SUNDAY_NIGHT)

    assert faces() == first
    accounts = json.loads(out.getvalue())
    assert [account["username"] for account in accounts] == [account.username for account in city.accounts]
    assert set(accounts[0]) == {"username", "password", "role", "unit"}
    assert {account["password"] for account in accounts} == {"演示-口令-2026"}


@pytest.mark.django_db
def test_an_office_that_was_set_up_is_refused() -> None:
    open_office()

    with pytest.raises(CommandError, match="请另建一个空库再运行"):
        call_command("demo")
    assert Office.objects.get().name == "安平市督查办公室"


@pytest.mark.django_db
def test_a_scale_below_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="不小于 0 的整数"):
        call_command("demo", scale=-1)


@pytest.mark.django_db
def test_there_are_words_for_every_indicator_of_both_schemes() -> None:
    codes = set(ProblemCategory.objects.filter(is_leaf=True).values_list("code", flat=True))

    assert codes == set(words.SEEN)
    assert all(len(rows) >= 2 for rows in words.SEEN.values())
