"""Several at once: each keeps its own guards, and each is told what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conduct import clock
from conduct.models import AuditEntry
from findings.models import Finding, Notice
from people.models import HeldForm
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, routes
from tests.factories.signing import bind, code_of, signed_in_with_code
from tests.findings.browsing import get, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]

S = Finding.State
REASON = "现场记录、照片与单位说明一致。"


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def ticks(*rows: Finding | Notice) -> list[str]:
    return [f"{row.pk}:{type(row).objects.get(pk=row.pk).version}" for row in rows]


def states(*rows: Finding) -> list[str]:
    return [again(row).state for row in rows]


def orders(**changes: object) -> dict[str, Any]:
    way = routes()["limited"].pk
    return {"route": way, "requirement": "立即整改，落实AB岗。", "contact": "督查一科 0000-1234567"} | changes


def of(counts: Any) -> tuple[int, int, int]:
    return tuple(counts.context[name] for name in ("done", "undone", "unknown"))


def test_three_are_confirmed_and_one_is_told_why_not(cast: Cast, line: Line) -> None:
    fine = [line.verifying() for _ in range(3)]
    pointing = line.verifying(names_person=True)

    answer = post(cast.leader, "batch_confirm", row=ticks(*fine, pointing), reason=REASON)

    assert states(*fine, pointing) == [S.CONFIRMED] * 3 + [S.VERIFYING]
    assert of(answer) == (3, 1, 0)
    text = text_of(answer)
    assert "3 件已办，1 件未办" in text
    assert "原因：问题指向具体人员，须先听取单位陈述" in text
    assert {row.verdict_reason for row in map(again, fine)} == {REASON}


def test_every_one_leaves_its_own_line(cast: Cast, line: Line) -> None:
    rows = [line.verifying(), line.verifying()]

    post(cast.leader, "batch_confirm", row=ticks(*rows), reason=REASON)

    told = AuditEntry.objects.filter(verb="findings.confirm", actor_id=str(cast.leader.pk))
    assert set(told.values_list("subject_id", flat=True)) == {str(row.pk) for row in rows}


def test_findings_of_one_unit_go_into_one_notice_and_each_unit_gets_its_own(cast: Cast, line: Line) -> None:
    east, also_east, west = line.confirmed(), line.confirmed(), line.confirmed(unit=cast.west)
    gone = line.assigned()

    answer = post(cast.clerk, "batch_issue", row=ticks(east, also_east, west, gone), **orders())

    assert of(answer) == (3, 1, 0)
    numbers = [again(row).notice.number for row in (east, also_east, west)]  # type: ignore[union-attr]
    assert numbers[0] == numbers[1] != numbers[2]
    assert all(number in text_of(answer) for number in numbers)
    assert Notice.objects.count() == 3


def test_the_head_signs_for_several_notices(cast: Cast, line: Line) -> None:
    own = [line.issue(line.confirmed()), line.issue(line.confirmed())]
    others = line.issue(line.confirmed(unit=cast.west))

    answer = post(cast.east_head, "batch_receive", row=ticks(*own, others))

    assert of(answer) == (2, 0, 1)
    assert Notice.objects.filter(received_by=cast.east_head).count() == 2
    assert "另有 1 件没有找到" in text_of(answer)


def test_reports_are_passed_by_whom_each_lets(cast: Cast, line: Line) -> None:
    found_by_clerk, also = line.submitted(), line.submitted()
    Finding.objects.filter(pk=also.pk).update(raised_by=cast.second_clerk)

    answer = post(cast.second_clerk, "batch_pass", row=ticks(found_by_clerk, also), reason="材料齐全。")

    assert of(answer) == (1, 1, 0)
    assert states(found_by_clerk, also) == [S.AWAITING_ACCEPTANCE, S.SUBMITTED]
    assert "您参加了这次检查或列出了这个问题" in text_of(answer)


def test_what_two_accepted_is_closed(cast: Cast, line: Line) -> None:
    done, half = line.accepted(), line.awaiting()

    answer = post(cast.third_clerk, "batch_close", row=ticks(done, half), reason="")

    assert states(done, half) == [S.CLOSED, S.AWAITING_ACCEPTANCE]
    assert of(answer) == (1, 1, 0)


def test_sent_twice_it_is_done_once(cast: Cast, line: Line) -> None:
    rows = [line.confirmed(), line.confirmed(unit=cast.west)]
    sent = {"row": ticks(*rows), **orders()}
    post(cast.clerk, "batch_issue", **sent)

    second = post(cast.clerk, "batch_issue", **sent)

    assert of(second) == (0, 2, 0)
    assert Notice.objects.count() == 2


def test_what_changed_since_the_page_was_opened_is_left_alone(cast: Cast, line: Line) -> None:
    row = line.verifying()
    seen = ticks(row)
    Finding.objects.filter(pk=row.pk).update(version=9)

    answer = post(cast.leader, "batch_confirm", row=seen, reason=REASON)

    assert states(row) == [S.VERIFYING]
    assert "页面打开之后这件事已有变动" in text_of(answer)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (lambda rows: {"row": [], "reason": REASON}, "请至少勾选一件"),
        (lambda rows: {"row": ticks(*rows), "reason": ""}, "这个字段是必填项"),
        (
            lambda rows: {"row": ticks(*rows) + [f"x{n}:1" for n in range(61)], "reason": REASON},
            "一次最多办 60 件",
        ),
    ],
    ids=["none ticked", "no reason", "too many"],
)
def test_a_form_that_cannot_be_used_does_nothing_and_loses_nothing(
    cast: Cast, line: Line, sent: Callable[[list[Finding]], dict[str, Any]], told: str
) -> None:
    rows = [line.verifying(), line.verifying()]
    data = sent(rows)

    answer = post(cast.leader, "batch_confirm", **data)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert states(*rows) == [S.VERIFYING] * 2
    assert text_of(answer).count(" checked") == len([row for row in data["row"] if not row.startswith("x")])
    assert data["reason"] in text_of(answer)


@pytest.mark.parametrize("door", ["batch_issue", "batch_close"])
def test_what_takes_a_code_alone_takes_it_for_several(cast: Cast, line: Line, door: str) -> None:
    row = line.confirmed() if door == "batch_issue" else line.accepted()
    bind(cast.third_clerk)
    client = signed_in_with_code(cast.third_clerk)
    address = get(cast.third_clerk, door).request["PATH_INFO"]

    client.post(address, {"row": ticks(row), "reason": "", **orders()})
    held = HeldForm.objects.get()
    assert states(row) == [row.state]
    answer = client.post(address, {"held_form": held.pk, "one_time_code": code_of(cast.third_clerk)})

    assert of(answer) == (1, 0, 0)


def test_the_page_lists_what_waits_for_this_person(cast: Cast, line: Line) -> None:
    mine, found_here = line.submitted(title="别人列出的"), line.submitted(title="自己列出的")
    Finding.objects.filter(pk=found_here.pk).update(raised_by=cast.second_clerk)

    text = text_of(get(cast.second_clerk, "batch_pass"))

    assert f'value="{mine.pk}:{again(mine).version}"' in text
    assert "自己列出的" not in text


def test_my_work_leads_to_the_page_from_two_on(cast: Cast, line: Line, client: Any) -> None:
    client.force_login(cast.leader)
    line.verifying()
    alone = client.get("/").content.decode()
    line.verifying()

    assert "成批办理" not in alone
    assert 'href="/findings/batch/confirm/">核实认定 2 件' in client.get("/").content.decode()
