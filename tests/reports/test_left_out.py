"""What names a person goes into no paper while its unit may still object, or has objected and is not answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from conduct import clock
from conduct.audit import SystemActor
from conduct.calendar import seed
from conduct.errors import Refused
from findings.actions import objections, receipts, transfers
from findings.models import Finding, Objection
from findings.rules import objection as rules
from people.models import User
from reports.actions import bulletins
from reports.gather import drawing
from reports.models import Bulletin, MetFinding
from reports.rules.periods import Period
from tests.factories.cast import AT, signed_in
from tests.factories.findings import Line, again, notice_of, routes

pytestmark = pytest.mark.django_db

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
TITLE = "综合窗口上班时间无人在岗"
# Received on Monday 2 March: until Monday 9 March the unit may stop the clock.
LAST, OVER = AT + timedelta(days=7), AT + timedelta(days=8)
Why = MetFinding.Why


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


@pytest.fixture
def line(cast: Any) -> Line:
    return Line(cast)


def draft(line: Line, *, at: datetime, key: str = "k1") -> Bulletin:
    facts: dict[str, Any] = {"kind": "ad_hoc", "office": line.cast.city, "period": FEBRUARY}
    return bulletins.draft(**facts, by=line.cast.clerk, at=at, made_key=key)


def printed(bulletin: Bulletin) -> list[str]:
    return [case.heading for case in drawing.thawed(bulletin.facts).cases]


def left_out(bulletin: Bulletin) -> list[tuple[str, date | None]]:
    rows = bulletin.met.exclude(left_out_for="")
    return list(rows.values_list("left_out_for", "left_out_until"))


def named(line: Line) -> Finding:
    return line.received(names_person=True, persons=1)


def sign(line: Line, bulletin: Bulletin, *, at: datetime) -> Bulletin:
    row = Bulletin.objects.get(pk=bulletin.pk)
    if row.state != Bulletin.State.SUBMITTED:
        bulletins.submit(bulletin=row, by=line.cast.clerk, at=at)
    return bulletins.sign(bulletin=row, by=line.cast.leader, at=at)


class TestGathering:
    def test_until_the_fifth_working_day_it_is_left_out_and_then_printed(self, line: Line) -> None:
        named(line)

        on_the_last, after = draft(line, at=LAST), draft(line, at=OVER, key="k2")

        assert (printed(on_the_last), left_out(on_the_last)) == ([], [(Why.TERM, LAST.date())])
        assert (printed(after), left_out(after)) == ([TITLE], [])

    def test_it_is_counted_all_the_same(self, line: Line) -> None:
        named(line)

        figures = {one.key: one.value for one in drawing.thawed(draft(line, at=AT).facts).figures}

        assert figures["problems"] == "1个"

    def test_what_names_nobody_waits_for_nothing(self, line: Line) -> None:
        line.received()

        assert printed(draft(line, at=AT)) == [TITLE]

    @pytest.mark.parametrize("said", ["person_post", "persons"])
    def test_a_post_or_a_number_of_people_names_somebody(self, line: Line, said: str) -> None:
        finding = line.received()
        Finding.objects.filter(pk=finding.pk).update(**{said: "3"})

        assert printed(draft(line, at=AT)) == []

    def test_so_does_a_record_it_rests_on(self, line: Line) -> None:
        line.received().observations.update(persons=1)

        assert printed(draft(line, at=AT)) == []

    def test_before_the_notice_is_received_nobody_can_say_until_when(self, line: Line) -> None:
        line.assigned(names_person=True, persons=1)
        line.confirmed(names_person=True, persons=1)

        assert left_out(draft(line, at=OVER)) == [(Why.NOT_SERVED, None)] * 2

    def test_a_notice_that_counts_as_served_lets_the_days_run(self, line: Line) -> None:
        notice = notice_of(line.assigned(names_person=True, persons=1))
        served = clock.moment(notice.receipt_due_on + timedelta(days=1), time(9))
        receipts.pass_over(by=SystemActor(), at=served)

        bulletin = draft(line, at=served)

        assert left_out(bulletin) == [(Why.TERM, date(2026, 3, 11))]
        assert printed(draft(line, at=served + timedelta(days=8), key="k2")) == [TITLE]

    def test_an_open_objection_keeps_it_out_however_late(self, line: Line) -> None:
        finding = named(line)
        row = objections.file(
            finding=finding, reasons="不属实。", uploads=[], by=line.cast.east_head, at=LAST
        )

        bulletin = draft(line, at=AT + timedelta(days=60))

        assert left_out(bulletin) == [(Why.OBJECTION, row.decide_by)]

    def test_once_rejected_it_is_printed(self, line: Line) -> None:
        finding = named(line)
        row = objections.file(finding=finding, reasons="不属实。", uploads=[], by=line.cast.east_head, at=AT)
        objections.reject(objection=row, reason="证据不足。", by=line.cast.third_clerk, at=LAST)

        assert printed(draft(line, at=OVER)) == [TITLE]

    def test_upheld_it_is_neither_printed_nor_counted(self, line: Line) -> None:
        finding = named(line)
        row = objections.file(finding=finding, reasons="不属实。", uploads=[], by=line.cast.east_head, at=AT)
        objections.uphold(objection=row, reason="派工单属实。", by=line.cast.third_clerk, at=LAST)

        bulletin = draft(line, at=OVER)

        figures = {one.key: one.value for one in drawing.thawed(bulletin.facts).figures}
        assert (printed(bulletin), left_out(bulletin), figures["problems"]) == ([], [], "0个")

    def test_counting_anew_prints_what_may_be_printed_by_then(self, line: Line) -> None:
        named(line)
        bulletin = draft(line, at=AT)

        bulletins.regather(bulletin=bulletin, expected=bulletin.version, by=line.cast.clerk, at=OVER)

        assert (printed(bulletin), left_out(bulletin)) == ([TITLE], [])
        assert bulletin.gathered_at == OVER


class TestThePage:
    def test_the_draft_says_what_was_left_out_and_until_when(self, line: Line) -> None:
        named(line)
        bulletin = draft(line, at=AT)

        client = signed_in(line.cast.clerk)
        page = client.get(reverse("reports:bulletin_detail", args=[bulletin.pk])).content.decode()

        assert "未刊载的问题（1 件）" in page
        assert f"{TITLE}</a>（东区）：单位提出异议的期限未过，到2026年3月9日（周一）为止" in page

    def test_with_nothing_left_out_it_says_nothing(self, line: Line) -> None:
        line.received()
        bulletin = draft(line, at=AT)

        client = signed_in(line.cast.clerk)

        assert (
            "未刊载"
            not in client.get(reverse("reports:bulletin_detail", args=[bulletin.pk])).content.decode()
        )


class TestSigning:
    def objected(self, line: Line, finding: Finding, *, at: datetime, by: User | None = None) -> Objection:
        by = by or line.cast.east_head
        return objections.file(finding=again(finding), reasons="不属实。", uploads=[], by=by, at=at)

    def test_what_was_gathered_before_an_objection_is_not_signed(self, line: Line) -> None:
        finding = named(line)
        bulletin = draft(line, at=OVER)
        self.objected(line, finding, at=OVER)

        with pytest.raises(Refused, match="异议正在办理，不能印发"):
            sign(line, bulletin, at=OVER)

    def test_nor_before_it_was_upheld_even_where_only_a_number_counts_it(self, line: Line) -> None:
        finding = line.received()
        bulletin = draft(line, at=AT)
        bulletin.met.all().delete()
        row = self.objected(line, finding, at=AT)
        objections.uphold(objection=row, reason="属实。", by=line.cast.third_clerk, at=LAST)

        with pytest.raises(Refused, match="请先“重新取数”"):
            sign(line, bulletin, at=OVER)

    def test_nor_before_the_matter_went_to_another_unit(self, line: Line) -> None:
        finding = line.received()
        bulletin = draft(line, at=AT)
        request = transfers.ask(
            finding=finding, reason="不归我。", suggested="", by=line.cast.east_head, at=AT
        )
        transfers.grant(
            request=request,
            unit=line.cast.west,
            route=routes()["limited"],
            requirement="整改。",
            contact="督查一科",
            reason="归西区。",
            by=line.cast.clerk,
            at=LAST,
        )

        with pytest.raises(Refused, match="改派了责任单位"):
            sign(line, bulletin, at=OVER)

    def test_counted_anew_it_is_signed(self, line: Line) -> None:
        finding = named(line)
        bulletin = draft(line, at=OVER)
        self.objected(line, finding, at=OVER)
        bulletins.regather(bulletin=bulletin, expected=bulletin.version, by=line.cast.clerk, at=OVER)

        assert sign(line, bulletin, at=OVER).paper is not None


def test_the_moment_from_which_a_receipt_still_leaves_time(line: Line) -> None:
    from conduct.calendar import book

    known = book.load()
    waits_after = rules.not_over_after(today=OVER.date(), book=known)

    for hours in range(-24 * 12, 24 * 12, 3):
        received = OVER + timedelta(hours=hours)
        still = rules.right(received_at=received, book=known).pauses_until.day >= OVER.date()
        assert still == (received > waits_after), received


@pytest.mark.parametrize("fields", [{"place": None}, {"left_out_for": "term"}])
def test_the_database_holds_that_it_is_printed_or_left_out(line: Line, fields: dict[str, object]) -> None:
    line.received()
    row = draft(line, at=AT).met.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        MetFinding.objects.filter(pk=row.pk).update(**fields)
