"""The places outside the house where anchors are kept: a file, the log host, the auditor's mailbox, a time stamp."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.core.mail import send_mail
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

SECONDS = 10
AUDIT_INFO = 13 * 8 + 6  # facility “log audit”, severity “informational”. Source: RFC 5424 table 1, 2.
LETTER = """本邮件由明察暗访工作系统自动发出，请妥善保存，不要删除。

下面一行是审计链在该时刻的锚点。日后核验时，如果数据库里的审计记录被改动、删去或整体换掉，就与这一行对不上。
核验方法：把保存的各封邮件里的这一行放进一个文本文件，用 verify_audit.py 的 --anchors 参数指明该文件。

{line}
"""


class NotDelivered(Exception):
    """The place could not be reached or did not take the anchor; the message is Chinese and short."""


@dataclass(frozen=True)
class Channel:
    """One place. send: given the anchor's line and number, brings it there; gives back a stamp, or ""."""

    key: str
    name: str
    send: Callable[[str, int], str]


def configured() -> list[Channel]:
    """The places this deployment names."""
    every = (
        (settings.ANCHOR_FILE, Channel("file", "锚点文件", to_file)),
        (settings.ANCHOR_SYSLOG, Channel("syslog", "日志主机", to_syslog)),
        (settings.ANCHOR_MAIL, Channel("mail", "审计员邮箱", to_mail)),
        (settings.ANCHOR_TSA_URL, Channel("tsa", "可信时间戳", to_tsa)),
    )
    return [channel for place, channel in every if place]


def names() -> dict[str, str]:
    """What people call each place."""
    return {"file": "锚点文件", "syslog": "日志主机", "mail": "审计员邮箱", "tsa": "可信时间戳"}


def to_file(line: str, no: int) -> str:
    """Append the line and have it on the disk before returning."""
    path = Path(settings.ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return ""


def to_syslog(line: str, no: int) -> str:
    """One datagram, to a socket of this machine (/dev/log) or to host:port."""
    place = str(settings.ANCHOR_SYSLOG)
    message = f"<{AUDIT_INFO}>conduct: {line}".encode()
    if place.startswith("/"):
        family, address = socket.AF_UNIX, place
        with socket.socket(family, socket.SOCK_DGRAM) as plug:
            plug.settimeout(SECONDS)
            plug.sendto(message, address)
        return ""
    host, _, port = place.rpartition(":")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.settimeout(SECONDS)
        plug.sendto(message, (host.strip("[]") or place, int(port) if host else 514))
    return ""


def to_mail(line: str, no: int) -> str:
    """A letter to the auditors, who keep it."""
    send_mail(f"审计链第{no}号锚点", LETTER.format(line=line), None, list(settings.ANCHOR_MAIL))
    return ""


def to_tsa(line: str, no: int) -> str:
    """A token of the authority over the line, base64. Source: RFC 3161 3.4.

    Raises: NotDelivered when it refuses, or answers about something else
    """
    asked = TimestampRequestBuilder().data(line.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    request = urllib.request.Request(  # noqa: S310 the scheme is checked where the setting is read
        settings.ANCHOR_TSA_URL,
        data=asked.as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310
        content = reply.read(200_000)
    stamp = base64.b64encode(content).decode()
    if problem := stamp_problem(line, stamp, nonce=asked.nonce):
        raise NotDelivered(problem)
    return stamp


def stamp_problem(line: str, stamp: str, *, nonce: int | None = None) -> str:
    """What is wrong with a token over a line, "" when nothing is; signed by whom is checked where a CA is named."""
    content = line.encode()
    try:
        answer = decode_timestamp_response(base64.b64decode(stamp))
        if PKIStatus(answer.status) != PKIStatus.GRANTED:
            return f"时间戳机构没有签发（状态 {answer.status}）"
        imprint = answer.tst_info.message_imprint.message
        if imprint != hashlib.sha256(content).digest():
            return "时间戳说的不是这个锚点"
        if nonce is not None and answer.tst_info.nonce != nonce:
            return "时间戳不是对这次请求的答复"
        if settings.ANCHOR_TSA_CA:
            roots = x509.load_pem_x509_certificates(Path(settings.ANCHOR_TSA_CA).read_bytes())
            VerifierBuilder(roots=roots).build().verify_message(answer, content)
    except VerificationError:
        return "时间戳不是所设机构签发的"
    except ValueError:
        return "时间戳读不出来"
    return ""
