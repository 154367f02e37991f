"""Who signs in person: the head of the unit named, not the head of the unit above it."""

from __future__ import annotations

from datetime import date

import pytest

from conduct.errors import Forbidden
from findings.actions import notices, rectifications, statements
from findings.models import Finding
from findings.queries import waiting
from people import access
from people.models import User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user
from tests.factories.findings import Line, again, notice_of, report_of
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau_head(cast: Cast) -> User:
    """The head of a bureau under the eastern county."""
    user = make_user("bureau_head", "审批局负责人", home=cast.east_bureau)
    give_post(user, cast.east_bureau, Role.UNIT_HEAD)
    access.forget_posts(cast.east_head)
    return user


@pytest.fixture
def of_bureau(cast: Cast, line: Line, bureau_head: User) -> Finding:
    return line.assigned(unit=cast.east_bureau)


def test_the_head_above_reads_the_notice_but_does_not_sign_for_it(cast: Cast, of_bureau: Finding) -> None:
    notice = notice_of(of_bureau)

    page = get(cast.east_head, "notice_detail", notice.pk)
    response = post(cast.east_head, "receive", notice.pk)

    assert page.status_code == 200
    assert "签收整改通知</button>" not in text_of(page)
    assert response.status_code == 403
    assert "须由该单位主要负责人本人办理" in text_of(response)
    assert again(of_bureau).state == Finding.State.ASSIGNED


def test_the_head_of_the_unit_signs_for_it(of_bureau: Finding, bureau_head: User) -> None:
    notices.receive(notice=notice_of(of_bureau), by=bureau_head, at=AT)

    assert again(of_bureau).state == Finding.State.RECEIVED


def test_the_head_above_does_not_sign_the_report(cast: Cast, of_bureau: Finding, bureau_head: User) -> None:
    notices.receive(notice=notice_of(of_bureau), by=bureau_head, at=AT)
    rectifications.draft(finding=again(of_bureau), texts=rectifications.Texts(), by=bureau_head, at=AT)

    with pytest.raises(Forbidden, match="本人办理"):
        rectifications.sign(rectification=report_of(of_bureau), by=cast.east_head, at=AT)


def test_the_head_above_does_not_speak_for_the_unit(cast: Cast, line: Line, bureau_head: User) -> None:
    finding = statements.ask(finding=line.verifying(unit=cast.east_bureau), by=cast.clerk, at=AT)

    with pytest.raises(Forbidden, match="本人办理"):
        statements.file(finding=finding, text="属实。", speaker="区长", by=cast.east_head, at=AT)


def test_what_the_head_below_answers_does_not_wait_for_the_head_above(
    cast: Cast, of_bureau: Finding, bureau_head: User
) -> None:
    assert (waiting.badge(cast.east_head).count, waiting.badge(bureau_head).count) == (0, 1)
    assert waiting.for_user(cast.east_head) == []


def test_the_head_above_answers_for_a_unit_without_a_head(cast: Cast, line: Line) -> None:
    finding = line.assigned(unit=cast.east_bureau)

    notices.receive(notice=notice_of(finding), by=cast.east_head, at=AT)

    assert again(finding).state == Finding.State.RECEIVED


def test_a_head_whose_post_has_ended_no_longer_stands_between(cast: Cast, line: Line) -> None:
    former = make_user("former", "前任负责人", home=cast.east_bureau)
    give_post(former, cast.east_bureau, Role.UNIT_HEAD, until=date(2025, 12, 31))
    finding = line.assigned(unit=cast.east_bureau)

    notices.receive(notice=notice_of(finding), by=cast.east_head, at=AT)

    assert again(finding).state == Finding.State.RECEIVED
