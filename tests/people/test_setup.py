"""The first run: an empty house answers everything with its first-run form, and once open never again."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conduct.errors import Refused
from conduct.models import AuditEntry, CalendarYear, Office
from people import access
from people.actions import office
from people.actions.office import FirstPerson, Names
from people.models import Post, PostChange, Unit, User
from people.roles import ADMIN_ROLES, Role
from tests.factories.cast import AT, open_office

pytestmark = pytest.mark.django_db

NAMES = {
    "name": "安平市督查办公室",
    "region": "安平市",
    "issuer": "安平市督查办公室",
    "bulletin_code": "安督通",
    "notice_code": "安督整",
    "contact": "督查一科 0000-1234567",
}
PEOPLE = {"system_admin": "管系统", "security_admin": "管安全", "auditor": "管审计"}
SECRETS = {"system_admin": "渡口-灯塔-2026", "security_admin": "石桥-风车-2027", "auditor": "钟楼-集市-2028"}
HEAD = "单位代码,单位名称,简称,上级单位代码,类型,别名\n"


def form(**changes: object) -> dict[str, object]:
    given: dict[str, object] = dict(NAMES)
    for role, name in PEOPLE.items():
        secret = SECRETS[role]
        given |= {
            f"{role}-username": role.replace("_", ""),
            f"{role}-name": name,
            f"{role}-password": secret,
            f"{role}-password_again": secret,
        }
    return given | changes


def send(client: Client, **changes: object):
    return client.post(reverse("people:setup"), form(**changes))


def units_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("单位.csv", (HEAD + text).encode())


@pytest.mark.parametrize("address", ["/", "/login/", "/units/", "/no-such-page/"])
def test_an_empty_house_leads_to_its_first_run_page(client: Client, address: str) -> None:
    assert client.get(address).url == reverse("people:setup")


def test_the_first_run_page_asks_for_the_office_and_three_administrators(client: Client) -> None:
    page = client.get(reverse("people:setup")).content.decode()

    for words in ("发文机关", "通报代字", "整改通知代字", "单位名单", "系统管理员", "安全管理员", "审计员"):
        assert words in page


def test_the_watcher_is_answered_before_the_office_is_open(client: Client) -> None:
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_an_office_opens_with_its_names_units_and_three_persons(client: Client) -> None:
    answer = send(client, units=units_file("A1,安平市教育局,教育局,,政府部门,\nA2,东区,,,县（市、区）,"))

    assert answer.url == reverse("login")
    assert Office.objects.get().notice_code == "安督整"
    assert [unit.name for unit in Unit.objects.order_by("path")] == [
        "安平市",
        "安平市教育局",
        "东区",
        "安平市督查办公室",
    ]
    assert {post.role: post.user.name for post in Post.objects.select_related("user")} == PEOPLE
    assert CalendarYear.objects.filter(year=2026).exists()
    assert AuditEntry.objects.filter(verb="people.office_opened").exists()


def test_a_file_that_brings_the_top_itself_is_taken_as_it_is(client: Client) -> None:
    send(client, units=units_file("1000,安平市,,,县（市、区）,\nB1,安平市督查办公室,督查办,1000,党委部门,"))

    assert [(unit.code, unit.path) for unit in Unit.objects.order_by("path")] == [
        ("1000", "0001"),
        ("B1", "00010001"),
    ]
    assert User.objects.get(username="auditor").home_unit.code == "B1"


def test_without_a_file_the_tree_has_its_top_and_the_office(client: Client) -> None:
    send(client)

    assert [unit.name for unit in Unit.objects.order_by("path")] == ["安平市", "安平市督查办公室"]


def test_once_open_the_page_does_not_exist(client: Client) -> None:
    open_office()

    assert client.get(reverse("people:setup")).status_code == 404
    assert send(client).status_code == 404
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"auditor-username": "systemadmin"}, "账号不能相同"),
        ({"auditor-name": "管系统"}, "姓名不能相同"),
        ({"auditor-password_again": "别的密码-2026-x"}, "两次输入的密码不一样"),
        ({"auditor-password": "12345678901", "auditor-password_again": "12345678901"}, "数字"),
        ({"auditor-password": "短", "auditor-password_again": "短"}, "10"),
        ({"auditor-username": "审计"}, "账号须以小写字母开头"),
        ({"issuer": ""}, "这个字段是必填项"),
        ({"name": "长" * 61}, "最多 60 个字，现在是 61 个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(
    client: Client, changes: dict[str, object], problem: str
) -> None:
    answer = send(client, **changes)

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert 'value="安督通"' in answer.content.decode()
    assert not Office.objects.exists()
    assert not Unit.objects.exists()


def test_a_bad_row_in_the_units_file_keeps_the_office_shut(client: Client) -> None:
    answer = send(client, units=units_file("A1,教育局,,没有,政府部门,"))

    assert "第 2 行，上级单位代码：“没有”既不在文件里，也不在系统里" in answer.content.decode()
    assert not Office.objects.exists()


def test_a_file_that_is_no_table_is_refused(client: Client) -> None:
    answer = send(client, units=SimpleUploadedFile("单位.xlsx", b"\x89PNG\r\n\x1a\n\0\0"))

    assert "不是可以导入的表格" in answer.content.decode()


def test_three_persons_are_needed_whoever_asks() -> None:
    one = FirstPerson("one", "某人", "渡口-灯塔-2026")

    with pytest.raises(Refused, match="各一名"):
        office.open_office(names=Names(**NAMES), admins={Role.AUDITOR: one}, plan=None, at=AT)
    with pytest.raises(Refused, match="账号不能相同"):
        office.open_office(names=Names(**NAMES), admins=dict.fromkeys(ADMIN_ROLES, one), plan=None, at=AT)


def test_an_office_opens_once_even_for_two_at_the_same_moment() -> None:
    open_office()
    admins = {
        role: FirstPerson(f"u{n}", f"某{n}", "渡口-灯塔-2026") for n, role in enumerate(sorted(ADMIN_ROLES))
    }

    with pytest.raises(Refused, match="已经启用过"):
        office.open_office(names=Names(**NAMES), admins=admins, plan=None, at=AT)


def test_after_opening_the_office_can_be_staffed_and_work(client: Client) -> None:
    send(client)
    system, security, clerk = Client(), Client(), Client()
    system.post(reverse("login"), {"username": "systemadmin", "password": SECRETS["system_admin"]})
    security.post(reverse("login"), {"username": "securityadmin", "password": SECRETS["security_admin"]})

    made = system.post(
        reverse("people:account_new"),
        {"username": "jingban", "name": "经办甲", "home_unit": "安平市督查办公室"},
    )
    security.post(
        reverse("people:post_new"),
        {"user": "jingban", "role": "office_clerk", "unit": "安平市", "since": "2026-03-02"}
        | {"reason": "工作安排"},
    )
    system.post(reverse("people:post_change_decide", args=[PostChange.objects.get().pk, "confirm"]))
    clerk.post(reverse("login"), {"username": "jingban", "password": made.context["password"]})
    clerk.post(
        reverse("password_change"),
        {
            "old_password": made.context["password"],
            "new_password1": "山门-驿站-2029",
            "new_password2": "山门-驿站-2029",
        },
    )

    assert clerk.get(reverse("people:calendar")).status_code == 200
    assert access.roles_of(User.objects.get(username="jingban")) == {Role.OFFICE_CLERK}
