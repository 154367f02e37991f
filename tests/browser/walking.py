"""Steps many walks take."""

from __future__ import annotations

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader


def go(page: Page, link: str) -> None:
    """Follow the first link of the page that is called so."""
    page.locator("main").get_by_role("link", name=link).first.click()


def press(page: Page, button: str, *, told: str = "") -> None:
    """Press the button of the page that is called so, and wait for what it tells."""
    page.locator("main").get_by_role("button", name=button, exact=True).last.click()
    if told:
        expect(page.locator("main").get_by_text(told).first).to_be_visible()


def open_panel(page: Page, move: str, words: str) -> None:
    """Open the panel of a move that asks why, and say it."""
    page.locator("summary").filter(has_text=re.compile(f"^{move}$")).click()
    page.locator(".move-panel[open] textarea").last.fill(words)


def decide(page: Page, move: str, words: str, *, told: str = "") -> None:
    """Make a move with its reason."""
    open_panel(page, move, words)
    page.locator(".move-panel[open] button[type=submit]").click()
    if told:
        expect(page.locator("main").get_by_text(told).first).to_be_visible()


def pick(page: Page, box: str, initials: str, name: str) -> None:
    """An indicator by the initials of its sound, in the part of the page at a selector."""
    part = page.locator(box)
    part.locator(".picker-chosen").click()
    part.get_by_role("searchbox").fill(initials)
    part.locator(".picker-choice", has_text=name).first.click()


def pdf_text(page: Page, link: str) -> str:
    """The words of the PDF behind a link, as the person gets it."""
    address = page.get_by_role("link", name=link).first.get_attribute("href")
    body = page.request.get(str(address)).body()
    assert body.startswith(b"%PDF")
    sheets = PdfReader(io.BytesIO(body)).pages
    return re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in sheets))
