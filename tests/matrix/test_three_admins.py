"""Three who run the system: none reads business, one reads the audit and writes nothing, one asks for posts."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from conduct.models import AuditEntry
from people.doors import reads
from people.middleware import doors as doorkeeper
from people.middleware import table
from people.roles import Permission, Role

from . import knocking
from .ground import Ground, models_of
from .people import Asker
from .walk import Answer, Sent, Walk, call, send

pytestmark = pytest.mark.django_db
ADMINS = ("system_admin", "security_admin", "auditor")
TEXTS = ("title", "facts", "content", "problem_summary", "investigation", "requirement", "narrative")
# What the auditor may send: the wish that the chain be verified, and what belongs to every account.
OF_THE_AUDITOR = {"people:chain_verify"}
OF_EVERY_ACCOUNT = {name for name, door in table().items() if door.signed_in or door.public}
# Tables of one's own account, of jobs and of reading.
OWN_TABLES = {
    *("people_user", "people_heldform", "otp_totp_totpdevice", "people_throttle", "conduct_jobrun"),
    "conduct_messagesettings",
}
OF_POSTS = {"people_postchange", "people_recovery", *OWN_TABLES}


@pytest.fixture(scope="package")
def words(ground: Ground) -> set[str]:
    """Every text of business long enough to be told from an ordinary word."""
    return {
        value
        for model in models_of("inspections", "findings", "accountability", "reports")
        if model._meta.model_name
        not in ("problemcategory", "taxonomy", "cause", "rulelist", "ruleitem", "route")
        for name in TEXTS
        if name in {column.name for column in model._meta.concrete_fields}
        for value in model._base_manager.values_list(name, flat=True)
        if value and len(value) >= 6
    }


@pytest.fixture(scope="package")
def read_by_admins(walked: Walk) -> dict[tuple[str, str], Answer]:
    """Every page an administrator may open, with what came back."""
    return {(who, url): answer for (who, url), answer in walked.answers.items() if who in ADMINS}


def test_no_administrator_reads_a_word_of_business(
    read_by_admins: dict[tuple[str, str], Answer], words: set[str]
) -> None:
    told = [
        (who, url, word)
        for (who, url), answer in read_by_admins.items()
        for word in words
        if who != "auditor" and word in answer.text
    ]

    assert len(words) > 10
    assert told == []


def test_only_the_auditor_reads_the_audit(
    ground: Ground, read_by_admins: dict[tuple[str, str], Answer]
) -> None:
    labels = set(AuditEntry.objects.filter(verb__startswith="findings.").values_list("label", flat=True)) - {
        ""
    }
    told = {
        who
        for (who, _), answer in read_by_admins.items()
        if sum(f">{label}<" in answer.text for label in labels) > 2
    }

    assert told <= {"auditor"}
    doors = {name for name, door in table().items() if Role.SYSTEM_ADMIN in door.get | door.post}
    assert not doors & {"people:audit", "people:reads", "people:chain", "people:chain_verify"}


def test_the_auditor_writes_nothing(
    ground: Ground, people: dict[str, Asker], walked: Walk, plainly: None
) -> None:
    legal = {(sent.door, sent.move): sent for sent in walked.sent}
    written = {}
    for (door, move), sent in legal.items():
        answer = send(Sent(door, people["auditor"], sent.url, sent.data, sent.form, move))
        touched = {table for table, _ in answer.written.business()}
        if (
            door not in OF_EVERY_ACCOUNT and (answer.status not in (403, 404) or touched)
        ) or touched - OWN_TABLES:
            written[door, move] = (answer.status, touched)

    assert set(written) == {(door, "") for door in OF_THE_AUDITOR}
    assert written["people:chain_verify", ""] == (302, {"conduct_jobrun"})


def test_the_security_administrator_touches_posts_alone_and_only_asks(
    people: dict[str, Asker], walked: Walk, plainly: None
) -> None:
    """Whatever form of whomever they send: no post comes or goes by the one person."""
    legal = {(sent.door, sent.move): sent for sent in walked.sent}
    written = set()
    for (door, move), sent in legal.items():
        answer = send(Sent(door, people["security_admin"], sent.url, sent.data, sent.form, move))
        written |= {table for table, _ in answer.written.business()}

    assert ("people:post_change_decide", "confirm") in legal
    assert "people_postchange" in written
    assert "people_post" not in written
    assert written <= OF_POSTS


@pytest.mark.parametrize("second", ["system_admin", "leader"])
def test_with_a_second_person_a_post_changes(
    people: dict[str, Asker], walked: Walk, plainly: None, second: str
) -> None:
    legal = {(sent.door, sent.move): sent for sent in walked.sent}
    sent = legal["people:post_change_decide", "confirm"]

    answer = send(Sent(sent.door, people[second], sent.url, sent.data, sent.form, sent.move))

    [post] = answer.written.of("people_post")
    [line] = [row for row in answer.written.of("conduct_auditentry") if row["verb"] == "people.post_given"]
    asked_by = people["security_admin"].user
    assert line["subject_id"] == str(post["id"])
    assert line["actor_id"] == str(people[second].user.pk)
    assert asked_by and str(asked_by.pk) in str(line["details"])


def test_the_system_administrator_touches_no_row_of_business(
    people: dict[str, Asker], walked: Walk, plainly: None
) -> None:
    legal = {(sent.door, sent.move): sent for sent in walked.sent}
    written = set()
    for (door, move), sent in legal.items():
        answer = send(Sent(door, people["system_admin"], sent.url, sent.data, sent.form, move))
        written |= {table for table, _ in answer.written.business()}

    assert {
        table
        for table in written
        if table.startswith(("inspections_", "findings_", "accountability_", "reports_"))
    } == set()


def test_a_door_opened_to_the_system_administrator_is_seen(
    ground: Ground, people: dict[str, Asker], words: set[str], monkeypatch: Any
) -> None:
    open_to_all = {**table(), "people:audit": reads(Permission.AUDIT_READ, Permission.JOBS_VIEW)}
    monkeypatch.setattr(doorkeeper, "table", lambda: open_to_all)

    answer = call(people["system_admin"], "get", reverse("people:audit"))

    told = knocking.expected(table()["people:audit"], "people:audit", people["system_admin"], "get", "-")
    assert answer.status not in told
