"""What an upheld objection has shown to be wrong is corrected wherever it was printed, and the figures with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conduct import clock, issuing, jobs
from conduct.audit import SystemActor
from conduct.calendar import seed
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from conduct.models import IssuedPaper, JobRun, Message
from findings.actions import objections
from findings.models import Finding, Objection
from findings.queries import recount
from people.models import Unit, User
from people.roles import Role
from reports.actions import bulletins, corrections
from reports.figures import Reading, published, scope
from reports.gather import correction as gather
from reports.gather import drawing
from reports.models import Bulletin, Correction
from reports.queries import corrections as query
from reports.queries import waiting
from reports.rules.periods import Period
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, again

pytestmark = pytest.mark.django_db

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
TITLE = "综合窗口上班时间无人在岗"
NEXT_DAY, LATER = AT + timedelta(days=1), AT + timedelta(days=8)
REASON = "派工单属实，窗口已安排顶岗，认定有误。"
S = Correction.State


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast)


def draft(
    line: Line, *, at: datetime = AT, key: str = "k1", office: Unit | None = None, most: int = 50
) -> Bulletin:
    facts: dict[str, Any] = {"kind": "ad_hoc", "office": office or line.cast.city, "period": FEBRUARY}
    return bulletins.draft(**facts, by=line.cast.clerk, at=at, made_key=key, most_cases=most)


def issued(line: Line, **options: Any) -> Bulletin:
    """A bulletin that has gone out."""
    bulletin = bulletins.submit(bulletin=draft(line, **options), by=line.cast.clerk, at=AT)
    return bulletins.sign(bulletin=bulletin, by=line.cast.leader, at=AT)


def upheld(line: Line, finding: Finding, *, at: datetime = NEXT_DAY) -> Objection:
    """The office says that the unit was right, and the job it starts is done."""
    row = objections.file(
        finding=again(finding), reasons="不属实。", uploads=[], by=line.cast.east_head, at=AT
    )
    objections.uphold(objection=row, reason=REASON, by=line.cast.third_clerk, at=at)
    do_job()
    return row


def upheld_in_part(line: Line, finding: Finding) -> Objection:
    row = objections.file(
        finding=again(finding), reasons="不属实。", uploads=[], by=line.cast.east_head, at=AT
    )
    objections.uphold_partly(
        objection=row, facts="窗口未摆放去向牌。", reason="外出属实。", by=line.cast.third_clerk, at=NEXT_DAY
    )
    do_job()
    return row


def do_job() -> None:
    """What the relay would send."""
    for run in jobs.take_to_send(at=clock.now()):
        if run.job == "reports.list_corrections":
            jobs.perform(str(run.pk))
            run.refresh_from_db()
            assert run.state == JobRun.State.DONE, run.problem


def of(bulletin: Bulletin) -> Correction:
    return Correction.objects.get(bulletin=bulletin)


def of_notice() -> Correction:
    return Correction.objects.get(notice__isnull=False)


def problems(line: Line) -> dict[str, str]:
    reading = Reading(scope=scope.of_office(line.cast.city), period=FEBRUARY, today=NEXT_DAY.date())
    return {key: figure.words for key, figure in published.every(reading).items()}


class TestListing:
    def test_the_notice_and_the_bulletin_that_printed_it_are_on_the_list(self, line: Line) -> None:
        finding = line.received()
        bulletin = issued(line)

        upheld(line, finding)

        assert (of_notice().unit, of_notice().concerned) == (line.cast.east, line.cast.east)
        row = of(bulletin)
        assert (row.state, row.unit, row.concerned) == (S.OPEN, line.cast.city, line.cast.east)
        assert row.is_printed and TITLE in row.statement
        assert row.due_on == date(2026, 3, 10)

    def test_a_bulletin_that_only_counted_it_has_its_numbers_put_right(self, line: Line) -> None:
        finding = line.received()
        bulletin = issued(line, most=0)

        upheld(line, finding)

        row = of(bulletin)
        assert not row.is_printed
        assert row.statement == "统计数据中，东区的发现问题核减1个，合计和有关数据相应核减。"

    def test_upheld_in_part_it_still_counts_so_only_what_printed_it_is_listed(self, line: Line) -> None:
        finding = line.received()
        printed, counted = issued(line), issued(line, key="k2", most=0)

        upheld_in_part(line, finding)

        assert "窗口未摆放去向牌" in of(printed).statement
        assert not Correction.objects.filter(bulletin=counted).exists()
        assert "经核实仍然成立的更正为" in of_notice().statement

    def test_drafts_other_months_and_other_places_are_not(self, line: Line) -> None:
        finding = line.received()
        draft(line)
        issued(line, key="west", office=line.cast.west)
        march: dict[str, Any] = {
            "kind": "ad_hoc",
            "office": line.cast.city,
            "period": Period(date(2026, 3, 1), date(2026, 3, 1)),
        }
        late = bulletins.draft(**march, by=line.cast.clerk, at=AT, made_key="march")
        bulletins.sign(
            bulletin=bulletins.submit(bulletin=late, by=line.cast.clerk, at=AT), by=line.cast.leader, at=AT
        )

        upheld(line, finding)

        assert list(Correction.objects.all()) == [of_notice()]

    def test_a_rejected_objection_lists_nothing(self, line: Line) -> None:
        finding = line.received()
        row = objections.file(finding=finding, reasons="不属实。", uploads=[], by=line.cast.east_head, at=AT)
        objections.reject(objection=row, reason=REASON, by=line.cast.third_clerk, at=NEXT_DAY)
        do_job()

        assert not Correction.objects.exists()
        assert corrections.list_of(objection=row, by=SystemActor(), at=NEXT_DAY) == []

    def test_done_twice_it_is_listed_once(self, line: Line) -> None:
        issued(line)
        objection = upheld(line, Finding.objects.first() or line.received())

        corrections.list_of(objection=objection, by=SystemActor(), at=LATER)

        assert Correction.objects.count() == len(set(Correction.objects.values_list("bulletin", "notice")))

    def test_the_leader_is_told_and_finds_it_on_the_desk(self, line: Line) -> None:
        upheld(line, line.received())

        message = Message.objects.get(recipient=line.cast.leader.pk, kind="reports.correcting")
        assert message.due_on == of_notice().due_on
        assert [item.verb for item in waiting.for_user(line.cast.leader)] == ["签发更正通知"]
        assert waiting.for_user(line.cast.clerk) == []


class TestSigning:
    def ready(self, line: Line) -> Correction:
        finding = line.received()
        bulletin = issued(line)
        upheld(line, finding)
        return of(bulletin)

    def test_it_takes_its_own_number_and_goes_where_the_paper_went(self, line: Line) -> None:
        row = corrections.sign(correction=self.ready(line), by=line.cast.leader, at=NEXT_DAY)

        assert row.paper is not None and row.bulletin is not None and row.bulletin.paper is not None
        assert row.paper.number == "安督整更〔2026〕1号"
        told = row.paper.facts["content"]
        assert told["recipients"] == row.bulletin.facts["content"]["recipients"]
        assert told["corrected_number"] == row.bulletin.paper.number
        assert "特此澄清" in told["clearing"]

    def test_that_of_a_notice_goes_to_its_unit_with_the_reasons(self, line: Line) -> None:
        upheld(line, line.received())

        row = corrections.sign(correction=of_notice(), by=line.cast.leader, at=NEXT_DAY)

        assert row.paper is not None
        told = row.paper.facts["content"]
        assert (told["recipients"], told["reason"], told["clearing"]) == ("东区", REASON, "")

    def test_numbers_have_no_gaps(self, line: Line) -> None:
        bulletin = self.ready(line)
        taken = [
            corrections.sign(correction=row, by=line.cast.leader, at=NEXT_DAY)
            for row in (bulletin, of_notice())
        ]

        assert [row.paper.seq for row in taken if row.paper] == [1, 2]
        assert len(set(IssuedPaper.objects.values_list("number", flat=True))) == IssuedPaper.objects.count()

    def test_the_same_facts_give_the_same_bytes(self, line: Line) -> None:
        row = corrections.sign(correction=self.ready(line), by=line.cast.leader, at=NEXT_DAY)
        assert row.paper is not None

        assert gather.draw(row.paper.facts).pdf == issuing.pdf_of(row.paper)

    def test_the_unit_is_told_and_it_stands_on_the_timeline_of_the_finding(self, line: Line) -> None:
        row = corrections.sign(correction=self.ready(line), by=line.cast.leader, at=NEXT_DAY)

        message = Message.objects.get(recipient=line.cast.east_head.pk, kind="reports.corrected")
        assert row.paper is not None and row.paper.number in message.words
        assert query.timeline(row)[0].what == "签发更正通知"

    @pytest.mark.parametrize("who", ["clerk", "east_head", "reader"])
    def test_only_a_leader_signs(self, line: Line, who: str) -> None:
        with pytest.raises(Forbidden):
            corrections.sign(correction=self.ready(line), by=getattr(line.cast, who), at=NEXT_DAY)

    def test_who_wrote_the_text_does_not_sign_it(self, line: Line) -> None:
        row = self.ready(line)
        both = make_user("both", "经办兼领导")
        for role in (Role.OFFICE_CLERK, Role.OFFICE_LEADER):
            give_post(both, line.cast.city, role)
        written(row, by=both)

        with pytest.raises(Refused, match="须由另一位分管领导签发"):
            corrections.sign(correction=row, by=both, at=NEXT_DAY)
        assert not query.buttons(both, row) or query.buttons(both, row)[0].name != "sign"

    def test_what_was_changed_meanwhile_is_not_signed_unseen(self, line: Line) -> None:
        row = self.ready(line)
        written(row, by=line.cast.clerk)

        with pytest.raises(MovedMeanwhile):
            corrections.sign(correction=row, by=line.cast.leader, at=NEXT_DAY, expected=1)

    def test_what_is_signed_is_signed_once_and_changed_no_more(self, line: Line) -> None:
        row = corrections.sign(correction=self.ready(line), by=line.cast.leader, at=NEXT_DAY)

        with pytest.raises(NotFromHere):
            corrections.sign(correction=row, by=line.cast.leader, at=NEXT_DAY)
        with pytest.raises(NotFromHere):
            corrections.hold(correction=row, reason="再议。", by=line.cast.leader, at=NEXT_DAY)
        with pytest.raises(NotFromHere):
            written(row, by=line.cast.clerk)


class TestHolding:
    def listed(self, line: Line) -> Correction:
        upheld(line, line.received())
        return of_notice()

    def test_held_with_a_reason_it_stays_on_the_list_and_is_not_signed(self, line: Line) -> None:
        row = corrections.hold(
            correction=self.listed(line), reason="等上级答复。", by=line.cast.leader, at=NEXT_DAY
        )

        assert query.listed(line.cast.clerk).pending == [row]
        assert row.held_reason == "等上级答复。"
        with pytest.raises(NotFromHere):
            corrections.sign(correction=row, by=line.cast.leader, at=NEXT_DAY)

    def test_without_a_reason_it_is_not(self, line: Line) -> None:
        with pytest.raises(Refused, match="须写明理由"):
            corrections.hold(correction=self.listed(line), reason=" ", by=line.cast.leader, at=NEXT_DAY)

    def test_it_is_taken_up_again_and_signed(self, line: Line) -> None:
        row = corrections.hold(
            correction=self.listed(line), reason="等答复。", by=line.cast.leader, at=NEXT_DAY
        )

        corrections.resume(correction=row, by=line.cast.leader, at=NEXT_DAY)

        assert corrections.sign(correction=row, by=line.cast.leader, at=NEXT_DAY).state == S.ISSUED

    def test_what_runs_is_not_taken_up_again(self, line: Line) -> None:
        with pytest.raises(NotFromHere):
            corrections.resume(correction=self.listed(line), by=line.cast.leader, at=NEXT_DAY)

    def test_whoever_found_or_confirmed_it_does_not_put_it_off(self, line: Line) -> None:
        row = self.listed(line)
        Finding.objects.update(confirmed_by=line.cast.leader)
        row = query.get_for(line.cast.leader, row.pk)

        with pytest.raises(Refused, match="不能决定暂缓更正"):
            corrections.hold(correction=row, reason="再议。", by=line.cast.leader, at=NEXT_DAY)

    @pytest.mark.parametrize("step", ["hold", "resume"])
    def test_only_a_leader_does(self, line: Line, step: str) -> None:
        row = self.listed(line)
        more = {"reason": "再议。"} if step == "hold" else {}

        with pytest.raises(Forbidden):
            getattr(corrections, step)(correction=row, by=line.cast.clerk, at=NEXT_DAY, **more)


class TestWords:
    def test_a_clerk_changes_them(self, line: Line) -> None:
        upheld(line, line.received())

        row = written(of_notice(), by=line.cast.clerk)

        assert (row.statement, row.author) == ("撤销该问题。", line.cast.clerk)

    @pytest.mark.parametrize("missing", ["statement", "reason"])
    def test_what_is_put_right_and_why_are_not_left_out(self, line: Line, missing: str) -> None:
        upheld(line, line.received())

        with pytest.raises(Refused, match="请写明更正内容和更正理由"):
            written(of_notice(), by=line.cast.clerk, **{missing: " "})

    def test_what_was_published_is_cleared(self, line: Line) -> None:
        finding = line.received()
        bulletin = issued(line)
        upheld(line, finding)

        with pytest.raises(Refused, match="请写明澄清的内容"):
            written(of(bulletin), by=line.cast.clerk, clearing="")

    def test_only_the_office_writes(self, line: Line) -> None:
        upheld(line, line.received())

        with pytest.raises(Forbidden):
            written(of_notice(), by=line.cast.east_head)

    def test_characters_without_a_font_are_told(self, line: Line) -> None:
        upheld(line, line.received())

        with pytest.raises(Refused):
            written(of_notice(), by=line.cast.clerk, statement="撤销\ue000")


class TestFigures:
    def test_every_later_figure_counts_it_no_more(self, line: Line) -> None:
        kept, finding = line.received(title="另一个问题"), line.closed()
        before = problems(line)

        upheld(line, finding)

        after = problems(line)
        assert (before["problems"], after["problems"]) == ("2个", "1个")
        assert (before["closed"], before["issued"]) == ("0件", "0件")
        assert again(kept).state == Finding.State.RECEIVED
        assert recount.check(at=NEXT_DAY, on_step=lambda done, total: None).fault == ""

    def test_the_next_bulletin_counts_and_prints_it_no_more(self, line: Line) -> None:
        finding = line.received()
        issued(line)
        upheld(line, finding)

        paper = drawing.thawed(draft(line, at=NEXT_DAY, key="k2").facts)

        assert paper.cases == ()
        assert {one.key: one.value for one in paper.figures}["problems"] == "0个"

    def test_the_issued_bulletin_stays_as_it_went_out(self, line: Line) -> None:
        finding = line.received()
        bulletin = issued(line)
        assert bulletin.paper is not None
        facts, pdf = bulletin.paper.facts, issuing.pdf_of(bulletin.paper)
        upheld(line, finding)

        corrections.sign(correction=of(bulletin), by=line.cast.leader, at=NEXT_DAY)

        paper = IssuedPaper.objects.get(pk=bulletin.paper.pk)
        assert (paper.facts, issuing.pdf_of(paper), drawing.draw(paper.facts).pdf) == (facts, pdf, pdf)


@pytest.mark.parametrize(
    "fields",
    [{"state": "held"}, {"state": "issued"}, {"notice": None}, {"signed_by": 1}],
)
def test_the_database_holds_what_a_correction_is(line: Line, fields: dict[str, object]) -> None:
    upheld(line, line.received())
    if "signed_by" in fields:
        fields = {"signed_by": line.cast.leader}

    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=of_notice().pk).update(**fields)


def test_the_database_wants_a_bulletin_cleared_and_another_signer(line: Line) -> None:
    finding = line.received()
    bulletin = issued(line)
    upheld(line, finding)
    row = corrections.sign(correction=of(bulletin), by=line.cast.leader, at=NEXT_DAY)

    for fields in ({"clearing": ""}, {"author": line.cast.leader}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=row.pk).update(**fields)


def written(row: Correction, *, by: User, **changes: str) -> Correction:
    """The text as somebody changed it."""
    texts = {"statement": "撤销该问题。", "reason": "认定有误。", "clearing": "特此澄清。"} | changes
    return corrections.write(correction=row, expected=row.version, by=by, at=NEXT_DAY, **texts)
