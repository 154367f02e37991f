"""What the ground verifies beside the chain: numbers of papers, jobs, and that it is done every night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conduct import audit, clock, jobs, tasks
from conduct.chain import verification
from conduct.models import JobRun, NumberSeries
from tests.conduct.chain import ledger
from tests.factories.cast import AT, open_office

pytestmark = pytest.mark.django_db


def test_a_gap_in_the_numbers_of_papers_is_named() -> None:
    NumberSeries.objects.create(series="情况通报", year=2026, last=3)
    for seq in (1, 3):
        ledger.issue(seq)

    assert ledger.house_says() == "情况通报2026年第2号缺号，文书不在库中。"


@pytest.mark.parametrize(
    "state, lease, fault",
    [("waiting", None, True), ("running", -20, True), ("running", 5, False), ("done", None, False)],
)
def test_a_job_that_nobody_does_is_named(state: str, lease: int | None, fault: bool) -> None:
    now = clock.now()
    JobRun.objects.create(
        job="tests.none",
        label="试办",
        state=state,
        created_at=now - timedelta(hours=1),
        lease_until=now + timedelta(minutes=lease) if lease else None,
    )

    assert ("后台任务“试办”" in ledger.house_says()) is fault


def test_one_verification_a_night_is_opened_and_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    open_office()
    night = AT.replace(hour=2) + timedelta(days=1)

    assert list(tasks.verification_due(night)) == []
    slots = list(tasks.verification_due(night.replace(hour=23)))
    assert [(slot.job, slot.key) for slot in slots] == [("conduct.verify", "2026-03-03")]


def test_a_verification_as_a_job_keeps_its_report_and_tells_its_progress() -> None:
    ledger.write_and_seal(2)
    run = jobs.start("conduct.verify", by=audit.SystemActor(), at=AT, by_id="7", by_name="审计甲")
    jobs.take_to_send(at=AT)

    jobs.perform(str(run.pk))

    run.refresh_from_db()
    report = verification.newest()
    assert (run.state, run.percent) == ("done", 100)
    assert report is not None and report.is_clean
    assert (report.by_id, report.by_name) == ("7", "审计甲")
    assert [row["key"] for row in report.outcomes][:3] == ["guards", "chain.changes", "chain.reads"]
