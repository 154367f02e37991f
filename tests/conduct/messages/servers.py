"""A mail server and a robot's platform on this machine, which can be told to refuse, to hang and to answer twice."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 taken"


@dataclass
class Post:
    """What a mail server was told and what it answers.

    at_rcpt, at_data: its answer there; None: it keeps silent, having taken the letter
    twice:            it says the answer to a letter two times over
    """

    at_rcpt: str = "250 ok"
    at_data: str | None = TAKEN
    twice: bool = False
    seen: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    @property
    def numbers(self) -> list[str]:
        """The Message-IDs of the letters that came, in order."""
        return [str(letter["Message-ID"]) for letter in self.seen]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        letter: Any = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.seen.append(letter)
        if self.at_data is None:
            server.transport.abort()
            return TAKEN
        if self.twice:
            await server.push(self.at_data)
        return self.at_data


@contextmanager
def post_office(**told: Any) -> Iterator[Post]:
    """A mail server that answers while the block runs."""
    post = Post(**told)
    controller = Controller(post, hostname="127.0.0.1", port=_free_port())
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


@contextmanager
def silent_port() -> Iterator[int]:
    """A server that lets one connect and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port at which nobody listens."""
    return _free_port()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Platform:
    """What a robot's platform was told and what it answers.

    status, code: of its answer; hangs: seconds it keeps silent for, having taken the letter
    twice:        it sends its answer two times over; body: sent instead of a decent answer
    """

    status: int = 200
    code: int = 0
    hangs: float = 0
    twice: bool = False
    body: bytes = b""
    asked: list[dict[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def answer(self) -> bytes:
        return self.body or json.dumps({"errcode": self.code, "errmsg": "a person's name 甲某"}).encode()


@contextmanager
def platform(**told: Any) -> Iterator[Platform]:
    """A platform that answers while the block runs."""
    found = Platform(**told)

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.asked.append(dict(parse_qsl(urlsplit(self.path).query)))
            found.texts.append(content["text"]["content"])
            found.numbers.append(self.headers["Message-ID"])
            time.sleep(found.hangs)
            for _ in range(2 if found.twice else 1):
                self.send_response(found.status)
                self.send_header("Content-Length", str(len(found.answer)))
                self.end_headers()
                self.wfile.write(found.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/robot/send"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
