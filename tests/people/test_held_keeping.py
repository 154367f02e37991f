"""How a late form is kept: with its files, sealed, and for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from conduct import clock, sealing
from conduct.errors import Refused
from people.actions import held as acts
from people.models import HeldFile, HeldForm
from people.posted import Posted, PostedFile
from people.queries import held
from people.tasks import clear_doors
from tests.factories.cast import Cast
from tests.factories.findings import Line, jpeg
from tests.factories.signing import bind, signed_in_with_code
from tests.people.holding import TYPED, browser, come_in, keep, leave_alone, secret_on, unit_form

pytestmark = pytest.mark.django_db
EXPORT = "/inspections/standards/speech/export/"


def test_files_come_back_with_the_form(cast: Cast) -> None:
    finding = Line(cast).received(unit=cast.east)
    client = Client()
    client.force_login(cast.east_head)
    address = reverse("findings:rectify", args=[finding.pk])
    client.get(address)
    leave_alone(client)
    picture = jpeg()
    client.post(
        address, {"cause": "人手不足。", "files": [SimpleUploadedFile("整改后.jpg", picture, "image/jpeg")]}
    )

    kept = held.opened(HeldForm.objects.get())

    assert kept.files == [PostedFile("files", "整改后.jpg", "image/jpeg", picture)]
    assert ("cause", "人手不足。") in kept.pairs


def test_nothing_of_it_stands_in_the_database_in_the_clear(cast: Cast) -> None:
    keep(cast.clerk, files=[PostedFile("files", "举报材料.txt", "text/plain", b"CANARY-IN-A-FILE")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM people_heldform UNION ALL SELECT body FROM people_heldfile")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    for canary in (TYPED, "举报材料"):
        assert canary.encode() not in stored
        assert canary.encode("unicode_escape") not in stored
    assert b"CANARY" not in stored


def test_the_cipher_is_named_beside_what_it_sealed(cast: Cast) -> None:
    assert keep(cast.clerk).alg == sealing.ALG


def test_a_form_moved_to_another_users_name_does_not_open(cast: Cast) -> None:
    form = keep(cast.clerk)
    HeldForm.objects.filter(pk=form.pk).update(user=cast.leader)

    with pytest.raises(Refused, match="无法读取"):
        held.opened(HeldForm.objects.get(pk=form.pk))


def test_a_changed_byte_is_noticed(cast: Cast) -> None:
    form = keep(cast.clerk)
    body = bytearray(form.body)
    body[-1] ^= 1
    HeldForm.objects.filter(pk=form.pk).update(body=bytes(body))

    with pytest.raises(Refused, match="无法读取"):
        held.opened(HeldForm.objects.get(pk=form.pk))


def test_what_nothing_opens_any_more_is_said_and_no_fault(cast: Cast, settings) -> None:
    form = keep(cast.clerk)
    settings.SECRET_KEY = "the old key is lost"
    client = Client()
    client.force_login(cast.clerk)

    assert client.get(reverse("people:held")).status_code == 200
    assert client.get(reverse("people:give_code"), {"form": str(form.pk)}).status_code == 409
    assert client.post(reverse("findings:take_back"), {"held_form": str(form.pk)}).status_code == 409


def test_it_opens_after_the_key_of_the_house_was_changed(cast: Cast, settings) -> None:
    form = keep(cast.clerk)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key for the house"

    assert held.opened(form).pairs == [("name", TYPED)]


def test_a_file_beyond_the_limit_is_left_out_and_counted(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_BYTES", 10)

    form = keep(
        cast.clerk,
        files=[PostedFile("files", "小", "x/y", b"12345"), PostedFile("files", "大", "x/y", b"1234567")],
    )

    assert form.files_left_out == 1
    assert [file.name for file in held.opened(form).files] == ["小"]


def test_after_a_day_it_is_offered_no_more(cast: Cast) -> None:
    form = keep(cast.clerk)

    later = clock.now() + timedelta(hours=24, seconds=1)

    assert held.shown(user=cast.clerk, at=later) == []
    assert [one.form for one in held.shown(user=cast.clerk, at=clock.now())] == [form]


def test_after_a_day_it_is_removed_with_its_files(cast: Cast) -> None:
    form = keep(cast.clerk, files=[PostedFile("files", "附件", "x/y", b"1")])
    fresh = keep(cast.clerk)
    HeldForm.objects.filter(pk=form.pk).update(expires_at=clock.now())

    clear_doors(run=None)

    assert list(HeldForm.objects.all()) == [fresh]
    assert HeldFile.objects.count() == 0


def test_one_person_does_not_fill_the_disk_and_loses_no_form_either(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_FORMS", 2)
    keep(cast.leader)
    kept = [keep(cast.clerk) for _ in range(2)]

    with pytest.raises(Refused, match="没有保存"):
        keep(cast.clerk)

    assert set(HeldForm.objects.filter(user=cast.clerk)) == set(kept)
    assert HeldForm.objects.filter(user=cast.leader).count() == 1


def test_what_has_expired_takes_no_room(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_FORMS", 1)
    HeldForm.objects.filter(pk=keep(cast.clerk).pk).update(expires_at=clock.now())

    fresh = keep(cast.clerk)

    assert held.of(user=cast.clerk, at=clock.now()).get() == fresh


def test_a_form_too_late_and_one_too_many_is_told_so(cast: Cast, admin: Client, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_FORMS", 1)
    first = keep(cast.system_admin)
    leave_alone(admin)

    answer = admin.post(reverse("people:unit_new"), {"name": TYPED})

    assert answer.status_code == 409
    assert "这一份没有保存" in answer.content.decode()
    assert HeldForm.objects.get() == first


def test_a_form_one_too_many_before_the_binding_is_told_so(cast: Cast, settings, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_FORMS", 1)
    settings.SECOND_FACTOR = "required"
    keep(cast.system_admin)
    client = Client()
    client.force_login(cast.system_admin)

    answer = client.post(reverse("people:unit_new"), {"name": TYPED})

    assert answer.status_code == 409
    assert HeldForm.objects.count() == 1


def test_a_stale_form_one_too_many_is_told_so(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_FORMS", 1)
    client = browser()
    come_in(client, cast.system_admin)
    stale = secret_on(client, reverse("people:unit_new"))
    come_in(client, cast.system_admin)
    keep(cast.system_admin)

    answer = client.post(reverse("people:unit_new"), unit_form(cast, stale))

    assert answer.status_code == 409
    assert HeldForm.objects.count() == 1


def test_pages_asked_for_push_out_no_form(cast: Cast) -> None:
    form = keep(cast.clerk)
    bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)

    for number in range(acts.MOST_FORMS + 1):
        assert client.get(EXPORT, {"page": number}).status_code == 302

    assert held.of(user=cast.clerk, at=clock.now()).get() == form
    assert HeldForm.objects.exclude(page_key="").count() == acts.MOST_PAGES


def test_a_page_asked_for_again_is_the_one_that_waits(cast: Cast) -> None:
    bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)

    first, again = client.get(EXPORT), client.get(EXPORT)

    assert first.url == again.url
    assert HeldForm.objects.count() == 1


def test_with_all_room_for_forms_taken_a_page_is_still_to_be_had(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(acts, "MOST_FORMS", 1)
    keep(cast.clerk)
    bind(cast.clerk)

    assert signed_in_with_code(cast.clerk).get(EXPORT).status_code == 302


def test_a_fragment_asked_for_after_the_end_leaves_the_page_as_it_is(cast: Cast, admin: Client) -> None:
    leave_alone(admin)

    answer = admin.get(reverse("people:unit_search"), {"q": "东"}, headers={"hx-request": "true"})

    assert answer.status_code == 401
    assert "本页填写的内容还在" in answer.content.decode()


def test_hostile_text_comes_back_as_it_was(cast: Cast) -> None:
    text = "<script>alert(1)</script>\r\n'“\u202e" + "长" * 5000
    form = acts.keep(
        user=cast.clerk,
        posted=Posted("POST", "/x/", [("a", text), ("a", "两"), ("b", "")]),
        why=HeldForm.Why.ENDED,
        what="试",
        at=clock.now(),
    )
    client = Client()
    client.force_login(cast.clerk)

    assert held.opened(form).pairs == [("a", text), ("a", "两"), ("b", "")]
    assert "<script>alert" not in client.get(reverse("people:held")).content.decode()
