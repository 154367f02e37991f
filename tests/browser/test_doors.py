"""What anyone meets before logging in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewPage
from tests.factories import cast


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_stranger_is_led_to_a_login_page_everyone_can_use(
    new_page: NewPage, screen: dict[str, Any], barriers: Callable[[Page], list[str]]
) -> None:
    cast.stand_up()
    page = new_page(**screen)

    page.goto("/")

    expect(page).to_have_url(re.compile("login"))
    expect(page.get_by_label("账号")).to_be_visible()
    assert barriers(page) == []
