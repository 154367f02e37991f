"""Pages of the ground: calendar, background runs, audit, and what every page knows about its reader."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conduct import audit, clock, jobs
from conduct.audit import SystemActor
from conduct.calendar import book, seed
from conduct.errors import Forbidden, Refused
from conduct.models import AuditEntry, CalendarDay, CalendarYear, JobRun
from people import menu
from people.actions import calendar as calendar_acts
from people.actions import jobs as job_acts
from people.models import User
from tests.factories.cast import AT, Cast, signed_in, stand_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    seed.ship(at=AT)
    return stand_up()


def year_form(*rows: tuple[str, str, str, str], version: int = 0, source: str = "通知") -> dict[str, object]:
    form: dict[str, object] = {
        "source": source,
        "version": version,
        "days-TOTAL_FORMS": len(rows),
        "days-INITIAL_FORMS": 0,
    }
    for number, (start, end, kind, name) in enumerate(rows):
        form |= {
            f"days-{number}-start": start,
            f"days-{number}-end": end,
            f"days-{number}-kind": kind,
            f"days-{number}-name": name,
        }
    return form


# Calendar


def test_the_calendar_lists_its_years_with_their_working_days(cast: Cast) -> None:
    page = signed_in(cast.clerk).get(reverse("people:calendar")).content.decode()

    assert "工作日 248 天" in page
    assert "10月1日（周四）" in page


def test_a_missing_year_is_marked_as_an_estimate(cast: Cast) -> None:
    CalendarYear.objects.filter(year=clock.day_of(clock.now()).year).delete()

    assert "估算" in signed_in(cast.clerk).get(reverse("people:calendar")).content.decode()


def test_a_new_year_is_entered(cast: Cast) -> None:
    form = year_form(
        ("2027-01-01", "2027-01-03", "off", "元旦"), ("2027-01-09", "", "work", ""), ("", "", "off", "")
    )

    answer = signed_in(cast.clerk).post(reverse("people:calendar_year", args=[2027]), form)

    assert answer.url == reverse("people:calendar")
    assert CalendarDay.objects.filter(year=2027).count() == 4


def test_a_year_is_corrected_and_its_version_grows(cast: Cast) -> None:
    client = signed_in(cast.system_admin)
    url = reverse("people:calendar_year", args=[2026])
    page = client.get(url)
    form = filled(page)
    form["days-0-DELETE"] = "on"

    assert client.post(url, form).status_code == 302

    assert CalendarYear.objects.get(year=2026).version == 2
    assert not CalendarDay.objects.filter(day=date(2026, 1, 1)).exists()


def filled(page) -> dict[str, object]:
    """What a browser would send back from the page as it is."""
    rows = page.context["rows"]
    form = {
        "source": page.context["form"]["source"].value(),
        "version": page.context["form"]["version"].value(),
    }
    form |= {f"days-{key}": rows.management_form[key].value() for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for row in rows:
        for name in ("start", "end", "kind", "name"):
            value = row[name].value()
            form[row.add_prefix(name)] = "" if value is None else str(value)
    return form


def test_the_page_sent_back_as_it_is_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast.clerk)
    url = reverse("people:calendar_year", args=[2026])

    client.post(url, filled(client.get(url)))

    assert CalendarYear.objects.get(year=2026).version == 1


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([("2027-01-04", "", "work", "")], "周一至周五，本来就上班"),
        ([("2026-12-31", "", "off", "")], "不在 2027 年"),
        ([("", "", "off", "元旦")], "这个字段是必填项"),
        ([], "2027 年一天也没有填"),
    ],
)
def test_a_bad_year_is_said_and_not_kept(
    cast: Cast, rows: list[tuple[str, str, str, str]], problem: str
) -> None:
    answer = signed_in(cast.clerk).post(reverse("people:calendar_year", args=[2027]), year_form(*rows))

    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_the_second_of_two_editors_keeps_what_was_typed(cast: Cast) -> None:
    book.save_year(
        draft=book.YearDraft(2027, "先", {date(2027, 1, 1): ("off", "元旦")}), by=SystemActor(), at=AT
    )

    answer = signed_in(cast.clerk).post(
        reverse("people:calendar_year", args=[2027]), year_form(("2027-02-01", "", "off", "春节"), version=0)
    )

    assert answer.status_code == 409
    assert 'value="2027-02-01"' in answer.content.decode()
    assert CalendarYear.objects.get(year=2027).source == "先"


def test_a_year_out_of_range_does_not_exist(cast: Cast) -> None:
    assert signed_in(cast.clerk).get(reverse("people:calendar_year", args=[1999])).status_code == 404


def test_a_calendar_file_is_looked_at_and_then_imported(cast: Cast) -> None:
    client, url = signed_in(cast.clerk), reverse("people:calendar_import")
    file = SimpleUploadedFile("2027.csv", "起始日,终止日,类型,名称\n2027-01-01,2027-01-03,放假,元旦".encode())

    token = client.post(url, {"file": file}).context["preview"].token
    assert not CalendarYear.objects.filter(year=2027).exists()
    client.post(url, {"token": token})

    assert CalendarDay.objects.filter(year=2027).count() == 3


def test_the_template_of_the_calendar_reads_back(cast: Cast) -> None:
    content = signed_in(cast.clerk).get(reverse("people:calendar_template")).content

    years, faults = book.read(name="模板.xlsx", content=content)
    assert ([year.year for year in years], faults) == ([2026], [])


def test_only_those_who_may_change_the_calendar(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        calendar_acts.save_all(years=[], by=cast.inspector, at=AT)


# Background runs


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


def test_the_menu_of_the_system_administrator_tells_how_many_were_given_up(cast: Cast) -> None:
    failed()
    failed()

    items = menu.menu(user=cast.system_admin, path="/")

    assert {item.label: item.badge for item in items}["后台任务"] == 2


def test_the_page_says_how_long_the_oldest_has_waited(cast: Cast) -> None:
    JobRun.objects.create(job="x", created_at=clock.now() - timedelta(minutes=5))

    page = signed_in(cast.system_admin).get(reverse("people:jobs")).content.decode()

    assert "最早一项任务已等候 5 分钟" in page


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


# Audit


def record(
    cast: Cast, *, by: User, verb: str = "people.x", label: str = "授予岗位", **changes: object
) -> AuditEntry:
    given = {"at": AT, "by": by, "verb": verb, "label": label, "subject": cast.east}
    return audit.record(**given | changes)


def listed(cast: Cast, **query: object) -> list[str]:
    page = signed_in(cast.auditor).get(reverse("people:audit"), query)
    return [entry.row.label for entry in page.context["entries"]]


def test_the_auditor_reads_what_happened_the_newest_first(cast: Cast) -> None:
    record(cast, by=cast.clerk, label="先")
    record(cast, by=cast.clerk, label="后", at=AT + timedelta(minutes=1))

    assert listed(cast) == ["后", "先"]


def test_the_audit_is_filtered_by_person_action_subject_and_day(cast: Cast) -> None:
    record(cast, by=cast.clerk, label="甲事")
    record(cast, by=cast.leader, label="乙事", subject=cast.leader, at=AT + timedelta(days=1))

    assert listed(cast, actor="经办甲（clerk）") == ["甲事"]
    assert listed(cast, actor_id=str(cast.leader.pk)) == ["乙事"]
    assert listed(cast, verb="乙事") == ["乙事"]
    assert listed(cast, subject_type="people.unit", subject_id=str(cast.east.pk)) == ["甲事"]
    assert listed(cast, module="people", first="2026-03-03", last="2026-03-03") == ["乙事"]
    assert listed(cast, module="findings") == []


def test_states_are_shown_by_their_names(cast: Cast) -> None:
    record(cast, by=cast.clerk, subject=failed(), before="failed", after="waiting")

    page = signed_in(cast.auditor).get(reverse("people:audit")).content.decode()

    assert "未办成 → 等待办理" in page


def test_a_bad_day_is_said_and_the_rest_still_shown(cast: Cast) -> None:
    answer = signed_in(cast.auditor).get(
        reverse("people:audit"), {"first": "2026-03-05", "last": "2026-03-01"}
    )

    assert answer.status_code == 422
    assert "截止日早于起始日" in answer.content.decode()


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "clerk", "leader", "east_head"])
def test_nobody_but_the_auditor_reads_the_audit(cast: Cast, who: str) -> None:
    assert signed_in(getattr(cast, who)).get(reverse("people:audit")).status_code == 403


# What every page knows


@pytest.mark.parametrize(
    ("who", "first", "some"),
    [
        (
            "clerk",
            "我的工作",
            {
                *("检查批次", "检查记录", "待研判", "问题台账", "整改通知书", "驾驶舱", "通报"),
                *("检查标准", "工作日历", "整改时限"),
            },
        ),
        ("inspector", "我的工作", {"检查批次", "检查记录"}),
        ("east_head", "我的工作", {"本单位问题", "整改通知书"}),
        ("reader", "我的工作", {"驾驶舱", "问题台账", "通报"}),
        ("system_admin", "账号", {"单位", "工作日历", "后台任务"}),
        ("security_admin", "岗位授权", set()),
        ("auditor", "审计记录", set()),
    ],
)
def test_the_menu_of_a_role(cast: Cast, who: str, first: str, some: set[str]) -> None:
    items = menu.menu(user=getattr(cast, who), path="/nowhere/")

    labels = [item.label for item in items]
    assert labels[0] == first
    assert some <= set(labels)
    assert len(labels) == len(set(labels))


def test_the_menu_of_an_administrator_holds_nothing_else(cast: Cast) -> None:
    assert lines(cast.auditor) == ["审计记录", "查阅记录", "审计链"]
    assert lines(cast.security_admin) == ["岗位授权", "动态口令恢复"]


def lines(user: User) -> list[str]:
    """The menu without what everybody has for their own account."""
    return [item.label for item in menu.menu(user=user, path="/") if item.group != "我的账号"]


def test_the_line_of_the_page_is_marked(cast: Cast) -> None:
    items = menu.menu(user=cast.system_admin, path="/accounts/new/")

    assert [item.label for item in items if item.is_active] == ["账号"]


def test_a_badge_is_counted_for_those_who_see_its_line(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(menu, "BADGES", {})
    menu.register_badge("people:jobs", lambda user: 3)

    badges = {item.label: item.badge for item in menu.menu(user=cast.system_admin, path="/")}

    assert badges["后台任务"] == 3
    assert badges["账号"] is None


def test_a_page_says_who_is_signed_in(cast: Cast) -> None:
    page = signed_in(cast.clerk).get(reverse("people:calendar"))

    assert (page.context["me"].name, page.context["me"].role) == ("经办甲", "督查办经办")
    assert page.context["me"].unit == "安平市督查办公室"
    assert str(page.context["org_name"]) == "安平市督查办公室"


def test_someone_without_a_post_is_told_so(cast: Cast) -> None:
    cast.clerk.posts.all().delete()

    assert "暂无岗位" in signed_in(cast.clerk).get(reverse("password_change")).content.decode()
