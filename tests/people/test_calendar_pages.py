"""The pages of the working calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conduct import clock
from conduct.audit import SystemActor
from conduct.calendar import book, drafts
from conduct.errors import Forbidden
from conduct.models import CalendarChange, CalendarDay, CalendarYear
from people.actions import calendar as calendar_acts
from tests.factories.cast import AT, Cast, signed_in
from tests.factories.findings import Line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


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


def test_deadlines_that_would_move_are_shown_before_the_year_is_saved(cast: Cast) -> None:
    finding = Line(cast).received()
    client, url = signed_in(cast.clerk), reverse("people:calendar_year", args=[2026])
    form = filled(client.get(url)) | {"days-TOTAL_FORMS": 40}
    form |= {"days-39-start": "2026-03-10", "days-39-end": "", "days-39-kind": "off", "days-39-name": "调休"}

    first = client.post(url, form)

    page = first.content.decode()
    assert first.status_code == 200
    assert "还没有保存：将变动 1 个期限，涉及 1 个单位" in page
    assert f"{finding.title}（整改期限）" in page
    assert CalendarYear.objects.get(year=2026).version == 1

    second = client.post(url, form | {"seen": first.context["seen"]})

    change = CalendarChange.objects.get()
    assert second.url == reverse("people:calendar_change", args=[change.pk])
    assert CalendarYear.objects.get(year=2026).version == 2


def test_what_was_typed_otherwise_after_looking_is_looked_at_again(cast: Cast) -> None:
    Line(cast).received()
    client, url = signed_in(cast.clerk), reverse("people:calendar_year", args=[2026])
    form = filled(client.get(url)) | {"days-TOTAL_FORMS": 40}
    form |= {"days-39-start": "2026-03-10", "days-39-end": "", "days-39-kind": "off", "days-39-name": "调休"}
    seen = client.post(url, form).context["seen"]

    again = client.post(url, form | {"days-39-start": "2026-03-11", "seen": seen})

    assert again.status_code == 200
    assert CalendarChange.objects.count() == 0


def test_an_import_shows_what_would_move_and_its_page_undoes_it(cast: Cast) -> None:
    Line(cast, datetime(2026, 12, 21, 9, 0, tzinfo=AT.tzinfo)).received()
    client, url = signed_in(cast.clerk), reverse("people:calendar_import")
    rows = "起始日,终止日,类型,名称\n2027-01-01,2027-01-03,放假,元旦"

    answer = client.post(url, {"file": SimpleUploadedFile("2027.csv", rows.encode())})

    assert "导入后将变动 1 个期限，涉及 1 个单位" in answer.content.decode()
    client.post(url, {"token": answer.context["preview"].token})
    change = CalendarChange.objects.get()
    page = client.get(reverse("people:calendar_change", args=[change.pk])).content.decode()
    assert "撤销这次调整" in page
    undone = client.post(reverse("people:calendar_undo", args=[change.pk]))
    assert "撤销2027年放假安排调整" in client.get(undone.url).content.decode()
    page = client.get(reverse("people:calendar_change", args=[change.pk])).content.decode()
    assert "这次调整已经撤销" in page


def test_the_administrator_reads_numbers_and_no_matter(cast: Cast) -> None:
    finding = Line(cast).received()
    client, url = signed_in(cast.system_admin), reverse("people:calendar_import")
    draft = book.draft_of(2026)
    rows = ["起始日,终止日,类型,名称", "2026-03-10,,放假,调休"]
    rows += [f"{day},,{drafts.KIND_NAMES[kind]},{name}" for day, (kind, name) in draft.days.items()]

    page = client.post(url, {"file": SimpleUploadedFile("a.csv", "\n".join(rows).encode())}).content.decode()

    assert "导入后将变动 1 个期限" in page
    assert "明细由督查办经办查看" in page
    assert finding.title not in page
