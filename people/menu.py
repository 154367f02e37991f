"""The menu of each role, by URL name: a line is shown when its page exists and its door admits the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from conduct.shapes import NavItem

from . import access
from .middleware import table
from .models import User
from .roles import ADMIN_ROLES, FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES, Role


@dataclass(frozen=True)
class Line:
    """One page in the menu, for some roles."""

    label: str
    url_name: str
    roles: frozenset[Role]
    group: str = ""


EVERYONE = frozenset(Role)
BUSINESS = frozenset(Role) - ADMIN_ROLES
READERS = OFFICE_ROLES | {Role.READING_LEADER}
SYSTEM = frozenset({Role.SYSTEM_ADMIN})
SECURITY = frozenset({Role.SECURITY_ADMIN})
LEADER = frozenset({Role.OFFICE_LEADER})

LINES = (
    Line("我的工作", "reports:home", BUSINESS),
    Line("检查批次", "inspections:campaign_list", OFFICE_ROLES | FIELD_ROLES, "检查"),
    Line("检查记录", "inspections:visit_list", OFFICE_ROLES | FIELD_ROLES, "检查"),
    Line("待研判", "findings:worklist", OFFICE_ROLES, "问题"),
    Line("问题台账", "findings:list", READERS, "问题"),
    Line("整改通知书", "findings:notice_list", OFFICE_ROLES, "问题"),
    Line("督办", "findings:supervision_list", OFFICE_ROLES, "问题"),
    Line("责任追究登记", "accountability:list", OFFICE_ROLES, "问题"),
    Line("问题线索", "findings:lead_list", LEADER, "问题"),
    Line("本单位问题", "findings:list", UNIT_ROLES),
    Line("整改通知书", "findings:notice_list", UNIT_ROLES),
    Line("协办事项", "findings:part_list", UNIT_ROLES),
    Line("驾驶舱", "reports:dashboard", READERS, "情况"),
    Line("通报", "reports:bulletin_list", READERS, "情况"),
    Line("待更正", "reports:correction_list", OFFICE_ROLES, "情况"),
    Line("检查标准", "inspections:standards", OFFICE_ROLES | FIELD_ROLES, "依据"),
    Line("工作日历", "people:calendar", OFFICE_ROLES, "依据"),
    Line("整改时限", "findings:routes", frozenset({Role.OFFICE_CLERK}), "依据"),
    Line("历史补录", "findings:history_import", frozenset({Role.OFFICE_CLERK}), "依据"),
    Line("账号", "people:accounts", SYSTEM, "系统管理"),
    Line("单位", "people:units", SYSTEM, "系统管理"),
    Line("机关名称", "people:office", SYSTEM, "系统管理"),
    Line("工作日历", "people:calendar", SYSTEM, "系统管理"),
    Line("后台任务", "people:jobs", SYSTEM, "系统管理"),
    Line("消息投递", "people:deliveries", SYSTEM, "系统管理"),
    Line("岗位授权", "people:posts", SECURITY, "安全管理"),
    Line("岗位变动", "people:post_changes", SECURITY, "安全管理"),
    Line("岗位变动", "people:post_changes", SYSTEM, "系统管理"),
    Line("动态口令恢复", "people:recoveries", SYSTEM, "系统管理"),
    Line("动态口令恢复", "people:recoveries", SECURITY, "安全管理"),
    Line("审计记录", "people:audit", frozenset({Role.AUDITOR}), "审计"),
    Line("查阅记录", "people:reads", frozenset({Role.AUDITOR}), "审计"),
    Line("审计链", "people:chain", frozenset({Role.AUDITOR}), "审计"),
    Line("岗位变动", "people:post_changes", LEADER, "待我确认"),
    Line("动态口令恢复", "people:recoveries", LEADER, "待我确认"),
    Line("我的登录", "people:sittings", EVERYONE, "我的账号"),
    Line("动态口令", "people:second_factor", EVERYONE, "我的账号"),
    Line("找回未提交的内容", "people:held", EVERYONE, "我的账号"),
    Line("修改密码", "password_change", EVERYONE, "我的账号"),
)

SEARCH = "reports:search"

BADGES: dict[str, Callable[[User], int]] = {}


def register_badge(url_name: str, count: Callable[[User], int]) -> None:
    """Let an upper floor say how many things wait behind a menu line; called from its AppConfig.ready.

    count: asked once for each page on which the line is shown, so one bounded query at most
    """
    BADGES[url_name] = count


def menu(*, user: User, path: str) -> list[NavItem]:
    """The lines this person sees, the one of the page at `path` marked."""
    shown = _shown(access.roles_of(user))
    active = max((url for _, url in shown if _leads_to(url, path)), key=len, default="")
    return [
        NavItem(line.label, url, badge=_badge(line, user), is_active=url == active, group=line.group)
        for line, url in shown
    ]


def start_url(user: User) -> str:
    """Where the person begins: the first line of the menu, or the front page for someone without a post."""
    items = menu(user=user, path="")
    return items[0].url if items else "/"


@lru_cache(maxsize=128)
def _shown(roles: frozenset[Role]) -> list[tuple[Line, str]]:
    """The lines of these roles with their addresses; doors and addresses stand as long as the process runs."""
    return _once([(line, url) for line in LINES if line.roles & roles and (url := _address(line, roles))])


def search_url(user: User) -> str:
    """The page of the search for those it admits."""
    return _address_of(SEARCH, access.roles_of(user))


def _address(line: Line, roles: frozenset[Role]) -> str:
    return _address_of(line.url_name, roles)


def _address_of(url_name: str, roles: frozenset[Role]) -> str:
    door = table().get(url_name)
    if door is None or not door.admits("GET", roles):
        return ""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _once(shown: list[tuple[Line, str]]) -> list[tuple[Line, str]]:
    """Someone with two roles sees a page once, where it comes first."""
    first: dict[str, tuple[Line, str]] = {}
    for line, url in shown:
        first.setdefault(url, (line, url))
    return list(first.values())


def _leads_to(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _badge(line: Line, user: User) -> int | None:
    count = BADGES.get(line.url_name)
    return count(user) if count else None
