"""A real browser at a desk and in the field; a fault on a page, or a try to leave this machine, fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests import services

DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WAIT_MS = 10_000
# Tests start up to two browsers on a machine that may have neither a sandbox for root nor a large /dev/shm.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread, so Django would take every query of a test for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=services.chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[NewPage]:
    """Open a page of one person's own browser window: `new_page(**PHONE)`; addresses may be relative."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **(options or DESK)
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("response", lambda answer: _note(answer.status, answer.url, faults))
        page.on("request", lambda asked: _note_stranger(asked.url, live_server.url, faults))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def desk(new_page: NewPage) -> Page:
    """A page at an office desk."""
    return new_page(**DESK)


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A page on a phone in the field."""
    return new_page(**PHONE)


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """What axe finds that keeps people out, one line a rule, with the first place."""
    axe = Axe()

    def find(page: Page) -> list[str]:
        violations = axe.run(page).response["violations"]
        return [
            f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:160]}" for found in violations
        ]

    return find


def _note(status: int, url: str, faults: list[str]) -> None:
    if status >= 500 or (status == 404 and "/static/" in url):
        faults.append(f"{status} {url}")


def _note_stranger(url: str, home: str, faults: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:", "about:")):
        faults.append(f"left this machine: {url}")
