from __future__ import annotations

from typing import Any

import pytest

from conduct import messages, sealing
from conduct.audit import SystemActor
from conduct.messages import delivering, kinds, ways
from conduct.messages.ways import Keys
from conduct.models import Delivery, Message, MessageSettings
from tests.factories.cast import AT, open_office

TOKEN = "0123456789abcdef0123456789abcdef"
SIGNING_KEY = "SEC0123456789"
CALM = messages.Kind("tests.calm", "平常消息")
URGENT = messages.Kind("tests.urgent", "签收提醒", is_floor=True)


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of the tests' own: one that can be muted, one that cannot."""
    monkeypatch.setattr(kinds, "KINDS", {kind.key: kind for kind in (CALM, URGENT)})


@pytest.fixture
def office(db: None) -> None:
    """The house has a name."""
    open_office()


def told(*people: int, kind: messages.Kind = URGENT, step: str = "issued", **changes: Any) -> list[Message]:
    """A message to these people; returns those there are of the step."""
    given: dict[str, Any] = {
        "matter": "tests.matter",
        "words": "安督整〔2026〕1号整改通知书已发出，请签收。",
        "unit": "东区",
        "url_name": "people:messages",
        "by": SystemActor(),
        "at": AT,
    }
    messages.tell(kind, to=people, step=step, **given | changes)
    return list(Message.objects.filter(step=step).order_by("recipient"))


def by_mail(person: int, **changes: Any) -> MessageSettings:
    """Somebody who takes messages by mail."""
    given = {"mail_address": f"person{person}@example.gov.cn", "is_mail_on": True}
    return MessageSettings.objects.create(person=person, **given | changes)


def by_robot(person: int, robot: str, *, signing_key: str = "") -> MessageSettings:
    """Somebody who takes messages by a robot."""
    keys = ways.seal_keys(Keys(TOKEN, signing_key), person=person)
    return MessageSettings.objects.create(person=person, robot=robot, robot_alg=sealing.ALG, robot_keys=keys)


def worked_off(at: Any = AT) -> int:
    """One run of the job at a moment."""
    return delivering.work_off(now=lambda: at)


def only() -> Delivery:
    """The one delivery there is."""
    return Delivery.objects.get()


def mail_through(settings: Any, port: int) -> None:
    """Let the house use the mail server at this port."""
    settings.MESSAGE_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 0.5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.SITE_URL = "https://office.example.gov.cn"
