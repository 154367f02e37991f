"""The office and its names: an empty deployment becomes an office with its three administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from conduct import audit, clock, moves
from conduct.calendar import seed
from conduct.errors import Refused
from conduct.models import Office
from people import access
from people.initials import sounds_of_person
from people.models import Post, Unit, User
from people.roles import ADMIN_ROLES, ROLE_NAMES, Permission, Role

from . import unit_import, units
from .unit_import import Plan

TOP_CODE = "0"
OFFICE_CODE = "0-DB"


@dataclass(frozen=True)
class FirstPerson:
    """One of the three administrators as the first-run page names them."""

    username: str
    name: str
    password: str


@dataclass(frozen=True)
class Names:
    """What the office calls itself. region: the unit at the top of the tree."""

    name: str
    region: str
    issuer: str
    bulletin_code: str
    notice_code: str
    contact: str = ""


@transaction.atomic
def open_office(
    *, names: Names, admins: Mapping[Role, FirstPerson], plan: Plan | None, at: datetime
) -> Office:
    """Set up the office: its names, the units, and three administrators who are three persons.

    plan:   the units of the file handed in, None without one
    Raises: Refused when it is open already, the three are not three, or the file has faults
    """
    _are_three(admins)
    try:
        with transaction.atomic():
            office = Office.objects.create(
                name=names.name,
                issuer=names.issuer,
                bulletin_code=names.bulletin_code,
                notice_code=names.notice_code,
                contact=names.contact,
                opened_at=at,
            )
    except IntegrityError as fault:
        raise Refused("系统已经启用过，不能再次设置。请直接登录。") from fault
    house = audit.SystemActor()
    audit.record(at=at, by=house, verb="people.office_opened", label="启用系统", subject=office)
    top = _grow_units(names, plan, house, at)
    bureau = Unit.objects.filter(name=names.name).order_by("path").first() or _unit(
        names.name, OFFICE_CODE, top
    )
    for role, person in admins.items():
        _appoint(person, role, top=top, bureau=bureau, by=house, at=at)
    seed.ship(at=at)
    return office


@transaction.atomic
def rename(
    *,
    house: Office,
    expected: int,
    name: str,
    issuer: str,
    bulletin_code: str,
    notice_code: str,
    contact: str,
    by: User,
    at: datetime,
) -> Office:
    """Correct the names; papers issued already keep theirs, and numbers run on under a new 代字.

    expected: the version the person had on the screen
    Raises:   Forbidden; MovedMeanwhile
    """
    access.require_everywhere(by, Permission.OFFICE_EDIT)
    moves.revise(
        house,
        expected=expected,
        by=by,
        at=at,
        verb="office_renamed",
        label="修改机关名称",
        name=name,
        issuer=issuer,
        bulletin_code=bulletin_code,
        notice_code=notice_code,
        contact=contact,
    )
    return house


def top_code_for(*, region: str, tops: Mapping[str, str]) -> str:
    """Where units without a parent hang: under a new top unit, unless the file brings the top itself.

    tops: code → name of the file's units without a parent
    """
    return "" if list(tops.values()) == [region] else TOP_CODE


def _are_three(admins: Mapping[Role, FirstPerson]) -> None:
    if set(admins) != ADMIN_ROLES:
        raise Refused("须设系统管理员、安全管理员、审计员各一名。")
    for what, values in (
        ("账号", {person.username.lower() for person in admins.values()}),
        ("姓名", {person.name for person in admins.values()}),
    ):
        if len(values) < len(ADMIN_ROLES):
            raise Refused(f"三员须由三个人分别担任，{what}不能相同。")


def _grow_units(names: Names, plan: Plan | None, house: audit.Actor, at: datetime) -> Unit:
    brings_top = bool(plan) and any(not item.parent for item in plan.wanted) if plan else False
    if not brings_top:
        top = _unit(names.region, TOP_CODE, None)
    if plan:
        unit_import.carry_out(plan=plan, by=house, at=at)
    return Unit.objects.get(parent=None) if brings_top else top


def _unit(name: str, code: str, parent: Unit | None) -> Unit:
    return Unit.objects.create(
        code=code,
        name=name,
        parent=parent,
        path=units.next_path(parent),
        **units.sounds(name),
        kind=Unit.Kind.PARTY if parent else Unit.Kind.AREA,
    )


def _appoint(
    person: FirstPerson, role: Role, *, top: Unit, bureau: Unit, by: audit.Actor, at: datetime
) -> None:
    user = User.objects.create_user(
        person.username,
        person.password,
        name=person.name,
        **sounds_of_person(person.name),
        home_unit=bureau,
        password_changed_at=at,
    )
    post = Post.objects.create(user=user, unit=top, role=role, since=clock.day_of(at))
    audit.record(at=at, by=by, verb="people.account_created", label="开通账号", subject=user)
    audit.record(
        at=at,
        by=by,
        verb="people.post_given",
        label="授予岗位",
        subject=post,
        reason=f"首次启用，{ROLE_NAMES[role]}",
    )
