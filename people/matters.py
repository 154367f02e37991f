"""What an act that takes a code is about: each floor says how to find the row behind its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .models import User

FINDERS: dict[str, Callable[[User, Any], object]] = {}


def register(url_name: str, find: Callable[[User, Any], object]) -> None:
    """Let a floor say which row the address with this key is about; called from its AppConfig.ready.

    find: (person, key) to a row whose text names it, raising Http404 when the person does not see it
    """
    FINDERS[url_name] = find


def named(url_name: str, *, user: User, arguments: Mapping[str, Any]) -> str:
    """The matter in words; empty where the address is about no row.

    Raises: Http404 when the person does not see it
    """
    find = FINDERS.get(url_name)
    return str(find(user, arguments["pk"])) if find else ""
