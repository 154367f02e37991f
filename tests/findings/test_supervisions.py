"""Papers of the ladder: the leader signs or holds them, the unit is told, what is no longer needed is not signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from conduct import issuing, moves
from conduct.calendar import seed
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from conduct.models import Message
from findings.actions import ladder, objections, supervisions
from findings.models import Finding, Supervision
from findings.moves import supervision as table
from findings.queries import waiting
from findings.rules.ladder import Step
from people.models import User
from people.roles import Role
from tests.factories.cast import AT, give_post
from tests.factories.findings import Line, again
from tests.findings.browsing import get, post, text_of
from tests.findings.test_ladder import at_nine, climb_to, on

pytestmark = pytest.mark.django_db
S = Supervision.State
CONTACT = "督查一科 0000-1234567"
TALK_DAY, DAY_GONE = date(2026, 4, 9), date(2026, 3, 24)


@pytest.fixture(autouse=True)
def years(db: None) -> None:
    seed.ship(at=AT)


def row_of(step: Step) -> Supervision:
    rows = Supervision.objects.select_related("finding__notice", "finding__unit", "unit")
    return rows.get(step=step)


def drafted(line: Line, step: Step = Step.LETTER) -> Supervision:
    line.received()
    climb_to(step)
    return row_of(step)


def sign(row: Supervision, by: User, at: datetime | None = None, **facts: object) -> Supervision:
    given = {"contact": CONTACT} | facts
    return supervisions.sign(  # type: ignore[arg-type]
        supervision=row, by=by, at=at or on(Step(row.step)) + timedelta(hours=1), **given
    )


def talk(line: Line) -> Supervision:
    row = drafted(line, Step.TALK)
    return sign(row, line.cast.leader, talk_on=TALK_DAY, talk_place="督查办二楼会议室")


def test_the_leader_signs_and_the_paper_takes_the_next_number(line: Line) -> None:
    for _ in range(2):
        line.received()
    climb_to(Step.LETTER)

    for row in Supervision.objects.filter(step=Step.LETTER).select_related("finding__notice", "unit"):
        sign(row, line.cast.leader)

    numbers = sorted(Supervision.objects.exclude(number="").values_list("number", flat=True))
    assert numbers == ["安督整督〔2026〕1号", "安督整督〔2026〕2号"]


def test_a_signature_that_fails_leaves_no_gap(line: Line) -> None:
    row = drafted(line)
    stale = row_of(Step.LETTER)
    stale.version += 1
    with pytest.raises(MovedMeanwhile):
        sign(stale, line.cast.leader)

    assert sign(row, line.cast.leader).number == "安督整督〔2026〕1号"


def test_the_signed_paper_is_frozen(line: Line) -> None:
    row = sign(drafted(line), line.cast.leader)
    Finding.objects.update(title="后来改过的标题", requirement="后来改过的要求")
    paper = Supervision.objects.select_related("paper").get(pk=row.pk).paper

    assert paper is not None
    facts = paper.facts["content"]
    assert (facts["kind"], facts["overdue_days"], facts["problem"]) == ("letter", 3, row.finding.title)
    assert issuing.pdf_of(paper).startswith(b"%PDF")


def test_the_unit_is_told_and_reads_the_paper_on_its_own_page(line: Line) -> None:
    row = sign(drafted(line), line.cast.leader)
    head = line.cast.east_head

    told = Message.objects.get(kind="findings.supervision", recipient=head.pk)
    assert told.words == f"{row.number}督办函已签发，请立即整改并报送整改报告。"
    assert row.number in text_of(get(head, "supervision", row.pk))
    assert get(head, "supervision_pdf", row.pk).status_code == 200
    page = text_of(get(head, "detail", row.finding_id))
    assert "签发督办函" in page and row.number in page


def test_before_the_signature_the_unit_does_not_know_of_the_draft(line: Line) -> None:
    row = drafted(line)
    head = line.cast.east_head

    assert get(head, "supervision", row.pk).status_code == 404
    assert get(head, "supervision_pdf", row.pk).status_code == 404
    assert "起草督办函" not in text_of(get(head, "detail", row.finding_id))
    assert "起草督办函" in text_of(get(line.cast.clerk, "detail", row.finding_id))


def test_another_unit_never_reads_it(line: Line) -> None:
    row = sign(drafted(line), line.cast.leader)

    assert get(line.cast.west_head, "supervision", row.pk).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "east_head", "reader"])
def test_nobody_but_a_leader_signs_or_holds(line: Line, who: str) -> None:
    row, by = drafted(line), getattr(line.cast, who)

    with pytest.raises(Forbidden):
        sign(row, by)
    with pytest.raises(Forbidden):
        supervisions.hold(supervision=row, by=by, at=AT, reason="再等等。")


def test_a_leader_of_the_unit_itself_does_not_sign(line: Line) -> None:
    row = drafted(line)
    give_post(line.cast.leader, line.cast.east, Role.UNIT_HEAD)

    with pytest.raises(Refused, match="您是责任单位的人员"):
        sign(row, line.cast.leader)


def test_a_draft_is_held_with_a_reason_and_may_be_signed_later(line: Line) -> None:
    row = drafted(line)
    with pytest.raises(Refused, match="须写明理由"):
        supervisions.hold(supervision=row, by=line.cast.leader, at=AT, reason=" ")

    supervisions.hold(supervision=row, by=line.cast.leader, at=AT, reason="单位已来电说明。")

    row = row_of(Step.LETTER)
    assert (row.state, row.why) == (S.HELD, "单位已来电说明。")
    assert sign(row, line.cast.leader).state == S.SIGNED


def test_what_was_held_is_not_held_again(line: Line) -> None:
    row = drafted(line)
    supervisions.hold(supervision=row, by=line.cast.leader, at=AT, reason="单位已来电说明。")

    with pytest.raises(NotFromHere):
        supervisions.hold(supervision=row, by=line.cast.leader, at=AT, reason="再等等。")


def test_what_is_signed_is_neither_signed_nor_held_again(line: Line) -> None:
    row = sign(drafted(line), line.cast.leader)

    with pytest.raises(NotFromHere):
        sign(row, line.cast.leader)
    with pytest.raises(NotFromHere):
        supervisions.hold(supervision=row, by=line.cast.leader, at=AT, reason="再等等。")


def test_while_an_objection_is_heard_nothing_is_signed(line: Line) -> None:
    row = drafted(line)
    Finding.objects.update(runs_until=None, paused_on=date(2026, 3, 26))

    with pytest.raises(NotFromHere, match="异议正在办理"):
        sign(row_of(Step.LETTER), line.cast.leader)
    assert "异议正在办理" in text_of(get(line.cast.leader, "supervision", row.pk))


def test_about_another_term_nothing_is_signed(line: Line) -> None:
    drafted(line)
    Finding.objects.update(runs_until=date(2026, 4, 9), due_on=date(2026, 4, 9))

    with pytest.raises(NotFromHere, match="整改期限已另行确定"):
        sign(row_of(Step.LETTER), line.cast.leader)


def test_after_the_report_nothing_is_signed(line: Line) -> None:
    drafted(line)
    Finding.objects.update(runs_until=None, state="submitted")

    with pytest.raises(NotFromHere, match="不在计时"):
        sign(row_of(Step.LETTER), line.cast.leader)


def test_whom_the_unit_asks_stands_on_the_paper(line: Line) -> None:
    with pytest.raises(Refused, match="联系人及电话"):
        sign(drafted(line), line.cast.leader, contact=" ")


def test_a_talk_has_a_day_and_a_place(line: Line) -> None:
    row = drafted(line, Step.TALK)

    with pytest.raises(Refused, match="约谈的日期和地点"):
        sign(row, line.cast.leader)
    with pytest.raises(Refused, match="约谈日期已经过去"):
        sign(row, line.cast.leader, talk_on=DAY_GONE, talk_place="会议室")


def test_what_was_said_in_the_talk_is_kept(line: Line) -> None:
    row = talk(line)

    supervisions.record_talk(
        supervision=row,
        talk_on=TALK_DAY,
        talk_record="单位承诺月底前完成。",
        by=line.cast.clerk,
        at=at_nine(TALK_DAY),
    )

    assert row_of(Step.TALK).state == S.RECORDED
    assert "单位承诺月底前完成。" in text_of(get(line.cast.leader, "supervision", row.pk))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"talk_on": date(2026, 4, 10)}, "约谈日期还没有到"),
        ({"talk_record": " "}, "请写明约谈记录"),
    ],
)
def test_a_talk_is_recorded_after_it_was_held_and_in_words(
    line: Line, changes: dict[str, object], words: str
) -> None:
    facts = {"talk_on": TALK_DAY, "talk_record": "已约谈。", "by": line.cast.clerk, "at": at_nine(TALK_DAY)}

    with pytest.raises(Refused, match=words):
        supervisions.record_talk(supervision=talk(line), **(facts | changes))  # type: ignore[arg-type]


def test_only_a_talk_that_was_called_is_recorded(line: Line) -> None:
    letter = sign(drafted(line), line.cast.leader)
    facts = {"talk_on": TALK_DAY, "talk_record": "已约谈。", "by": line.cast.clerk, "at": at_nine(TALK_DAY)}

    with pytest.raises(NotFromHere, match="不是约谈通知"):
        supervisions.record_talk(supervision=letter, **facts)  # type: ignore[arg-type]


def test_the_unit_does_not_record_its_own_talk(line: Line) -> None:
    row = talk(line)
    facts = {"talk_on": TALK_DAY, "talk_record": "已约谈。", "at": at_nine(TALK_DAY)}

    with pytest.raises(Forbidden):
        supervisions.record_talk(supervision=row, by=line.cast.east_head, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": S.SIGNED},
        {"number": "安督整督〔2026〕9号"},
        {"state": S.HELD, "why": ""},
        {"state": S.MOOT, "why": ""},
        {"state": S.RECORDED},
    ],
)
def test_the_database_keeps_the_papers_whole(line: Line, wrong: dict[str, object]) -> None:
    row = drafted(line)

    with pytest.raises(IntegrityError), transaction.atomic():
        Supervision.objects.filter(pk=row.pk).update(**wrong)


def test_each_move_starts_where_the_table_says(line: Line) -> None:
    row = drafted(line)
    for move in table.TABLE:
        for state in S:
            row.state = state
            if state in move.sources:
                moves.require_from(row, move)
            else:
                with pytest.raises(NotFromHere):
                    moves.require_from(row, move)


def test_a_signed_draft_is_signed_on_the_page_and_says_so(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = drafted(line)
    monkeypatch.setattr("conduct.clock.now", lambda: on(Step.LETTER) + timedelta(hours=1))
    leader = line.cast.leader

    page = text_of(get(leader, "supervision", row.pk))
    assert "签发督办文书" in page and "查看草稿" in page
    assert get(leader, "supervision_pdf", row.pk)["Content-Type"] == "application/pdf"
    post(leader, "supervision_move", row.pk, "sign", contact=CONTACT, version=row.version)

    assert row_of(Step.LETTER).state == S.SIGNED


def test_what_the_page_cannot_do_it_says_and_keeps_what_was_typed(line: Line) -> None:
    row = drafted(line, Step.TALK)

    answer = post(line.cast.leader, "supervision_move", row.pk, "sign", contact="督查三科", talk_on="")

    assert answer.status_code == 422 and "督查三科" in text_of(answer)
    assert get(line.cast.leader, "supervision_move", row.pk, "burn").status_code == 404
    assert post(line.cast.leader, "supervision_move", row.pk, "burn").status_code == 404


def test_a_draft_waits_in_the_work_of_the_leader_alone(line: Line) -> None:
    drafted(line)

    assert "签发督办函" in [item.verb for item in waiting.for_user(line.cast.leader)]
    assert "签发督办函" not in [item.verb for item in waiting.for_user(line.cast.clerk)]


def test_a_proposal_is_seen_by_the_office_and_signed_by_nobody(line: Line) -> None:
    finding = line.received()
    climb_to(Step.CASE)
    row = row_of(Step.CASE)

    assert "追责建议" in text_of(get(line.cast.clerk, "supervision_list", state="proposed"))
    assert get(line.cast.clerk, "supervision_pdf", row.pk).status_code == 404
    assert get(line.cast.east_head, "supervision", row.pk).status_code == 404
    assert "追责建议" not in text_of(get(line.cast.east_head, "detail", finding.pk)).split("办理经过")[1]


def test_the_list_is_narrowed_by_links(line: Line) -> None:
    line.received()
    climb_to(Step.YELLOW)

    def listed(**query: str) -> str:
        return text_of(get(line.cast.leader, "supervision_list", **query))

    assert "2 件督办" in listed()
    assert "1 件督办" in listed(step="yellow")
    assert "2 件督办" in listed(state="waiting")
    assert "没有符合筛选条件的督办" in listed(state="signed")
    assert "2 件督办" in listed(state="nonsense", step="nonsense")


def test_the_page_of_the_finding_tells_what_comes_next_and_when(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = line.received()
    climb_to(Step.LETTER)
    monkeypatch.setattr("conduct.clock.now", lambda: on(Step.LETTER))

    page = text_of(get(line.cast.clerk, "detail", finding.pk))

    steps = page.split("督办步骤")[1].split("</table>")[0]
    assert "待签发" in steps
    assert "<b>黄牌警告</b>" in steps and "2026年3月30日（周一）" in steps


def test_the_clerk_sets_the_days_on_the_page_of_the_routes(line: Line) -> None:
    line.received()
    days = {"warn": 5, "remind": 1, "letter": 2, "yellow": 4, "talk": "", "red": 9, "case": 12}
    form = {f"ladder_{name}": value for name, value in days.items()}

    assert post(line.cast.clerk, "routes", code="limited", part="ladder", **form).status_code == 302
    wrong = post(line.cast.clerk, "routes", code="limited", part="ladder", **(form | {"ladder_red": 3}))

    finding = again(line.received())
    assert finding.route is not None
    assert (finding.route.ladder_warn, finding.route.ladder_letter, finding.route.ladder_talk) == (5, 2, None)
    assert wrong.status_code == 422 and "“红牌通报”须晚于“黄牌警告”" in text_of(wrong)


def test_a_step_that_is_due_is_made_for_a_term_that_was_reached_before_the_ladder_was_there(
    line: Line,
) -> None:
    line.received()

    ladder.climb(at=on(Step.RED))

    assert [row.step for row in Supervision.objects.exclude(state=S.SKIPPED)] == [Step.RED]


def test_about_a_finding_that_names_a_person_nothing_is_signed_while_it_is_objected_to(line: Line) -> None:
    finding = line.received(names_person=True, persons=1)
    climb_to(Step.LETTER)
    # Late for a pause, in time to be heard: the clock runs on, and the draft waits.
    late = AT + timedelta(days=25)
    objection = objections.file(
        finding=again(finding),
        reasons="当日不在岗的不是本单位人员。",
        uploads=[],
        by=line.cast.east_head,
        at=late,
    )
    row, day = row_of(Step.LETTER), late + timedelta(days=2)
    with pytest.raises(NotFromHere, match="涉及人员，单位的异议期限未过或者异议正在办理"):
        sign(row, line.cast.leader, day)

    objections.reject(objection=objection, reason="名册载明其为本单位人员。", by=line.cast.leader, at=day)

    assert sign(row_of(Step.LETTER), line.cast.leader, day).state == S.SIGNED
