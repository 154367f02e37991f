"""Guessing at the door: counted in the database, answered alike, and never a way to lock the owner out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import thread_time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conduct import clock
from conduct.models import AuditEntry
from people.actions import accounts, sign_in
from people.actions.sign_in import Visitor
from people.models import KnownBrowser, Throttle, User
from people.tasks import clear_doors
from tests.factories.cast import PASSWORD, Cast, make_user, stand_up

pytestmark = pytest.mark.django_db
HOME, AWAY = "203.0.113.7", "198.51.100.9"


def attempt(name: str, password: str, *, address: str = HOME, client: Client | None = None):
    """One try at the sign-in page; the answer."""
    client = client or Client()
    return client.post(reverse("login"), {"username": name, "password": password}, REMOTE_ADDR=address)


def gets_in(name: str, *, address: str = HOME, client: Client | None = None) -> bool:
    return attempt(name, PASSWORD, address=address, client=client).status_code == 302


def guess(name: str, times: int, *, address: str = HOME, client: Client | None = None) -> None:
    for number in range(times):
        attempt(name, f"猜测{number}", address=address, client=client)


def half_an_hour_later() -> None:
    """The shut doors open: their time is over."""
    Throttle.objects.update(shut_until=clock.now() - timedelta(seconds=1))


def test_four_wrong_passwords_shut_nothing(cast: Cast) -> None:
    guess("clerk", 4)

    assert gets_in("clerk")


def test_after_five_wrong_passwords_the_right_one_does_not_help(cast: Cast) -> None:
    guess("clerk", 5)

    assert not gets_in("clerk")


def test_after_half_an_hour_the_door_opens_again(cast: Cast) -> None:
    guess("clerk", 5)
    until = Throttle.objects.filter(shut_until__isnull=False).get().shut_until
    assert timedelta(minutes=29) < until - clock.now() <= timedelta(minutes=30)

    half_an_hour_later()

    assert gets_in("clerk")


def test_tries_at_a_shut_door_do_not_keep_it_shut(cast: Cast) -> None:
    guess("clerk", 5)
    before = Throttle.objects.filter(shut_until__isnull=False).get().shut_until

    guess("clerk", 3)

    assert Throttle.objects.filter(shut_until__isnull=False).get().shut_until == before


def test_wrong_passwords_of_long_ago_do_not_count(cast: Cast) -> None:
    guess("clerk", 4)
    Throttle.objects.update(since=clock.now() - timedelta(minutes=31))

    guess("clerk", 1)

    assert gets_in("clerk")


def test_coming_in_begins_the_count_anew(cast: Cast) -> None:
    guess("clerk", 4)
    assert gets_in("clerk")

    guess("clerk", 4)

    assert gets_in("clerk")


def test_the_door_is_shut_for_this_account_and_this_address(cast: Cast) -> None:
    guess("clerk", 5)

    assert gets_in("leader")
    assert gets_in("clerk", address=AWAY)


def test_the_counts_lie_in_the_database(cast: Cast) -> None:
    """A restarted process, another machine: whoever reads the rows knows."""
    guess("clerk", 5)

    assert Throttle.objects.filter(tries=5, shut_until__isnull=False).exists()
    Throttle.objects.all().delete()
    assert gets_in("clerk")


def test_the_counts_name_nobody(cast: Cast) -> None:
    guess("clerk", 1)

    assert not any("clerk" in key or HOME in key for key in Throttle.objects.values_list("key", flat=True))


def test_a_name_written_otherwise_is_the_same_account(cast: Cast) -> None:
    for name in ("clerk", "Clerk", "CLERK", "cLerk", "clErk"):
        guess(name, 1)

    assert not gets_in("clerk")


def test_one_line_of_the_newer_protocol_counts_as_one_address(cast: Cast) -> None:
    for number in range(5):
        guess("clerk", 1, address=f"2001:db8:1:2::{number + 1:x}")

    assert not gets_in("clerk", address="2001:db8:1:2:ffff::1")
    assert gets_in("clerk", address="2001:db8:1:3::1")


# The owner


def test_the_owner_comes_in_on_a_known_browser_while_others_are_shut_out(cast: Cast) -> None:
    own = Client()
    assert gets_in("clerk", client=own)
    own.post(reverse("logout"))
    guess("clerk", 5)
    assert not gets_in("clerk")

    assert gets_in("clerk", client=own)


def test_a_known_browser_is_no_way_to_guess(cast: Cast) -> None:
    own = Client()
    gets_in("clerk", client=own)
    own.post(reverse("logout"))

    guess("clerk", 5, client=own)

    assert not gets_in("clerk", client=own)


def test_a_browser_known_for_one_person_is_not_known_for_another(cast: Cast) -> None:
    own = Client()
    gets_in("clerk", client=own)
    own.post(reverse("logout"))
    guess("leader", 5)

    assert not gets_in("leader", client=own)


def test_a_mark_made_up_is_no_mark(cast: Cast, settings) -> None:
    stranger = Client()
    stranger.cookies[settings.BROWSER_COOKIE_NAME] = "bWFkZS11cA:1:made-up"
    guess("clerk", 5, client=stranger)

    assert not gets_in("clerk", client=stranger)


def test_the_mark_is_for_the_server_alone(cast: Cast, settings) -> None:
    own = Client()
    gets_in("clerk", client=own)

    cookie = own.cookies[settings.BROWSER_COOKIE_NAME]

    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not KnownBrowser.objects.filter(token__in=cookie.value.split(":")).exists()


def test_a_reset_password_forgets_every_browser(cast: Cast) -> None:
    gets_in("clerk", client=Client())

    accounts.reset_password(user=cast.clerk, by=cast.system_admin, at=clock.now())

    assert KnownBrowser.objects.count() == 0


# Spraying


def test_many_accounts_tried_from_one_address_shut_the_address(cast: Cast) -> None:
    for number in range(30):
        guess(f"nobody{number}", 1)

    assert not gets_in("clerk")
    assert gets_in("clerk", address=AWAY)


def test_one_account_tried_from_many_addresses_is_shut(cast: Cast) -> None:
    for number in range(20):
        guess("clerk", 1, address=f"192.0.2.{number + 1}")

    assert not gets_in("clerk", address=AWAY)


def test_an_office_behind_one_address_comes_in_all_morning(cast: Cast) -> None:
    assert all(gets_in("clerk") for _ in range(40))


# The same answer


def asked(name: str, password: str) -> tuple[int, str]:
    answer = attempt(name, password)
    page = answer.content.decode().replace(name, "")
    return answer.status_code, page.partition("<main")[2].replace(secret_in(page), "")


def secret_in(page: str) -> str:
    return page.partition('name="csrfmiddlewaretoken" value="')[2][:64]


@pytest.fixture
def doors(cast: Cast) -> dict[str, tuple[str, str]]:
    """Name and password of each kind of refusal."""
    make_user("closed", "停用者", is_active=False)
    guess("leader", 5)
    return {
        "known": ("clerk", "不对"),
        "unknown": ("nobody", "不对"),
        "closed": ("closed", PASSWORD),
        "shut": ("leader", PASSWORD),
    }


def test_known_unknown_closed_and_shut_accounts_are_answered_alike(doors) -> None:
    answers = {kind: asked(*given) for kind, given in doors.items()}

    assert len(set(answers.values())) == 1
    assert "请输入一个正确的账号和密码" in answers["known"][1]


def test_each_costs_the_same_number_of_queries(doors) -> None:
    counts = {}
    for kind, given in doors.items():
        asked(*given)
        with CaptureQueriesContext(connection) as queries:
            asked(*given)
        counts[kind] = len([one for one in queries if "SAVEPOINT" not in one["sql"]])

    assert len(set(counts.values())) == 1, counts


def test_each_costs_the_same_hashing(doors, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    for name in ("clerk", "closed", "leader"):
        user = User.objects.get(username=name)
        user.set_password(PASSWORD)
        user.save()
    spent = {kind: [] for kind in doors}

    for _ in range(3):
        Throttle.objects.filter(shut_until=None).delete()
        for kind, (name, password) in doors.items():
            begun = thread_time()
            sign_in.check(
                request=None, username=name, password=password, visitor=Visitor(HOME), at=clock.now()
            )
            spent[kind].append(thread_time() - begun)

    # Of the work of this thread alone, the least: neighbours on the machine only add.
    typical = {kind: min(times) for kind, times in spent.items()}
    assert max(typical.values()) < 1.5 * min(typical.values()), typical


# For the auditor


def test_a_wrong_password_is_written_down_with_the_account_and_the_address(cast: Cast) -> None:
    guess("clerk", 1)

    entry = AuditEntry.objects.get(verb="people.sign_in_refused")
    assert (entry.subject_name, entry.details) == ("经办甲", {"address": HOME})


def test_what_was_typed_for_a_name_nobody_bears_is_not_written_down(cast: Cast) -> None:
    guess("MyPassword2026", 1)

    entry = AuditEntry.objects.get(verb="people.sign_in_refused")
    assert "MyPassword2026".lower() not in f"{entry.__dict__}".lower()


def test_a_shut_door_is_written_down(cast: Cast) -> None:
    guess("clerk", 6)

    assert AuditEntry.objects.filter(verb="people.sign_in_refused").count() == 5
    assert AuditEntry.objects.get(verb="people.sign_in_shut").subject_name == "经办甲"


def test_counts_that_no_longer_count_are_removed(cast: Cast) -> None:
    guess("clerk", 5)
    guess("leader", 1, address=AWAY)
    Throttle.objects.filter(shut_until=None).update(since=clock.now() - timedelta(hours=1))

    clear_doors(run=None)

    assert [row.tries for row in Throttle.objects.all()] == [5]


def test_behind_the_offices_own_proxy_the_address_is_what_that_says(cast: Cast, settings) -> None:
    settings.BEHIND_PROXY = True

    for number in range(5):
        Client().post(
            reverse("login"),
            {"username": "clerk", "password": "猜"},
            REMOTE_ADDR="127.0.0.1",
            headers={"x-forwarded-for": f"10.9.8.{number}, {HOME}"},
        )

    assert AuditEntry.objects.filter(details={"address": HOME}).count() == 5
    assert not gets_in("clerk")


def test_without_a_proxy_nobody_names_their_own_address(cast: Cast) -> None:
    Client().post(
        reverse("login"),
        {"username": "clerk", "password": "猜"},
        REMOTE_ADDR=HOME,
        headers={"x-forwarded-for": AWAY},
    )

    assert AuditEntry.objects.get(verb="people.sign_in_refused").details == {"address": HOME}


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_all_counted() -> None:
    """Twelve at a time: no more than five are looked at."""
    stand_up()

    def send(number: int) -> None:
        try:
            sign_in.check(
                request=None,
                username="clerk",
                password=f"猜{number}",
                visitor=Visitor(HOME),
                at=clock.now(),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(12)))

    assert AuditEntry.objects.filter(verb="people.sign_in_refused").count() == 5
    assert AuditEntry.objects.filter(verb="people.sign_in_shut").count() == 7
