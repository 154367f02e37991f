"""The units of the demo city and the people who serve in them. Every name is made up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from django.contrib.auth.hashers import get_hasher, make_password

from conduct.models import Office
from people import tree
from people.actions import units
from people.initials import sounds_of_person
from people.models import Post, Unit, User
from people.roles import ROLE_NAMES, Role

OFFICE = "市督查办公室"
K = Unit.Kind
# code, name, short name, kind; a code lies under the longest code that begins it.
UNITS = (
    ("WL", "望澜市", "", K.AREA),
    ("WL01", OFFICE, "市督查办", K.PARTY),
    ("WL02", "市发展和改革委员会", "市发改委", K.GOVERNMENT),
    ("WL03", "市公安局", "", K.GOVERNMENT),
    ("WL04", "市人力资源和社会保障局", "市人社局", K.GOVERNMENT),
    ("WL05", "市住房和城乡建设局", "市住建局", K.GOVERNMENT),
    ("WL06", "市城市管理局", "市城管局", K.GOVERNMENT),
    ("WL07", "市市场监督管理局", "市市场监管局", K.GOVERNMENT),
    ("WL08", "市生态环境局", "", K.GOVERNMENT),
    ("WL09", "市交通运输局", "", K.GOVERNMENT),
    ("WL10", "市医疗保障局", "市医保局", K.GOVERNMENT),
    ("WL11", "市政务服务中心", "", K.HALL),
    ("WL1101", "综合受理窗口", "", K.HALL),
    ("WL1102", "不动产登记窗口", "", K.HALL),
    ("WL1103", "社会保险窗口", "", K.HALL),
    ("WL12", "市自来水公司", "", K.ENTERPRISE),
    ("WLA", "东澜区", "", K.AREA),
    ("WLA1", "东澜区行政审批局", "东澜区审批局", K.GOVERNMENT),
    ("WLA2", "东澜区城市管理局", "东澜区城管局", K.GOVERNMENT),
    ("WLA3", "东澜区市场监督管理局", "东澜区市场监管局", K.GOVERNMENT),
    ("WLA4", "东澜区政务服务大厅", "", K.HALL),
    ("WLA5", "桥头街道办事处", "桥头街道", K.TOWNSHIP),
    ("WLA6", "河湾街道办事处", "河湾街道", K.TOWNSHIP),
    ("WLB", "西澜区", "", K.AREA),
    ("WLB1", "西澜区行政审批局", "西澜区审批局", K.GOVERNMENT),
    ("WLB2", "西澜区民政局", "", K.GOVERNMENT),
    ("WLB3", "西澜区教育局", "", K.GOVERNMENT),
    ("WLB4", "西澜区卫生健康局", "西澜区卫健局", K.GOVERNMENT),
    ("WLB5", "望塔街道办事处", "望塔街道", K.TOWNSHIP),
    ("WLB6", "柳岸街道办事处", "柳岸街道", K.TOWNSHIP),
    ("WLC", "青屏县", "", K.AREA),
    ("WLC1", "青屏县发展和改革局", "青屏县发改局", K.GOVERNMENT),
    ("WLC2", "青屏县自然资源局", "", K.GOVERNMENT),
    ("WLC3", "青屏县农业农村局", "", K.GOVERNMENT),
    ("WLC4", "青屏县政务服务中心", "", K.HALL),
    ("WLC5", "松坪镇人民政府", "松坪镇", K.TOWNSHIP),
    ("WLC6", "云脚镇人民政府", "云脚镇", K.TOWNSHIP),
    ("WLC7", "竹溪乡人民政府", "竹溪乡", K.TOWNSHIP),
    ("WLC8", "麦河乡人民政府", "麦河乡", K.TOWNSHIP),
)
# Units with a head and a liaison of their own; a unit below one of them is answered for by it.
ANSWERING = ("WL04", "WL05", "WL06", "WL11", "WLA", "WLA1", "WLB", "WLB5", "WLC", "WLC5")
SURNAMES = (("陆", "lu"), ("沈", "shen"), ("顾", "gu"), ("程", "cheng"), ("苏", "su"), ("方", "fang")) + (
    ("段", "duan"),
    ("姚", "yao"),
    ("纪", "ji"),
    ("汤", "tang"),
    ("邵", "shao"),
    ("白", "bai"),
    ("石", "shi"),
    ("向", "xiang"),
)
GIVEN = (
    ("明远", "mingyuan"),
    ("思齐", "siqi"),
    ("文澜", "wenlan"),
    ("立诚", "licheng"),
    ("秋实", "qiushi"),
) + (
    ("知行", "zhixing"),
    ("若谷", "ruogu"),
    ("望舒", "wangshu"),
    ("景行", "jinghang"),
    ("怀瑾", "huaijin"),
    ("清扬", "qingyang"),
    ("安澜", "anlan"),
    ("克勤", "keqin"),
    ("子衿", "zijin"),
    ("守正", "shouzheng"),
)
SINCE = date(2024, 1, 1)
# A generated password holds 70 bits by itself: stretching adds nothing, and full stretches would take most of
# a cold start. The first sign-in stretches it to the usual measure.
QUICK_ROUNDS = 20_000
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Account:
    """One line of the printed table."""

    username: str
    password: str
    role: str
    unit: str


@dataclass
class City:
    """The people by what they do, and the units by code."""

    units: dict[str, Unit]
    accounts: list[Account] = field(default_factory=list)
    clerks: list[User] = field(default_factory=list)
    leaders: list[User] = field(default_factory=list)
    team_leaders: list[User] = field(default_factory=list)
    inspectors: list[User] = field(default_factory=list)
    heads: dict[str, User] = field(default_factory=dict)
    liaisons: dict[str, User] = field(default_factory=dict)
    admins: dict[Role, User] = field(default_factory=dict)

    @property
    def root(self) -> Unit:
        return self.units["WL"]

    def answered_by(self, code: str) -> str:
        """The code of the unit whose head answers for this one; "" where there is none."""
        return max((held for held in self.heads if code.startswith(held)), key=len, default="")


def build(*, rng: Random, at: datetime, password: str = "") -> City:
    """Set up the office, the units and an account for every role.

    password: one for all accounts; without it each gets its own, random in every installation
    """
    Office.objects.create(
        id=1,
        name=f"望澜{OFFICE}",
        issuer=f"望澜{OFFICE}",
        bulletin_code="望督通",
        notice_code="望督整",
        contact="督查一科 0000-6021318",
        opened_at=at,
    )
    city = City(units=_units())
    _Staffing(city, rng, password).fill()
    return city


def _units() -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    children: dict[str, int] = {}
    for code, name, short_name, kind in UNITS:
        above = max((other for other in made if code.startswith(other)), key=len, default="")
        children[above] = children.get(above, 0) + 1
        made[code] = Unit.objects.create(
            code=code,
            name=name,
            short_name=short_name,
            **units.sounds(name, short_name),
            kind=kind,
            parent=made.get(above),
            path=tree.child_path(parent=made[above].path if above else "", number=children[above]),
        )
    return made


class _Staffing:
    """Gives everybody a name that occurs once, an account and a post."""

    def __init__(self, city: City, rng: Random, password: str) -> None:
        self.city, self.password = city, password
        names = [(s + g, f"{sl}{gl}") for s, sl in SURNAMES for g, gl in GIVEN]
        rng.shuffle(names)
        self.names = iter(names)
        self.shared = make_password(password) if password else ""
        self.credential = 100

    def fill(self) -> None:
        """Everybody, in the order the table is printed in."""
        city, office = self.city, self.city.units["WL01"]
        leader = self.serve(Role.OFFICE_LEADER, city.root, office)
        second = self.serve(Role.OFFICE_LEADER, city.root, office)
        city.leaders = [leader, second]
        city.clerks = [self.serve(Role.OFFICE_CLERK, city.root, office, leader) for _ in range(6)]
        city.team_leaders = [self.serve(Role.TEAM_LEADER, city.root, office, second) for _ in range(3)]
        homes = [
            city.units[code] for code in ("WL01", "WL01", "WL02", "WL10", "WLA1", "WLB2", "WLC1", "WLC3")
        ]
        city.inspectors = [self.serve(Role.INSPECTOR, city.root, home) for home in homes]
        self.serve(Role.READING_LEADER, city.root, city.root)
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
            city.admins[role] = self.serve(role, city.root, office)
        for code in ANSWERING:
            unit = city.units[code]
            head = city.heads[code] = self.serve(Role.UNIT_HEAD, unit, unit)
            city.liaisons[code] = self.serve(Role.UNIT_LIAISON, unit, unit, head)

    def serve(self, role: Role, unit: Unit, home: Unit, superior: User | None = None) -> User:
        """One person with an account and one post."""
        name, username = next(self.names)
        secret = self.password or "".join(secrets.choice(LETTERS) for _ in range(14))
        self.credential += 1
        is_field = role in (Role.INSPECTOR, Role.TEAM_LEADER)
        user = User.objects.create(
            username=username,
            password=self.shared or _hashed(secret),
            name=name,
            **sounds_of_person(name),
            credential_no=f"望督检〔2024〕{self.credential}号" if is_field else "",
            phone=f"0000-60{self.credential:05d}",
            home_unit=home,
            superior=superior,
        )
        Post.objects.create(user=user, unit=unit, role=role, since=SINCE)
        self.city.accounts.append(Account(username, secret, ROLE_NAMES[role], unit.name))
        return user


def _hashed(secret: str) -> str:
    hasher = get_hasher()
    rounds = {"iterations": QUICK_ROUNDS} if hasattr(hasher, "iterations") else {}
    return str(hasher.encode(secret, hasher.salt(), **rounds))
