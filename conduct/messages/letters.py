"""What goes outside: plain words with a link that needs signing in; and how a provider says that it failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from conduct import dates
from conduct.models import Message

from . import kinds

MOST_OF_A_DIGEST = 30
FOOT = "本消息由系统自动发出，请勿回复。打开链接须先登录。消息编号：{number}"


class NotDelivered(Exception):
    """A letter did not go out; the message is Chinese, short, and holds nothing of the letter or the address."""


class Rejected(NotDelivered):
    """This letter, or this address, will not be taken however often it is tried."""


class Delayed(NotDelivered):
    """The provider works and asks to come again later with this letter."""


class Unreachable(NotDelivered):
    """The provider itself does not work now; nothing was handed over."""


class Unsure(NotDelivered):
    """The letter was handed over and nothing came back: it may have arrived."""


@dataclass(frozen=True)
class Letter:
    """One letter. number: stays the same however often it is sent, so that the other side can tell."""

    number: UUID
    subject: str
    text: str

    @property
    def message_id(self) -> str:
        """As mail headers have it."""
        return f"<{self.number}@{host()}>"


def host() -> str:
    """The name the house goes by outside."""
    return str(settings.SITE_URL).split("://", 1)[-1].split("/")[0].split(":")[0]


def link(path: str) -> str:
    """An address of the house as it is opened from outside."""
    return f"{str(settings.SITE_URL).rstrip('/')}{path}"


def of_message(message: Message, *, number: UUID, house: str) -> Letter:
    """The letter that brings one message: what, which unit, by when, and where to go on."""
    subject = f"【{house}】{kinds.label_of(message.kind)}"
    if message.unit:
        subject += f"（{message.unit}）"
    facts = [message.words]
    if message.unit:
        facts.append(f"单位：{message.unit}")
    if message.due_on:
        facts.append(f"期限：{due_words(message.due_on, is_estimate=message.due_is_estimate)}")
    if message.lines:
        facts += ["", message.lines]
    return _letter(subject, facts, message.path, number)


def of_digest(news: Sequence[Message], *, number: UUID, house: str) -> Letter:
    """The letter that gathers the news of a day for one person."""
    facts = [f"您有 {len(news)} 条新消息："]
    for message in news[:MOST_OF_A_DIGEST]:
        until = f"，期限{due_words(message.due_on)}" if message.due_on else ""
        facts.append(f"· {message.words}（{message.unit or house}{until}）")
    if len(news) > MOST_OF_A_DIGEST:
        facts.append(f"另有 {len(news) - MOST_OF_A_DIGEST} 条，请登录查看。")
    subject = f"【{house}】{kinds.DIGEST.label}（{len(news)} 条）"
    return _letter(subject, facts, reverse(settings.INBOX_URL), number)


def due_words(day: date, *, is_estimate: bool = False) -> str:
    """A day as letters say it."""
    return dates.cn_date(day) + ("（估算）" if is_estimate else "")


def _letter(subject: str, facts: list[str], path: str, number: UUID) -> Letter:
    text = "\n".join([*facts, "", f"请登录办理：{link(path)}", "", FOOT.format(number=str(number)[:8])])
    return Letter(number, subject, text)
