"""What every answer tells the browser: take nothing from elsewhere, show it in no frame, guess no type."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from people.middleware import table
from tests.factories.cast import Cast, signed_in

# What is sent with an answer does not depend on the engine.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EXAMPLE = "00000000-0000-4000-8000-000000000000"


def addresses() -> dict[str, str]:
    """Every URL of the house by name, with an example where it wants a key; and what is no page of it."""
    found = {"(static)": "/static/css/app.css", "(nothing)": "/no/such/page"}
    for name in table():
        for args in (
            [],
            [EXAMPLE],
            [1],
            ["x"],
            [EXAMPLE, "x"],
            [1, "x"],
            ["x", 1],
            ["x", EXAMPLE],
            [EXAMPLE, EXAMPLE],
        ):
            try:
                found[name] = reverse(name, args=args)
            except NoReverseMatch:
                continue
            break
    return found


def wrong_with(answer: object) -> list[str]:
    """What the headers of an answer lack."""
    headers = answer.headers  # type: ignore[attr-defined]
    policy = headers.get("Content-Security-Policy", "")
    checks = {
        "no policy": bool(policy),
        "unsafe": "unsafe" not in policy and "*" not in policy,
        "script from anywhere": bool(re.search(r"(script-src|default-src) '(self|none)'", policy)),
        "framed": "frame-ancestors 'none'" in policy and headers.get("X-Frame-Options") == "DENY",
        "guesses": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == "same-origin",
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "HSTS": "max-age=31536000" in headers.get("Strict-Transport-Security", ""),
    }
    return [what for what, holds in checks.items() if not holds]


def test_every_door_has_an_address_to_try() -> None:
    assert set(table()) <= set(addresses())


@pytest.mark.parametrize("method", ["get", "post"])
@override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_SSL_REDIRECT=False)
def test_every_url_says_so_whoever_asks(cast: Cast, method: str) -> None:
    wrong: dict[tuple[str, str], list[str]] = {}
    for who, client in (
        ("nobody", Client()),
        ("clerk", signed_in(cast.clerk)),
        ("head", signed_in(cast.east_head)),
    ):
        for name, address in addresses().items():
            if name == "logout":
                continue
            answer = getattr(client, method)(address, secure=True)
            if lacking := wrong_with(answer):
                wrong[who, name] = lacking

    assert wrong == {}


def test_the_check_itself_sees_a_page_that_says_nothing() -> None:
    with override_settings(MIDDLEWARE=["django.middleware.common.CommonMiddleware"], APPEND_SLASH=False):
        assert set(wrong_with(Client().get("/no/such/page"))) >= {"no policy", "framed", "guesses", "HSTS"}
