"""Signing in and out, and what a new password ends."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from conduct.models import AuditEntry
from people.models import User
from tests.factories.cast import PASSWORD, Cast, open_office, signed_in

pytestmark = pytest.mark.django_db

FRESH = "石桥-风车-2027"


def change(client: Client, *, old: str = PASSWORD, new: str = FRESH):
    return client.post(
        reverse("password_change"), {"old_password": old, "new_password1": new, "new_password2": new}
    )


def test_the_sign_in_page_names_the_organisation_and_who_to_call(cast: Cast, client: Client) -> None:
    page = client.get(reverse("login")).content.decode()

    assert "安平市督查办公室" in page
    assert "督查一科 0000-1234567" in page


def test_a_stranger_is_sent_to_the_sign_in_page(cast: Cast, client: Client) -> None:
    answer = client.get(reverse("password_change"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


def test_signing_in_is_written_down(cast: Cast, client: Client) -> None:
    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert AuditEntry.objects.get(verb="people.signed_in").actor_name == "经办甲"


def test_a_wrong_password_is_said_plainly_and_the_user_name_kept(cast: Cast, client: Client) -> None:
    page = client.post(reverse("login"), {"username": "clerk", "password": "不对"}).content.decode()

    assert "请输入一个正确的" in page
    assert 'value="clerk"' in page


def test_signing_out_ends_the_session(cast: Cast) -> None:
    client = signed_in(cast.clerk)

    client.post(reverse("logout"))

    assert client.get(reverse("password_change")).status_code == 302


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(cast: Cast) -> None:
    here, elsewhere = signed_in(cast.clerk), signed_in(cast.clerk)

    change(here)

    assert here.get(reverse("password_change")).status_code == 200
    assert elsewhere.get(reverse("password_change")).url.startswith(reverse("login"))


def test_a_new_password_is_kept_and_written_down(cast: Cast) -> None:
    change(signed_in(cast.clerk))

    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(FRESH)
    assert AuditEntry.objects.filter(verb="people.password_changed", subject_id=str(cast.clerk.pk)).exists()


def test_a_short_password_is_refused_with_its_rule(cast: Cast) -> None:
    answer = change(signed_in(cast.clerk), new="短密码")

    assert answer.status_code == 422
    assert "10" in answer.content.decode()
    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(PASSWORD)


def test_a_temporary_password_opens_only_the_change_page(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    client = signed_in(cast.clerk)

    answer = client.get(reverse("password_change_done"))

    assert answer.url == reverse("password_change")


def test_after_the_change_the_rest_is_open(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    client = signed_in(cast.clerk)

    change(client)

    assert client.get(reverse("password_change_done")).status_code == 200


def test_a_disabled_account_answers_nothing_from_the_next_request_on(cast: Cast) -> None:
    client = signed_in(cast.clerk)

    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)

    assert client.get(reverse("password_change")).url.startswith(reverse("login"))


def test_the_watcher_learns_that_the_house_is_alive_and_ready(client: Client) -> None:
    open_office()

    assert client.get(reverse("people:healthz")).json() == {"status": "ok"}
    assert client.get(reverse("people:readyz")).json() == {
        "database": "ok",
        "oldest_waiting_job_seconds": 0,
        "last_seal_seconds": None,
        "last_anchor_seconds": None,
        "unsealed_seconds": 0,
    }
