"""What was not taken up can be looked through, and taken back."""

from __future__ import annotations

import pytest

from conduct import audit
from conduct.errors import Forbidden, Refused
from findings.actions import observations
from findings.models import Finding, SetAside
from findings.queries import worklist
from inspections.models import Observation
from tests.factories.cast import AT, Cast
from tests.factories.findings import observe
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(cast: Cast) -> SetAside:
    seen = observe(cast)
    return observations.set_aside(observations=[seen], by=cast.clerk, at=AT, reason="当场已查明系误会。")[0]


def take_back(cast: Cast, *rows: SetAside, reason: str = "群众又反映同一情况。") -> int:
    return observations.take_back(set_asides=rows, by=cast.second_clerk, at=AT, reason=reason)


def test_what_is_taken_back_waits_again(cast: Cast, left: SetAside) -> None:
    take_back(cast, left)

    assert worklist.for_user(cast.clerk).get() == left.observation


def test_the_history_keeps_why_it_was_left_out_and_why_it_came_back(cast: Cast, left: SetAside) -> None:
    take_back(cast, left)

    history = audit.history_of(subject=left.observation)
    assert list(history.values_list("actor_name", "label", "reason")) == [
        ("经办甲", "不列入问题", "当场已查明系误会。"),
        ("经办乙", "恢复待研判", "群众又反映同一情况。"),
    ]


def test_taking_back_needs_a_reason(cast: Cast, left: SetAside) -> None:
    with pytest.raises(Refused, match="须写明理由"):
        take_back(cast, left, reason=" ")


def test_taking_back_needs_something(cast: Cast) -> None:
    with pytest.raises(Refused, match="至少选择一条"):
        take_back(cast)


def test_what_was_taken_back_by_another_is_not_taken_back_again(cast: Cast, left: SetAside) -> None:
    take_back(cast, left)

    with pytest.raises(Refused, match="已经恢复待研判"):
        take_back(cast, left)


def test_a_unit_takes_nothing_back(cast: Cast, left: SetAside) -> None:
    with pytest.raises(Forbidden):
        observations.take_back(set_asides=[left], by=cast.east_head, at=AT, reason="不服。")


def test_the_page_tells_what_was_left_out_by_whom_and_why(cast: Cast, left: SetAside) -> None:
    page = text_of(get(cast.second_clerk, "set_aside_list"))

    assert left.observation.facts in page
    assert "当场已查明系误会。" in page
    assert "经办甲" in page


def test_it_is_taken_back_by_page(cast: Cast, left: SetAside) -> None:
    response = post(cast.clerk, "take_back", set_aside=[left.pk], reason="群众又反映同一情况。")

    assert response.status_code == 302
    assert left.observation.facts in text_of(get(cast.clerk, "worklist"))


def test_a_missing_reason_keeps_what_was_ticked(cast: Cast, left: SetAside) -> None:
    response = post(cast.clerk, "take_back", set_aside=[left.pk], reason="")

    assert response.status_code == 422
    assert f'value="{left.pk}" id="s{left.pk}" checked' in text_of(response)


class TestTwoClerks:
    """One of them was faster."""

    def raise_by_form(self, cast: Cast, *seen: Observation) -> object:
        return post(
            cast.clerk,
            "raise",
            observation=[row.pk for row in seen],
            title="窗口无人在岗",
            facts="两次检查均无人在岗。",
            category="B1-01",
        )

    def test_a_finding_is_not_made_of_what_is_left_of_the_choice(self, cast: Cast, left: SetAside) -> None:
        free = observe(cast)

        response = self.raise_by_form(cast, left.observation, free)

        assert "有 1 条已经列为问题或已注明不列入" in text_of(response)
        assert "两次检查均无人在岗。" in text_of(response)
        assert not Finding.objects.exists()

    def test_a_part_of_the_choice_is_not_set_aside(self, cast: Cast, left: SetAside) -> None:
        free = observe(cast)

        response = post(
            cast.clerk, "set_aside", observation=[left.observation.pk, free.pk], reason="均系误会。"
        )

        assert "已经列为问题或已注明不列入" in text_of(response)
        assert SetAside.objects.get() == left
