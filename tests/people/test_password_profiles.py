"""Two profiles of passwords: guidance of today, and the national scheme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse

from conduct import clock
from conduct.env import one_of, password_validators
from people.models import HeldForm, User
from tests.factories.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
GOOD = "Tower-Bridge-9"


@pytest.fixture
def dengbao3(settings) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = password_validators("dengbao3")
    settings.PASSWORD_DAYS = 90


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def aged(user: User, **span: float) -> User:
    """The password was chosen so long ago."""
    User.objects.filter(pk=user.pk).update(password_changed_at=clock.now() - timedelta(**span))
    return User.objects.get(pk=user.pk)


def change(client: Client, new: str, *, old: str = PASSWORD):
    return client.post(
        reverse("password_change"), {"old_password": old, "new_password1": new, "new_password2": new}
    )


@pytest.mark.parametrize(
    "password", ["渡口灯塔石桥风车雨燕", "correct horse battery", "长得很但只有汉字的一个密码"]
)
def test_the_default_asks_for_length_and_not_for_kinds(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", ["short-9", "1234567890123", "qwertyuiop"])
def test_the_default_refuses_short_familiar_and_digits_only(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_by_default_no_password_grows_old(cast: Cast) -> None:
    assert signed_in(aged(cast.clerk, days=5000)).get(reverse("people:calendar")).status_code == 200


def test_the_scheme_takes_eight_of_four_kinds(dengbao3) -> None:
    validate_password("aB3-xK9!")


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("tower-bridge-9", "大写字母"),
        ("TOWER-BRIDGE-9", "小写字母"),
        ("Tower-Bridge-x", "数字"),
        ("TowerBridge99", "符号"),
        ("渡口灯塔石桥风车", "大写字母、小写字母、数字、符号"),
    ],
)
def test_the_scheme_names_the_kinds_that_are_missing(dengbao3, password: str, missing: str) -> None:
    with pytest.raises(ValidationError, match=f"现在还缺：{missing}。"):
        validate_password(password)


def test_the_scheme_refuses_seven_of_four_kinds(dengbao3) -> None:
    with pytest.raises(ValidationError, match="8"):
        validate_password("aB3-xK9")


@pytest.mark.parametrize(("days", "opens"), [(89, True), (90, False), (5000, False)])
def test_under_the_scheme_a_password_serves_ninety_days(cast: Cast, dengbao3, days: int, opens: bool) -> None:
    answer = signed_in(aged(cast.clerk, days=days)).get(reverse("people:calendar"))

    assert (answer.status_code == 200) is opens


def test_an_expired_password_leaves_only_the_page_that_changes_it(cast: Cast, dengbao3) -> None:
    client = signed_in(aged(cast.clerk, days=90))

    for name in ("reports:home", "people:calendar", "people:held", "people:sittings", "password_change_done"):
        assert client.get(reverse(name)).url == reverse("password_change"), name
    assert client.post(reverse("findings:take_back")).url == reverse("password_change")
    assert "密码已用满 90 天" in client.get(reverse("password_change")).content.decode()


def test_what_was_typed_when_the_password_expired_is_found_again(cast: Cast, dengbao3) -> None:
    client = signed_in(aged(cast.system_admin, days=90))
    typed = {"name": "东区政务服务大厅", "code": "HALL", "kind": "hall", "parent": cast.east.code}

    answer = client.post(reverse("people:unit_new"), typed)

    assert answer.url == reverse("password_change")
    assert HeldForm.objects.get().user == cast.system_admin
    assert "刚才填写的内容已保存" in client.get(answer.url).content.decode()


def test_after_the_change_everything_opens_again(cast: Cast, dengbao3) -> None:
    client = signed_in(aged(cast.clerk, days=90))

    change(client, GOOD)

    assert client.get(reverse("people:calendar")).status_code == 200


def test_the_old_password_again_is_no_change(cast: Cast, dengbao3) -> None:
    cast.clerk.set_password(GOOD)
    cast.clerk.save()
    client = signed_in(aged(cast.clerk, days=90))

    answer = change(client, GOOD, old=GOOD)

    assert answer.status_code == 422
    assert "不能与现在的密码相同" in answer.content.decode()
    assert client.get(reverse("people:calendar")).url == reverse("password_change")


def test_a_password_of_unknown_age_has_expired(cast: Cast, dengbao3) -> None:
    assert cast.clerk.password_changed_at is None

    assert signed_in(cast.clerk).get(reverse("people:calendar")).url == reverse("password_change")


def test_the_first_page_of_all_says_the_rules_of_its_deployment(dengbao3) -> None:
    page = Client().get(reverse("people:setup")).content.decode()

    assert "密码须同时含有大写字母、小写字母、数字和符号。" in page


def test_a_profile_nobody_knows_stops_the_start(monkeypatch) -> None:
    monkeypatch.setenv("PASSWORD_PROFILE", "dengbao4")

    with pytest.raises(ImproperlyConfigured, match="default、dengbao3"):
        one_of("PASSWORD_PROFILE", "default", "dengbao3")
