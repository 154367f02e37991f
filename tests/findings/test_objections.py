"""A unit that thinks it is wronged is heard by somebody without a part in it, and its clock waits meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from conduct.calendar import book as calendar
from conduct.calendar import seed
from conduct.errors import Forbidden, NotFromHere, Refused
from findings.actions import objections
from findings.models import Finding, Objection, ObjectionFile, Term
from findings.queries import filters, waiting
from findings.queries.standing import standing
from people.models import User
from tests.factories.cast import AT
from tests.factories.findings import Line, again, upload
from tests.findings.browsing import browser, get, post, text_of
from tests.findings.test_terms import sign

pytestmark = pytest.mark.django_db
S, Held = Finding.State, Objection.State
DUE = date(2026, 3, 23)
REASONS = "当日窗口人员外出办理上门服务，有派工单为证。"
ANSWER = "派工单经核对与外出时间不符，不予采信。"


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def days_later(days: int) -> datetime:
    return AT + timedelta(days=days)


def file(line: Line, finding: Finding, *, at: datetime = AT, **facts: object) -> Objection:
    given = {"reasons": REASONS, "uploads": [], "by": line.cast.east_head} | facts
    return objections.file(finding=finding, at=at, **given)  # type: ignore[arg-type]


def now(row: Objection) -> Objection:
    return Objection.objects.select_related("finding__unit", "finding__notice").get(pk=row.pk)


def reject(line: Line, row: Objection, *, at: datetime = AT, by: User | None = None) -> Objection:
    return objections.reject(objection=now(row), reason=ANSWER, by=by or line.cast.third_clerk, at=at)


def uphold(line: Line, row: Objection, *, at: datetime = AT) -> Objection:
    reason = "派工单属实，窗口已安排顶岗，认定有误。"
    return objections.uphold(objection=now(row), reason=reason, by=line.cast.third_clerk, at=at)


def test_in_time_it_stops_the_clock(line: Line) -> None:
    finding = line.received()

    row = file(line, finding, at=days_later(7))

    assert (row.pauses, row.decide_by) == (True, date(2026, 3, 16))
    finding = again(finding)
    assert (finding.paused_on, finding.runs_until, finding.due_on) == (date(2026, 3, 9), None, DUE)


def test_while_it_stands_still_nothing_is_overdue(line: Line) -> None:
    finding = line.received()
    file(line, finding)

    rows = filters.in_state("overdue", today=date(2026, 12, 1), book=calendar.load())

    assert not Finding.objects.filter(rows).exists()
    shown = standing(finding=again(finding), today=date(2026, 12, 1), book=calendar.load())
    assert (shown.paused, shown.remaining) == (True, None)
    assert "答复异议后接着计时" in shown.next


def test_rejected_the_clock_runs_on_with_the_days_it_had(line: Line) -> None:
    finding = line.received()
    row = file(line, finding, at=days_later(7))

    reject(line, row, at=days_later(14))

    finding = again(finding)
    # Ten working days were left of fifteen on 9 March; they run on from 16 March.
    assert (finding.paused_on, finding.runs_until) == (None, date(2026, 3, 30))
    term = Term.objects.filter(finding=finding).latest("ordinal")
    assert (term.kind, term.working_days, term.due_before) == (Term.Kind.AFTER_PAUSE, 10, DUE)
    assert now(row).state == Held.REJECTED


def test_after_the_fifth_working_day_it_is_heard_and_the_clock_goes_on(line: Line) -> None:
    finding = line.received()

    row = file(line, finding, at=days_later(8))

    assert not row.pauses
    assert (again(finding).paused_on, again(finding).runs_until) == (None, DUE)
    reject(line, row, at=days_later(10))
    assert again(finding).runs_until == DUE


def test_until_the_thirtieth_day_it_is_heard_and_then_no_more(line: Line) -> None:
    finding = line.received()

    with pytest.raises(Refused, match="提出异议的期限（2026年4月1日）已过"):
        file(line, finding, at=days_later(31))
    file(line, finding, at=days_later(30))


def test_a_second_one_with_new_evidence_is_heard_without_a_pause(line: Line) -> None:
    finding = line.received()
    reject(line, file(line, finding))

    second = file(line, again(finding), at=days_later(1))

    assert not second.pauses


def test_one_is_open_at_a_time(line: Line) -> None:
    finding = line.received()
    file(line, finding)

    with pytest.raises(Refused, match="已有一份异议正在办理"):
        file(line, again(finding))


def test_before_the_receipt_there_is_nothing_to_object_to(line: Line) -> None:
    with pytest.raises(Refused, match="请先签收"):
        file(line, line.assigned())


@pytest.mark.parametrize("step", ["new", "confirmed"])
def test_what_was_never_held_against_the_unit_takes_no_objection(line: Line, step: str) -> None:
    with pytest.raises(NotFromHere, match="不需要提出异议"):
        file(line, getattr(line, step)())


def test_without_reasons_it_is_not_filed(line: Line) -> None:
    with pytest.raises(Refused, match="请写明异议理由"):
        file(line, line.received(), reasons=" ")


def test_a_bad_piece_of_evidence_is_told_and_nothing_is_filed(line: Line) -> None:
    bad = upload("空白.jpg")
    bad.file.truncate(0)
    bad.size = 0

    with pytest.raises(Refused, match=r"空白\.jpg"):
        file(line, line.received(), uploads=[bad])

    assert not Objection.objects.exists()


def test_upheld_the_finding_is_taken_back_and_counts_no_more(line: Line) -> None:
    finding = line.closed()
    row = file(line, finding, at=days_later(3))

    uphold(line, row)

    finding = again(finding)
    assert (finding.state, finding.issued_on, finding.closed_on) == (S.DISMISSED, None, None)
    assert (finding.runs_until, finding.paused_on) == (None, None)
    assert finding.notice is not None
    assert not Finding.objects.filter(state__in=Finding.STANDING).exists()


def test_upheld_while_the_clock_stands_still(line: Line) -> None:
    finding = line.received()

    uphold(line, file(line, finding))

    assert (again(finding).state, again(finding).paused_on) == (S.DISMISSED, None)


def test_upheld_in_part_what_is_left_is_to_be_put_right(line: Line) -> None:
    finding = line.received()
    before = finding.facts
    row = file(line, finding)

    objections.uphold_partly(
        objection=now(row),
        facts="2月26日上午9时10分，综合窗口未摆放去向牌。",
        reason="外出属实，未摆放去向牌仍不符合规定。",
        by=line.cast.third_clerk,
        at=days_later(1),
    )

    finding = again(finding)
    assert (finding.state, finding.earlier_facts) == (S.RECEIVED, before)
    assert finding.facts == "2月26日上午9时10分，综合窗口未摆放去向牌。"
    assert now(row).earlier_facts == before
    assert finding.runs_until == date(2026, 3, 24)


@pytest.mark.parametrize(("facts", "words"), [(" ", "请写明仍然成立的事实"), ("", "请写明仍然成立的事实")])
def test_in_part_says_what_is_left(line: Line, facts: str, words: str) -> None:
    row = file(line, line.received())

    with pytest.raises(Refused, match=words):
        objections.uphold_partly(
            objection=now(row), facts=facts, reason=ANSWER, by=line.cast.third_clerk, at=AT
        )


def test_in_part_leaves_less_than_before(line: Line) -> None:
    finding = line.received()
    row = file(line, finding)

    with pytest.raises(Refused, match="与原来的一样"):
        objections.uphold_partly(
            objection=now(row), facts=finding.facts, reason=ANSWER, by=line.cast.third_clerk, at=AT
        )


def test_a_decision_needs_reasons(line: Line) -> None:
    row = file(line, line.received())

    with pytest.raises(Refused, match="须写明理由"):
        objections.reject(objection=now(row), reason=" ", by=line.cast.third_clerk, at=AT)


@pytest.mark.parametrize("who", ["clerk", "inspector"])
def test_whoever_found_or_confirmed_it_does_not_decide(line: Line, who: str) -> None:
    row = file(line, line.received())

    with pytest.raises((Refused, Forbidden)):
        reject(line, row, by=getattr(line.cast, who))

    assert now(row).state == Held.FILED


def test_the_one_who_only_confirmed_it_is_told_why(line: Line) -> None:
    finding = line.received()
    Finding.objects.filter(pk=finding.pk).update(confirmed_by=line.cast.second_clerk)
    row = file(line, again(finding))

    with pytest.raises(Refused, match="这个问题是您认定的"):
        reject(line, row, by=line.cast.second_clerk)


@pytest.mark.parametrize("who", ["east_head", "west_head", "reader", "inspector", "system_admin", "auditor"])
def test_who_has_no_such_task_does_not_decide(line: Line, who: str) -> None:
    row = file(line, line.received())

    with pytest.raises(Forbidden):
        reject(line, row, by=getattr(line.cast, who))


@pytest.mark.parametrize("who", ["clerk", "west_head"])
def test_only_the_head_objects(line: Line, who: str) -> None:
    with pytest.raises(Forbidden):
        file(line, line.received(), by=getattr(line.cast, who))


def test_what_is_decided_is_not_decided_again(line: Line) -> None:
    row = file(line, line.received())
    reject(line, row)

    with pytest.raises(NotFromHere):
        uphold(line, row)


def test_a_report_handed_in_meanwhile_leaves_the_objection_open_and_the_clock_still(line: Line) -> None:
    finding = line.rectifying()
    row = file(line, finding)

    sign(line, again(finding))
    reject(line, row, at=days_later(2))

    assert (again(finding).state, again(finding).runs_until) == (S.SUBMITTED, None)


@pytest.mark.parametrize(
    "changes",
    [{"reasons": ""}, {"state": "rejected"}, {"decided_at": AT}, {"state": "upheld", "decision": "是"}],
)
def test_the_database_holds_what_an_objection_is(line: Line, changes: dict[str, object]) -> None:
    row = file(line, line.received())

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(**changes)


def test_it_waits_on_the_desk_of_those_who_may_decide(line: Line) -> None:
    row = file(line, line.received())

    def waits_for(user: User) -> list[date | None]:
        return [item.due_on for item in waiting.for_user(user) if item.verb == "答复异议"]

    assert waits_for(line.cast.third_clerk) == waits_for(line.cast.leader) == [row.decide_by]
    assert waits_for(line.cast.clerk) == waits_for(line.cast.east_head) == []


def test_the_head_objects_and_reads_the_answer_on_the_pages(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduct.clock.now", lambda: AT)
    finding, cast = line.received(), line.cast

    sent = post(cast.east_head, "object", finding.pk, reasons=REASONS, files=[upload("派工单.jpg")])
    row = Objection.objects.get()
    read = text_of(get(cast.third_clerk, "objection", row.pk))
    answered = post(cast.third_clerk, "objection", row.pk, verdict="reject", reason=ANSWER, facts="")

    assert (sent.status_code, answered.status_code) == (302, 302)
    assert REASONS in read and "派工单.jpg" in read
    page = text_of(get(cast.east_head, "detail", finding.pk))
    for words in (REASONS, ANSWER, "异议不成立", "提出异议，暂停计时"):
        assert words in page, words


def test_the_evidence_is_read_by_those_who_see_the_finding_and_nobody_else(line: Line) -> None:
    file(line, line.received(), uploads=[upload("派工单.jpg")])
    piece = ObjectionFile.objects.get()

    answers = [
        get(user, "objection_evidence", piece.pk).status_code
        for user in (line.cast.third_clerk, line.cast.east_head, line.cast.west_head)
    ]

    assert answers == [200, 200, 404]


def test_who_may_not_decide_reads_why_instead_of_a_form(line: Line) -> None:
    row = file(line, line.received())

    page = text_of(get(line.cast.clerk, "objection", row.pk))

    assert "不能办理对它的异议" in page and 'name="verdict"' not in page


def test_what_was_typed_stays_beside_the_refusal(line: Line) -> None:
    row = file(line, line.received())

    answer = browser(line.cast.third_clerk).post(
        f"/findings/objections/{row.pk}/", {"verdict": "partly", "reason": ANSWER, "facts": ""}
    )

    assert answer.status_code == 422
    assert ANSWER in text_of(answer) and "请写明仍然成立的事实" in text_of(answer)
