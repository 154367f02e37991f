"""A form posted after the session ended is kept for its author, and for nobody else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from conduct import clock
from people.actions import held as acts
from people.actions import sittings
from people.models import HeldForm, Sitting, Unit, User
from tests.factories.cast import PASSWORD, Cast
from tests.people.holding import NEW, TYPED, browser, come_in, keep, leave_alone, secret_on, unit_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: Cast) -> Client:
    """The system administrator, signed in; leaves a form open."""
    client = browser()
    come_in(client, cast.system_admin)
    return client


@pytest.fixture
def late(cast: Cast, admin: Client):
    """The administrator's form, posted after the sitting ended."""
    secret = secret_on(admin, reverse(NEW))
    leave_alone(admin)
    return admin.post(reverse(NEW), unit_form(cast, secret))


def carry_on(client: Client, form: HeldForm):
    """Press 继续提交 on the page of kept forms."""
    page = client.get(reverse("people:held")).content.decode()
    found = re.search(rf'action="([^"]+)">\s*<input[^>]+value="(\w+)">\s*<input[^>]+value="{form.pk}"', page)
    return client.post(found[1], {"csrfmiddlewaretoken": found[2], "held_form": str(form.pk)})


def test_a_late_form_does_nothing_and_is_kept(cast: Cast, late) -> None:
    assert late.url.startswith(reverse("login"))
    assert not Unit.objects.filter(name=TYPED).exists()
    assert HeldForm.objects.get().user == cast.system_admin


def test_the_person_is_told_that_nothing_is_lost(admin: Client, late) -> None:
    page = admin.get(late.url).content.decode()

    assert "已加密保存 24 小时" in page


def test_after_the_login_the_author_is_led_to_it(cast: Cast, admin: Client, late) -> None:
    come_in(admin, cast.system_admin)

    page = admin.get(reverse("people:held")).content.decode()

    assert "新单位" in page
    assert TYPED in page


def test_the_author_sends_it_again_without_typing(cast: Cast, admin: Client, late) -> None:
    come_in(admin, cast.system_admin)

    carry_on(admin, HeldForm.objects.get())

    assert Unit.objects.filter(name=TYPED, parent=cast.east).exists()
    assert HeldForm.objects.count() == 0


def test_it_is_sent_once(cast: Cast, admin: Client, late) -> None:
    come_in(admin, cast.system_admin)
    form = HeldForm.objects.get()
    carry_on(admin, form)

    again = admin.post(
        reverse(NEW),
        {"csrfmiddlewaretoken": secret_on(admin, reverse(NEW)), "held_form": str(form.pk)},
    )

    assert again.status_code == 404


def test_what_is_refused_comes_back_to_the_screen_and_stays_kept(cast: Cast, admin: Client) -> None:
    secret = secret_on(admin, reverse(NEW))
    leave_alone(admin)
    admin.post(reverse(NEW), unit_form(cast, secret, code=cast.east.code))
    come_in(admin, cast.system_admin)

    answer = carry_on(admin, HeldForm.objects.get())

    assert answer.status_code == 422
    assert TYPED in answer.content.decode()
    assert HeldForm.objects.get().taken_at is None


def test_a_second_end_on_the_way_keeps_the_one_form(cast: Cast, admin: Client, late) -> None:
    come_in(admin, cast.system_admin)
    form = HeldForm.objects.get()
    secret = secret_on(admin, reverse("people:held"))
    leave_alone(admin)

    admin.post(reverse(NEW), {"csrfmiddlewaretoken": secret, "held_form": str(form.pk)})

    assert [kept.pk for kept in HeldForm.objects.all()] == [form.pk]
    come_in(admin, cast.system_admin)
    carry_on(admin, form)
    assert Unit.objects.filter(name=TYPED).exists()


def test_it_can_be_given_up(cast: Cast, admin: Client, late) -> None:
    come_in(admin, cast.system_admin)

    admin.post(
        reverse("people:held"),
        {
            "form": str(HeldForm.objects.get().pk),
            "csrfmiddlewaretoken": secret_on(admin, reverse("people:held")),
        },
    )

    assert HeldForm.objects.count() == 0
    assert not Unit.objects.filter(name=TYPED).exists()


# Nobody else


def test_another_user_never_sees_it(cast: Cast, admin: Client, late) -> None:
    come_in(admin, cast.security_admin)

    page = admin.get(reverse("people:held")).content.decode()

    assert TYPED not in page
    assert "新单位" not in page


@pytest.mark.parametrize("act", ["drop", "send"])
def test_another_user_can_neither_drop_nor_send_it(cast: Cast, late, act: str) -> None:
    second = User.objects.create_user("second_admin", PASSWORD, name="系统管理员乙")
    cast.system_admin.posts.get().__class__.objects.create(
        user=second, unit=cast.city, role="system_admin", since="2020-01-01"
    )
    client = Client()
    client.force_login(second)
    form = str(HeldForm.objects.get().pk)

    answer = (
        client.post(reverse("people:held"), {"form": form})
        if act == "drop"
        else client.post(reverse(NEW), {"held_form": form})
    )

    assert answer.status_code == 404
    assert HeldForm.objects.get().taken_at is None


def test_the_form_of_one_posted_while_another_is_in_is_kept_for_the_one(cast: Cast, admin: Client) -> None:
    """A page left open on a shared computer, after somebody else signed in there."""
    secret = secret_on(admin, reverse(NEW))
    come_in(admin, cast.clerk)

    answer = admin.post(reverse(NEW), unit_form(cast, secret))

    assert answer.status_code == 403
    assert TYPED not in answer.content.decode()
    assert "没有以您的名义提交" in answer.content.decode()
    assert HeldForm.objects.get().user == cast.system_admin


def test_the_form_of_one_posted_after_another_left_is_kept_for_the_one(cast: Cast, admin: Client) -> None:
    secret = secret_on(admin, reverse(NEW))
    come_in(admin, cast.clerk)
    leave_alone(admin)

    admin.post(reverse(NEW), unit_form(cast, secret))

    assert HeldForm.objects.get().user == cast.system_admin


def test_a_form_of_nobody_known_is_not_kept(cast: Cast) -> None:
    client = browser()

    answer = client.post(reverse(NEW), unit_form(cast, "a" * 64))

    assert answer.status_code == 403
    assert HeldForm.objects.count() == 0


def test_after_a_form_nobody_can_place_the_login_leads_to_no_dead_end(cast: Cast) -> None:
    answer = Client().post(reverse("findings:take_back"))

    assert answer.url == reverse("login")


def test_a_page_of_another_site_puts_nothing_in_anybodys_hands(cast: Cast, admin: Client) -> None:
    """It knows no secret, so what it sends is neither carried out nor offered."""
    given = unit_form(cast, "")
    del given["csrfmiddlewaretoken"]

    answer = admin.post(reverse(NEW), given, headers={"origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert HeldForm.objects.count() == 0


# The token of an older page


def test_a_form_opened_before_signing_in_anew_is_offered_at_once(cast: Cast, admin: Client) -> None:
    secret = secret_on(admin, reverse(NEW))
    come_in(admin, cast.system_admin)

    answer = admin.post(reverse(NEW), unit_form(cast, secret))
    assert answer.url == reverse("people:held")
    carry_on(admin, HeldForm.objects.get())

    assert Unit.objects.filter(name=TYPED).exists()


def test_a_form_posted_after_signing_out_in_another_window_is_kept(cast: Cast, admin: Client) -> None:
    secret = secret_on(admin, reverse(NEW))
    admin.post(reverse("logout"), {"csrfmiddlewaretoken": secret})

    admin.post(reverse(NEW), unit_form(cast, secret))

    assert HeldForm.objects.get().user == cast.system_admin


def test_a_form_posted_after_a_post_was_taken_away_is_kept(cast: Cast, admin: Client) -> None:
    secret = secret_on(admin, reverse(NEW))
    sittings.end_all(user=cast.system_admin, why=Sitting.End.POSTS, at=clock.now())

    admin.post(reverse(NEW), unit_form(cast, secret))

    assert HeldForm.objects.get().user == cast.system_admin


def test_a_form_posted_after_the_browser_forgot_its_cookies_is_kept(cast: Cast, admin: Client) -> None:
    secret = secret_on(admin, reverse(NEW))
    admin.cookies.clear()

    admin.post(reverse(NEW), unit_form(cast, secret))

    assert HeldForm.objects.get().user == cast.system_admin


@pytest.mark.parametrize("name", ["password_change", "logout", "people:second_factor"])
def test_passwords_and_codes_are_never_kept(cast: Cast, admin: Client, name: str) -> None:
    secret = secret_on(admin, reverse("password_change"))
    leave_alone(admin)

    admin.post(reverse(name), {"old_password": PASSWORD, "csrfmiddlewaretoken": secret})

    assert HeldForm.objects.count() == 0


def test_a_sign_in_page_left_open_in_two_windows_is_no_dead_end(cast: Cast) -> None:
    client = browser()
    secret = secret_on(client, reverse("login"))
    come_in(client, cast.clerk)

    answer = client.post(
        reverse("login"),
        {"username": "clerk", "password": PASSWORD, "csrfmiddlewaretoken": secret},
    )

    assert (answer.status_code, answer.url) == (302, "/")


def test_a_form_broken_off_while_it_was_carried_out_is_shown_and_not_sent_twice(cast: Cast) -> None:
    form = keep(cast.clerk)
    acts.take(form=form, at=clock.now())
    client = Client()
    client.force_login(cast.clerk)

    page = client.get(reverse("people:held")).content.decode()

    assert "可能已经办好" in page
    assert TYPED in page
    assert "继续提交</button>" not in page
