"""What every page needs to know about who is looking; read only when the page shows it."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from conduct import clock
from conduct.models import Office
from conduct.shapes import Me, NavItem

from . import access, menu
from .backend import OFFICE_NAME
from .menu import register_badge
from .models import User
from .queries.messages import UNREAD, unread_count

__all__ = ["desk", "register_badge"]

PRODUCT = "明察暗访工作系统"


def desk(request: HttpRequest) -> dict[str, Any]:
    """org_name, me, nav, search_url, unread, today, call_for_help: see conduct.shapes for the parts that show them."""
    office: Any = SimpleLazyObject(lambda: Office.objects.first() or Office(name=PRODUCT))
    user = getattr(request, "user", None)
    signed_in = user if isinstance(user, User) and user.is_authenticated else None
    return {
        # It came along with a person who holds a post (people.backend).
        "org_name": getattr(signed_in, OFFICE_NAME, "") or SimpleLazyObject(lambda: str(office.name)),
        "call_for_help": SimpleLazyObject(lambda: _helper(office)),
        "me": _me(signed_in) if signed_in else None,
        "search_url": menu.search_url(signed_in) if signed_in else "",
        "unread": _unread(signed_in) if signed_in else None,
        "nav": SimpleLazyObject(lambda: _nav(signed_in, request.path)),
        "today": clock.day_of(clock.now()),
    }


def _me(user: User) -> Any:
    return SimpleLazyObject(
        lambda: Me(
            name=user.name, role="、".join(access.role_names(user)) or "暂无岗位", unit=_unit_name(user)
        )
    )


def _unread(user: User) -> Any:
    """The number that came along with a person who holds a post, or is asked for when the page shows it."""
    came = getattr(user, UNREAD, None)
    return cache(partial(unread_count, user)) if came is None else came


def _nav(user: User | None, path: str) -> list[NavItem]:
    return menu.menu(user=user, path=path) if user else []


def _unit_name(user: User) -> str:
    """The home unit, which came along with the posts; for someone without one, the unit of a post."""
    held = access.posts_of(user)
    home = held[0].user.home_unit if held else user.home_unit
    unit = home or (held[0].unit if held else None)
    return (unit.short_name or unit.name) if unit else ""


def _helper(office: Office) -> str:
    if not office.opened_at:
        return ""
    return f"{office.name}（{office.contact}）" if office.contact else office.name
