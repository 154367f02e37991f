"""Findings and records of persons chosen for a step, or answered for by a head, leave a line of each."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conduct import reads
from conduct.models import ReadEntry
from findings.actions import statements
from people.models import User
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line, observe

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]


def test_choosing_findings_to_merge_leaves_a_line_of_each(cast: Cast) -> None:
    line = Line(cast)
    pair = [line.new(person_post="窗口工作人员"), line.new(person_post="窗口组长")]

    opened(cast.clerk, "findings:merge", finding=[str(row.pk) for row in pair])

    assert seen_by(cast.clerk) == {(str(row.pk), "查看涉及人员的问题") for row in pair}


def test_choosing_observations_of_a_person_leaves_a_line_of_their_visit(cast: Cast) -> None:
    row = observe(cast, person_post="窗口工作人员")

    opened(cast.clerk, "findings:raise", observation=[str(row.pk)])

    assert seen_by(cast.clerk) == {(str(row.visit_id), "查看涉及人员的现场记录")}


STEPS_OF_A_HEAD = {
    "findings:statement": lambda line: statements.ask(
        finding=line.verifying(person_post="窗口工作人员"), by=line.cast.clerk, at=AT
    ),
    "findings:rectify": lambda line: line.received(person_post="窗口工作人员"),
    "findings:rectification_sign": lambda line: line.rectifying(person_post="窗口工作人员"),
}


@pytest.mark.parametrize("name", STEPS_OF_A_HEAD)
def test_a_head_who_answers_for_a_person_leaves_a_line(cast: Cast, name: str) -> None:
    finding = STEPS_OF_A_HEAD[name](Line(cast))

    opened(cast.east_head, name, str(finding.pk))

    assert seen_by(cast.east_head) == {(str(finding.pk), "查看涉及人员的问题")}


def opened(user: User, name: str, *place: str, **asked: list[str]) -> None:
    """The page is shown to the person, by a process that has written nothing yet."""
    reads.forget()
    assert signed_in(user).get(reverse(name, args=place), asked).status_code == 200


def seen_by(user: User) -> set[tuple[str, str]]:
    """What the lines say the person looked at: the matter's id, and the words."""
    rows = ReadEntry.objects.filter(actor_id=str(user.pk))
    return set(rows.values_list("subject_id", "label"))
