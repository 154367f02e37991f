"""People at their own browsers: each signs in, looks at a page, sends its form, and is told what came of it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conduct import clock, jobs
from reports.models import Bulletin

CASES = Path(__file__).resolve().parent.parent / "cases"
SECRET = "青石-渡口-2014"
SINCE = "2010-01-01"


@dataclass
class Walk:
    """The browsers of everyone in the story, by user name."""

    passwords: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """Signed in by the sign-in page, once."""
        if who not in self.browsers:
            client = Client()
            password = self.passwords.get(who, SECRET)
            answer = client.post(reverse("login"), {"username": who, "password": password})
            assert answer.status_code == 302, f"{who} cannot sign in"
            self.browsers[who] = client
        return self.browsers[who]

    def see(self, who: str, name: str, *args: object, **query: object) -> Any:
        """A page, which must be there."""
        answer = self.browser(who).get(reverse(name, args=args), query)
        assert answer.status_code == 200, f"{who} does not see {name}: {answer.status_code}"
        return answer

    def send(self, who: str, name: str, *args: object, query: str = "", **typed: Any) -> Any:
        """A form, which must be taken: the answer is the page it leads to."""
        answer = self.browser(who).post(reverse(name, args=args) + query, typed, follow=True)
        assert answer.redirect_chain, f"{name} was not taken from {who}: {said(answer)}"
        assert answer.status_code == 200, f"{name} by {who} leads to {answer.status_code}"
        return answer

    def open_account(self, who: str, *, name: str, unit: str, role: str, post_at: str) -> None:
        """The system administrator opens it, the person chooses a password, one asks for a post, one confirms."""
        typed = {"username": who, "name": name, "home_unit": unit}
        shown = self.browser("sysadmin").post(reverse("people:account_new"), typed)
        self.passwords[who] = shown.context["password"]
        chosen = {"old_password": self.passwords[who], "new_password1": SECRET, "new_password2": SECRET}
        self.send(who, "password_change", **chosen)
        post = {"user": who, "role": role, "unit": post_at, "since": SINCE, "reason": "工作安排"}
        self.send("secadmin", "people:post_new", **post)
        [wish] = self.see("sysadmin", "people:post_changes").context["rows"]
        self.send("sysadmin", "people:post_change_decide", wish.pk, "confirm")
        # A post ends every sitting; the person signs in anew with the password of their own.
        self.passwords[who] = SECRET
        del self.browsers[who]


def said(answer: Any) -> str:
    """Everything the page complains about, for the message of a failing test."""
    forms = [value for scope in answer.context or [] for value in scope.values() if hasattr(value, "errors")]
    return f"{answer.status_code} {[dict(form.errors) for form in forms if form.errors]}"


def open_office(*, name: str, region: str, units: str = "") -> Walk:
    """An empty deployment becomes an office on its first-run page."""
    typed: dict[str, Any] = {
        "name": name,
        "region": region,
        "issuer": name,
        "bulletin_code": "某督通",
        "notice_code": "某督整",
        "contact": "督查一科 0000-1234567",
    }
    for role, who in (("system_admin", "sysadmin"), ("security_admin", "secadmin"), ("auditor", "auditor")):
        person = {"username": who, "name": f"{who}甲", "password": SECRET, "password_again": SECRET}
        typed |= {f"{role}-{key}": value for key, value in person.items()}
    if units:
        typed["units"] = case(units)
    answer = Client().post(reverse("people:setup"), typed)
    assert answer.status_code == 302, said(answer)
    return Walk()


def case(name: str) -> SimpleUploadedFile:
    """A file of a real campaign, as it is chosen in a browser."""
    return SimpleUploadedFile(name, (CASES / name).read_bytes(), content_type="application/json")


def run_jobs() -> None:
    """Do the background work that waits, as the worker does."""
    for run in jobs.take_to_send(at=clock.now()):
        jobs.perform(str(run.pk))


def text_of(pdf: bytes) -> str:
    """Everything a paper says, without line breaks."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def bytes_of(answer: Any) -> bytes:
    """The file an answer carries."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def issue_bulletin(
    walk: Walk, *, kind: str, first: date, last: date, office: int, clerk: str, leader: str
) -> Bulletin:
    """Order it, let it be drafted, submit it and sign it, each on their page."""
    typed = {"kind": kind, "first": first.isoformat(), "last": last.isoformat(), "office": office}
    walk.send(clerk, "reports:bulletin_new", **typed, most_cases=20, made_key=str(uuid4()))
    run_jobs()
    bulletin = Bulletin.objects.get(period_from=first, period_to=last)
    walk.send(clerk, "reports:bulletin_move", bulletin.pk, "submit")
    walk.send(leader, "reports:bulletin_move", bulletin.pk, "sign")
    bulletin.refresh_from_db()
    return bulletin
