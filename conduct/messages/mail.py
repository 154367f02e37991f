"""Letters by the deployment's mail server."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core import mail

from .letters import Delayed, Letter, NotDelivered, Rejected, Unreachable, Unsure

log = logging.getLogger(__name__)
CLOSING = 421  # the server is going away. Source: RFC 5321 3.8


def send(letter: Letter, *, to: str, at: datetime) -> None:
    """Hand one letter to the mail server; returns when the server has taken it.

    A connection carries one letter: what a confused server answers twice cannot be taken for the next one's answer.
    Raises: Rejected, Delayed, Unreachable, Unsure
    """
    connection = mail.get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as fault:
        raise Unreachable(f"邮件服务器连不上（{_named(fault)}）") from fault
    try:
        with _answers_read():
            connection.send_messages([_mail(letter, to, connection)])
    finally:
        _close(connection)


def _mail(letter: Letter, to: str, connection: Any) -> mail.EmailMessage:
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    return mail.EmailMessage(letter.subject, letter.text, to=[to], headers=headers, connection=connection)


@contextmanager
def _answers_read() -> Iterator[None]:
    """Tell what the server's answer, or its silence, means for the letter."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        raise _by_code(max(codes, default=550), "收件地址") from fault
    except smtplib.SMTPSenderRefused as fault:
        raise Unreachable(f"邮件服务器不接受本系统的发件地址（{fault.smtp_code}）") from fault
    except smtplib.SMTPResponseException as fault:
        raise _by_code(fault.smtp_code, "邮件") from fault
    except (smtplib.SMTPException, OSError) as fault:
        # The server went silent or away after it had begun to take the letter.
        raise Unsure(f"邮件服务器没有答复（{_named(fault)}），可能已经送达") from fault


def _by_code(code: int, what: str) -> NotDelivered:
    """Source: RFC 5321 4.2.1: 4yz may succeed later, 5yz will not."""
    if code == CLOSING:
        return Unreachable(f"邮件服务器正在关闭（{code}）")
    if code < 500:
        return Delayed(f"邮件服务器暂不接收这个{what}（{code}）")
    return Rejected(f"邮件服务器拒收这个{what}（{code}）")


def _close(connection: Any) -> None:
    """Hang up; what goes wrong now changes nothing about the letter."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError) as fault:
        log.info("mail server did not say goodbye: %s", type(fault).__name__)


def _named(fault: Exception) -> str:
    code = getattr(fault, "smtp_code", None)
    return f"{code}" if code else type(fault).__name__
