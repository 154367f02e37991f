"""Units are imported from a file, all or none."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from conduct import sheets
from conduct.audit import SystemActor
from conduct.errors import Forbidden, Refused
from people.actions import unit_import
from people.models import Unit
from tests.factories.cast import AT, Cast, make_unit, signed_in

pytestmark = pytest.mark.django_db
HEAD = "单位代码,单位名称,简称,上级单位代码,类型,别名"


def plan_of(*rows: str) -> unit_import.Plan:
    content = "\n".join([HEAD, *rows]).encode()
    return unit_import.plan(lines=unit_import.read(name="单位.csv", content=content))


def faults_of(*rows: str) -> list[str]:
    return [str(fault) for fault in plan_of(*rows).faults]


def carry_out(*rows: str) -> int:
    return unit_import.carry_out(plan=plan_of(*rows), by=SystemActor(), at=AT)


def test_units_are_added_in_any_order_below_their_parents(cast: Cast) -> None:
    changed = carry_out(
        "E2,东区教育局一科,,E1,政府部门,", f"E1,东区教育局,教育局,{cast.east.code},政府部门,教委、教体局"
    )

    below = Unit.objects.get(code="E2")
    assert changed == 2
    assert below.parent.name == "东区教育局"
    assert below.path.startswith(below.parent.path)
    assert below.parent.aliases == ["教委", "教体局"]


def test_a_unit_without_a_parent_hangs_under_the_top(cast: Cast) -> None:
    carry_out("N1,北区,,,县（市、区）,")

    assert Unit.objects.get(code="N1").parent == cast.city


def test_importing_twice_changes_nothing(cast: Cast) -> None:
    rows = ["N1,北区,,,县（市、区）,", "N2,北区教育局,,N1,,"]
    carry_out(*rows)

    plan = plan_of(*rows)

    assert (plan.count("不变"), unit_import.carry_out(plan=plan, by=SystemActor(), at=AT)) == (2, 0)


def test_a_moved_unit_takes_its_branch_along(cast: Cast) -> None:
    carry_out(
        f"{cast.east_bureau.code},东区行政审批局,东区审批局,{cast.west.code},政府部门,",
        f"E3,窗口,,{cast.east_bureau.code},,",
    )
    carry_out(f"{cast.east_bureau.code},东区行政审批局,东区审批局,{cast.east.code},政府部门,")

    moved = Unit.objects.get(code=cast.east_bureau.code)
    assert moved.path.startswith(cast.east.path)
    assert Unit.objects.get(code="E3").path.startswith(moved.path)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["A1,甲局,,,,", "A1,乙局,,,,"], "第 3 行，单位代码：“A1”与第 2 行重复"),
        (["A1,甲局,,没有,,"], "第 2 行，上级单位代码：“没有”既不在文件里，也不在系统里"),
        (["A1,甲局,,A2,,", "A2,乙局,,A1,,"], "绕成了圈：A1 → A2 → A1"),
        (["A1,甲局,,A1,,"], "绕成了圈：A1 → A1"),
        (["A1,,,,,"], "第 2 行，单位名称：没有填写"),
        ([",甲局,,,,"], "第 2 行，单位代码：没有填写"),
        (["A1," + "长" * 101 + ",,,,"], "第 2 行，单位名称：最多 100 个字，现在是 101 个字"),
        (["A1,甲局,,,协会,"], "第 2 行，类型：“协会”不能识别，请填：党委部门、"),
        (["A1,甲局,,,,", "A2,甲局,,,,"], "第 3 行，单位名称：同一上级下面第 2 行已经有“甲局”"),
        (["A1,东区,,,,"], "第 2 行，单位名称：同一上级下面系统里已经有“东区”"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(cast: Cast, rows: list[str], problem: str) -> None:
    assert problem in faults_of(*rows)[0]


def test_a_row_without_a_code_is_told_that_and_nothing_else(cast: Cast) -> None:
    assert faults_of(",甲局,,,,") == ["第 2 行，单位代码：没有填写，请补上。"]


def test_an_empty_tree_takes_one_top_only() -> None:
    assert "最上级单位只能有一个，第 2 行“甲市”已经是" in faults_of("A1,甲市,,,,", "A2,乙市,,,,")[0]


def test_a_branch_below_cannot_become_too_deep(cast: Cast) -> None:
    unit, east = cast.city, cast.east
    for level in range(2, 15):
        unit = make_unit(f"第{level}级", unit, code=f"L{level}")

    problems = faults_of(f"{east.code},东区,,{unit.code},县（市、区）,")

    assert "移动后“东区行政审批局”会超过 15 级" in problems[0]


def test_units_that_swap_names_are_refused_without_a_trace(cast: Cast) -> None:
    with pytest.raises(Refused, match="互换了名称"):
        carry_out(f"{cast.east.code},西区,,,县（市、区）,", f"{cast.west.code},东区,,,县（市、区）,")

    assert Unit.objects.get(pk=cast.east.pk).name == "东区"


def test_a_plan_with_faults_is_not_carried_out(cast: Cast) -> None:
    with pytest.raises(Refused, match="有 1 处要改，没有导入"):
        carry_out("A1,甲局,,,,", "A2,乙局,,没有,,")

    assert not Unit.objects.filter(code="A1").exists()


def test_someone_without_the_permission_imports_nothing(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        unit_import.carry_out(plan=plan_of("A1,甲局,,,,"), by=cast.clerk, at=AT)


# Pages


def post_file(client: Client, content: bytes, name: str = "单位.csv"):
    return client.post(reverse("people:unit_import"), {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_shown_before_it_is_imported(admin: Client) -> None:
    page = post_file(admin, f"{HEAD}\nN1,北区,,,,".encode())

    assert "新增 1 个" in page.content.decode()
    assert not Unit.objects.filter(code="N1").exists()


def test_after_consent_the_same_file_is_imported(admin: Client) -> None:
    token = post_file(admin, f"{HEAD}\nN1,北区,,,,".encode()).context["preview"].token

    answer = admin.post(reverse("people:unit_import"), {"token": token})

    assert answer.url == reverse("people:units")
    assert Unit.objects.filter(code="N1").exists()


def test_a_file_with_faults_offers_no_consent(admin: Client) -> None:
    answer = post_file(admin, f"{HEAD}\nN1,北区,,没有,,".encode())

    assert answer.status_code == 422
    assert "第 2 行，上级单位代码" in answer.content.decode()
    assert "确认导入" not in answer.content.decode().replace("确认后才导入", "")


def test_a_token_of_someone_else_imports_nothing(cast: Cast, admin: Client) -> None:
    token = post_file(admin, f"{HEAD}\nN1,北区,,,,".encode()).context["preview"].token
    other = make_admin(cast)

    answer = other.post(reverse("people:unit_import"), {"token": token})

    assert answer.status_code == 422
    assert not Unit.objects.filter(code="N1").exists()


def make_admin(cast: Cast) -> Client:
    from people.roles import Role
    from tests.factories.cast import give_post, make_user

    user = make_user("system_admin2", "系统管理员乙", home=cast.bureau)
    give_post(user, cast.city, Role.SYSTEM_ADMIN)
    return signed_in(user)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "空"),
        (b"\x89PNG\r\n\x1a\n\0\0", "不是可以导入的表格"),
        ("代码,名字\n1,2".encode(), "表头没有“单位代码”"),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_the_page(admin: Client, content: bytes, problem: str) -> None:
    answer = post_file(admin, content)

    assert answer.status_code == 422
    assert problem in answer.content.decode()


def test_no_file_at_all_is_said_plainly(admin: Client) -> None:
    assert "没有选择文件" in admin.post(reverse("people:unit_import")).content.decode()


def test_the_template_reads_back_as_units(admin: Client) -> None:
    content = admin.get(reverse("people:unit_template")).content

    assert [line["code"] for line in unit_import.read(name="模板.xlsx", content=content)] == ["1000", "1100"]


def test_the_command_imports_a_workbook(cast: Cast, tmp_path) -> None:
    file = tmp_path / "单位.xlsx"
    file.write_bytes(
        sheets.workbook(title="单位", headings=HEAD.split(","), rows=[["N1", "北区", "", "", "", ""]])
    )

    call_command("import_units", str(file), stdout=io.StringIO())

    assert Unit.objects.filter(code="N1").exists()


def test_the_command_takes_json_and_only_looks_when_asked_to(cast: Cast, tmp_path) -> None:
    file = tmp_path / "单位.json"
    file.write_text(json.dumps([{"code": "N1", "name": "北区", "parent": cast.city.code}]))
    out = io.StringIO()

    call_command("import_units", str(file), "--dry-run", stdout=out)

    assert "新增 1 个" in out.getvalue()
    assert not Unit.objects.filter(code="N1").exists()


def test_the_command_prints_the_rows_to_correct(cast: Cast, tmp_path) -> None:
    file = tmp_path / "单位.csv"
    file.write_text(f"{HEAD}\nN1,北区,,,,\nN2,南区,,没有,,")

    with pytest.raises(CommandError, match="第 3 行，上级单位代码"):
        call_command("import_units", str(file))

    assert not Unit.objects.filter(code="N1").exists()
