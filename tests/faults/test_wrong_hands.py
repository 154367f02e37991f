"""What goes wrong around a unit's answer: the wrong account, a new head, a lost file, a late reply, an unknown year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from conduct import files
from conduct.calendar import seed
from conduct.errors import Forbidden, NotFromHere, Refused
from findings.actions import notices, rectifications
from findings.models import Finding
from people import access
from people.models import Post, User
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user, signed_in
from tests.factories.findings import Line, again, full_texts, notice_of, report_of, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(cast: Cast) -> Line:
    seed.ship(at=AT)
    return Line(cast)


def replaced(cast: Cast, *, at: datetime) -> User:
    """The head of the East leaves, and another comes on the same day."""
    Post.objects.filter(user=cast.east_head, role=Role.UNIT_HEAD).update(until=at.date() - timedelta(days=1))
    access.forget_posts(cast.east_head)
    head = make_user("new_head", "新任负责人", home=cast.east)
    give_post(head, cast.east, Role.UNIT_HEAD, since=date(2026, 1, 1))
    return head


def test_an_answer_from_another_units_account_is_turned_away_and_nothing_changes(
    cast: Cast, line: Line
) -> None:
    finding = line.rectifying()
    client = signed_in(cast.west_head)

    answer = client.post(reverse("findings:rectify", args=[finding.pk]), {"measures": "抢答"})

    assert answer.status_code == 404
    assert "这里没有您可以查看的内容" in answer.content.decode()
    with pytest.raises(Forbidden, match="您的岗位没有办理这件事的权限"):
        rectifications.sign(rectification=report_of(finding), by=cast.west_head, at=AT)
    assert again(finding).state == Finding.State.RECTIFYING


def test_the_new_head_inherits_everything_and_the_signature_stays_the_old_ones(
    cast: Cast, line: Line
) -> None:
    finding = line.submitted()
    unsigned = line.assigned()
    before = again(finding)

    head = replaced(cast, at=AT + timedelta(days=1))

    assert set(Finding.objects.visible_to(head)) == {finding, unsigned}
    report = report_of(finding)
    assert (report.signed_by, report.signed_at) == (cast.east_head, AT)
    assert (again(finding).due_on, again(finding).version) == (before.due_on, before.version)
    notices.receive(notice=notice_of(unsigned), by=head, at=AT)
    assert notice_of(unsigned).received_by == head
    assert notice_of(finding).received_by == cast.east_head
    page = signed_in(head).get(reverse("findings:detail", args=[finding.pk])).content.decode()
    assert cast.east_head.name in page


def test_the_new_head_signs_what_the_old_one_began(cast: Cast, line: Line) -> None:
    finding = line.rectifying()

    head = replaced(cast, at=AT)

    with pytest.raises(Forbidden):
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)
    signed = rectifications.sign(rectification=report_of(finding), by=head, at=AT)
    assert (signed.drafted_by, signed.signed_by) == (cast.east_head, head)


def test_a_reply_after_closing_is_refused_with_a_sentence(cast: Cast, line: Line) -> None:
    finding = line.closed()

    with pytest.raises(NotFromHere, match="已销号"):
        rectifications.draft(finding=again(finding), texts=full_texts(), by=cast.east_head, at=AT)
    answer = signed_in(cast.east_head).post(
        reverse("findings:rectify", args=[finding.pk]), {"measures": "补充"}, follow=True
    )
    assert answer.status_code < 500
    assert "已销号" in answer.content.decode()
    assert again(finding).state == Finding.State.CLOSED


def test_nobody_signs_for_a_file_that_is_gone(cast: Cast, line: Line) -> None:
    finding = line.rectifying()
    report = report_of(finding)
    row = report.files.select_related("file").get()
    files.original_path(row.file).unlink()

    with pytest.raises(Refused) as refusal:
        rectifications.sign(rectification=report, by=cast.east_head, at=AT)

    assert str(refusal.value) == (
        "佐证材料“整改照片.jpg”在服务器上找不到了，报告还没有签字提交，已写的内容都在。"
        "请移出这些材料并重新上传，再签字；同时请告知系统管理员核验证据存储。"
    )
    assert again(finding).state == Finding.State.RECTIFYING


def test_after_another_upload_the_report_is_signed(cast: Cast, line: Line) -> None:
    finding = line.rectifying()
    row = report_of(finding).files.select_related("file").get()
    files.original_path(row.file).unlink()
    client, url = signed_in(cast.east_head), reverse("findings:rectification_sign", args=[finding.pk])
    assert "在服务器上找不到了" in client.post(url).content.decode()

    rectifications.detach(attachment=row, by=cast.east_head, at=AT)
    rectifications.attach(rectification=report_of(finding), upload=upload("新.jpg"), by=cast.east_head, at=AT)
    rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)

    assert again(finding).state == Finding.State.SUBMITTED


def test_a_deadline_in_a_year_without_a_calendar_is_marked_everywhere_it_is_read(cast: Cast) -> None:
    seed.ship(at=AT)
    finding = Line(cast, datetime(2026, 12, 21, 9, 0, tzinfo=AT.tzinfo)).received()

    assert (finding.due_on, finding.due_is_estimate) == (date(2027, 1, 11), True)
    assert notice_of(finding).paper is not None
    for name in ("detail", "terms"):
        page = signed_in(cast.east_head).get(reverse(f"findings:{name}", args=[finding.pk])).content.decode()
        assert "估算" in page
