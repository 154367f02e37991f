"""Letters into groups, through a real web server: signed, confirmed by the platform's own word, never twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest

from conduct.errors import Refused
from conduct.messages import robots
from conduct.models import Delivery
from tests.factories.cast import AT

from .conftest import SIGNING_KEY, TOKEN, by_robot, only, told, worked_off
from .servers import closed_port, platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
LATER = AT + timedelta(hours=1, minutes=1)


@pytest.fixture(autouse=True)
def addresses(settings) -> None:
    settings.SITE_URL = "https://office.example.gov.cn"
    settings.WECOM_ROBOT_URL = settings.DINGTALK_ROBOT_URL = ""


def test_dingtalk_is_asked_with_time_stamp_and_signature(settings) -> None:
    by_robot(7, "dingtalk", signing_key=SIGNING_KEY)
    told(7)
    with platform() as desk:
        settings.DINGTALK_ROBOT_URL = desk.url
        worked_off()

    stamp = str(int(AT.timestamp() * 1000))
    digest = hmac.new(SIGNING_KEY.encode(), f"{stamp}\n{SIGNING_KEY}".encode(), hashlib.sha256).digest()
    assert desk.asked == [
        {"access_token": TOKEN, "timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    ]
    assert "请签收" in desk.texts[0] and "单位：东区" in desk.texts[0]
    assert only().confirmed_at == AT


def test_wecom_is_asked_by_its_key(settings) -> None:
    by_robot(7, "wecom")
    told(7)
    with platform() as desk:
        settings.WECOM_ROBOT_URL = desk.url
        worked_off()

    assert desk.asked == [{"key": TOKEN}]
    assert only().confirmed_at == AT


def test_a_platform_that_answers_twice_confirms_once(settings) -> None:
    by_robot(7, "wecom")
    by_robot(8, "wecom")
    told(7, 8)
    with platform(twice=True) as desk:
        settings.WECOM_ROBOT_URL = desk.url
        worked_off()
        worked_off(LATER)

    assert len(desk.texts) == 2
    assert Delivery.objects.filter(confirmed_at=AT).count() == 2


def test_a_platform_that_hangs_is_asked_again_under_the_same_number(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "SECONDS", 0.3)
    by_robot(7, "wecom")
    told(7)
    with platform(hangs=0.8) as desk:
        settings.WECOM_ROBOT_URL = desk.url
        worked_off()
        unsure = only()
        desk.hangs = 0
        worked_off(LATER)

    assert unsure.is_unsure and "可能已经送达" in unsure.problem
    assert desk.numbers == [f"<{unsure.pk}@office.example.gov.cn>"] * 2
    assert only().confirmed_at == LATER


@pytest.mark.parametrize(
    ("answer", "is_over", "words"),
    [
        ({"status": 503}, False, "暂时不能接收（HTTP 503）"),
        ({"status": 302}, True, "拒收（HTTP 302）"),
        ({"code": 45009}, False, "要求稍后再发（45009）"),
        ({"code": 93000}, True, "不认这个机器人或它的签名（93000）"),
        ({"code": 77}, True, "拒收（77）"),
        ({"body": b"<html>proxy</html>"}, False, "读不懂"),
        ({"body": b"x" * 200_000}, False, "没完没了"),
    ],
)
def test_what_the_platform_answers_decides(settings, answer: dict, is_over: bool, words: str) -> None:
    by_robot(7, "wecom")
    told(7)
    with platform(**answer) as desk:
        settings.WECOM_ROBOT_URL = desk.url
        worked_off()

    row = only()
    assert (row.confirmed_at, row.given_up_at is not None) == (None, is_over)
    assert words in row.problem
    assert "甲某" not in row.problem


def test_a_platform_that_is_away_is_told(settings) -> None:
    by_robot(7, "dingtalk")
    told(7)
    settings.DINGTALK_ROBOT_URL = f"http://127.0.0.1:{closed_port()}/robot/send"

    worked_off()

    assert only().problem == "钉钉连不上（ConnectError）"
    assert only().given_up_at is None


def test_a_long_text_is_cut_in_front_of_its_link(settings) -> None:
    by_robot(7, "wecom")
    told(7, lines="\n".join(f"逾期　东区　安督整〔2026〕{n}号" for n in range(80)))
    with platform() as desk:
        settings.WECOM_ROBOT_URL = desk.url
        worked_off()

    [text] = desk.texts
    assert len(text.encode()) <= 2048
    assert "其余请登录查看" in text and "https://office.example.gov.cn/messages/" in text


def test_keys_that_can_no_longer_be_read_are_told(settings) -> None:
    wish = by_robot(7, "wecom")
    wish.robot_keys = bytes(wish.robot_keys)[:-1] + b"x"
    wish.save()
    told(7)
    settings.WECOM_ROBOT_URL = "http://127.0.0.1:1/robot/send"

    worked_off()

    assert only().problem == "机器人的密钥读不出来，请收件人重新填写"


def test_a_key_is_taken_from_the_address_the_platform_shows(settings) -> None:
    settings.WECOM_ROBOT_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"

    assert robots.token_of("wecom", f"{settings.WECOM_ROBOT_URL}?key={TOKEN}") == TOKEN


@pytest.mark.parametrize(
    "address",
    [
        f"https://evil.example/cgi-bin/webhook/send?key={TOKEN}",
        f"http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
        f"https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key={TOKEN}",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=../x",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "http://[::1",
        "a\0b",
        TOKEN,
    ],
)
def test_no_other_address_is_ever_called(settings, address: str) -> None:
    settings.WECOM_ROBOT_URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"

    with pytest.raises(Refused, match="这不是企业微信群机器人的地址"):
        robots.token_of("wecom", address)
