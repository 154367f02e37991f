"""The shared page parts say what the office must always be able to see, and ask for what a move needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from conduct import shapes

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def part(name: str, **context: Any) -> str:
    return render_to_string(f"_parts/{name}.html", {"today": TODAY, **context})


def tag(source: str, **context: Any) -> str:
    return Template("{% load office %}" + source).render(Context({"today": TODAY, **context}))


class Statement(forms.Form):
    facts = forms.CharField(label="事实经过")


def test_a_light_shows_shape_word_date_and_working_days_left() -> None:
    shown = tag("{% light due remaining=3 %}", due=date(2026, 11, 26))

    for words in ("light-amber", "▲", "临期", "2026年11月26日（周四）", "还剩 3 个工作日"):
        assert words in shown


def test_a_light_says_when_the_calendar_of_the_year_is_missing() -> None:
    assert "估算" in tag("{% light due remaining=30 estimated=True %}", due=date(2027, 1, 8))


@pytest.mark.parametrize("value", [None, ""])
def test_what_the_record_does_not_say_reads_unrecorded(value: str | None) -> None:
    assert tag("{{ value|or_unrecorded }}", value=value) == "未记录"


def test_zero_is_a_recorded_value() -> None:
    assert tag("{{ value|or_unrecorded }}", value=0) == "0"


@pytest.mark.parametrize(("count", "words"), [(999, "999"), (1000, "1,000+"), (4321, "1,000+")])
def test_a_bounded_count_never_pretends_to_be_exact(count: int, words: str) -> None:
    assert tag("{{ count|bounded:1000 }}", count=count) == words


def test_a_move_that_needs_a_reason_cannot_be_sent_without_one() -> None:
    back = shapes.MoveButton("send_back", "退回并说明理由", "/back/", needs_reason=True)

    shown = part("_moves", moves=[back], version=7)

    assert '<textarea class="form-control" id="reason-send_back" name="reason"' in shown
    assert "required></textarea>" in shown
    assert '<input type="hidden" name="version" value="7">' in shown


def test_a_plain_move_is_one_button_that_posts() -> None:
    shown = part("_moves", moves=[shapes.MoveButton("sign", "签收通知", "/sign/", is_primary=True)])

    assert '<form method="post" action="/sign/">' in shown
    assert "textarea" not in shown


def test_nothing_to_do_shows_no_buttons() -> None:
    assert part("_moves", moves=[]).strip() == ""


def test_the_error_summary_leads_to_the_field() -> None:
    shown = part("_errors", form=Statement({"facts": ""}))

    assert '<a href="#id_facts">事实经过</a>' in shown


def test_a_form_without_errors_has_no_summary() -> None:
    assert part("_errors", form=Statement({"facts": "窗口无人值守"})).strip() == ""


def test_a_refusal_beside_a_clean_form_is_shown() -> None:
    assert "对方已经签收。" in part("_errors", form=Statement(), errors=["对方已经签收。"])


@pytest.mark.parametrize(
    ("state", "asks"), [("waiting", True), ("running", True), ("done", False), ("failed", False)]
)
def test_a_run_is_asked_about_until_it_is_over(state: str, asks: bool) -> None:
    job = shapes.JobView(pk="1", title="生成周报", state=state, poll_url="/jobs/1/")

    assert ("hx-get" in part("_job", job=job)) is asks


def test_a_failed_run_says_why() -> None:
    job = shapes.JobView(pk="1", title="导入单位", state="failed", reason="第 7 行没有上级单位。")

    assert "第 7 行没有上级单位。" in part("_job", job=job)


def test_the_table_beside_a_chart_carries_the_same_values_and_links() -> None:
    row = shapes.ChartRow("A 大局意识", [3, 0], ["/list/?month=10", "/list/?month=11"])
    chart = shapes.Chart("by-month", "stack", "各类问题", ["10月", "11月"], [row])

    shown = part("_chart", chart=chart)

    assert '<a href="/list/?month=10">3</a>' in shown
    assert '<td class="num">0</td>' in shown
    assert '"values": [3, 0]' in shown


def test_a_conflict_shows_both_texts() -> None:
    conflict = shapes.Conflict("督查经办", NOON, "/now/", [shapes.Difference("等级", "较重", "一般")])

    shown = part("_conflict", conflict=conflict)

    assert "2026年11月23日 12:00" in shown
    assert "较重" in shown
    assert "一般" in shown


def test_a_timeline_tells_who_when_what_and_why() -> None:
    entry = shapes.TimelineEntry(NOON, "督查经办", "退回整改报告", why="未附排班表。")

    shown = part("_timeline", entries=[entry])

    for words in ("督查经办", "2026年11月23日 12:00", "退回整改报告", "未附排班表。"):
        assert words in shown


def test_text_of_people_cannot_become_markup() -> None:
    entry = shapes.TimelineEntry(NOON, "督查经办", "退回", why="<script>x</script>")

    assert "<script>" not in part("_timeline", entries=[entry])


def test_the_standing_of_a_matter_names_desk_state_deadline_and_next_step() -> None:
    standing = shapes.Standing("待审核", "督查办", "审核整改报告", due_on=date(2026, 11, 20), remaining=-1)

    shown = part("_standing", standing=standing)

    for words in ("待审核", "督查办", "审核整改报告", "■", "逾期", "已超 1 个工作日"):
        assert words in shown


def test_a_picker_works_as_a_plain_grouped_select() -> None:
    option = shapes.PickerOption("D1-02", "D1-02", "脱岗串岗", "tgcg")
    picker = shapes.Picker(
        "indicator", "id_i", "指标", [shapes.PickerGroup("D", "自律意识", [option])], "D1-02"
    )

    shown = part("_picker", picker=picker)

    assert '<optgroup label="D 自律意识" data-group="D">' in shown
    assert 'data-initials="tgcg"' in shown
    assert "selected>D1-02 脱岗串岗</option>" in shown


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "413", "500"])
def test_an_error_page_needs_no_context_and_shows_a_way_back(name: str) -> None:
    shown = render_to_string(f"{name}.html")

    assert "明察暗访工作系统" in shown
    assert 'href="/"' in shown
