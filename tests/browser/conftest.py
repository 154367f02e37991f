"""A real browser at a desk and in the field; a fault on a page, or a try to leave this machine, fails the test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from conduct import clock
from people.models import User
from tests import services
from tests.factories.cast import AT, PASSWORD

DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
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
    "--lang=zh-CN",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

# Words of Latin letters an office knows as they are; others of four letters and more are leftovers.
LATIN = {"JSON", "XLSX", "DOCX", "WEBP", "HEIC", "Excel", "Word", "Windows", "Linux", "Chrome", "Edge"}
WIDTHS = {"desk": DESK["viewport"], "phone": PHONE["viewport"]}
PHOTOS = 10

NewPage = Callable[..., Page]
Enter = Callable[..., Page]
Look = Callable[[Page, str], None]
Barriers = Callable[[Page], list[str]]


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
        page.on("console", lambda said: _note_policy(said.text, faults))
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
def barriers() -> Barriers:
    """What axe finds that keeps people out, one line a rule, with the first place."""
    axe = Axe()

    def find(page: Page) -> list[str]:
        violations = axe.run(page).response["violations"]
        return [
            f"{found['id']} ({found['impact']}): {found['nodes'][0]['html'][:160]}" for found in violations
        ]

    return find


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world's clock runs from the late morning of the cast's Monday, when its first visits are over."""
    begun = clock.now()
    really_now = clock.now
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(hours=2) + (really_now() - begun))


@pytest.fixture
def enter(new_page: NewPage) -> Enter:
    """Log a person in by the form, each in a browser window of their own: `enter(cast.clerk, **DESK)`."""

    def log_in(user: User, **options: Any) -> Page:
        page = new_page(**options)
        page.goto("/login/")
        page.get_by_label("账号").fill(user.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).not_to_have_url(re.compile("/login/"))
        return page

    return log_in


@pytest.fixture
def look(barriers: Barriers) -> Look:
    """Look at a page at both sizes: nobody kept out, nothing cut off on a phone, nothing left in English.

    SHOTS=<folder> in the environment keeps a picture of each.
    """

    def see(page: Page, name: str) -> None:
        own = page.viewport_size
        wrong = leftovers(page)
        for size, width in WIDTHS.items():
            page.set_viewport_size(width)
            wrong += [f"{size}: {found}" for found in barriers(page)]
            if size == "phone":
                wrong += cut_off(page)
            if "SHOTS" in os.environ:
                page.screenshot(path=Path(os.environ["SHOTS"]) / f"{name}-{size}.png", full_page=True)
        page.set_viewport_size(own or DESK["viewport"])
        assert wrong == [], f"{name} {page.url}"

    return see


@pytest.fixture(scope="session")
def big_photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten photographs of about eight megabytes: noise, which no camera's encoder can make small."""
    folder = tmp_path_factory.mktemp("photos")
    noise = Image.frombytes("RGB", (2400, 1800), os.urandom(2400 * 1800 * 3))
    paths = []
    for number in range(1, PHOTOS + 1):
        path = folder / f"现场{number}.jpg"
        noise.rotate(0).save(path, quality=97, subsampling=0, comment=str(number))
        paths.append(path)
    return paths


def leftovers(page: Page) -> list[str]:
    """Words on the page a Chinese office would not write."""
    text = page.locator("body").inner_text()
    for secret in page.locator(".once").all_inner_texts():
        text = text.replace(secret, "")
    names = set(User.objects.values_list("username", flat=True))
    # What follows a slash is part of an address.
    words = set(re.findall(r"(?<![/A-Za-z_])[A-Za-z_]{4,}", text)) - LATIN - names
    return [f"English: {word}" for word in sorted(words)]


def cut_off(page: Page) -> list[str]:
    """What is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wider} px wider than the phone"] if wider > 0 else []


def _note(status: int, url: str, faults: list[str]) -> None:
    if status >= 500 or (status == 404 and "/static/" in url):
        faults.append(f"{status} {url}")


def _note_policy(text: str, faults: list[str]) -> None:
    if "Content Security Policy" in text or "Permissions Policy" in text:
        faults.append(f"policy: {text[:200]}")


def _note_stranger(url: str, home: str, faults: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:", "about:")):
        faults.append(f"left this machine: {url}")
