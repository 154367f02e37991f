"""Background runs as the system administrator looks at them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from conduct import clock, jobs
from conduct.errors import Refused
from conduct.models import AuditEntry, JobRun
from people import menu
from people.actions import jobs as job_acts
from people.queries import jobs as job_queries
from tests.factories.cast import AT, Cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


def failed(**changes: object) -> JobRun:
    given = {"job": "reports.draft", "label": "起草通报", "created_at": AT, "problem": "字体缺失", "tries": 5}
    return JobRun.objects.create(state=JobRun.State.FAILED, **given | changes)


def test_the_runs_are_listed_with_what_went_wrong(cast: Cast) -> None:
    failed()

    page = signed_in(cast.system_admin).get(reverse("people:jobs")).content.decode()

    assert "起草通报" in page
    assert "字体缺失" in page
    assert "没有任务在等候" in page


def test_what_was_given_up_stands_above_all_with_its_number_and_a_button(cast: Cast) -> None:
    run = failed()
    JobRun.objects.create(job="x", label="等候的", created_at=clock.now())

    page = signed_in(cast.system_admin).get(reverse("people:jobs"))

    text = page.content.decode()
    assert "1 项任务未办成" in text
    assert text.index("字体缺失") < text.index("等候的")
    assert f'action="{reverse("people:job_retry", args=[run.pk])}"' in text
    assert [row.label for row in page.context["rows"]] == ["等候的"]


def test_a_run_that_pauses_after_a_fault_says_when_it_is_tried_again(cast: Cast) -> None:
    again = datetime(2026, 3, 2, 9, 0, 45, tzinfo=clock.SHANGHAI)
    run = JobRun.objects.create(job="x", created_at=AT, ready_at=again, problem="磁盘已满。", tries=2)
    client = signed_in(cast.system_admin)

    listed, told = (
        client.get(reverse(name, args=args)).content.decode()
        for name, args in (("people:jobs", []), ("people:job_detail", [run.pk]))
    )

    assert "09:00:45 自动重试" in listed
    assert "将于 09:00:45 自动重试" in told
    assert "磁盘已满。" in told


def test_a_run_started_again_announces_no_pause(cast: Cast) -> None:
    run = failed()
    client = signed_in(cast.system_admin)
    client.post(reverse("people:job_retry", args=[run.pk]))

    assert "自动重试" not in client.get(reverse("people:job_detail", args=[run.pk])).content.decode()


def test_the_menu_of_the_system_administrator_tells_how_many_were_given_up(cast: Cast) -> None:
    failed()
    failed()

    items = menu.menu(user=cast.system_admin, path="/")

    assert {item.label: item.badge for item in items}["后台任务"] == 2


def test_the_page_says_how_long_the_oldest_has_waited(cast: Cast) -> None:
    JobRun.objects.create(job="x", created_at=clock.now() - timedelta(minutes=5))

    page = signed_in(cast.system_admin).get(reverse("people:jobs")).content.decode()

    assert "最早一项任务已等候 5 分钟" in page


def test_an_old_run_started_again_has_not_waited_since_it_was_made(cast: Cast) -> None:
    now = clock.now()
    run = JobRun.objects.create(
        job="x", created_at=now - timedelta(hours=5), state="failed", problem="缺字体。"
    )
    jobs.retry(run=run, at=now - timedelta(minutes=2))

    assert job_queries.oldest_waiting_seconds(at=now) == 120


def test_the_runs_of_one_state_are_picked_out(cast: Cast) -> None:
    failed()
    JobRun.objects.create(job="x", label="等候的", created_at=AT)

    page = signed_in(cast.system_admin).get(reverse("people:jobs"), {"state": "failed"})

    assert [run.label for run in page.context["rows"]] == ["起草通报"]


def test_a_failed_run_is_started_again_and_that_is_written_down(cast: Cast) -> None:
    run = failed()

    signed_in(cast.system_admin).post(reverse("people:job_retry", args=[run.pk]))

    run.refresh_from_db()
    assert run.state == JobRun.State.WAITING
    assert AuditEntry.objects.get(verb="people.job_retried").actor_name == "系统管理员甲"


def test_a_run_that_has_not_failed_is_not_started_again(cast: Cast) -> None:
    run = JobRun.objects.create(job="x", created_at=AT)

    with pytest.raises(Refused, match="无需重新办理"):
        job_acts.retry(run=run, by=cast.system_admin, at=AT)
    assert not AuditEntry.objects.filter(verb="people.job_retried").exists()


def test_the_page_of_a_run_asks_for_its_progress_only(cast: Cast) -> None:
    run = failed()
    client, url = signed_in(cast.system_admin), reverse("people:job_detail", args=[run.pk])

    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "字体缺失" in fragment
    assert "<html" not in fragment
    assert "重新办理" in client.get(url).content.decode()


def test_a_run_of_the_relay_counts_as_waiting_until_a_worker_begins(cast: Cast) -> None:
    run = JobRun.objects.create(job="x", created_at=AT)
    jobs.take_to_send(at=AT)

    page = signed_in(cast.system_admin).get(reverse("people:job_detail", args=[run.pk]))

    assert page.context["job"].state == "waiting"
