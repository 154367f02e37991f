"""Who is told what of a finding, when, and what never stands in a message."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail

from conduct import clock
from conduct.audit import SystemActor
from conduct.messages import delivering
from conduct.models import Message, MessageSettings
from findings.actions import acceptances, occasions, receipts, reviews, statements
from people.models import User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, again, notice_of
from tests.findings import test_plans as plan_line

pytestmark = [pytest.mark.django_db]


def told(user: User, kind: str) -> list[Message]:
    return list(Message.objects.filter(recipient=user.pk, kind=f"findings.{kind}").order_by("at"))


def who(kind: str) -> set[int]:
    return set(Message.objects.filter(kind=f"findings.{kind}").values_list("recipient", flat=True))


def test_head_and_liaison_are_told_of_a_notice(cast: Cast, line: Line) -> None:
    finding = line.assigned()

    notice = notice_of(finding)
    assert who("notice") == {cast.east_head.pk, cast.east_liaison.pk}
    [row] = told(cast.east_head, "notice")
    assert notice.number in row.words
    assert (row.unit, row.due_on) == ("东区", notice.receipt_due_on)
    assert row.path == f"/findings/notices/{notice.pk}/"


def test_a_notice_of_several_findings_is_one_message(cast: Cast, line: Line) -> None:
    line.issue(line.confirmed(), line.confirmed())

    assert len(told(cast.east_head, "notice")) == 1


def test_the_head_alone_is_asked_for_a_statement(cast: Cast, line: Line) -> None:
    finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)

    assert who("statement") == {cast.east_head.pk}
    assert told(cast.east_head, "statement")[0].due_on == finding.statement_due_on


def test_a_unit_without_a_head_is_answered_for_by_the_one_above(cast: Cast, line: Line) -> None:
    line.assigned(unit=cast.east_bureau)

    assert cast.east_head.pk in who("notice")


def test_where_a_unit_has_its_own_head_the_one_above_is_not_told(cast: Cast, line: Line) -> None:
    own = make_user("bureau_head", "局长")
    give_post(own, cast.east_bureau, Role.UNIT_HEAD)

    line.assigned(unit=cast.east_bureau)

    assert who("notice") == {own.pk}


def test_a_head_whose_post_is_over_or_account_closed_is_not_told(cast: Cast, line: Line) -> None:
    give_post(make_user("old", "前任"), cast.east, Role.UNIT_HEAD, until=AT.date() - timedelta(days=1))
    gone = make_user("gone", "已离岗", is_active=False)
    give_post(gone, cast.east, Role.UNIT_HEAD)

    line.assigned()

    assert who("notice") == {cast.east_head.pk, cast.east_liaison.pk}


def test_the_office_is_told_of_a_report_handed_in(cast: Cast, line: Line) -> None:
    line.submitted()

    clerks = {user.pk for user in (cast.clerk, cast.second_clerk, cast.third_clerk, cast.fourth_clerk)}
    assert who("handed_in") == clerks


def test_the_nearest_office_is_told(cast: Cast, line: Line) -> None:
    own = make_user("east_clerk", "东区经办")
    give_post(own, cast.east, Role.OFFICE_CLERK)

    line.submitted()

    assert who("handed_in") == {own.pk}


def test_the_unit_is_told_each_time_its_report_comes_back(cast: Cast, line: Line) -> None:
    finding = line.submitted()
    reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="材料不全。")

    [row] = told(cast.east_head, "returned")
    assert "被退回" in row.words and row.due_on == again(finding).due_on
    assert who("returned") == {cast.east_head.pk, cast.east_liaison.pk}


def test_a_refused_acceptance_comes_back_too(cast: Cast, line: Line) -> None:
    finding = line.awaiting()
    acceptances.refuse(finding=finding, by=cast.third_clerk, at=AT, opinion="现场未整改。")

    assert len(told(cast.east_head, "returned")) == 1


def test_the_unit_is_told_that_its_report_passed_and_the_office_that_it_is_to_accept(
    cast: Cast, line: Line
) -> None:
    line.awaiting()

    assert cast.east_head.pk in who("passed")
    assert who("awaiting") == {user.pk for user in (cast.clerk, cast.third_clerk, cast.fourth_clerk)}


def test_the_unit_is_told_of_the_end(cast: Cast, line: Line) -> None:
    line.closed()

    [row] = told(cast.east_head, "closed")
    assert row.due_on is None


def test_once_a_liaison_is_appointed_the_others_are_not_told(cast: Cast, line: Line) -> None:
    second = make_user("second_liaison", "联络员乙")
    give_post(second, cast.east, Role.UNIT_LIAISON)
    finding = line.submitted()
    type(finding).objects.filter(pk=finding.pk).update(liaison=second)

    reviews.send_back(finding=again(finding), by=cast.second_clerk, at=AT, reason="材料不全。")

    assert who("returned") == {cast.east_head.pk, second.pk}


def test_a_notice_that_counts_as_served_is_told(cast: Cast, line: Line) -> None:
    notice = notice_of(line.assigned())
    day = clock.moment(notice.receipt_due_on + timedelta(days=1), time(9))

    for _ in range(2):
        receipts.pass_over(by=SystemActor(), at=day)

    [row] = told(cast.east_head, "served")
    assert "视为送达" in row.words and notice.number in row.words


def test_office_and_unit_are_told_of_a_plan(cast: Cast, line: Line) -> None:
    plan_line.approved(line)
    plan_line.returned(line)

    assert cast.second_clerk.pk in who("plan_handed_in")
    assert len(told(cast.east_head, "plan_approved")) == 1
    assert len(told(cast.east_head, "plan_returned")) == 1


MARK = "鹧鸪某"


def test_nothing_anybody_typed_and_no_person_goes_into_a_message(
    cast: Cast, line: Line, settings: Any
) -> None:
    settings.MESSAGE_MAIL = True
    for user in (cast.east_head, cast.east_liaison, cast.clerk, cast.second_clerk):
        MessageSettings.objects.create(person=user.pk, mail_address="a@example.gov.cn", is_mail_on=True)
    User.objects.update(name=MARK)
    written = {"title": f"{MARK}离岗", "facts": f"{MARK}离岗。", "person_post": MARK, "department": MARK}
    statements.ask(finding=line.verifying(**written), by=cast.clerk, at=AT)
    finding = line.submitted(**written)
    reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason=f"{MARK}未处理。")
    line.closed(**written)
    delivering.work_off(now=lambda: AT)

    kinds = set(Message.objects.values_list("kind", flat=True))
    assert len(kinds) == 7
    assert not [row for row in Message.objects.values() if MARK in str(row)]
    assert len(mail.outbox) > 5
    assert not [letter for letter in mail.outbox if MARK in letter.subject + letter.body]


def test_however_often_it_is_said_each_person_is_told_of_a_notice_once(cast: Cast, line: Line) -> None:
    notice = notice_of(line.assigned())

    for _ in range(3):
        occasions.notice_issued(notice, by=cast.clerk, at=AT)

    assert len(told(cast.east_head, "notice")) == 1
