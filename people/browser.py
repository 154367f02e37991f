"""The browser at the door: its address, its mark, and what it calls itself."""

from __future__ import annotations

import ipaddress
import re
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from .sessions import digest

SALT = "people.browser"
MARK_DAYS = 365
SYSTEMS = (
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
PROGRAMS = (
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge 浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
)


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind the office's own proxy, where that says it comes from."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        # Only the last entry is the proxy's own; what stands before it anybody may write.
        given = str(request.META.get("HTTP_X_FORWARDED_FOR", given)).rpartition(",")[2].strip() or given
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return ""


def network_of(address: str) -> str:
    """What tries are counted by: one line of IPv6 owns a whole network of addresses."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def words_of(request: HttpRequest) -> str:
    """What a person would call the device, e.g. 安卓手机 · 微信."""
    agent = str(request.META.get("HTTP_USER_AGENT", ""))[:500]
    words = [
        next((name for mark, name in kinds if re.search(mark, agent)), "") for kinds in (SYSTEMS, PROGRAMS)
    ]
    return " · ".join(word for word in words if word) or "其他设备"


def token_of(request: HttpRequest) -> str:
    """The browser's mark; empty when it has none, or not one of ours."""
    given = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    try:
        return str(signing.loads(given, salt=SALT, max_age=MARK_DAYS * 86400))
    except signing.BadSignature:
        return ""


def mark_of(request: HttpRequest) -> str:
    """The digest of the browser's mark, as the database holds it; empty without one."""
    token = token_of(request)
    return digest(token) if token else ""


def set_mark(request: HttpRequest, response: HttpResponseBase, token: str) -> None:
    """Give the browser its mark, to be known by for a year."""
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps(token, salt=SALT),
        max_age=MARK_DAYS * 86400,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def fresh_token() -> str:
    """A mark nobody has."""
    return secrets.token_urlsafe(24)
