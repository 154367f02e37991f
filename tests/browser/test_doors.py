"""What anyone meets before logging in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import cast


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_a_stranger_is_led_to_a_login_page_everyone_can_use(
    request: pytest.FixtureRequest, screen: str, barriers: Callable[[Page], list[str]]
) -> None:
    page: Page = request.getfixturevalue(screen)
    cast.stand_up()

    page.goto("/")

    expect(page).to_have_url(re.compile("login"))
    expect(page.get_by_label("账号")).to_be_visible()
    assert barriers(page) == []
