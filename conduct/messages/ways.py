"""How a person is told outside the inbox: the channels this deployment has, and those the person chose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from conduct import sealing
from conduct.models import Message, MessageSettings

from . import kinds, mail, robots
from .letters import Letter, Rejected

MAIL = "mail"
NAMES = {MAIL: "邮件", **{key: f"{robot.name}群机器人" for key, robot in robots.ROBOTS.items()}}
PURPOSE = "messages/robot"


@dataclass(frozen=True)
class Keys:
    """What opens a robot: the token in its address, and the key it checks signatures by."""

    token: str
    signing_key: str = ""


def provided() -> list[str]:
    """The channels this deployment has."""
    return [MAIL] * bool(settings.MESSAGE_MAIL) + [
        key for key, robot in robots.ROBOTS.items() if robot.address
    ]


def chosen(wish: MessageSettings | None) -> list[str]:
    """The channels of this deployment the person has turned on."""
    if wish is None:
        return []
    on = [MAIL] * wish.is_mail_on + [wish.robot] * bool(wish.robot)
    return [channel for channel in provided() if channel in on]


def for_message(wish: MessageSettings | None, message: Message) -> list[str]:
    """The channels one message takes: all that are on, unless its kind can be muted and is."""
    is_muted = wish is not None and message.kind in wish.muted and not kinds.is_floor(message.kind)
    return [] if is_muted else chosen(wish)


def waits_for_digest(wish: MessageSettings | None, message: Message) -> bool:
    """Whether it goes out with the news of the day only."""
    return wish is not None and wish.is_daily and not kinds.is_floor(message.kind)


def sender(wish: MessageSettings | None, channel: str) -> Callable[[Letter, datetime], None] | None:
    """What brings a letter to this person by this channel; None when they have turned it off since."""
    if wish is None or channel not in chosen(wish):
        return None
    if channel == MAIL:
        address = wish.mail_address
        return lambda letter, at: mail.send(letter, to=address, at=at)
    return lambda letter, at: _by_robot(wish, channel, letter, at)


def settings_of(people: Iterable[int]) -> dict[int, MessageSettings]:
    """The settings of these people; who never chose has none."""
    return {row.person: row for row in MessageSettings.objects.filter(person__in=set(people))}


def seal_keys(keys: Keys, *, person: int) -> bytes:
    """The keys of a person's robot, closed for storage under sealing.ALG."""
    plain = json.dumps([keys.token, keys.signing_key]).encode()
    return sealing.seal(plain, purpose=PURPOSE, context=str(person))


def keys_of(wish: MessageSettings) -> Keys:
    """The keys of the person's robot. Raises: sealing.Unreadable"""
    plain = sealing.unseal(
        bytes(wish.robot_keys), alg=wish.robot_alg, purpose=PURPOSE, context=str(wish.person)
    )
    return Keys(*json.loads(plain))


def _by_robot(wish: MessageSettings, channel: str, letter: Letter, at: datetime) -> None:
    try:
        keys = keys_of(wish)
    except sealing.Unreadable as fault:
        raise Rejected("机器人的密钥读不出来，请收件人重新填写") from fault
    robots.send(channel, letter, token=keys.token, signing_key=keys.signing_key, at=at)
