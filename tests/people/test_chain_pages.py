"""The auditor sees how far the audit is sealed, anchored and verified, starts a verification, and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from conduct import clock, jobs, reads
from conduct.chain import verification
from conduct.errors import Forbidden
from conduct.models import AuditEntry, JobRun, ReadEntry, VerifyReport
from people import menu
from people.actions import verification as acts
from tests.conduct.chain import ledger
from tests.factories.cast import AT, Cast, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchor_file(tmp_path: Path, settings) -> Path:
    settings.ANCHOR_FILE = str(tmp_path / "anchors.jsonl")
    reads.forget()
    return tmp_path / "anchors.jsonl"


def page(cast: Cast) -> str:
    return signed_in(cast.auditor).get(reverse("people:chain")).content.decode()


def work_off() -> None:
    for run in jobs.take_to_send(at=clock.now()):
        jobs.perform(str(run.pk))


def test_before_anything_happened_the_page_says_so(cast: Cast) -> None:
    shown = page(cast)

    assert "还没有核验过" in shown
    assert "还没有封存" in shown
    assert "还没有锚点" in shown


def test_the_page_tells_the_last_seal_and_the_last_anchor(cast: Cast) -> None:
    ledger.write_and_seal(2)
    ledger.anchor()

    shown = page(cast)

    digest = ledger.books.head_of("changes", 2) or ""
    assert "第2号封存，" in shown
    assert digest[:4].upper() in shown
    assert "第1号，" in shown
    assert "已送到" in shown


def test_rows_not_sealed_yet_are_told(cast: Cast) -> None:
    ledger.write_and_seal(1)
    ledger.write(2)

    assert "另有 2 条待封存" in page(cast)


def test_an_anchor_that_did_not_arrive_is_told_with_its_reason(cast: Cast, settings, tmp_path: Path) -> None:
    settings.ANCHOR_FILE = str(tmp_path)  # a folder cannot be written to
    ledger.write_and_seal(1)
    ledger.anchoring.cast_if_due(at=AT)
    ledger.anchoring.bring_out(1, at=AT)

    shown = page(cast)
    assert "尚未送到" in shown
    assert "IsADirectoryError" in shown


def test_the_auditor_starts_a_verification_and_reads_its_outcome(cast: Cast) -> None:
    ledger.write_and_seal(1)
    client = signed_in(cast.auditor)

    assert client.post(reverse("people:chain_verify")).url == reverse("people:chain")
    assert "排队等候" in page(cast)
    work_off()

    shown = page(cast)
    assert "最近一次核验没有发现问题" in shown
    assert f"{cast.auditor.name}，" in shown
    assert "防改触发器" in shown
    assert AuditEntry.objects.filter(
        verb="people.verification_started", actor_id=str(cast.auditor.pk)
    ).exists()


def test_a_fault_stands_on_top_of_the_page(cast: Cast) -> None:
    entries = ledger.write_and_seal(1)
    ledger.tamper("UPDATE conduct_auditentry SET reason = 'x' WHERE id = %s", entries[0].pk)
    signed_in(cast.auditor).post(reverse("people:chain_verify"))
    work_off()

    shown = page(cast)

    assert "最近一次核验发现了问题" in shown
    assert f"第{entries[0].pk}号审计记录的内容与第1号封存不符" in shown
    assert JobRun.objects.get(job=verification.JOB).state == "done"


def test_pressed_twice_it_runs_once(cast: Cast) -> None:
    client = signed_in(cast.auditor)

    for _ in range(2):
        client.post(reverse("people:chain_verify"))

    assert JobRun.objects.filter(job=verification.JOB).count() == 1


def test_the_page_asks_for_the_progress_alone(cast: Cast) -> None:
    acts.start(by=cast.auditor, at=AT)

    part = (
        signed_in(cast.auditor).get(reverse("people:chain"), headers={"HX-Request": "true"}).content.decode()
    )

    assert "<html" not in part
    assert f'hx-get="{reverse("people:chain")}"' in part


def test_a_verification_writes_its_report_and_nothing_of_business(cast: Cast) -> None:
    before = AuditEntry.objects.count()

    verification.verify(by=cast.auditor, now=clock.now)

    assert VerifyReport.objects.count() == 1
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("who", ["clerk", "leader", "system_admin", "security_admin", "east_head"])
def test_nobody_else_starts_one(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))

    assert client.post(reverse("people:chain_verify")).status_code == 403
    assert client.get(reverse("people:chain")).status_code == 403
    with pytest.raises(Forbidden):
        acts.start(by=getattr(cast, who), at=AT)


def test_the_menu_of_the_auditor_leads_to_all_three(cast: Cast) -> None:
    labels = [item.label for item in menu.menu(user=cast.auditor, path="/audit/chain/")]

    assert labels[:3] == ["审计记录", "查阅记录", "审计链"]


def test_the_auditor_finds_who_looked_at_what(cast: Cast) -> None:
    for user in (cast.clerk, cast.reader):
        reads.read(at=AT, by=user, subject=cast.east, label="查看照片")

    shown = signed_in(cast.auditor).get(reverse("people:reads"), {"actor_id": cast.clerk.pk}).content.decode()

    assert shown.count("查看照片") == 1
    assert cast.clerk.name in shown


def test_reading_the_audit_is_written_down_by_its_filter(cast: Cast) -> None:
    client = signed_in(cast.auditor)
    client.get(reverse("people:audit"))
    client.get(reverse("people:audit"), {"verb": "登录"})
    client.get(reverse("people:audit"), {"verb": "登录"})

    names = (
        ReadEntry.objects.filter(label="查看审计记录").order_by("id").values_list("subject_name", flat=True)
    )
    assert list(names) == ["全部", "事项 登录"]


def test_readyz_tells_how_old_seal_and_anchor_are(cast: Cast, client) -> None:
    ledger.write_and_seal(1)
    ledger.anchor()
    ledger.write(3, at=clock.now() - timedelta(seconds=50))

    told = client.get(reverse("people:readyz")).json()

    assert told["last_seal_seconds"] <= 60
    assert told["last_anchor_seconds"] <= 60
    assert 50 <= told["unsealed_seconds"] <= 110
