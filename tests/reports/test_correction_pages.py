"""Corrections as the office and the wronged unit read them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conduct import clock
from conduct.calendar import seed
from people.models import User
from reports.actions import corrections
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line
from tests.reports.test_corrections import NEXT_DAY, issued, of, of_notice, upheld

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]


@pytest.fixture(autouse=True)
def next_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seed.ship(at=AT)
    monkeypatch.setattr(clock, "now", lambda: NEXT_DAY)


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast)


def page(user: User, name: str, *args: object) -> str:
    answer = signed_in(user).get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_the_list_names_paper_unit_and_day_and_tells_why_one_is_held(line: Line) -> None:
    upheld(line, line.received())
    row = corrections.hold(correction=of_notice(), reason="等上级答复。", by=line.cast.leader, at=NEXT_DAY)

    shown = page(line.cast.clerk, "reports:correction_list")

    for words in ("1 份已印发的文书待更正", str(row.notice), "暂缓更正：等上级答复。", "2026年3月10日"):
        assert words in shown, words


def test_a_clerk_changes_the_text_and_the_leader_signs_on_the_page(line: Line) -> None:
    upheld(line, line.received())
    pk = of_notice().pk
    typed = {"statement": "撤销该问题。", "reason": "认定有误。", "version": "1"}

    saved = signed_in(line.cast.clerk).post(reverse("reports:correction_detail", args=[pk]), typed)
    refused = signed_in(line.cast.clerk).post(reverse("reports:correction_detail", args=[pk]), typed)
    signed = signed_in(line.cast.leader).post(
        reverse("reports:correction_move", args=[pk, "sign"]), {"version": 2}
    )

    assert (saved.status_code, refused.status_code, signed.status_code) == (302, 409, 302)
    assert "撤销该问题。" in refused.content.decode()
    assert of_notice().paper is not None


def test_the_unit_reads_it_once_it_is_issued_and_nobody_elses(line: Line) -> None:
    upheld(line, line.received())
    address = reverse("reports:correction_detail", args=[of_notice().pk])
    head, other = signed_in(line.cast.east_head), signed_in(line.cast.west_head)
    before = head.get(address).status_code
    corrections.sign(correction=of_notice(), by=line.cast.leader, at=NEXT_DAY)

    shown = head.get(address)

    assert (before, shown.status_code, other.get(address).status_code) == (404, 200, 404)
    assert "安督整更〔2026〕1号 更正通知" in shown.content.decode()
    assert "办理记录" not in shown.content.decode()
    pdf = head.get(reverse("reports:correction_pdf", args=[of_notice().pk]))
    assert pdf.content.startswith(b"%PDF")


def test_the_corrected_bulletin_says_so_and_leads_to_the_correction(line: Line) -> None:
    finding = line.received()
    bulletin = issued(line)
    upheld(line, finding)
    before = page(line.cast.reader, "reports:bulletin_detail", bulletin.pk)
    row = corrections.sign(correction=of(bulletin), by=line.cast.leader, at=NEXT_DAY)

    shown = page(line.cast.reader, "reports:bulletin_detail", bulletin.pk)

    assert "已更正" not in before
    assert "<b>已更正</b>" in shown and reverse("reports:correction_detail", args=[row.pk]) in shown


def test_so_does_the_notice_and_the_timeline_of_the_finding(line: Line) -> None:
    finding = line.received()
    upheld(line, finding)
    row = corrections.sign(correction=of_notice(), by=line.cast.leader, at=NEXT_DAY)

    leads = page(line.cast.east_head, "findings:notice_detail", row.notice_id)
    part = page(line.cast.east_head, "reports:corrections_of_notice", row.notice_id)
    told = page(line.cast.east_head, "findings:detail", finding.pk)

    assert reverse("reports:corrections_of_notice", args=[row.notice_id]) in leads
    assert "<b>已更正</b>" in part and "安督整更〔2026〕1号" in part
    assert "印发更正通知：安督整更〔2026〕1号" in told and "派工单属实" in told
