"""What people paste and attach: it reaches the paper whole and clean, or is refused in words."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conduct import issuing
from findings.models import Finding
from tests.factories.cast import Cast
from tests.factories.findings import Line, again, notice_of, report_of
from tests.findings.browsing import browser, get, post, text_of
from tests.papers.reading import text_of as printed

pytestmark = pytest.mark.django_db

ODD = "张㛃、李䶮、王𬭎\x00\x08\u202e反向\u200b零宽，<b>&amp;粗</b>，笑脸😀。"
CLEAN = "张㛃、李䶮、王𬭎反向零宽，<b>&amp;粗</b>，笑脸😀。"


def amend_facts(cast: Cast, finding: Finding, facts: str) -> int:
    response = post(
        cast.clerk,
        "triage",
        finding.pk,
        version=finding.version,
        title="窗口无人在岗",
        facts=facts,
        category="B1-01",
        grade=2,
    )
    return int(response.status_code)


def issue(cast: Cast, finding: Finding, requirement: str) -> str:
    """Issue the notice by its page; the text of its PDF without line breaks."""
    form = {f"d{finding.pk}-route": "limited", f"d{finding.pk}-requirement": requirement}
    post(cast.clerk, "notice_issue", finding=[finding.pk], contact="㛃科 0000-1", **form)
    return "".join(printed(issuing.pdf_of(notice_of(finding).paper)).split())


def confirmed_with(cast: Cast, line: Line, facts: str) -> Finding:
    finding = line.verifying()
    assert amend_facts(cast, finding, facts) == 302
    post(cast.clerk, "move", finding.pk, "confirm", reason="属实。")
    return again(finding)


def test_rare_surnames_and_emoji_reach_the_notice_and_controls_do_not(cast: Cast, line: Line) -> None:
    text = issue(cast, confirmed_with(cast, line, f"事实：{ODD}"), f"要求：{ODD}")

    assert f"事实：{CLEAN}" in text
    assert f"要求：{CLEAN}" in text
    assert "㛃科" in text


def test_twenty_thousand_characters_reach_the_notice_whole(cast: Cast, line: Line) -> None:
    facts = "始" + "长" * 19_998 + "终"

    text = issue(cast, confirmed_with(cast, line, facts), "立即整改。")

    assert text.count("长") == 19_998
    assert "始长" in text
    assert "长终" in text


def test_one_character_more_is_refused_and_kept(cast: Cast, line: Line) -> None:
    finding = line.verifying()

    assert amend_facts(cast, finding, "长" * 20_001) == 422
    assert again(finding).facts == finding.facts


def test_what_is_shown_on_pages_is_never_markup(cast: Cast, line: Line) -> None:
    finding = confirmed_with(cast, line, "<script>alert(1)</script>")

    page = text_of(get(cast.clerk, "detail", finding.pk))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("证明.pdf", b"MZ\x90\x00" + b"\x00" * 200, "类型不能接收"),
        ("证明.txt", "说明文字".encode(), "类型不能接收"),
        ("网页.html", b"<html><script>alert(1)</script></html>", "类型不能接收"),
        ("空.docx", b"", "空文件"),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 300, "不能作为照片打开"),
    ],
)
def test_what_is_no_material_is_refused_by_name(
    cast: Cast, line: Line, name: str, content: bytes, words: str
) -> None:
    finding = line.rectifying()
    kept = report_of(finding).files.count()

    page = text_of(
        browser(cast.east_head).post(
            reverse("findings:rectify", args=[finding.pk]),
            {"version": report_of(finding).version, "files": [SimpleUploadedFile(name, content)]},
            follow=True,
        )
    )

    assert name in page
    assert words in page
    assert report_of(finding).files.count() == kept


@pytest.mark.parametrize("number", ["9" * 25, "-9223372036854775809", "a\0b"])
def test_a_cause_no_row_can_be_is_told_and_is_no_fault(cast: Cast, line: Line, number: str) -> None:
    finding = line.verifying()
    typed = {"title": "标题", "facts": "事实", "category": "B1-01", "version": finding.version}

    answer = post(cast.clerk, "triage", finding.pk, **typed, causes=number)

    assert answer.status_code == 422
    assert "causes" in answer.context["form"].errors
