"""People with an authenticator, and what it shows now."""

from __future__ import annotations

import time

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from people.models import Authenticator, User
from people.sessions import digest
from tests.factories.cast import PASSWORD


def bind(user: User) -> Authenticator:
    """Give the person an authenticator in use."""
    key = Authenticator.sealed(b"a key of twenty bytes", user_id=user.pk)
    return Authenticator.objects.create(user=user, name="动态口令", confirmed=True, key=key)


def code_of(user: User) -> str:
    """A code of the person's authenticator that was not used before."""
    devices = Authenticator.objects.filter(user=user)
    devices.update(last_t=-1, drift=0)
    return shown_now(devices.latest("pk"))


def shown_now(device: Authenticator) -> str:
    """What the authenticator shows, used or not."""
    totp = TOTP(device.bin_key)
    totp.time = time.time()
    return f"{totp.token():06d}"


def wrong_code(user: User) -> str:
    """Six digits the authenticator shows neither now nor a step before or after."""
    device = Authenticator.objects.filter(user=user).latest("pk")
    near = set()
    for step in range(-3, 4):
        totp = TOTP(device.bin_key)
        totp.time = time.time() + 30 * step
        near.add(totp.token())
    return f"{next(number for number in range(1000) if number not in near):06d}"


def signed_in_with_code(user: User, **options: object) -> Client:
    """A browser in which the person gave password and code."""
    client = Client(**options)
    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    client.post(reverse("sign_in_code"), {"one_time_code": code_of(user)})
    return client


def sitting_key(client: Client) -> str:
    """The key of the sitting a browser is in."""
    return digest(client.cookies[settings.SESSION_COOKIE_NAME].value)
