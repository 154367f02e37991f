"""Guessing one-time codes: counted by account and place, and never a way to hold up the owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from conduct import clock
from conduct.errors import Refused
from conduct.models import AuditEntry
from people.actions import second_factor
from people.actions.sign_in import Visitor
from people.models import Throttle
from tests.factories.cast import AT, PASSWORD, Cast, stand_up
from tests.factories.signing import bind, code_of, shown_now, signed_in_with_code, sitting_key, wrong_code

pytestmark = pytest.mark.django_db
HOME, AWAY = "203.0.113.7", "198.51.100.9"
EXPORT = "/inspections/standards/speech/export/"
NEW_PASSWORD = "石桥-竹林-3037"


@pytest.fixture
def clerk(cast: Cast):
    """Somebody with an authenticator."""
    bind(cast.clerk)
    return cast.clerk


def give(client: Client, code: str, *, address: str = AWAY):
    """The second step of signing in, with the password given just before."""
    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD}, REMOTE_ADDR=address)
    return client.post(reverse("sign_in_code"), {"one_time_code": code}, REMOTE_ADDR=address)


def guess(clerk, times: int, *, address: str = AWAY, client: Client | None = None) -> None:
    """Wrong codes of somebody who knows the password."""
    for _ in range(times):
        give(client or Client(), wrong_code(clerk), address=address)


def wish_of(client: Client) -> str:
    return client.get(EXPORT).url.partition("form=")[2]


def ask_export(client: Client, wish: str, code: str):
    return client.post(reverse("people:give_code"), {"form": wish, "one_time_code": code})


def test_four_wrong_codes_shut_nothing(clerk) -> None:
    guess(clerk, 4)

    assert give(Client(), code_of(clerk)).status_code == 302


def test_after_five_wrong_codes_the_right_one_does_not_help_a_stranger(clerk) -> None:
    guess(clerk, 5)

    answer = give(Client(), code_of(clerk))

    assert answer.status_code == 422
    assert "30 分钟内不能在此处再试" in answer.content.decode()


def test_after_half_an_hour_a_code_is_heard_again(clerk) -> None:
    guess(clerk, 5)
    Throttle.objects.update(shut_until=clock.now() - timedelta(seconds=1))

    assert give(Client(), code_of(clerk)).status_code == 302


def test_another_address_is_not_shut(clerk) -> None:
    guess(clerk, 5)

    assert give(Client(), code_of(clerk), address=HOME).status_code == 302


def test_strangers_of_many_addresses_are_shut_out_together(clerk) -> None:
    for number in range(second_factor.MOST_OF_STRANGERS):
        guess(clerk, 1, address=f"198.51.100.{number + 1}")

    assert give(Client(), code_of(clerk), address=HOME).status_code == 422


def test_a_known_browser_gets_in_while_strangers_are_shut_out(clerk) -> None:
    known = signed_in_with_code(clerk)
    known.post(reverse("logout"))
    for number in range(12):
        guess(clerk, 1, address=f"198.51.100.{number + 1}")
    guess(clerk, 5, address=HOME)

    assert give(known, code_of(clerk), address=HOME).status_code == 302


def test_wrong_codes_in_a_known_browser_are_not_without_end(clerk) -> None:
    known = signed_in_with_code(clerk)
    known.post(reverse("logout"))
    guess(clerk, 5, client=known)

    assert give(known, code_of(clerk)).status_code == 422


def test_in_a_living_sitting_strangers_hold_up_nobody(clerk) -> None:
    owner = signed_in_with_code(clerk)
    for number in range(12):
        guess(clerk, 1, address=f"198.51.100.{number + 1}")
    guess(clerk, 5, address="127.0.0.1")

    assert ask_export(owner, wish_of(owner), code_of(clerk)).url == EXPORT


def test_wrong_codes_in_a_sitting_are_not_without_end(clerk) -> None:
    owner = signed_in_with_code(clerk)
    wish = wish_of(owner)
    for _ in range(5):
        ask_export(owner, wish, wrong_code(clerk))

    answer = ask_export(owner, wish, code_of(clerk))

    assert answer.status_code == 422
    assert "30 分钟内不能在此处再试" in answer.content.decode()


def test_a_new_password_forgives_no_wrong_code(clerk) -> None:
    owner = signed_in_with_code(clerk)
    wish, before = wish_of(owner), sitting_key(owner)
    for _ in range(5):
        ask_export(owner, wish, wrong_code(clerk))
    given = {
        "old_password": PASSWORD,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    }
    owner.post(reverse("password_change"), given)
    assert sitting_key(owner) != before

    assert ask_export(owner, wish_of(owner), code_of(clerk)).status_code == 422


def test_a_right_code_begins_the_count_anew(clerk) -> None:
    guess(clerk, 4)
    give(Client(), code_of(clerk))

    guess(clerk, 4)

    assert give(Client(), code_of(clerk)).status_code == 302


def test_a_right_code_takes_back_its_own_try_and_no_other(clerk) -> None:
    for number in range(3):
        guess(clerk, 1, address=f"198.51.100.{number + 1}")

    give(Client(), code_of(clerk), address=HOME)

    assert Throttle.objects.filter(tries=3).count() == 1


def test_what_is_no_code_is_no_guess(clerk) -> None:
    for _ in range(6):
        give(Client(), "12345")

    assert give(Client(), code_of(clerk)).status_code == 302


def test_a_sitting_in_which_no_code_was_shown_is_counted_by_its_address(cast: Cast) -> None:
    """Whoever came in by the password alone, before the owner bound an authenticator, is a stranger still."""
    stranger = Client()
    stranger.force_login(cast.clerk)
    bind(cast.clerk)
    wish = wish_of(stranger)
    for _ in range(5):
        ask_export(stranger, wish, wrong_code(cast.clerk))

    assert ask_export(stranger, wish, code_of(cast.clerk)).status_code == 422
    assert give(Client(), code_of(cast.clerk), address="127.0.0.1").status_code == 422


def test_a_code_refused_at_a_shut_door_is_written_down(clerk) -> None:
    guess(clerk, 6)

    assert AuditEntry.objects.filter(verb="people.code_refused").count() == 6


@pytest.mark.django_db(transaction=True)
def test_codes_sent_at_once_are_all_counted() -> None:
    cast = stand_up()
    device = bind(cast.clerk)
    wrong = wrong_code(cast.clerk)

    def send(_: int) -> str:
        try:
            second_factor.check(user=cast.clerk, code=wrong, what="登录", visitor=Visitor(HOME), at=AT)
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(send, range(8)))

    assert [told.count(second_factor.WRONG), told.count(second_factor.SHUT)] == [5, 3]
    with pytest.raises(Refused, match="不能在此处再试"):
        second_factor.check(
            user=cast.clerk, code=shown_now(device), what="登录", visitor=Visitor(HOME), at=AT
        )
