"""Everybody at every door, with what is theirs, what is another's, what is sealed, and what is not there."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from people.middleware import table
from people.middleware.doors import ALWAYS_OPEN, WITHOUT_FACTOR

from . import knocking
from .ground import Ground, missing_like
from .knocking import LED_ON, MISSING, NORTH, OWN, SEALED, Knock, differing, surprises, things
from .people import Asker, kind_of, without_factor
from .walk import Answer, Sent, Walk, call, plain

pytestmark = pytest.mark.django_db

# Doors at which nothing is to be had by looking: each goes when it can be opened. The list only gets shorter.
NEVER_SHOWN = {"people:setup", "people:give_code", "sign_in_code"}
# Doors at which nothing of the business changes, or which the tests named beside them go through.
NEVER_SENT = {
    "login": "tests/people/test_session.py",
    "logout": "tests/people/test_session.py",
    "sign_in_code": "tests/people/test_second_factor.py",
    "people:setup": "tests/people/test_setup.py",
    "people:second_factor": "tests/people/test_second_factor.py",
    "people:second_factor_change": "tests/people/test_second_factor.py",
    "people:give_code": "tests/people/test_step_up.py",
    "people:held": "tests/people/test_held_forms.py",
    "people:sittings": "tests/people/test_sittings.py",
    "findings:history_import": "tests/findings/test_history.py",
    "inspections:standards_publish": "tests/inspections/test_standards.py",
}
# What is typed wrong is counted, so that nobody may guess on and on; photos of a refused record are kept.
KEEPING = {"login", "sign_in_code", "people:second_factor", "inspections:visit_edit", "inspections:visit_new"}
MOST_NEVER_SHOWN, MOST_NEVER_SENT = 3, 11


@pytest.fixture(scope="module")
def knocks(ground: Ground, people: dict[str, Asker], walked: Walk, plainly: None) -> list[Knock]:
    """The whole matrix, and once more those who lack the second factor where it is required."""
    found = list(knocking.knocks(ground, people, table(), walked))
    with override_settings(SECOND_FACTOR="required"):
        found += knocking.knocks(ground, without_factor(people), table(), walked)
    return found


def test_every_answer_is_the_one_the_policy_tells(knocks: list[Knock]) -> None:
    assert surprises(knocks) == []


def test_what_is_foreign_or_sealed_is_answered_like_what_is_not_there(knocks: list[Knock]) -> None:
    assert differing(knocks) == []


def test_nobody_reads_a_word_of_the_north_or_of_the_sealed_plan(knocks: list[Knock]) -> None:
    told = [(k.door, k.asker, k.thing, k.shows) for k in knocks if k.shows and k.asker != "city_clerk"]

    assert told == []


def test_a_refusal_changes_nothing(knocks: list[Knock]) -> None:
    assert [
        (k.door, k.asker, k.thing) for k in knocks if k.status >= 400 and k.changes and k.door not in KEEPING
    ] == []


def test_every_page_is_shown_to_somebody(walked: Walk) -> None:
    from .walk import door_of

    shown = {door_of(url)[0] for (_, url), answer in walked.answers.items() if answer.status == 200}
    wanted = {name for name, door in table().items() if "GET" in door.methods}

    assert wanted - shown == NEVER_SHOWN
    assert len(NEVER_SHOWN) <= MOST_NEVER_SHOWN


def test_every_form_is_carried_out_for_somebody(done: dict[tuple[str, str], Any]) -> None:
    carried_out = {door for door, _ in done}
    wanted = {name for name, door in table().items() if "POST" in door.methods}

    assert wanted - carried_out == set(NEVER_SENT)
    assert len(NEVER_SENT) <= MOST_NEVER_SENT


def test_every_move_is_made_by_somebody(done: dict[tuple[str, str], Any]) -> None:
    wanted = {(name, move) for name, moves in knocking.MOVES.items() for move in moves}

    assert wanted - set(done) == set()


# Whoever knows the address of a feed may read it: its key is the secret.
NO_ROWS_OF_BUSINESS = ("people:", "inspections:standards", "reports:feed")
# What is written down in a book of its own, which nobody outside the lead channel reads.
OWN_BOOKS = {"findings:lead": "findings_leadentry"}


def test_every_change_is_in_the_audit_with_its_actor(
    done: dict[tuple[str, str], tuple[Sent, Answer]],
) -> None:
    silent = []
    for (door, move), (sent, answer) in done.items():
        book = OWN_BOOKS.get(door, "conduct_auditentry")
        subject = ("lead_id",) if door in OWN_BOOKS else ("subject_type", "subject_id")
        told = [
            row
            for row in answer.written.of(book)
            if row["actor_id"] == str(sent.asker.user.pk if sent.asker.user else "")
            and row["at"]
            and row["verb"]
            and all(row[name] for name in subject)
        ]
        if not told:
            silent.append((door, move))

    assert silent == []


@pytest.mark.parametrize("method", ["put", "delete", "get", "post"])
def test_a_method_without_a_row_is_no_address(
    ground: Ground, people: dict[str, Asker], plainly: None, method: str
) -> None:
    found = {}
    for name, door in table().items():
        if method.upper() in door.methods:
            continue
        arguments = next(iter(things(ground, name, table()).values()))
        moves = [knocking.MOVES[name][0]] if name in knocking.MOVES else []
        for who in ("anonymous", "clerk"):
            found[name, who] = call(people[who], method, reverse(name, args=[*arguments, *moves])).status

    assert {key: status for key, status in found.items() if status != 404} == {}


def test_a_key_that_is_none_is_no_address(ground: Ground, people: dict[str, Asker], plainly: None) -> None:
    found = {}
    for name in table():
        if name in plain(table()):
            continue
        own = things(ground, name, table())[OWN]
        if own == ("speech",):
            continue
        moves = [knocking.MOVES[name][0]] if name in knocking.MOVES else []
        url = reverse(name, args=[*missing_like(own), *moves])
        for wrong in ("x", "%00", "１２"):
            broken = re.sub(r"00000000-0000-4000-8000-000000000000|999999999", wrong, url)
            for who, method in product(("anonymous", "clerk", "unit_head"), ("get", "post")):
                answer = call(people[who], method, broken)
                if answer.status not in (404, 302 if who == "anonymous" else 404, 403):
                    found[name, wrong, who, method] = answer.status

    assert found == {}


def test_without_the_second_factor_one_gets_as_far_as_binding_it(
    people: dict[str, Asker], knocks: list[Knock]
) -> None:
    names = set(without_factor(people))
    led_on = [k for k in knocks if k.asker in names and k.expected == LED_ON]

    assert {k.leads for k in led_on} == {reverse("people:second_factor")}
    assert {k.asker for k in led_on} == names
    assert {k.thing for k in led_on} >= {OWN, NORTH, SEALED, MISSING}
    assert {k.method for k in led_on} == {"get", "post"}
    assert ALWAYS_OPEN < WITHOUT_FACTOR


def test_whoever_knows_of_the_sealed_plan_finds_it(ground: Ground, plainly: None) -> None:
    client = Client()
    client.force_login(ground.keeper)

    for kind in ("campaign", "visit"):
        [row] = ground.sealed.rows[kind]
        address = reverse(f"inspections:{kind}_detail", args=[row.pk])
        assert client.get(address).status_code == 200, kind


def test_the_table_of_who_sees_what_names_every_door_with_a_key() -> None:
    unnamed = [
        name
        for name in table()
        if name not in plain(table()) and not name.startswith(NO_ROWS_OF_BUSINESS)
        if not kind_of(name)
    ]

    assert unnamed == []
