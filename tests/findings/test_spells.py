"""A matter begins anew with another unit and when it comes back: what was asked before does not hang over it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from conduct.calendar import seed
from conduct.errors import NotFromHere, Refused
from conduct.models import Message
from findings.actions import (
    acceptances,
    extensions,
    notices,
    objections,
    plans,
    progress,
    rectifications,
    reviews,
    revisits,
)
from findings.models import Extension, Finding, Objection, Progress, RectificationPlan, Route
from findings.queries import owed, waiting
from inspections.models import Cause
from people.models import User
from tests.factories.cast import AT, signed_in
from tests.factories.findings import (
    Line,
    again,
    ask_extension,
    full_texts,
    notice_of,
    object_to,
    outcome,
    report_of,
    routes,
    upload,
)
from tests.factories.revisits import LATER, looked_again
from tests.findings import test_objections as objecting
from tests.findings import test_transfers as giving

pytestmark = pytest.mark.django_db
Held, Wish = Objection.State, Extension.State
SOON = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def given_on(line: Line, finding: Finding) -> Finding:
    """The matter goes from the East to the West."""
    giving.grant(giving.ask(line, finding), line.cast)
    return again(finding)


def in_the_west(line: Line, finding: Finding) -> Finding:
    """The same, signed for by the new head."""
    given_on(line, finding)
    notices.receive(notice=notice_of(finding), by=line.cast.west_head, at=SOON)
    return again(finding)


def back(line: Line, finding: Finding) -> Finding:
    row = looked_again(line.cast, finding)
    by = line.cast.second_clerk
    return again(revisits.relapse(revisit=row, by=by, at=LATER, reason="窗口又无人值守。"))


def long_closed(line: Line) -> Finding:
    """A matter that needed a plan, accepted on the papers."""
    Route.objects.filter(pk=routes()["complex"].pk).update(on_site=False)
    return line.closed(route="complex")


def words_to(user: User, kind: str) -> list[str]:
    rows = Message.objects.filter(recipient=user.pk, kind=f"findings.{kind}")
    return list(rows.values_list("words", flat=True))


class TestAnotherUnit:
    def test_the_objection_of_the_old_unit_is_not_kept_open(self, line: Line) -> None:
        finding = line.received()
        row = objecting.file(line, finding)

        given_on(line, finding)

        row.refresh_from_db()
        assert (row.state, row.decided_by, row.decision) == (Held.LAPSED, line.cast.clerk, "问题已改派西区。")
        assert [item.verb for item in waiting.for_user(line.cast.third_clerk)].count("答复异议") == 0

    def test_the_clock_of_the_new_unit_runs_from_its_own_notice(self, line: Line) -> None:
        finding = line.received()
        objecting.file(line, finding)

        finding = given_on(line, finding)

        assert (finding.paused_on, finding.runs_until) == (None, finding.due_on)

    def test_nor_is_its_wish_for_a_later_deadline(self, line: Line) -> None:
        finding = line.received()
        wish = ask_extension(line.cast, finding)

        given_on(line, finding)

        wish.refresh_from_db()
        assert wish.state == Wish.LAPSED
        with pytest.raises(NotFromHere):
            extensions.refuse(extension=wish, reason="不同意。", by=line.cast.second_clerk, at=SOON)

    def test_the_old_unit_is_told_that_it_is_rid_of_it(self, line: Line) -> None:
        finding = line.received()
        objecting.file(line, finding)

        given_on(line, finding)

        [words] = words_to(line.cast.east_head, "transfer")
        assert "本单位不再答复" in words and "异议" in words

    def test_the_new_unit_objects_for_itself_and_stops_its_clock(self, line: Line) -> None:
        finding = line.received()
        objecting.reject(line, objecting.file(line, finding))
        finding = in_the_west(line, finding)

        row = objections.file(
            finding=finding, reasons="不属实。", uploads=[], by=line.cast.west_head, at=SOON
        )

        assert row.pauses

    def test_the_new_unit_has_both_extensions_before_it(self, line: Line) -> None:
        finding = line.received()
        wish = extensions.ask(
            finding=finding, until=date(2026, 3, 30), reason="在改造。", by=line.cast.east_head, at=AT
        )
        extensions.grant(extension=wish, until=date(2026, 3, 30), reason="同意。", by=line.cast.clerk, at=AT)
        finding = in_the_west(line, again(finding))

        again_asked = extensions.ask(
            finding=finding, until=date(2026, 3, 31), reason="在改造。", by=line.cast.west_head, at=SOON
        )
        extensions.grant(
            extension=again_asked, until=date(2026, 3, 31), reason="同意。", by=line.cast.clerk, at=SOON
        )

        assert (again_asked.ordinal, again_asked.spell, again(finding).extensions) == (1, 2, 1)

    def test_the_new_unit_is_not_told_of_what_the_old_one_said(self, line: Line) -> None:
        finding = line.received()
        piece = object_to(line.cast, finding)
        wish = ask_extension(line.cast, finding)
        finding = given_on(line, finding)

        client = signed_in(line.cast.west_head)
        page = client.get(reverse("findings:detail", args=[finding.pk])).content.decode()
        doors = [("objection", piece.objection_id), ("objection_evidence", piece.pk), ("extension", wish.pk)]
        codes = [client.get(reverse(f"findings:{name}", args=[pk])).status_code for name, pk in doors]

        assert codes == [404, 404, 404]
        assert piece.objection.reasons not in page and wish.reason not in page

    def test_the_office_still_reads_it(self, line: Line) -> None:
        finding = line.received()
        row = objecting.file(line, finding)
        given_on(line, finding)

        answer = signed_in(line.cast.third_clerk).get(reverse("findings:objection", args=[row.pk]))

        assert "因改派终止办理" in answer.content.decode()


class TestTheProblemCameBack:
    def test_not_before_an_open_objection_is_answered(self, line: Line) -> None:
        finding = line.closed()
        object_to(line.cast, finding)

        with pytest.raises(Refused, match="请先答复异议"):
            back(line, finding)

        assert again(finding).occurrence == 1

    def test_the_unit_may_object_anew_and_its_clock_stops(self, line: Line) -> None:
        finding = line.received()
        objecting.reject(line, objecting.file(line, finding))
        finding = back(line, _closed(line, again(finding)))

        row = objecting.file(line, finding, at=LATER + timedelta(days=1))

        assert row.pauses
        assert again(finding).paused_on == LATER.date() + timedelta(days=1)

    def test_a_wish_left_over_is_not_granted_against_the_new_term(self, line: Line) -> None:
        finding = line.closed()
        wish = ask_extension(line.cast, finding)

        finding = back(line, finding)

        wish.refresh_from_db()
        assert (wish.state, finding.extensions) == (Wish.LAPSED, 0)

    def test_a_longer_matter_gets_a_plan_of_its_own(self, line: Line) -> None:
        finding = back(line, long_closed(line))

        states = RectificationPlan.objects.filter(finding=finding).order_by("occurrence")
        assert [(row.occurrence, row.state) for row in states] == [(1, "approved"), (2, "due")]
        assert states[1].due_on > LATER.date()
        assert "提交整改方案" in [
            item.verb for item in owed.for_user(line.cast.east_head, today=LATER.date())
        ]

    def test_no_report_is_signed_before_that_plan_and_the_first_can_only_be_read(self, line: Line) -> None:
        finding = back(line, long_closed(line))
        first = RectificationPlan.objects.select_related("finding__unit", "notice").get(
            finding=finding, occurrence=1
        )

        with pytest.raises(NotFromHere, match="须另定整改方案"):
            plans.require_completer(plan=first, by=line.cast.east_head)
        with pytest.raises(Refused, match="须先提交整改方案"):
            _sign(finding, line.cast.east_head)

    def test_progress_is_counted_from_the_day_it_came_back(self, line: Line) -> None:
        finding = back(line, long_closed(line))
        assert finding.progress_due_on is not None
        assert finding.progress_due_on >= LATER.date() + timedelta(days=30)

        made = progress.report(
            finding=finding,
            done="已整改一半。",
            remaining="其余月底完成。",
            by=line.cast.east_head,
            at=LATER + timedelta(days=28),
        )

        assert (made.number, made.occurrence) == (1, 2)
        assert Progress.objects.count() == 1

    def test_a_short_matter_needs_no_plan(self, line: Line) -> None:
        finding = back(line, line.closed())

        assert not finding.needs_plan
        assert not RectificationPlan.objects.exists()


def test_a_finding_taken_back_leaves_no_wish_to_decide(line: Line) -> None:
    finding = line.received()
    wish = ask_extension(line.cast, finding)

    objecting.uphold(line, objecting.file(line, finding))

    wish.refresh_from_db()
    assert wish.state == Wish.LAPSED


class TestMessages:
    def test_the_office_is_told_of_an_objection_by_when_it_is_to_be_answered(self, line: Line) -> None:
        row = objecting.file(line, line.received())

        message = Message.objects.get(recipient=line.cast.third_clerk.pk, kind="findings.objection")
        assert (message.due_on, message.path) == (row.decide_by, f"/findings/objections/{row.pk}/")
        assert objecting.REASONS not in message.words

    @pytest.mark.parametrize(("answer", "label"), [("reject", "异议不成立"), ("uphold", "异议成立")])
    def test_head_and_liaison_are_told_of_the_answer(self, line: Line, answer: str, label: str) -> None:
        row = objecting.file(line, line.received())

        getattr(objecting, answer)(line, row)

        for person in (line.cast.east_head, line.cast.east_liaison):
            [words] = words_to(person, "objection_decided")
            assert label in words and objecting.ANSWER not in words
        assert not words_to(line.cast.west_head, "objection_decided")

    def test_they_are_told_of_an_answer_in_part(self, line: Line) -> None:
        row = objecting.file(line, line.received())

        objections.uphold_partly(
            objection=objecting.now(row),
            facts="未摆放去向牌。",
            reason="部分属实。",
            by=line.cast.third_clerk,
            at=AT,
        )

        [words] = words_to(line.cast.east_head, "objection_decided")
        assert "异议部分成立" in words

    def test_the_office_is_told_of_a_wish_and_the_unit_of_the_answer(self, line: Line) -> None:
        finding, by = line.received(), line.cast.east_head
        wish = extensions.ask(finding=finding, until=date(2026, 3, 30), reason="在改造。", by=by, at=AT)
        extensions.grant(extension=wish, until=date(2026, 3, 30), reason="同意。", by=line.cast.clerk, at=AT)
        wish = extensions.ask(
            finding=again(finding), until=date(2026, 4, 7), reason="仍在改造。", by=by, at=AT
        )
        extensions.refuse(extension=wish, reason="不同意。", by=line.cast.leader, at=AT)

        assert len(words_to(line.cast.second_clerk, "extension")) == 2
        told = words_to(line.cast.east_liaison, "extension_decided")
        assert sorted(words[:8] for words in told) == ["督查办不同意延期", "督查办同意延期整"]


def _sign(finding: Finding, head: User) -> None:
    """The report on the second time, written and signed."""
    report = report_of(finding)
    written = {"texts": full_texts(), "causes": list(Cause.objects.order_by("pk")[:1]), "outcome": outcome()}
    rectifications.draft(finding=finding, expected=report.version, by=head, at=LATER, **written)
    rectifications.attach(rectification=report, upload=upload(), by=head, at=LATER)
    rectifications.sign(rectification=report_of(finding), by=head, at=LATER)


def _closed(line: Line, finding: Finding) -> Finding:
    """The line's steps from the receipt on."""
    cast = line.cast
    line.draft(finding)
    rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)
    reviews.pass_on(finding=again(finding), by=cast.second_clerk, at=AT, reason="报告完整。")
    for person in (cast.third_clerk, cast.fourth_clerk):
        acceptances.accept(finding=again(finding), by=person, at=AT, opinion="到位。")
    return acceptances.close(finding=again(finding), by=cast.third_clerk, at=AT)
