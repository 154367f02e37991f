"""Who may knock at a door with which method, and what a door asks and says of itself."""

from __future__ import annotations

import pytest

from people.doors import OWN_SECRET, PUBLIC, SIGNED_IN, Door, acts, fills, reads
from people.roles import Permission, Role, roles_with

AUDITOR = frozenset({Role.AUDITOR})
INSPECTOR = frozenset({Role.INSPECTOR})
NO_ROLE: frozenset[Role] = frozenset()


def test_a_page_to_look_at_takes_no_post() -> None:
    door = reads(Permission.AUDIT_READ)

    assert door.admits("GET", AUDITOR)
    assert not door.admits("POST", AUDITOR)
    assert door.methods == {"GET", "HEAD"}


def test_an_act_is_sent_and_not_looked_at() -> None:
    door = acts(Permission.AUDIT_READ)

    assert door.admits("POST", AUDITOR)
    assert not door.admits("GET", AUDITOR)
    assert door.methods == {"POST"}


def test_a_form_is_looked_at_and_sent_by_the_same_people() -> None:
    door = fills(Permission.AUDIT_READ)

    assert door.admits("GET", AUDITOR) and door.admits("POST", AUDITOR)
    assert not door.admits("GET", INSPECTOR) and not door.admits("POST", INSPECTOR)
    assert door.methods == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("kind", [reads, acts, fills])
def test_any_of_the_permissions_named_opens_the_door(kind) -> None:
    door = kind(Permission.AUDIT_READ, Permission.VISIT_FILE)

    assert door.get | door.post == {Role.AUDITOR, Role.INSPECTOR, Role.TEAM_LEADER}


def test_the_roles_with_a_permission_are_those_it_is_granted_to() -> None:
    assert roles_with(Permission.BULLETIN_APPROVE) == {Role.OFFICE_LEADER}
    assert roles_with() == NO_ROLE


def test_looking_ahead_is_looking() -> None:
    """HEAD is answered as GET is."""
    assert reads(Permission.AUDIT_READ).admits("HEAD", AUDITOR)


@pytest.mark.parametrize("door", [PUBLIC, SIGNED_IN, OWN_SECRET])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_door_that_asks_for_no_post_admits_whoever_has_none(door: Door, method: str) -> None:
    assert door.admits(method, NO_ROLE)
    assert door.methods == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(("method", "methods"), [("GET", {"GET", "HEAD"}), ("POST", {"POST"})])
def test_a_door_without_roles_may_take_one_method_alone(method: str, methods: set[str]) -> None:
    assert PUBLIC.taking(method).methods == SIGNED_IN.taking(method).methods == methods


def test_a_door_nobody_is_named_for_admits_nobody_and_has_nothing_behind_it() -> None:
    assert not Door().admits("GET", frozenset(Role))
    assert Door().methods == set()


def test_only_the_door_without_an_account_is_public() -> None:
    assert (PUBLIC.public, SIGNED_IN.public, OWN_SECRET.public) == (True, False, False)
    assert SIGNED_IN.signed_in and OWN_SECRET.signed_in


def test_a_late_form_is_kept_unless_it_may_hold_a_secret() -> None:
    assert fills(Permission.VISIT_FILE).is_kept
    assert not OWN_SECRET.taking("POST").is_kept


def test_a_door_keeps_who_may_knock_when_it_gets_a_name_and_asks_for_a_code() -> None:
    plain = fills(Permission.ROLES_EDIT)
    door = plain.named("岗位授权").asking(post="授予岗位")

    assert (plain.form, door.form) == ("填写的内容", "岗位授权")
    assert (door.get, door.post) == (plain.get, plain.post)


DECISION = acts(Permission.RECOVERY_DECIDE), {"confirm": "确认解绑", "refuse": "不同意解绑"}
GRANT = fills(Permission.ROLES_EDIT), {"post": "授予岗位"}
EXPORT = reads(Permission.FINDING_VIEW), {"get": "导出台账"}


@pytest.mark.parametrize(
    ("door", "method", "move", "act"),
    [
        (DECISION, "POST", "confirm", "确认解绑"),
        (DECISION, "POST", "refuse", "不同意解绑"),
        (DECISION, "POST", "other", ""),
        (DECISION, "GET", "confirm", ""),
        (DECISION, "POST", "", ""),
        (GRANT, "POST", "", "授予岗位"),
        (GRANT, "GET", "", ""),
        (EXPORT, "GET", "", "导出台账"),
        (EXPORT, "HEAD", "", "导出台账"),
        (EXPORT, "GET", "post", "导出台账"),
        (EXPORT, "POST", "", ""),
        ((PUBLIC, {}), "POST", "", ""),
    ],
)
def test_a_code_is_asked_for_what_is_named_and_in_its_words(
    door: tuple[Door, dict[str, str]], method: str, move: str, act: str
) -> None:
    plain, words = door

    assert plain.asking(**words).act_named(method=method, move=move) == act
