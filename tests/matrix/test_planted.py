"""The matrix sees what it is there to see: each fault planted here must be told."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest

from conduct import audit
from conduct.errors import Forbidden
from findings.models import Finding
from findings.models.finding import FindingQuerySet
from findings.queries import detail
from people.doors import Door
from people.middleware import doors as doorkeeper
from people.middleware import table
from people.roles import Role

from . import knocking
from .ground import Ground
from .knocking import differing, surprises
from .people import Asker, without_factor
from .walk import Walk, send

pytestmark = pytest.mark.django_db
ONE = "findings:detail"


@pytest.fixture
def asked(people: dict[str, Asker]) -> dict[str, Asker]:
    """An office, a unit, another unit."""
    return {name: people[name] for name in ("clerk", "unit_head", "other_head")}


def knock(ground: Ground, asked: dict[str, Asker], walked: Walk, name: str = ONE) -> list[knocking.Knock]:
    return list(knocking.knocks(ground, asked, {name: table()[name]}, walked))


def test_without_a_fault_nothing_is_told(ground: Ground, asked: dict[str, Asker], walked: Walk) -> None:
    found = knock(ground, asked, walked)

    assert (surprises(found), differing(found)) == ([], [])


def test_a_view_that_shows_everybody_everything(
    ground: Ground, asked: dict[str, Asker], walked: Walk, monkeypatch: Any
) -> None:
    monkeypatch.setattr(FindingQuerySet, "visible_to", lambda rows, user: rows)

    found = knock(ground, asked, walked)

    assert any("by other_head about own: 200" in what for what in surprises(found))
    assert any(k.shows for k in found if k.thing == knocking.NORTH)


def test_a_view_that_tells_forbidden_from_missing(
    ground: Ground, asked: dict[str, Asker], walked: Walk, monkeypatch: Any
) -> None:
    really = detail.to_read

    def tell(user: Any, pk: Any) -> Any:
        is_there = Finding.objects.filter(pk=pk).exists()
        if is_there and not Finding.objects.visible_to(user).filter(pk=pk).exists():
            raise Forbidden("这是其他单位的问题。")
        return really(user, pk)

    monkeypatch.setattr(detail, "to_read", tell)
    found = knock(ground, asked, walked)

    assert any("about north: 403" in what for what in surprises(found))
    assert differing(found) != []


def test_a_door_that_looks_for_the_row_before_it_asks_for_the_second_factor(
    ground: Ground, people: dict[str, Asker], walked: Walk, monkeypatch: Any, settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    really = doorkeeper._first

    def look(request: HttpRequest, url_name: str) -> Any:
        match = request.resolver_match
        is_there = match and Finding.objects.filter(pk=match.kwargs["pk"]).exists()
        return really(request, url_name if is_there else "people:calendar")

    without = without_factor(people)
    assert differing(knock(ground, without, walked)) == []
    monkeypatch.setattr(doorkeeper, "_first", look)

    assert any("unit_head without" in what for what in differing(knock(ground, without, walked)))


def test_a_view_that_asks_once_more_of_what_is_there(
    ground: Ground, asked: dict[str, Asker], walked: Walk, monkeypatch: Any
) -> None:
    really = detail.to_read

    def ask_twice(user: Any, pk: Any) -> Any:
        if Finding.objects.filter(pk=pk).exists():
            Finding.objects.count()
        return really(user, pk)

    monkeypatch.setattr(detail, "to_read", ask_twice)
    found = knock(ground, asked, walked)

    assert surprises(found) == []
    assert differing(found) != []


def test_a_door_taken_out_of_the_table(
    ground: Ground, asked: dict[str, Asker], walked: Walk, monkeypatch: Any
) -> None:
    rest = {name: door for name, door in table().items() if name != ONE}
    monkeypatch.setattr(doorkeeper, "table", lambda: rest)

    assert any("by clerk about own: 404" in what for what in surprises(knock(ground, asked, walked)))


def test_a_door_opened_too_wide(
    ground: Ground, asked: dict[str, Asker], walked: Walk, monkeypatch: Any
) -> None:
    name = "findings:worklist"
    wide = {**table(), name: Door(get=frozenset(Role))}
    monkeypatch.setattr(doorkeeper, "table", lambda: wide)

    assert any("by unit_head" in what for what in surprises(knock(ground, asked, walked, name)))


def test_an_act_that_leaves_no_trace(walked: Walk, monkeypatch: Any) -> None:
    form = next(sent for sent in walked.sent if sent.door == "people:office")
    assert send(form).written.of("conduct_auditentry")

    monkeypatch.setattr(audit, "record", lambda **facts: None)

    answer = send(form)
    assert answer.is_done
    assert answer.written.of("conduct_auditentry") == []


def test_a_fault_of_the_house_is_an_answer_to_look_at(
    ground: Ground, asked: dict[str, Asker], walked: Walk, monkeypatch: Any
) -> None:
    def break_down(user: Any, pk: Any) -> HttpRequest:
        raise ValueError

    monkeypatch.setattr(detail, "to_read", break_down)

    assert any(": 500" in what for what in surprises(knock(ground, asked, walked)))
