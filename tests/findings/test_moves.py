"""Every move of a finding: allowed from where it starts, refused from everywhere else, to everyone else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from conduct.models import AuditEntry
from findings.actions import acceptances, findings, notices, rectifications, reviews
from findings.models import Acceptance, Finding, Rectification
from findings.moves import finding as finding_moves
from findings.moves import rectification as report_moves
from people import access
from people.models import User
from tests.factories import cast as people
from tests.factories.cast import AT, Cast, give_post
from tests.factories.findings import REASON, Line, again, full_texts, notice_of, report_of

pytestmark = pytest.mark.django_db

S = Finding.State
Step = Callable[[Cast, Finding], Any]


def also_serve(person: User, cast: Cast, role: people.Role) -> None:
    """A second post for someone whose posts have been read already."""
    give_post(person, cast.city, role)
    access.forget_posts(person)


REACHED: dict[str, str] = {
    S.NEW: "new",
    S.VERIFYING: "verifying",
    S.CONFIRMED: "confirmed",
    S.ASSIGNED: "assigned",
    S.RECEIVED: "received",
    S.RECTIFYING: "rectifying",
    S.SUBMITTED: "submitted",
    S.AWAITING_ACCEPTANCE: "accepted",
    S.CLOSED: "closed",
}
STEPS: dict[str, Step] = {
    "start_verifying": lambda cast, finding: findings.start_verifying(finding=finding, by=cast.clerk, at=AT),
    "confirm": lambda cast, finding: findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON),
    "confirm_partly": lambda cast, finding: findings.confirm_partly(
        finding=finding, by=cast.clerk, at=AT, reason=REASON
    ),
    "dismiss": lambda cast, finding: findings.dismiss(finding=finding, by=cast.clerk, at=AT, reason=REASON),
    "assign": lambda cast, finding: Line(cast).issue(finding),
    "start_rectifying": lambda cast, finding: rectifications.draft(
        finding=finding, texts=full_texts(), by=cast.east_head, at=AT
    ),
    "submit": lambda cast, finding: rectifications.sign(
        rectification=report_of(finding), by=cast.east_head, at=AT
    ),
    "send_back": lambda cast, finding: reviews.send_back(
        finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。"
    ),
    "pass_on": lambda cast, finding: reviews.pass_on(
        finding=finding, by=cast.second_clerk, at=AT, reason="报告完整。"
    ),
    "refuse": lambda cast, finding: acceptances.refuse(
        finding=finding, by=cast.leader, at=AT, opinion="现场仍无人值守。"
    ),
    "close": lambda cast, finding: acceptances.close(finding=finding, by=cast.third_clerk, at=AT),
}
BY_NAME = {move.name: move for move in finding_moves.TABLE}
ALLOWED = [(name, state) for name in STEPS for state in REACHED if state in BY_NAME[name].sources]
BARRED = [
    (name, state)
    for name in STEPS
    for state in REACHED
    if state not in BY_NAME[name].sources
    # Without a report there is nothing to sign; a draft that exists is saved and not begun again.
    and not (name == "submit" and state in (S.NEW, S.VERIFYING, S.CONFIRMED, S.ASSIGNED, S.RECEIVED))
    and not (name == "start_rectifying" and state == S.RECTIFYING)
]


@pytest.mark.parametrize(("name", "state"), ALLOWED)
def test_a_move_is_allowed_where_it_starts(cast: Cast, line: Line, name: str, state: str) -> None:
    finding = getattr(line, REACHED[state])()
    before = AuditEntry.objects.filter(verb=f"findings.{name}").count()

    STEPS[name](cast, finding)

    assert again(finding).state == BY_NAME[name].target
    assert AuditEntry.objects.filter(verb=f"findings.{name}").count() == before + 1


@pytest.mark.parametrize(("name", "state"), BARRED)
def test_a_move_is_refused_from_elsewhere(cast: Cast, line: Line, name: str, state: str) -> None:
    finding = getattr(line, REACHED[state])()

    with pytest.raises(NotFromHere, match="当前"):
        STEPS[name](cast, finding)

    assert again(finding).state == state


STRANGERS: dict[str, str] = {
    "start_verifying": "inspector",
    "confirm": "east_head",
    "confirm_partly": "reader",
    "dismiss": "east_head",
    "assign": "east_head",
    "send_back": "east_head",
    "pass_on": "reader",
    "refuse": "west_head",
    "close": "east_head",
    "start_rectifying": "west_head",
    "submit": "west_head",
}


@pytest.mark.parametrize(("name", "stranger"), STRANGERS.items())
def test_a_move_is_refused_to_people_without_the_right(
    cast: Cast, line: Line, name: str, stranger: str
) -> None:
    state = next(state for step, state in ALLOWED if step == name)
    finding = getattr(line, REACHED[state])()
    person: User = getattr(cast, stranger)
    acting = Cast(**{**cast.__dict__, **dict.fromkeys(ACTORS, person)})

    with pytest.raises(Forbidden):
        STEPS[name](acting, finding)

    assert again(finding).state == state


ACTORS = ("clerk", "second_clerk", "third_clerk", "leader", "east_head")


def test_the_head_signs_for_the_notice_and_its_findings_are_received(cast: Cast, line: Line) -> None:
    first, second = line.confirmed(), line.confirmed()
    notice = line.issue(first, second)

    notices.receive(notice=notice, by=cast.east_head, at=AT)

    assert {again(first).state, again(second).state} == {S.RECEIVED}
    assert notice.received_by == cast.east_head


def test_a_notice_is_signed_for_once(cast: Cast, line: Line) -> None:
    finding = line.received()

    with pytest.raises(NotFromHere, match="已经签收"):
        notices.receive(notice=notice_of(finding), by=cast.east_head, at=AT)


def test_the_liaison_cannot_sign_for_the_notice(cast: Cast, line: Line) -> None:
    finding = line.assigned()

    with pytest.raises(Forbidden):
        notices.receive(notice=notice_of(finding), by=cast.east_liaison, at=AT)


def test_the_head_of_another_unit_cannot_sign_for_the_notice(cast: Cast, line: Line) -> None:
    finding = line.assigned()

    with pytest.raises(Forbidden):
        notices.receive(notice=notice_of(finding), by=cast.west_head, at=AT)


@pytest.mark.parametrize("name", ["confirm", "confirm_partly", "dismiss"])
def test_a_verdict_needs_reasons(cast: Cast, line: Line, name: str) -> None:
    finding = line.verifying()

    with pytest.raises(Refused, match="须写明理由"):
        getattr(findings, name)(finding=finding, by=cast.clerk, at=AT, reason="  ")

    assert again(finding).state == S.VERIFYING


def test_a_verdict_names_its_judge_and_reasons(cast: Cast, line: Line) -> None:
    finding = again(line.confirmed())

    assert (finding.confirmed_by, finding.confirmed_at) == (cast.clerk, AT)
    assert finding.verdict_reason == REASON


def test_verification_needs_a_grade(cast: Cast, line: Line) -> None:
    finding = line.new(grade=None)

    with pytest.raises(Refused, match="请先确定情节"):
        findings.start_verifying(finding=finding, by=cast.clerk, at=AT)


def test_verification_needs_something_seen(cast: Cast, line: Line) -> None:
    finding = line.new()
    finding.links.all().delete()

    with pytest.raises(Refused, match="没有现场记录作依据"):
        findings.start_verifying(finding=finding, by=cast.clerk, at=AT)


def test_someone_slower_is_told(cast: Cast, line: Line) -> None:
    finding = line.verifying()
    stale = again(finding)
    findings.confirm(finding=finding, by=cast.clerk, at=AT, reason=REASON)

    with pytest.raises(MovedMeanwhile, match="刚被别人办理过"):
        findings.dismiss(finding=stale, by=cast.second_clerk, at=AT, reason="不属实。")

    assert again(finding).state == S.CONFIRMED


class TestReturning:
    def test_a_returned_report_goes_on_from_what_was_written(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        first = report_of(finding)

        new = reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。")

        assert (new.round, new.state) == (2, Rectification.State.DRAFT)
        assert new.measures == first.measures
        assert list(new.causes.all()) == list(first.causes.all())
        assert {kept.file_id for kept in new.files.all()} == {kept.file_id for kept in first.files.all()}

    def test_returns_are_counted(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()

        reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。")

        assert again(finding).returns == 1

    def test_the_returned_report_keeps_who_and_why(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()

        reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。")

        first = finding.rectifications.get(round=1)
        assert first.state == Rectification.State.RETURNED
        assert (first.reviewed_by, first.review_opinion) == (cast.second_clerk, "缺少排查情况。")

    @pytest.mark.parametrize("act", [reviews.send_back, reviews.pass_on])
    def test_a_review_says_why(self, cast: Cast, line: Line, act: Callable[..., Any]) -> None:
        finding = line.submitted()

        with pytest.raises(Refused, match="须写明理由"):
            act(finding=finding, by=cast.second_clerk, at=AT, reason="")

    def test_the_second_round_can_be_signed_and_passed(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。")

        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)
        reviews.pass_on(finding=again(finding), by=cast.second_clerk, at=AT, reason="已补充。")

        assert again(finding).state == S.AWAITING_ACCEPTANCE

    @pytest.mark.parametrize("move", report_moves.TABLE, ids=lambda move: str(move.name))
    def test_a_report_moves_only_from_its_own_step(self, line: Line, move: Any) -> None:
        from conduct import moves

        report = report_of(line.awaiting())

        with pytest.raises(NotFromHere):
            moves.carry_out(report, move, by=report.drafted_by, at=AT, reason="再来一次")


class TestParting:
    @pytest.mark.parametrize("finder", ["clerk", "team_leader", "inspector", "second_inspector"])
    def test_a_finder_does_not_review(self, cast: Cast, line: Line, finder: str) -> None:
        finding, person = line.submitted(), getattr(cast, finder)
        also_serve(person, cast, people.Role.OFFICE_LEADER)

        with pytest.raises(Refused, match="不能审核它的整改报告"):
            reviews.pass_on(finding=finding, by=person, at=AT, reason="报告完整。")

        assert again(finding).state == S.SUBMITTED

    def test_someone_of_the_unit_does_not_review(self, cast: Cast, line: Line) -> None:
        finding = line.submitted()
        also_serve(cast.east_head, cast, people.Role.OFFICE_CLERK)

        with pytest.raises(Refused, match="责任单位的人员，不能审核"):
            reviews.pass_on(finding=finding, by=cast.east_head, at=AT, reason="报告完整。")

    @pytest.mark.parametrize("finder", ["clerk", "team_leader", "inspector", "second_inspector"])
    def test_a_finder_does_not_accept(self, cast: Cast, line: Line, finder: str) -> None:
        finding, person = line.awaiting(), getattr(cast, finder)
        also_serve(person, cast, people.Role.OFFICE_LEADER)

        with pytest.raises(Refused, match="由其他两位同志验收"):
            acceptances.accept(finding=finding, by=person, at=AT, opinion="到位。")

        assert not Acceptance.objects.exists()

    def test_whoever_answers_to_a_finder_does_not_accept(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        cast.fourth_clerk.superior = cast.third_clerk
        cast.third_clerk.superior = cast.team_leader
        cast.third_clerk.save()
        cast.fourth_clerk.save()

        with pytest.raises(Refused, match="您的上级参加了这次检查"):
            acceptances.accept(finding=finding, by=cast.fourth_clerk, at=AT, opinion="到位。")

    def test_someone_of_the_unit_does_not_accept(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        also_serve(cast.east_head, cast, people.Role.OFFICE_CLERK)

        with pytest.raises(Refused, match="责任单位的人员，不能验收"):
            acceptances.accept(finding=finding, by=cast.east_head, at=AT, opinion="到位。")

    def test_one_person_accepts_once(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。")

        with pytest.raises(Refused, match="两位不同的同志"):
            acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。")

        assert Acceptance.objects.count() == 1

    def test_an_acceptance_says_what_was_seen(self, cast: Cast, line: Line) -> None:
        with pytest.raises(Refused, match="验收须写明意见"):
            acceptances.accept(finding=line.awaiting(), by=cast.third_clerk, at=AT, opinion=" ")

    def test_the_reviewer_may_accept(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()

        acceptances.accept(finding=finding, by=cast.second_clerk, at=AT, opinion="到位。")

        assert Acceptance.objects.get().by == cast.second_clerk


class TestClosing:
    @pytest.mark.parametrize("accepts", [0, 1])
    def test_closing_needs_two(self, cast: Cast, line: Line, accepts: int) -> None:
        finding = line.awaiting()
        for person in (cast.third_clerk, cast.fourth_clerk)[:accepts]:
            acceptances.accept(finding=finding, by=person, at=AT, opinion="到位。")

        with pytest.raises(Refused, match=f"现有 {accepts} 位"):
            acceptances.close(finding=finding, by=cast.third_clerk, at=AT)

    def test_an_accepter_may_close(self, cast: Cast, line: Line) -> None:
        finding = line.accepted()

        acceptances.close(finding=finding, by=cast.third_clerk, at=AT)

        assert again(finding).closed_by == cast.third_clerk

    def test_the_working_days_are_counted_from_notice_to_closing(self, cast: Cast, line: Line) -> None:
        finding = line.accepted()

        acceptances.close(finding=finding, by=cast.third_clerk, at=AT + timedelta(days=9))  # Wednesday week

        closed = again(finding)
        assert (closed.days_to_close, closed.closed_on) == (7, (AT + timedelta(days=9)).date())

    def test_one_refusal_sends_the_finding_back(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。")

        new = acceptances.refuse(finding=finding, by=cast.fourth_clerk, at=AT, opinion="现场仍无人值守。")

        assert again(finding).state == S.RECTIFYING
        assert new.round == 2

    def test_after_a_refusal_both_verdicts_are_asked_anew(self, cast: Cast, line: Line) -> None:
        finding = line.awaiting()
        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。")
        acceptances.refuse(finding=finding, by=cast.fourth_clerk, at=AT, opinion="现场仍无人值守。")
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)
        finding = again(finding)
        reviews.pass_on(finding=finding, by=cast.second_clerk, at=AT, reason="已补充。")

        acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="到位。")

        with pytest.raises(Refused, match="现有 1 位"):
            acceptances.close(finding=finding, by=cast.third_clerk, at=AT)
