"""The standing cast of the tests: one city, an office that asks, an East that answers, a West that must not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.test import Client

from conduct.clock import SHANGHAI
from conduct.models import Office
from people import tree
from people.actions.units import sounds
from people.models import Post, Unit, User
from people.roles import Role

AT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday that is worked
PASSWORD = "渡口-灯塔-2026"


@dataclass(frozen=True)
class Cast:
    """Units: city > bureau (the office), county_east, county_west; east_bureau under county_east."""

    city: Unit
    bureau: Unit
    east: Unit
    east_bureau: Unit
    west: Unit
    clerk: User
    second_clerk: User
    third_clerk: User
    fourth_clerk: User
    leader: User
    inspector: User
    second_inspector: User
    team_leader: User
    outside_inspector: User
    east_head: User
    east_liaison: User
    west_head: User
    reader: User
    system_admin: User
    security_admin: User
    auditor: User


def open_office() -> Office:
    """The office as after its first-run page."""
    office, _ = Office.objects.get_or_create(
        id=1,
        defaults={
            "name": "安平市督查办公室",
            "issuer": "安平市督查办公室",
            "bulletin_code": "安督通",
            "notice_code": "安督整",
            "contact": "督查一科 0000-1234567",
            "opened_at": AT,
        },
    )
    return office


def make_unit(name: str, parent: Unit | None = None, *, code: str = "", **fields: object) -> Unit:
    """A unit at the next free place under its parent."""
    siblings = Unit.objects.filter(parent=parent).count()
    path = tree.child_path(parent=parent.path if parent else "", number=siblings + 1)
    given = {"code": code or f"U{path}", **sounds(name)}
    return Unit.objects.create(name=name, parent=parent, path=path, **{**given, **fields})


def make_user(username: str, name: str, *, home: Unit | None = None, **fields: object) -> User:
    """A person with the cast's password."""
    return User.objects.create_user(username, PASSWORD, name=name, home_unit=home, **fields)


def give_post(
    user: User, unit: Unit, role: Role, *, since: date = date(2020, 1, 1), until: date | None = None
) -> Post:
    """A post in force since long ago, unless told otherwise."""
    return Post.objects.create(user=user, unit=unit, role=role, since=since, until=until)


def stand_up() -> Cast:
    """The whole cast, each with their post."""
    open_office()
    city = make_unit("安平市", kind=Unit.Kind.AREA)
    bureau = make_unit("安平市督查办公室", city, kind=Unit.Kind.PARTY)
    east = make_unit("东区", city, kind=Unit.Kind.AREA)
    west = make_unit("西区", city, kind=Unit.Kind.AREA)
    east_bureau = make_unit("东区行政审批局", east, short_name="东区审批局")

    def person(username: str, name: str, unit: Unit, role: Role, *, home: Unit | None = None) -> User:
        user = make_user(username, name, home=home or unit)
        give_post(user, unit, role)
        return user

    return Cast(
        city=city,
        bureau=bureau,
        east=east,
        east_bureau=east_bureau,
        west=west,
        clerk=person("clerk", "经办甲", city, Role.OFFICE_CLERK, home=bureau),
        second_clerk=person("second_clerk", "经办乙", city, Role.OFFICE_CLERK, home=bureau),
        third_clerk=person("third_clerk", "经办丙", city, Role.OFFICE_CLERK, home=bureau),
        fourth_clerk=person("fourth_clerk", "经办丁", city, Role.OFFICE_CLERK, home=bureau),
        leader=person("leader", "分管领导甲", city, Role.OFFICE_LEADER, home=bureau),
        inspector=person("inspector", "检查员甲", city, Role.INSPECTOR, home=bureau),
        second_inspector=person("second_inspector", "检查员乙", city, Role.INSPECTOR, home=bureau),
        team_leader=person("team_leader", "组长甲", city, Role.TEAM_LEADER, home=bureau),
        outside_inspector=person("outside_inspector", "检查员丙", city, Role.INSPECTOR, home=bureau),
        east_head=person("east_head", "东区负责人", east, Role.UNIT_HEAD),
        east_liaison=person("east_liaison", "东区联络员", east, Role.UNIT_LIAISON),
        west_head=person("west_head", "西区负责人", west, Role.UNIT_HEAD),
        reader=person("reader", "市领导", city, Role.READING_LEADER),
        system_admin=person("system_admin", "系统管理员甲", city, Role.SYSTEM_ADMIN, home=bureau),
        security_admin=person("security_admin", "安全管理员甲", city, Role.SECURITY_ADMIN, home=bureau),
        auditor=person("auditor", "审计员甲", city, Role.AUDITOR, home=bureau),
    )


def signed_in(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client
