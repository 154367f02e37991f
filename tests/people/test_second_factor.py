"""The second factor: bound by its owner, asked for at the door, each code taken once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from conduct.errors import Refused
from conduct.models import AuditEntry
from people.actions import second_factor
from people.actions.sign_in import Visitor
from people.models import Authenticator, User
from tests.factories.cast import AT, PASSWORD, Cast, stand_up
from tests.factories.signing import bind, code_of, shown_now, signed_in_with_code, wrong_code

pytestmark = pytest.mark.django_db
PAGE, CODE = "people:second_factor", "sign_in_code"
DESK = Visitor("203.0.113.7")


def password_given(user: User) -> Client:
    client = Client()
    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    return client


def give(client: Client, code: str):
    return client.post(reverse(CODE), {"one_time_code": code})


def is_in(client: Client) -> bool:
    return client.get(reverse("password_change_done")).status_code == 200


def test_whoever_has_an_authenticator_is_asked_for_a_code_after_the_password(cast: Cast) -> None:
    bind(cast.clerk)

    client = Client()
    answer = client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert answer.url == reverse(CODE)
    assert not is_in(client)


def test_password_and_code_let_the_person_in(cast: Cast) -> None:
    bind(cast.clerk)
    client = password_given(cast.clerk)

    give(client, code_of(cast.clerk))

    assert is_in(client)


def test_the_page_wished_for_comes_after_the_code(cast: Cast) -> None:
    bind(cast.clerk)
    client = Client()
    wished = reverse("people:calendar")
    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD, "next": wished})

    assert give(client, code_of(cast.clerk)).url == wished


def test_a_wrong_code_lets_nobody_in_and_is_written_down(cast: Cast) -> None:
    bind(cast.clerk)
    client = password_given(cast.clerk)

    answer = give(client, wrong_code(cast.clerk))

    assert answer.status_code == 422
    assert "动态口令不正确" in answer.content.decode()
    assert not is_in(client)
    assert AuditEntry.objects.get(verb="people.code_refused").subject_id == str(cast.clerk.pk)


def test_a_code_without_a_password_lets_nobody_in(cast: Cast) -> None:
    bind(cast.clerk)
    client = Client()

    answer = give(client, code_of(cast.clerk))

    assert answer.url == reverse("login")
    assert not is_in(client)


def test_a_code_opens_only_its_owners_account(cast: Cast) -> None:
    bind(cast.clerk)
    bind(cast.leader)
    Authenticator.objects.filter(user=cast.leader).update(
        key=Authenticator.sealed(b"another twenty bytes", user_id=cast.leader.pk)
    )
    client = password_given(cast.leader)

    assert give(client, code_of(cast.clerk)).status_code == 422


def test_a_code_is_taken_once(cast: Cast) -> None:
    device = bind(cast.clerk)
    code = shown_now(device)
    second_factor.check(user=cast.clerk, code=code, what="登录", visitor=DESK, at=AT)

    with pytest.raises(Refused, match="每个口令只能用一次"):
        second_factor.check(user=cast.clerk, code=code, what="登录", visitor=DESK, at=AT)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "1234567"])
def test_what_is_no_code_is_told_what_one_looks_like(cast: Cast, code: str) -> None:
    bind(cast.clerk)

    with pytest.raises(Refused, match="6 位数字"):
        second_factor.check(user=cast.clerk, code=code, what="登录", visitor=DESK, at=AT)


def test_half_in_ends_with_a_new_password(cast: Cast) -> None:
    bind(cast.clerk)
    client = password_given(cast.clerk)
    cast.clerk.set_password("另一个-密码-2031")
    cast.clerk.save()

    assert give(client, code_of(cast.clerk)).url == reverse("login")
    assert not is_in(client)


def test_half_in_lasts_five_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(cast.clerk)
    client = password_given(cast.clerk)
    session = client.session
    session["half_in"] = {**session["half_in"], "until": session["half_in"]["until"] - 301}
    session.save()

    assert give(client, code_of(cast.clerk)).url == reverse("login")


# Binding


def test_the_key_is_shown_as_picture_and_as_text(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.clerk)

    page = client.get(reverse(PAGE)).content.decode()

    device = Authenticator.objects.get(user=cast.clerk)
    assert device.typed_key in page
    assert '<path d="M' in page
    assert "style=" not in page


def test_an_authenticator_is_in_use_only_after_its_code_was_typed(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.clerk)
    client.get(reverse(PAGE))
    assert not Authenticator.objects.get(user=cast.clerk).confirmed

    client.post(reverse(PAGE), {"one_time_code": code_of(cast.clerk)})

    assert Authenticator.objects.get(user=cast.clerk).confirmed
    assert AuditEntry.objects.filter(verb="people.factor_bound", subject_id=str(cast.clerk.pk)).exists()


def test_a_wrong_code_binds_nothing(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.clerk)
    client.get(reverse(PAGE))

    answer = client.post(reverse(PAGE), {"one_time_code": wrong_code(cast.clerk)})

    assert answer.status_code == 422
    assert not Authenticator.objects.get(user=cast.clerk).confirmed


def test_the_key_is_not_in_the_database_in_the_clear(cast: Cast) -> None:
    device = bind(cast.clerk)

    stored = Authenticator.objects.values_list("key", flat=True).get()
    assert device.bin_key.hex() not in stored
    assert "A256GCM" in stored


def test_a_key_copied_to_another_account_does_not_open_it(cast: Cast) -> None:
    device = bind(cast.clerk)
    stolen = Authenticator.objects.create(user=cast.leader, name="动态口令", confirmed=True, key=device.key)
    code = shown_now(device)

    with pytest.raises(Refused, match="系统密钥"):
        second_factor.check(user=stolen.user, code=code, what="登录", visitor=DESK, at=AT)


def test_the_key_is_shown_no_more_once_it_is_in_use(cast: Cast) -> None:
    device = bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)

    page = client.get(reverse(PAGE)).content.decode()

    assert device.typed_key not in page
    assert "已绑定动态口令" in page


def test_changing_the_phone_takes_a_code_of_the_old_one(cast: Cast) -> None:
    bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)

    answer = client.post(reverse("people:second_factor_change"))

    assert answer.url.startswith(reverse("people:give_code"))
    assert "已绑定动态口令" in client.get(reverse(PAGE)).content.decode()


def test_the_old_phone_is_valid_until_the_new_one_is_bound(cast: Cast) -> None:
    old = bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)
    wait = client.post(reverse("people:second_factor_change")).url
    form = wait.partition("form=")[2]
    client.post(
        reverse("people:second_factor_change"),
        {"held_form": form, "one_time_code": code_of(cast.clerk)},
    )
    client.get(reverse(PAGE))
    assert set(Authenticator.objects.values_list("confirmed", flat=True)) == {True, False}

    client.post(reverse(PAGE), {"one_time_code": code_of(cast.clerk)})

    assert not Authenticator.objects.filter(pk=old.pk).exists()
    assert Authenticator.objects.get().confirmed


# The three settings


def test_where_it_is_off_nobody_is_asked(cast: Cast, settings) -> None:
    settings.SECOND_FACTOR = "off"
    bind(cast.clerk)

    assert is_in(password_given(cast.clerk))


def test_where_it_is_offered_whoever_has_none_comes_in_with_a_password(cast: Cast) -> None:
    assert is_in(password_given(cast.clerk))


def test_where_it_is_required_whoever_has_none_reaches_only_the_page_that_binds_one(
    cast: Cast, settings
) -> None:
    settings.SECOND_FACTOR = "required"
    client = password_given(cast.clerk)

    assert client.get(reverse("people:calendar")).url == reverse(PAGE)
    assert client.post(reverse("findings:take_back")).url == reverse(PAGE)
    assert client.get(reverse("people:held")).url == reverse(PAGE)
    assert client.get(reverse(PAGE)).status_code == 200


def test_where_it_is_required_the_rest_opens_with_the_binding(cast: Cast, settings) -> None:
    settings.SECOND_FACTOR = "required"
    client = password_given(cast.clerk)
    client.get(reverse(PAGE))

    client.post(reverse(PAGE), {"one_time_code": code_of(cast.clerk)})

    assert client.get(reverse("people:calendar")).status_code == 200


def test_a_sitting_from_before_it_was_required_shows_a_code_and_not_a_new_key(cast: Cast, settings) -> None:
    settings.SECOND_FACTOR = "off"
    device = bind(cast.clerk)
    client = password_given(cast.clerk)
    settings.SECOND_FACTOR = "required"

    page = client.get(reverse(PAGE)).content.decode()
    assert client.get(reverse("people:calendar")).url == reverse(PAGE)
    assert device.typed_key not in page
    assert Authenticator.objects.count() == 1
    client.post(reverse(PAGE), {"one_time_code": code_of(cast.clerk)})

    assert client.get(reverse("people:calendar")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_one_code_sent_twice_at_once_is_taken_once() -> None:
    cast = stand_up()
    code = shown_now(bind(cast.clerk))

    def send() -> bool:
        try:
            second_factor.check(user=cast.clerk, code=code, what="登录", visitor=DESK, at=AT)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = [found.result() for found in [pool.submit(send) for _ in range(2)]]

    assert sorted(outcomes) == [False, True]
