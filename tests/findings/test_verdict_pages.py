"""Whoever may not review or accept is told why, and is shown no form that would be refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from findings.actions import acceptances
from findings.models import Finding
from people.models import User
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db
FORM = 'id="verdict-form"'


def accepted_by(cast: Cast, finding: Finding) -> User:
    acceptances.accept(finding=finding, by=cast.third_clerk, at=AT, opinion="已整改到位。")
    return cast.third_clerk


def subordinate(cast: Cast, finding: Finding) -> User:
    cast.third_clerk.superior = cast.clerk
    cast.third_clerk.save()
    return cast.third_clerk


BARRED: dict[str, tuple[Callable[[Cast, Finding], User], str]] = {
    "the finder": (lambda cast, finding: cast.clerk, "您参加了这次检查或列出了这个问题，不能验收"),
    "who accepted already": (accepted_by, "您已对这次整改给出验收意见"),
    "who answers to the finder": (subordinate, "您的上级参加了这次检查"),
}


@pytest.mark.parametrize("who", BARRED)
def test_who_may_not_accept_reads_why_and_finds_no_form(cast: Cast, line: Line, who: str) -> None:
    finding = line.awaiting()
    chosen, words = BARRED[who]

    response = get(chosen(cast, finding), "accept", finding.pk)

    page = text_of(response)
    assert response.status_code == 200
    assert words in page
    assert FORM not in page and '<button type="submit" form' not in page


def test_the_finder_reads_why_not_to_review(cast: Cast, line: Line) -> None:
    page = text_of(get(cast.clerk, "review", line.submitted().pk))

    assert "不能审核它的整改报告" in page
    assert FORM not in page


def test_the_page_and_the_desk_give_the_same_reason(cast: Cast, line: Line) -> None:
    finding = line.submitted()
    reason = "您参加了这次检查或列出了这个问题，不能审核它的整改报告。请由督查办其他经办审核。"

    assert reason in text_of(get(cast.clerk, "detail", finding.pk))
    assert reason in text_of(get(cast.clerk, "review", finding.pk))


@pytest.mark.parametrize(
    ("name", "step", "words"),
    [("review", "awaiting", "没有等待审核的整改报告"), ("accept", "submitted", "不能验收")],
)
def test_out_of_turn_there_is_no_form(cast: Cast, line: Line, name: str, step: str, words: str) -> None:
    page = text_of(get(cast.second_clerk, name, getattr(line, step)().pk))

    assert words in page
    assert FORM not in page


def test_a_draft_of_the_unit_is_not_read_through_the_review(cast: Cast, line: Line) -> None:
    finding = line.rectifying()

    page = text_of(get(cast.second_clerk, "review", finding.pk))

    assert "经调看考勤" not in page


@pytest.mark.parametrize(("name", "step"), [("review", "submitted"), ("accept", "awaiting")])
def test_whose_turn_it_is_finds_the_form(cast: Cast, line: Line, name: str, step: str) -> None:
    user = cast.second_clerk if name == "review" else cast.third_clerk

    assert FORM in text_of(get(user, name, getattr(line, step)().pk))


def test_what_was_typed_comes_back_with_the_refusal(cast: Cast, line: Line) -> None:
    finding = line.awaiting()

    response = post(cast.clerk, "accept", finding.pk, verdict="accept", reason="现场看过，已整改。")

    assert response.status_code == 422
    assert "现场看过，已整改。" in text_of(response)
