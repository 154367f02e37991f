"""Whoever looks at what names persons or is evidence, or takes it away, leaves a line that nobody can change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conduct import audit, clock, reads
from conduct.models import ReadEntry
from findings.models import Finding
from inspections.models import Observation
from people.middleware import table
from people.models import User
from tests.factories.cast import AT, signed_in
from tests.house.test_doors import ROUTES
from tests.house.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]

# Everything that shows persons concerned or evidence, or hands a file out: who asks here, and what is written down.
WRITTEN_DOWN = {
    "inspections:visit_photo": ("clerk", "read", "查看照片"),
    "inspections:visit_thumb": ("clerk", "read", "查看照片小图"),
    "inspections:visit_sheet": ("clerk", "read", "查看现场记录表"),
    "inspections:standards_export": ("clerk", "export", "导出检查标准"),
    "findings:detail": ("east_head", "read", "查看涉及人员的问题"),
    "findings:evidence": ("east_head", "read", "查看材料"),
    "findings:attachment": ("east_head", "read", "查看材料"),
    "findings:item_attachment": ("east_head", "read", "查看材料"),
    "findings:pair_photo": ("east_head", "read", "查看材料"),
    "findings:part_attachment": ("east_head", "read", "查看材料"),
    "findings:objection_evidence": ("east_head", "read", "查看材料"),
    "findings:export_xlsx": ("clerk", "export", "导出问题台账"),
    "findings:notice_pdf": ("east_head", "read", "查看整改通知书"),
    "findings:supervision_pdf": ("east_head", "read", "查看督办文书"),
    "reports:case_file_pdf": ("leader", "export", "查看案卷"),
    "accountability:detail": ("leader", "read", "查看责任追究登记"),
    "accountability:of_finding": ("leader", "read", "查看责任追究登记"),
    "accountability:name": ("leader", "read", "查看处理对象姓名"),
    "accountability:attachment": ("leader", "read", "查看决定书"),
    "people:audit": ("auditor", "read", "查看审计记录"),
    "people:reads": ("auditor", "read", "查看查阅记录"),
}
# A name that sounds like it hands out a file or a picture, and is no material on anybody.
PLAIN = {
    "people:unit_template",
    "people:calendar_template",
    "inspections:rules_template",
    "findings:history_template",
    "findings:ledger_template",
    # Pages about workbooks; the workbook itself is above.
    "findings:exports",
    "findings:export",
    # Names no person: units and posts only, and is published.
    "reports:bulletin_pdf",
    "reports:correction_pdf",
}


def matter(built: World) -> Finding:
    """The finding whose pages are looked at."""
    return Finding.objects.get(pk=built.arguments["findings:detail"][0])


@pytest.fixture
def built(db: None, standing: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """One of everything, on the cast's Monday; this process has written nothing yet."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    reads.forget()
    Finding.objects.update(person_post="窗口工作人员", names_person=True)
    return standing


def look(built: World, name: str) -> tuple[Client, str, User]:
    """Open a page as the person of the table."""
    user: User = getattr(built.cast, WRITTEN_DOWN[name][0])
    client = signed_in(user)
    address = reverse(name, args=built.arguments.get(name, []))
    answer = client.get(address)
    assert answer.status_code == 200, name
    b"".join(answer.streaming_content) if answer.streaming else None
    return client, address, user


@pytest.mark.parametrize("name", WRITTEN_DOWN)
def test_a_look_is_written_down_with_who_what_and_when(built: World, name: str) -> None:
    before = set(ReadEntry.objects.values_list("pk", flat=True))

    _, _, user = look(built, name)

    entry = ReadEntry.objects.exclude(pk__in=before).get()
    _, verb, label = WRITTEN_DOWN[name]
    assert (entry.actor_id, entry.actor_name, entry.verb, entry.label) == (
        str(user.pk),
        user.name,
        verb,
        label,
    )
    assert entry.at == AT
    assert entry.subject_type and entry.subject_name


def test_every_door_that_hands_out_material_is_among_them() -> None:
    words = (
        "photo",
        "thumb",
        "sheet",
        "evidence",
        "attachment",
        "pdf",
        "export",
        "template",
        "docx",
        "xlsx",
        "csv",
    )
    doors = {name for name, _ in ROUTES if table()[name].get and any(word in name for word in words)}

    assert sorted(doors - set(WRITTEN_DOWN) - PLAIN) == []


MARK = "三号窗口值班员"
# Where the office reads of a person; a page of the table that shows the mark and is not here is held to the same.
TELL_OF_PERSONS = {
    "inspections:visit_detail",
    *(
        f"findings:{name}"
        for name in ("detail", "triage", "split", "hear", "review", "accept", "notice_detail", "revisit")
    ),
}


def test_every_page_that_tells_of_a_person_leaves_a_line(
    built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Finding.objects.update(person_post=MARK, facts=f"{MARK}离岗。", names_person=True)
    Observation.objects.update(person_post=MARK)
    told, silent = set(), set()

    for turn, name in enumerate(sorted(built.arguments)):
        # Each in a half hour of its own: the same matter seen on two pages of one half hour is one line.
        moment = AT + turn * timedelta(minutes=30)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        before = ReadEntry.objects.count()
        answer = signed_in(built.cast.clerk).get(reverse(name, args=built.arguments[name]))
        if not answer.streaming and MARK in answer.content.decode(errors="replace"):
            told.add(name)
            silent |= {name} if ReadEntry.objects.count() == before else set()

    assert silent == set()
    assert told >= TELL_OF_PERSONS


def test_a_visit_that_concerns_nobody_in_person_is_not_written_down(built: World) -> None:
    Observation.objects.update(person_post="")

    signed_in(built.cast.clerk).get(
        reverse("inspections:visit_detail", args=built.arguments["inspections:visit_detail"])
    )

    assert not ReadEntry.objects.exists()


def test_a_list_of_chosen_findings_that_concern_a_person_leaves_a_line(built: World) -> None:
    finding = matter(built)

    signed_in(built.cast.clerk).get(reverse("findings:notice_issue"), {"finding": str(finding.pk)})

    entry = ReadEntry.objects.get()
    assert (entry.subject_id, entry.label) == (str(finding.pk), "查看涉及人员的问题")


@pytest.mark.parametrize("name", [name for name, (_, verb, _) in WRITTEN_DOWN.items() if verb == "read"])
def test_the_same_look_within_half_an_hour_is_the_same_line(built: World, name: str) -> None:
    client, address, _ = look(built, name)
    before = ReadEntry.objects.count()

    client.get(address)

    assert ReadEntry.objects.count() == before


def test_another_process_finds_the_line_there(built: World) -> None:
    client, address, _ = look(built, "findings:detail")
    before = ReadEntry.objects.count()
    reads.forget()

    client.get(address)

    assert ReadEntry.objects.count() == before


def test_half_an_hour_later_it_is_another_look(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, address, _ = look(built, "findings:notice_pdf")
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(minutes=30))

    client.get(address)

    assert ReadEntry.objects.filter(label="查看整改通知书").count() == 2


def test_another_person_is_another_look(built: World) -> None:
    look(built, "findings:notice_pdf")

    signed_in(built.cast.clerk).get(
        reverse("findings:notice_pdf", args=built.arguments["findings:notice_pdf"])
    )

    assert ReadEntry.objects.filter(label="查看整改通知书").count() == 2


def test_each_photo_in_full_is_a_look_of_its_own(built: World) -> None:
    look(built, "inspections:visit_photo")

    assert ReadEntry.objects.get().part == str(built.arguments["inspections:visit_photo"][0])


def test_taking_away_is_written_down_each_time(built: World) -> None:
    client, address, _ = look(built, "inspections:standards_export")

    client.get(address)

    assert ReadEntry.objects.filter(verb="export").count() in (1, 2)
    reads.export(at=AT + timedelta(seconds=1), by=built.cast.clerk, subject=None, label="导出", what="台账")
    reads.export(at=AT + timedelta(seconds=2), by=built.cast.clerk, subject=None, label="导出", what="台账")
    assert ReadEntry.objects.filter(label="导出").count() == 2


def test_a_finding_that_concerns_nobody_in_person_is_not_written_down(built: World) -> None:
    Finding.objects.update(person_post="", names_person=False)
    Observation.objects.update(person_post="")

    look(built, "findings:detail")

    assert not ReadEntry.objects.exists()


def test_who_is_refused_leaves_no_line(built: World) -> None:
    client = signed_in(built.cast.west_head)

    for name in ("findings:evidence", "findings:notice_pdf", "findings:detail"):
        assert client.get(reverse(name, args=built.arguments[name])).status_code == 404

    assert not ReadEntry.objects.exists()


def test_a_page_whose_line_cannot_be_written_is_not_shown(
    built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(ReadEntry.objects, "bulk_create", fail)
    client = signed_in(built.cast.east_head)
    client.raise_request_exception = False

    assert client.get(reverse("findings:detail", args=built.arguments["findings:detail"])).status_code == 500


def test_looking_leaves_no_mark_in_the_history_of_the_matter(built: World) -> None:
    finding = matter(built)
    before = audit.history_of(subject=finding).count()

    look(built, "findings:detail")

    assert audit.history_of(subject=finding).count() == before


def test_a_second_look_costs_no_statement(built: World, django_assert_num_queries) -> None:
    by = built.cast.clerk
    finding = matter(built)
    reads.read(at=AT, by=by, subject=finding, label="查看")

    with django_assert_num_queries(0):
        reads.read(at=AT, by=by, subject=finding, label="查看")
