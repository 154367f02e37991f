"""An empty office: set up, an account opened, a post given, and the clerk at work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from people.models import Unit
from tests.browser.conftest import Look, NewPage
from tests.browser.walking import press
from tests.factories.cast import PASSWORD

ADMINS = {"系统管理员": "guanxitong", "安全管理员": "guananquan", "审计员": "guanshenji"}
OWN_PASSWORD = "石桥-风车-2027"


def set_up(page: Page, units: Path) -> None:
    for label, words in (
        ("单位名称", "安平市督查办公室"),
        ("最上级单位", "安平市"),
        ("发文机关", "安平市督查办公室"),
        ("通报代字", "安督通"),
        ("整改通知代字", "安督整"),
        ("联系人及电话", "督查一科 0000-1234567"),
    ):
        page.get_by_label(re.compile(rf"^\s*{label}")).fill(words)
    page.get_by_label("单位名单").set_input_files(units)
    for role, username in ADMINS.items():
        panel = page.locator(".panel", has=page.get_by_role("heading", name=role, exact=True))
        panel.get_by_label("账号").fill(username)
        panel.get_by_label("姓名").fill(f"{role}甲")
        panel.get_by_label(re.compile(r"^\s*密码")).fill(PASSWORD)
        panel.get_by_label("再输一次密码").fill(PASSWORD)


def log_in(page: Page, username: str, password: str) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


@pytest.fixture
def units_file(tmp_path: Path) -> Path:
    path = tmp_path / "单位.csv"
    path.write_text("单位代码,单位名称,简称,上级单位代码,类型,别名\nA1,安平市教育局,教育局,,政府部门,\n")
    return path


def test_an_empty_office_is_opened_and_a_clerk_begins(
    transactional_db: None, new_page: NewPage, look: Look, units_file: Path
) -> None:
    page = new_page()
    page.goto("/setup/")
    look(page, "00-setup")
    page.get_by_role("button", name="启用系统").click(no_wait_after=True)
    set_up(page, units_file)
    page.get_by_role("button", name="启用系统").click()
    expect(page).to_have_url(re.compile("/login/"))
    look(page, "00-login")
    assert Unit.objects.filter(name="安平市教育局").exists()

    log_in(page, "guanxitong", PASSWORD)
    expect(page).not_to_have_url(re.compile("login"))
    look(page, "00-home-system-admin")
    page.goto("/accounts/new/")
    page.get_by_label(re.compile(r"^\s*账号")).fill("jingban")
    page.get_by_label(re.compile(r"^\s*姓名")).fill("经办甲")
    page.get_by_label(re.compile(r"^\s*所在单位")).fill("安平市督查办公室")
    look(page, "00-account-new")
    press(page, "开通账号", told="临时密码")
    secret = page.locator(".once").inner_text()
    look(page, "00-account-password")

    security = new_page()
    log_in(security, "guananquan", PASSWORD)
    look(security, "00-home-security-admin")
    security.goto("/posts/new/")
    security.get_by_label(re.compile(r"^\s*人员")).fill("jingban")
    security.get_by_label(re.compile(r"^\s*岗位")).select_option(label="督查办经办")
    security.get_by_label(re.compile(r"^\s*任职单位")).fill("安平市")
    security.get_by_label("授予依据").fill("任命文件。")
    look(security, "00-post-new")
    press(security, "提请授予", told="等待另一人确认")
    look(security, "00-posts")
    page.goto("/posts/changes/")
    page.get_by_role("link", name="经办甲").click()
    press(page, "确认授予", told="已确认授予")
    look(page, "00-post-confirmed")

    clerk = new_page()
    log_in(clerk, "jingban", secret)
    expect(clerk.get_by_role("heading", level=1)).to_have_text("修改密码")
    look(clerk, "00-password-change")
    clerk.get_by_label(re.compile(r"^\s*(旧|原)密码")).fill(secret)
    clerk.get_by_label(re.compile(r"^\s*新密码")).first.fill(OWN_PASSWORD)
    clerk.get_by_label(re.compile("再|确认")).last.fill(OWN_PASSWORD)
    press(clerk, "保存新密码")
    expect(clerk.get_by_role("heading", level=1)).to_have_text("密码已修改")
    look(clerk, "00-password-changed")
    clerk.get_by_role("link", name="回到我的工作").click()
    look(clerk, "00-home-clerk")
    clerk.get_by_role("link", name="检查批次").first.click()
    expect(clerk.get_by_role("link", name="拟定检查方案").first).to_be_visible()

    auditor = new_page()
    log_in(auditor, "guanshenji", PASSWORD)
    auditor.goto("/audit/")
    expect(auditor.locator("tbody")).to_contain_text("经办甲")
    look(auditor, "00-audit")


def test_a_wrong_units_file_opens_nothing_and_says_where(
    transactional_db: None, new_page: NewPage, look: Look, tmp_path: Path
) -> None:
    bad = tmp_path / "单位.csv"
    bad.write_text("单位代码,单位名称,简称,上级单位代码,类型,别名\nA1,,教育局,,政府部门,\n")
    page = new_page()
    page.goto("/setup/")
    set_up(page, bad)

    page.get_by_role("button", name="启用系统").click()

    expect(page.locator(".error-summary")).to_contain_text("第 2 行，单位名称")
    expect(page.get_by_label(re.compile(r"^\s*最上级单位"))).to_have_value("安平市")
    look(page, "00-setup-wrong")
    assert not Unit.objects.exists()
