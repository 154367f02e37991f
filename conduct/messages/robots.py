"""Letters into a group of WeCom or DingTalk, by the group's robot.

People give the key of a robot, never an address to call: where letters go is set by the deployment alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from conduct.errors import Refused

from .letters import Delayed, Letter, NotDelivered, Rejected, Unreachable, Unsure

SECONDS = 10.0
MOST_ANSWER = 64 * 1024
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")


@dataclass(frozen=True)
class Robot:
    """How one platform takes letters.

    setting:  the name of the setting that holds its address, empty where the deployment does not use it
    parameter: of the address, which holds the robot's key
    most_bytes: of a text
    later, never: codes of its answer that ask to come again, and that will not change
    Source: open.dingtalk.com, custom robots; developer.work.weixin.qq.com, group robots (error codes)
    """

    name: str
    setting: str
    parameter: str
    most_bytes: int
    later: frozenset[int]
    never: frozenset[int]
    sample: str

    @property
    def address(self) -> str:
        return str(getattr(settings, self.setting))


ROBOTS: dict[str, Robot] = {
    "wecom": Robot(
        "企业微信",
        "WECOM_ROBOT_URL",
        "key",
        2048,
        frozenset({-1, 45009, 45033}),
        frozenset({40008, 40058, 93000, 93004, 93008}),
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    ),
    "dingtalk": Robot(
        "钉钉",
        "DINGTALK_ROBOT_URL",
        "access_token",
        18_000,
        frozenset({-1, 130101, 410100}),
        frozenset({300001, 300005, 310000, 400013, 400101, 400102, 400105}),
        "https://oapi.dingtalk.com/robot/send?access_token=…",
    ),
}


def token_of(kind: str, address: str) -> str:
    """The robot's key out of the address the platform shows.

    Raises: Refused when it is no address of such a robot
    """
    robot = ROBOTS[kind]
    try:
        told = urlsplit(address)
    except ValueError:
        told = urlsplit("")
    own = urlsplit(robot.address)
    [token, *_] = parse_qs(told.query).get(robot.parameter, [""])
    if (told.scheme, told.netloc, told.path) != (own.scheme, own.netloc, own.path) or not TOKEN.fullmatch(
        token
    ):
        raise Refused(
            f"这不是{robot.name}群机器人的地址。请在群机器人的设置里复制完整地址，形如 {robot.sample}"
        )
    return token


def send(kind: str, letter: Letter, *, token: str, signing_key: str, at: datetime) -> None:
    """Hand one letter to the robot; returns when the platform says it has taken it.

    Raises: Rejected, Delayed, Unreachable, Unsure
    """
    robot = ROBOTS[kind]
    question = {robot.parameter: token, **(signature(signing_key, at=at) if signing_key else {})}
    text = {"msgtype": "text", "text": {"content": cut(f"{letter.subject}\n{letter.text}", robot.most_bytes)}}
    _judge(robot, *_post(robot, question, text, letter))


def signature(signing_key: str, *, at: datetime) -> dict[str, str]:
    """Time stamp and signature as robots with a signing key ask for them.

    Source: open.dingtalk.com, custom robot security settings: HMAC-SHA256 over "timestamp\\nkey", base64
    """
    stamp = str(round(at.timestamp() * 1000))
    digest = hmac.new(signing_key.encode(), f"{stamp}\n{signing_key}".encode(), hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def cut(text: str, most_bytes: int) -> str:
    """The text, shortened in front of its last lines, which hold the link."""
    if len(text.encode()) <= most_bytes:
        return text
    body, tail = text.rsplit("\n\n请登录办理", 1)
    rest = f"\n……其余请登录查看。\n\n请登录办理{tail}"
    room = max(0, most_bytes - len(rest.encode()))
    return body.encode()[:room].decode(errors="ignore") + rest


def _post(robot: Robot, question: dict[str, str], text: dict[str, Any], letter: Letter) -> tuple[int, bytes]:
    """Status and body of the answer, within one time limit for all of it."""
    # Loaded by the worker that sends, not by every process that knows of messages.
    import httpx

    began = time.monotonic()
    content = b""
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", robot.address, params=question, json=text, headers={"Message-ID": letter.message_id}
            ) as answer,
        ):
            for part in answer.iter_raw():
                content += part
                if time.monotonic() - began > SECONDS or len(content) > MOST_ANSWER:
                    raise Unsure(f"{robot.name}的答复没完没了，可能已经送达")
            return answer.status_code, content
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as fault:
        raise Unreachable(f"{robot.name}连不上（{type(fault).__name__}）") from fault
    except httpx.HTTPError as fault:
        raise Unsure(f"{robot.name}没有答复（{type(fault).__name__}），可能已经送达") from fault


def _judge(robot: Robot, status: int, content: bytes) -> None:
    """Tell what the answer means for the letter; silence here is a confirmation."""
    if status == 429 or status >= 500:
        raise Unreachable(f"{robot.name}暂时不能接收（HTTP {status}）")
    if status != 200:
        raise Rejected(f"{robot.name}拒收（HTTP {status}）")
    try:
        code = json.loads(content)["errcode"]
    except (ValueError, KeyError, TypeError) as fault:
        raise Unsure(f"{robot.name}的答复读不懂，可能已经送达") from fault
    if code != 0:
        raise _by_code(robot, code)


def _by_code(robot: Robot, code: object) -> NotDelivered:
    known = code if isinstance(code, int) else 0
    if known in robot.later:
        return Delayed(f"{robot.name}要求稍后再发（{known}）")
    if known in robot.never:
        return Rejected(f"{robot.name}不认这个机器人或它的签名（{known}）")
    return Rejected(f"{robot.name}拒收（{known}）")
