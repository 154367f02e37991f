"""Phones with a durable journal each: a key is written down before it is sent, and again when it is acknowledged."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import math
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.factories.cast import PASSWORD

PATIENCE_SECONDS = 8
PAUSE_SECONDS = 0.2
ACKNOWLEDGED = 201
# Every so many submissions one is sent to the naive control as well.
NAIVE_EVERY = 2
NAIVE_TRIES = 5


class _Stay(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is no acknowledgement."""

    def redirect_request(self, *args: object) -> None:
        return None


class Journal:
    """Lines that are on the disk when the call returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a")

    def write(self, what: str, key: str) -> None:
        self._file.write(f"{what} {key}\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def keys(self, what: str) -> set[str]:
        """What the disk says."""
        lines = [line.split() for line in self.path.read_text().splitlines()]
        return {key for word, key in lines if word == what}


@dataclass
class Phone:
    """One phone with its share of the units; it sends a key until it is acknowledged."""

    url: str
    journal: Journal
    campaign: str
    day: str
    units: list[int]
    pace: float
    stop: threading.Event
    answers: Counter[str] = field(default_factory=Counter)
    fault: str = ""

    def sign_in(self) -> None:
        """Through the page, as a person does."""
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._jar), _Stay(), urllib.request.ProxyHandler({})
        )
        self._ask("/login/")
        status, _ = self._ask("/login/", username="inspector", password=PASSWORD)
        assert status == 302, f"could not sign in: {status}"

    def run(self) -> None:
        """File every unit's visit, one after another, not faster than the pace."""
        begun = time.monotonic()
        for number, unit in enumerate(self.units):
            self.stop.wait(max(0.0, begun + number * self.pace - time.monotonic()))
            place = urllib.parse.urlencode({"campaign": self.campaign, "unit": unit})
            self._send("sent", "acknowledged", f"/chaos/file/?{place}", **self._record())
            if number % NAIVE_EVERY == 0:
                self._send("naive-sent", "naive-acknowledged", "/chaos/naive/", tries=NAIVE_TRIES)
            if self.stop.is_set():
                return

    def _record(self) -> dict[str, Any]:
        """The form as filled in on the spot: a day, the hours, and that nothing was found."""
        return {
            "visited_on": self.day,
            "arrived": "09:30",
            "left": "10:30",
            "method": "open",
            "no_problem": "on",
            "seen-TOTAL_FORMS": "0",
            "seen-INITIAL_FORMS": "0",
        }

    def _send(self, before: str, after: str, path: str, *, tries: float = math.inf, **facts: object) -> None:
        key = str(uuid4())
        self.journal.write(before, key)
        while tries > 0 and not self.stop.is_set():
            tries -= 1
            status, text = self._ask(path, key=key, client_key=key, **facts)
            if status == ACKNOWLEDGED and json.loads(text)["key"] == key:
                self.journal.write(after, key)
                return
            if 400 <= status < 500:
                self.fault = f"{path} refused with {status}: {text[:500]}"
            self.stop.wait(PAUSE_SECONDS)

    def _ask(self, path: str, **facts: object) -> tuple[int, str]:
        tokens = [cookie.value for cookie in self._jar if cookie.name == "csrf"]
        data = urllib.parse.urlencode(facts).encode() if facts else None
        request = urllib.request.Request(self.url + path, data=data)
        request.add_header("X-CSRFToken", (tokens or [""])[-1] or "")
        try:
            with self._answer(request) as answer:
                status, text = int(answer.status), answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as fault:
            status, text = 0, type(fault).__name__
        self.answers[str(status or text)] += 1
        return status, text

    def _answer(self, request: urllib.request.Request) -> Any:
        """The answer of whatever status, still to be read; the server may be killed in the middle of it."""
        try:
            return self._opener.open(request, timeout=PATIENCE_SECONDS)
        except urllib.error.HTTPError as refusal:
            return refusal
