"""What people do with their messages, how they want to be told, and letters that were given up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from conduct import audit, messages, sealing
from conduct.errors import MovedMeanwhile, Refused
from conduct.messages import delivering, kinds, robots, ways
from conduct.messages.ways import Keys
from conduct.models import Delivery, Message, MessageSettings
from people import access
from people.models import User
from people.roles import Permission

CHANGED = "消息设置在您填写期间已在别处改过。您填的内容仍在页面上，请核对后再保存。"


@dataclass(frozen=True)
class Wish:
    """How somebody wants to be told.

    robot_address: as the platform shows it; empty keeps the one there is
    signing_key:   the same
    """

    is_mail_on: bool = False
    mail_address: str = ""
    robot: str = ""
    robot_address: str = ""
    signing_key: str = ""
    is_daily: bool = False
    muted: Sequence[str] = ()


def opened(*, message: Message, at: datetime) -> Message:
    """The recipient has the message in front of them."""
    if message.read_at is None:
        Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=at)
        message.read_at = at
    return message


@transaction.atomic
def mark_read(*, keys: Collection[UUID] | None, by: User, at: datetime) -> int:
    """Mark one's own messages as read: these, or all; returns how many were not."""
    rows = Message.objects.filter(recipient=by.pk, read_at__isnull=True)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    count = rows.update(read_at=at)
    if count:
        audit.record(
            at=at,
            by=by,
            verb="people.messages_read",
            label="消息标为已读",
            subject=by,
            details={"count": count},
        )
    return count


def save_settings(*, wish: Wish, expected: int, by: User, at: datetime) -> MessageSettings:
    """Keep how the person wants to be told.

    expected: the version the person had on the screen, 0 where there was none yet
    Raises:   Refused for an address or robot that cannot be used; MovedMeanwhile
    """
    row = MessageSettings.objects.filter(person=by.pk).first() or MessageSettings(person=by.pk, version=0)
    if row.version != expected:
        raise MovedMeanwhile(CHANGED)
    _take(row, wish)
    row.version += 1
    try:
        with transaction.atomic():
            _write(row, expected)
            audit.record(at=at, by=by, verb="people.message_settings", label="修改消息设置", subject=by)
    except IntegrityError as fault:
        raise MovedMeanwhile(CHANGED) from fault
    return row


@transaction.atomic
def send_trial(*, by: User, at: datetime) -> None:
    """Send oneself a message by every way one has chosen, at most one a minute.

    Raises: Refused where none is chosen
    """
    if not ways.chosen(MessageSettings.objects.filter(person=by.pk).first()):
        raise Refused("还没有开启邮件或群机器人。请先填好并保存，再发测试消息。")
    audit.record(at=at, by=by, verb="people.message_trial", label="发测试消息", subject=by)
    messages.tell(
        kinds.TRIAL,
        to=[by.pk],
        matter=by,
        step=f"trial:{at:%Y%m%d%H%M}",
        words="这是一条测试消息，收到即说明这一方式可用。",
        unit="",
        url_name="people:message_settings",
        by=audit.SystemActor(),
        at=at,
    )


@transaction.atomic
def retry(*, delivery: Delivery, by: User, at: datetime) -> None:
    """Try a letter again that was given up. Raises: Forbidden; Refused when it waits already"""
    access.require_everywhere(by, Permission.JOBS_VIEW)
    if not delivering.give_another_chance(delivery, at=at):
        raise Refused("这条消息已不在“未送达”之列，无需重新投递。请刷新页面。")
    audit.record(at=at, by=by, verb="people.delivery_retried", label="重新投递消息", subject=delivery)


def _take(row: MessageSettings, wish: Wish) -> None:
    """Put the wish into the row; what names a robot is sealed at once."""
    if wish.is_mail_on and not wish.mail_address:
        raise Refused("开启邮件须填写邮箱地址。")
    row.is_mail_on, row.mail_address = wish.is_mail_on, wish.mail_address
    row.is_daily = wish.is_daily
    mutable = {kind.key for kind in kinds.all_of(floors=False)}
    row.muted = sorted(mutable & set(wish.muted))
    if not wish.robot:
        row.robot, row.robot_alg, row.robot_keys = "", "", b""
        return
    had = _keys_kept(row) if row.robot == wish.robot else None
    if had is None and not wish.robot_address:
        raise Refused("使用群机器人须填写它的地址。请在群机器人的设置里复制完整地址。")
    old = had or Keys("")
    token = robots.token_of(wish.robot, wish.robot_address) if wish.robot_address else old.token
    keys = Keys(token, wish.signing_key or old.signing_key)
    row.robot, row.robot_alg = wish.robot, sealing.ALG
    row.robot_keys = ways.seal_keys(keys, person=row.person)


def _keys_kept(row: MessageSettings) -> Keys | None:
    """The keys of the robot there is; None of one whose keys can no longer be read."""
    try:
        return ways.keys_of(row)
    except sealing.Unreadable:
        return None


def _write(row: MessageSettings, expected: int) -> None:
    if expected == 0:
        row.save(force_insert=True)
        return
    fields = {
        name: getattr(row, name)
        for name in (
            "mail_address",
            "is_mail_on",
            "robot",
            "robot_alg",
            "robot_keys",
            "is_daily",
            "muted",
            "version",
        )
    }
    if not MessageSettings.objects.filter(pk=row.pk, version=expected).update(**fields):
        raise MovedMeanwhile(CHANGED)
