"""A lost authenticator: one asks, another confirms, nobody for themselves."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from conduct.errors import Forbidden, NotFromHere, Refused
from conduct.models import AuditEntry
from people.actions import recoveries
from people.models import Authenticator, KnownBrowser, Recovery, User
from people.roles import Role
from tests.factories.cast import AT, PASSWORD, Cast, give_post, make_user
from tests.factories.signing import bind, code_of, signed_in_with_code

pytestmark = pytest.mark.django_db
WHY = "手机在下乡途中丢失，已当面核对工作证。"


def ask(cast: Cast, *, user: User | None = None, by: User | None = None, reason: str = WHY) -> Recovery:
    lost = user or cast.clerk
    if not Authenticator.objects.filter(user=lost).exists():
        bind(lost)
    return recoveries.ask(user=lost, reason=reason, by=by or cast.security_admin, at=AT)


def another(cast: Cast, role: Role) -> User:
    user = make_user(f"second_{role.value}", "某人乙", home=cast.bureau)
    give_post(user, cast.city, role)
    return user


def test_asking_unbinds_nothing(cast: Cast) -> None:
    ask(cast)

    assert Authenticator.objects.filter(user=cast.clerk).exists()


def test_confirming_unbinds_it(cast: Cast) -> None:
    recoveries.confirm(wish=ask(cast), by=cast.system_admin, at=AT)

    assert not Authenticator.objects.filter(user=cast.clerk).exists()


def test_confirming_ends_every_sitting_and_forgets_every_browser(cast: Cast) -> None:
    bind(cast.clerk)
    client = signed_in_with_code(cast.clerk)

    recoveries.confirm(wish=ask(cast), by=cast.system_admin, at=AT)

    assert client.get(reverse("people:held")).url.startswith(reverse("login"))
    assert not KnownBrowser.objects.filter(user=cast.clerk).exists()


def test_the_person_binds_a_new_one_before_anything_else(cast: Cast, settings) -> None:
    settings.SECOND_FACTOR = "required"
    recoveries.confirm(wish=ask(cast), by=cast.system_admin, at=AT)
    client = Client()
    client.post(reverse("login"), {"username": "clerk", "password": PASSWORD})

    assert client.get(reverse("people:calendar")).url == reverse("people:second_factor")


def test_both_are_written_down(cast: Cast) -> None:
    recoveries.confirm(wish=ask(cast), by=cast.system_admin, at=AT)

    entries = AuditEntry.objects.filter(subject_type="people.recovery").order_by("id")
    assert [(entry.actor_name, entry.after, entry.reason) for entry in entries] == [
        ("安全管理员甲", "asked", WHY),
        ("系统管理员甲", "confirmed", ""),
    ]


def test_refusing_leaves_it_bound_and_says_why(cast: Cast) -> None:
    wish = ask(cast)

    recoveries.refuse(wish=wish, reason="本人说手机还在。", by=cast.system_admin, at=AT)

    assert Authenticator.objects.filter(user=cast.clerk).exists()
    assert AuditEntry.objects.get(verb="people.refuse_recovery").reason == "本人说手机还在。"


def test_refusing_takes_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="理由"):
        recoveries.refuse(wish=ask(cast), reason=" ", by=cast.system_admin, at=AT)


# Who


@pytest.mark.parametrize("who", ["clerk", "leader", "auditor", "inspector", "east_head"])
def test_only_administrators_ask(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        ask(cast, user=cast.second_clerk, by=getattr(cast, who))


def test_the_system_administrator_asks_for_the_security_administrator_alone(cast: Cast) -> None:
    """Who resets passwords cannot begin to take away the second factor as well."""
    with pytest.raises(Refused, match="只能为安全管理员"):
        ask(cast, by=cast.system_admin)

    assert ask(cast, user=cast.security_admin, by=cast.system_admin).state == "asked"


@pytest.mark.parametrize("who", ["security_admin", "auditor", "clerk", "inspector", "east_head"])
def test_only_the_system_administrator_and_the_leader_confirm(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        recoveries.confirm(wish=ask(cast), by=getattr(cast, who), at=AT)


def test_nobody_asks_for_themselves(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能为自己"):
        ask(cast, user=cast.security_admin, by=cast.security_admin)


def test_nobody_confirms_for_themselves(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="不能为自己"):
        recoveries.confirm(wish=ask(cast, user=cast.leader), by=cast.leader, at=AT)


def test_nobody_confirms_what_they_asked(cast: Cast) -> None:
    wish = ask(cast, user=cast.security_admin, by=cast.system_admin)

    with pytest.raises(Forbidden, match="须由另一人"):
        recoveries.confirm(wish=wish, by=cast.system_admin, at=AT)
    recoveries.confirm(wish=wish, by=cast.leader, at=AT)
    assert not Authenticator.objects.filter(user=cast.security_admin).exists()


def test_of_three_administrators_none_is_locked_out_for_good(cast: Cast) -> None:
    """One of each and a leader: whoever loses the phone, two others are left."""
    for lost, by, second in (
        (cast.system_admin, cast.security_admin, cast.leader),
        (cast.security_admin, cast.system_admin, cast.leader),
        (cast.auditor, cast.security_admin, cast.system_admin),
        (cast.leader, cast.security_admin, cast.system_admin),
    ):
        recoveries.confirm(wish=ask(cast, user=lost, by=by), by=second, at=AT)

        assert not Authenticator.objects.filter(user=lost).exists()


def test_an_administrator_of_one_county_unbinds_nobody(cast: Cast) -> None:
    local = make_user("local_admin", "东区安全管理员", home=cast.east)
    give_post(local, cast.east, Role.SECURITY_ADMIN)

    with pytest.raises(Forbidden):
        ask(cast, by=local)


def test_a_wish_is_put_once(cast: Cast) -> None:
    ask(cast)

    with pytest.raises(Refused, match="正等待确认"):
        ask(cast, by=another(cast, Role.SECURITY_ADMIN))


def test_a_wish_is_decided_once(cast: Cast) -> None:
    wish = ask(cast)
    recoveries.confirm(wish=wish, by=cast.system_admin, at=AT)

    with pytest.raises(NotFromHere):
        recoveries.refuse(wish=wish, reason="晚了", by=cast.leader, at=AT)


def test_where_nothing_is_bound_nothing_is_asked(cast: Cast) -> None:
    with pytest.raises(Refused, match="没有绑定"):
        recoveries.ask(user=cast.clerk, reason=WHY, by=cast.security_admin, at=AT)


def test_asking_takes_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="理由"):
        ask(cast, reason=" ")


@pytest.mark.parametrize("second", ["clerk", "security_admin", None])
def test_the_database_itself_wants_a_second_person(cast: Cast, second: str | None) -> None:
    wish = ask(cast)
    by = getattr(cast, second) if second else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=wish.pk).update(state="confirmed", decided_by=by, decided_at=AT)


def test_the_database_itself_lets_nobody_ask_for_themselves(cast: Cast) -> None:
    wish = ask(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=wish.pk).update(asked_by=cast.clerk)


# Pages


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_wish_is_put_and_confirmed_on_its_pages(cast: Cast) -> None:
    bind(cast.clerk)

    asked = signed_in(cast.security_admin).post(
        reverse("people:recovery_new"), {"user": "经办甲（clerk）", "reason": WHY}
    )
    page = signed_in(cast.system_admin).get(asked.url).content.decode()
    assert "确认解绑" in page
    assert WHY in page
    signed_in(cast.system_admin).post(f"{asked.url}confirm/")

    assert Recovery.objects.get().state == "confirmed"
    assert not Authenticator.objects.exists()


def test_who_asked_sees_no_button_to_confirm(cast: Cast) -> None:
    wish = ask(cast, user=cast.security_admin, by=cast.system_admin)

    page = signed_in(cast.system_admin).get(reverse("people:recovery_detail", args=[wish.pk]))

    assert page.context["moves"] == []


def test_confirming_takes_a_code_of_the_second_person(cast: Cast) -> None:
    wish = ask(cast)
    bind(cast.system_admin)
    client = signed_in_with_code(cast.system_admin)
    address = reverse("people:recovery_decide", args=[wish.pk, "confirm"])

    waiting = client.post(address)
    assert Recovery.objects.get().state == "asked"
    client.post(
        address,
        {"held_form": waiting.url.partition("form=")[2], "one_time_code": code_of(cast.system_admin)},
    )

    assert Recovery.objects.get().state == "confirmed"
