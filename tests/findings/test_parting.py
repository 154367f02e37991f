"""Who may not be whom (DESIGN §2.15), each combination of a step and a part in the matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conduct.errors import Refused
from findings.actions import acceptances, reviews, revisits
from findings.models import Finding, Revisit
from findings.moves import finding as table
from findings.moves import revisit as of_revisit
from findings.rules.parting import Part
from people import access
from people.models import User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post
from tests.factories.findings import Line, again
from tests.factories.revisits import LATER, looked_again

pytestmark = pytest.mark.django_db

# What the design forbids, in its own words; what stands nowhere here is allowed.
FORBIDDEN: dict[str, frozenset[Part]] = {
    "send_back": frozenset({Part.FINDER, Part.OF_UNIT}),
    "pass_on": frozenset({Part.FINDER, Part.OF_UNIT}),
    **dict.fromkeys(
        ("accept", "accept_partly", "refuse"),
        frozenset({Part.FINDER, Part.UNDER_FINDER, Part.OF_UNIT, Part.HAS_JUDGED}),
    ),
    "close": frozenset({Part.FINDER, Part.OF_UNIT}),
}
# What somebody can have to do with a finding before it is closed.
ON_THE_WAY = (Part.FINDER, Part.UNDER_FINDER, Part.OF_UNIT, Part.HAS_JUDGED)
# Of the second look: nobody says of what they let pass whether it has lasted.
OF_A_SECOND_LOOK = frozenset({Part.HAS_ACCEPTED, Part.HAS_CLOSED, Part.OF_UNIT})
STEPS: dict[str, tuple[str, Callable[[Finding, User], Any]]] = {
    "send_back": (
        "submitted",
        lambda finding, by: reviews.send_back(finding=finding, by=by, at=AT, reason="缺少排查。"),
    ),
    "pass_on": (
        "submitted",
        lambda finding, by: reviews.pass_on(finding=finding, by=by, at=AT, reason="报告完整。"),
    ),
    "accept": (
        "awaiting",
        lambda finding, by: acceptances.accept(finding=finding, by=by, at=AT, opinion="到位。"),
    ),
    "accept_partly": (
        "awaiting",
        lambda finding, by: acceptances.accept_partly(
            finding=finding, by=by, at=AT, opinion="大部到位。", left_over="还差一项。"
        ),
    ),
    "refuse": (
        "awaiting",
        lambda finding, by: acceptances.refuse(finding=finding, by=by, at=AT, opinion="没有改。"),
    ),
    "close": ("accepted", lambda finding, by: acceptances.close(finding=finding, by=by, at=AT)),
}


def given_part(part: Part, cast: Cast, finding: Finding) -> User:
    """The office's leader, who has no other part in the matter, with this one."""
    person = cast.leader
    match part:
        case Part.FINDER:
            person = cast.clerk
        case Part.UNDER_FINDER:
            person.superior = cast.team_leader
            person.save()
        case Part.OF_UNIT:
            give_post(person, finding.unit, Role.UNIT_LIAISON)
        case Part.HAS_JUDGED:
            if finding.state == Finding.State.AWAITING_ACCEPTANCE:
                finding.acceptances.create(round=1, by=person, at=AT, verdict="accept", opinion="到位。")
    access.forget_posts(person)
    return person


@pytest.mark.parametrize("part", sorted(ON_THE_WAY))
@pytest.mark.parametrize("step", FORBIDDEN)
def test_a_step_is_refused_to_exactly_those_the_design_keeps_from_it(
    cast: Cast, line: Line, step: str, part: Part
) -> None:
    reached, act = STEPS[step]
    finding = again(getattr(line, reached)())
    person, before = given_part(part, cast, finding), finding.version

    if part in FORBIDDEN[step]:
        with pytest.raises(Refused):
            act(finding, person)
        assert again(finding).version == before
    else:
        act(finding, person)
        assert again(finding).version > before


@pytest.mark.parametrize("part", sorted(OF_A_SECOND_LOOK))
@pytest.mark.parametrize("outcome", [revisits.hold, revisits.leave_open, revisits.relapse])
def test_who_let_it_pass_does_not_say_whether_it_lasted(
    cast: Cast, line: Line, outcome: Callable[..., Any], part: Part
) -> None:
    revisit = looked_again(cast, line.closed())
    person = {Part.HAS_ACCEPTED: cast.fourth_clerk, Part.HAS_CLOSED: cast.third_clerk}.get(part, cast.leader)
    if part == Part.OF_UNIT:
        give_post(person, revisit.finding.unit, Role.UNIT_LIAISON)
        access.forget_posts(person)

    with pytest.raises(Refused):
        outcome(revisit=revisit, by=person, at=LATER, reason="现场查看。")

    revisit.refresh_from_db()
    assert revisit.state == Revisit.State.ARRANGED


def test_the_finder_may_say_whether_it_lasted(cast: Cast, line: Line) -> None:
    revisit = looked_again(cast, line.closed())

    revisits.hold(revisit=revisit, by=cast.clerk, at=LATER, reason="窗口有人值守。")

    assert revisit.state == Revisit.State.HOLDS


def test_the_table_of_moves_says_the_same() -> None:
    told = {move.name: frozenset(part for part, _ in move.apart) for move in table.TABLE if move.apart}

    assert told == FORBIDDEN
    outcomes = (of_revisit.HOLDS, of_revisit.INCONCLUSIVE, of_revisit.RELAPSED)
    assert {frozenset(part for part, _ in move.apart) for move in outcomes} == {OF_A_SECOND_LOOK}


def test_every_refusal_says_who_can_do_it_instead() -> None:
    words = [words for move in table.TABLE for _, words in move.apart]

    assert [text for text in words if "请" not in text] == []


@pytest.mark.parametrize("finder", ["team_leader", "inspector", "second_inspector", "clerk"])
def test_every_finder_is_one(cast: Cast, line: Line, finder: str) -> None:
    finding, person = again(line.accepted()), getattr(cast, finder)
    give_post(person, cast.city, Role.OFFICE_LEADER)

    with pytest.raises(Refused, match="列出了这个问题，不能销号"):
        acceptances.close(finding=finding, by=person, at=AT)
