"""A bulletin from drafting to its number: frozen figures, two people, no gaps, the same bytes again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from conduct import clock, issuing
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from conduct.models import AuditEntry, IssuedPaper, NumberSeries, Office
from findings.models import Notice
from inspections.models import RuleItem, RuleList
from people.models import User
from reports.actions import bulletins
from reports.figures import Reading, published, scope
from reports.gather import drawing
from reports.models import Bulletin
from reports.moves.bulletin import TABLE
from reports.rules.periods import Period
from tests.factories.cast import AT, Cast, stand_up
from tests.factories.reports import TODAY, S, make_campaign, make_finding, make_record, make_visit

pytestmark = pytest.mark.django_db

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
DAY = date(2026, 2, 10)
B = Bulletin.State


def draft(cast: Cast, *, key: str = "k1", by: User | None = None, **options: Any) -> Bulletin:
    facts = {"kind": "ad_hoc", "office": cast.city, "period": FEBRUARY, "by": by or cast.clerk, "at": AT}
    return bulletins.draft(**(facts | {"made_key": key} | options))


def submitted(cast: Cast, *, key: str = "k1") -> Bulletin:
    return bulletins.submit(bulletin=draft(cast, key=key), by=cast.clerk, at=AT)


def text_of(bulletin: Bulletin) -> str:
    return json.dumps(bulletin.facts, ensure_ascii=False)


def test_the_draft_prints_the_figures_of_the_day_it_was_drafted(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, count=2)

    bulletin = draft(cast)
    make_finding(cast, cast.east, day=DAY)

    printed = {figure["key"]: figure["value"] for figure in bulletin.facts["content"]["figures"]}
    assert printed["problems"] == "2个"


def test_the_bulletin_prints_the_same_figures_as_every_other_page(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, state=S.CLOSED, days_to_close=6)
    make_finding(cast, cast.west, day=DAY, state=S.RECTIFYING, persons=2)

    printed = drawing.thawed(draft(cast).facts).figures
    reading = Reading(scope=scope.of_office(cast.city), period=FEBRUARY, today=TODAY)

    counted = published.every(reading).values()
    assert [(one.label, one.value) for one in printed] == [(one.label, one.words) for one in counted]
    assert [one.definition for one in printed] == [one.definition for one in counted]


def test_a_month_is_named_in_the_title(cast: Cast) -> None:
    assert draft(cast, kind="monthly").title == "关于2026年2月明察暗访情况的通报"


def test_a_case_tells_when_where_which_unit_and_post_and_by_which_rule(cast: Cast) -> None:
    rules = RuleList.objects.create(code="T", name="十不准", issuer_level="local", published_at=AT)
    rule = RuleItem.objects.create(rule_list=rules, number=3, text="不准上网")
    make_finding(
        cast,
        cast.east_bureau,
        day=DAY,
        person_post="窗口工作人员",
        department="综合窗口",
        place="二楼大厅",
        rule_item=rule,
        state=S.RECTIFYING,
        due_on=date(2026, 2, 24),
    )
    Notice.objects.update(received_at=clock.moment(DAY, time(17)), received_by=cast.east_head)

    (case,) = drawing.thawed(draft(cast).facts).cases

    assert case.time == "2026年2月10日（周二）"
    assert (case.place, case.unit, case.post) == ("综合窗口，二楼大厅", "东区行政审批局", "窗口工作人员")
    assert case.basis is not None
    assert case.basis.endswith("违反十不准第3条。")
    assert case.result == "已责令整改，整改期限2026年2月24日，已逾期。"


def test_a_case_of_the_past_says_only_what_its_source_says(cast: Cast) -> None:
    campaign = make_campaign(cast, first=DAY, last=DAY)
    visit = make_visit(campaign, cast.east, day=DAY, is_historical=True, state="locked")
    make_record(cast, visit, "D1-03", persons=1, seen_at=time(15, 7))

    (case,) = drawing.thawed(draft(cast).facts).cases

    assert case.time == "2026年2月10日（周二）15:07"
    assert (case.place, case.post, case.result) == (None, None, None)


def test_the_gravest_case_comes_first_and_the_rest_are_counted(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, title="轻", grade=1)
    make_finding(cast, cast.east, day=DAY, title="重", grade=4)
    make_finding(cast, cast.east, day=DAY, title="未定", grade=None)

    paper = drawing.thawed(draft(cast, most_cases=2).facts)

    assert [case.heading for case in paper.cases] == ["重", "轻"]
    assert "本期台账登记问题3件，本通报按情节轻重刊载2件，其余见台账。" in paper.notes


def test_a_bulletin_says_that_its_tables_and_its_figures_count_overdue_differently(cast: Cast) -> None:
    make_finding(cast, cast.east, "D1-03", day=date(2026, 1, 20), state=S.RECTIFYING, due_on=date(2026, 2, 3))
    make_finding(
        cast, cast.east, "D1-03", day=date(2026, 2, 10), state=S.RECTIFYING, due_on=date(2026, 2, 20)
    )

    paper = drawing.thawed(draft(cast).facts)

    assert paper.category_total is not None and paper.category_total.overdue == 1
    assert next(figure.value for figure in paper.figures if figure.key == "overdue").startswith("2")
    assert any("主要数据中的逾期问题，是截至统计日" in note for note in paper.notes)


def test_no_name_of_a_person_reaches_the_paper(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, state=S.CLOSED, person_post="科长", persons=1)
    bulletin = submitted(cast)

    bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)

    assert bulletin.paper
    printed = text_of(bulletin) + json.dumps(bulletin.paper.facts, ensure_ascii=False)
    assert [name for name in User.objects.values_list("name", flat=True) if name in printed] == []


def test_before_the_office_is_set_up_nothing_is_drafted(cast: Cast) -> None:
    Office.objects.all().delete()

    with pytest.raises(Refused, match="通报代字还没有设置"):
        draft(cast)


@pytest.mark.parametrize("person", ["inspector", "east_head", "reader", "system_admin"])
def test_who_does_not_draft_is_refused(cast: Cast, person: str) -> None:
    with pytest.raises(Forbidden):
        draft(cast, by=getattr(cast, person))


def test_the_same_click_twice_is_one_bulletin(cast: Cast) -> None:
    assert draft(cast, key="same").pk == draft(cast, key="same").pk


def test_the_same_month_twice_is_one_bulletin(cast: Cast) -> None:
    assert draft(cast, key="a", kind="monthly").pk == draft(cast, key="b", kind="monthly").pk


def test_two_special_issues_may_speak_about_the_same_days(cast: Cast) -> None:
    assert draft(cast, key="a").pk != draft(cast, key="b").pk


def test_counting_anew_brings_the_figures_up_to_date_and_keeps_the_text(cast: Cast) -> None:
    bulletin = draft(cast)
    bulletins.edit(bulletin=bulletin, narrative="总体平稳。", expected=1, by=cast.clerk, at=AT)
    make_finding(cast, cast.east, day=DAY)

    bulletins.regather(bulletin=bulletin, expected=2, by=cast.clerk, at=AT)

    bulletin.refresh_from_db()
    figures = {one.key: one.value for one in drawing.thawed(bulletin.facts).figures}
    assert (figures["problems"], bulletin.narrative) == ("1个", "总体平稳。")
    assert bulletin.facts_sha256 == drawing.digest(bulletin.facts)


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(cast: Cast) -> None:
    bulletin = draft(cast)
    other = Bulletin.objects.get(pk=bulletin.pk)
    bulletins.edit(bulletin=bulletin, narrative="先保存的。", expected=1, by=cast.clerk, at=AT)

    with pytest.raises(MovedMeanwhile, match="您填的内容仍在页面上"):
        bulletins.edit(bulletin=other, narrative="后保存的。", expected=1, by=cast.second_clerk, at=AT)

    bulletin.refresh_from_db()
    assert bulletin.narrative == "先保存的。"


def test_a_character_without_a_font_is_named_when_saving(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"U\+10FFFD"):
        bulletins.edit(bulletin=draft(cast), narrative="字\U0010fffd", expected=1, by=cast.clerk, at=AT)


@pytest.mark.parametrize("change", ["edit", "regather"])
def test_what_is_out_for_signing_is_not_changed(cast: Cast, change: str) -> None:
    bulletin = submitted(cast)
    words = {"narrative": "改"} if change == "edit" else {}

    with pytest.raises(NotFromHere, match="待审签"):
        getattr(bulletins, change)(bulletin=bulletin, expected=2, by=cast.clerk, at=AT, **words)


def test_the_schedules_draft_gets_its_author_when_somebody_sends_it(cast: Cast) -> None:
    bulletin = bulletins.draft(
        kind="monthly", office=cast.city, period=FEBRUARY, by=None, at=AT, made_key="monthly:1:2026-02-01"
    )
    assert bulletin.author is None

    bulletins.submit(bulletin=bulletin, by=cast.second_clerk, at=AT)

    bulletin.refresh_from_db()
    assert bulletin.author == cast.second_clerk


def test_sending_back_needs_a_reason(cast: Cast) -> None:
    bulletin = submitted(cast)

    with pytest.raises(Refused, match="须写明理由"):
        bulletins.send_back(bulletin=bulletin, by=cast.leader, at=AT, reason=" ")

    bulletins.send_back(bulletin=bulletin, by=cast.leader, at=AT, reason="补充典型案例")
    assert bulletin.state == B.RETURNED
    assert AuditEntry.objects.filter(verb="reports.send_back", reason="补充典型案例").count() == 1


def test_the_clerk_does_not_sign(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        bulletins.sign(bulletin=submitted(cast), by=cast.second_clerk, at=AT)


def test_a_leader_does_not_sign_the_own_draft(cast: Cast) -> None:
    bulletin = bulletins.submit(bulletin=draft(cast), by=cast.leader, at=AT)

    with pytest.raises(Refused, match="另一位分管领导"):
        bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)


def test_the_database_too_keeps_author_and_signer_apart(cast: Cast) -> None:
    bulletin = submitted(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(approver=cast.clerk)


@pytest.mark.parametrize("state", [state for state in B if state != B.SUBMITTED])
def test_only_what_was_sent_for_signing_is_signed(cast: Cast, state: str) -> None:
    bulletin = draft(cast)
    if state == B.RETURNED:
        bulletins.submit(bulletin=bulletin, by=cast.clerk, at=AT)
        bulletins.send_back(bulletin=bulletin, by=cast.leader, at=AT, reason="再核")
    if state == B.ISSUED:
        bulletins.submit(bulletin=bulletin, by=cast.clerk, at=AT)
        bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)
    before = IssuedPaper.objects.count()

    with pytest.raises(NotFromHere):
        bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)

    assert IssuedPaper.objects.count() == before


def test_every_move_starts_from_the_states_its_table_names() -> None:
    assert {move.name: (set(move.sources), move.target) for move in TABLE} == {
        "submit": ({B.DRAFT, B.RETURNED}, B.SUBMITTED),
        "send_back": ({B.SUBMITTED}, B.RETURNED),
        "sign": ({B.SUBMITTED}, B.ISSUED),
    }


@pytest.mark.parametrize("state", [B.SUBMITTED, B.ISSUED])
def test_what_was_sent_is_not_sent_again(cast: Cast, state: str) -> None:
    bulletin = submitted(cast)
    if state == B.ISSUED:
        bulletins.sign(bulletin=bulletin, by=cast.leader, at=AT)

    with pytest.raises(NotFromHere):
        bulletins.submit(bulletin=bulletin, by=cast.clerk, at=AT)


def test_a_draft_is_not_sent_back(cast: Cast) -> None:
    with pytest.raises(NotFromHere):
        bulletins.send_back(bulletin=draft(cast), by=cast.leader, at=AT, reason="早了")


def test_the_signed_bulletin_has_its_number_and_its_day(cast: Cast) -> None:
    bulletin = bulletins.sign(bulletin=submitted(cast), by=cast.leader, at=AT)

    bulletin.refresh_from_db()
    assert bulletin.paper
    paper = drawing.thawed(bulletin.paper.facts)
    assert (bulletin.paper.number, paper.number) == ("安督通〔2026〕1号", "安督通〔2026〕1号")
    assert (paper.dated, bulletin.state, bulletin.approver) == (date(2026, 3, 2), B.ISSUED, cast.leader)


def test_the_kept_facts_draw_the_same_bytes_again(cast: Cast) -> None:
    make_finding(cast, cast.east, day=DAY, facts="窗口人员㛃某脱岗，𬭎字牌未摆放。")
    bulletin = bulletins.sign(bulletin=submitted(cast), by=cast.leader, at=AT)

    assert bulletin.paper
    kept = IssuedPaper.objects.get(pk=bulletin.paper.pk)

    assert drawing.draw(kept.facts).pdf == issuing.pdf_of(kept)


def test_numbers_follow_each_other_without_gaps_after_a_failure(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = submitted(cast, key="a"), submitted(cast, key="b")

    def torn(facts: dict[str, Any]) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "draw", torn)
        with pytest.raises(OSError, match="disk full"):
            bulletins.sign(bulletin=first, by=cast.leader, at=AT)
    first.refresh_from_db()
    bulletins.sign(bulletin=second, by=cast.leader, at=AT)
    bulletins.sign(bulletin=first, by=cast.leader, at=AT)

    assert [second.paper.seq, first.paper.seq] == [1, 2]  # type: ignore[union-attr]


def test_a_new_year_begins_with_one(cast: Cast) -> None:
    bulletins.sign(bulletin=submitted(cast, key="a"), by=cast.leader, at=AT)
    next_year = clock.moment(date(2027, 1, 4), time(9))

    late = bulletins.sign(bulletin=submitted(cast, key="b"), by=cast.leader, at=next_year)

    assert late.paper
    assert late.paper.number == "安督通〔2027〕1号"


def in_threads(*calls: Any) -> list[Any]:
    """The outcomes of calls made at the same time, refusals included."""

    def one(call: Any) -> Any:
        try:
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.django_db(transaction=True)
def test_four_workers_draft_one_bulletin_for_one_week() -> None:
    cast = stand_up()
    week = Period(date(2026, 2, 23), date(2026, 3, 1))

    def work(key: str) -> Any:
        return lambda: bulletins.draft(
            kind="weekly", office=cast.city, period=week, by=None, at=AT, made_key=key
        )

    made = in_threads(*(work(f"k{number}") for number in range(4)))

    assert len({bulletin.pk for bulletin in made}) == 1
    assert Bulletin.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_bulletins_signed_at_once_take_one_number_each() -> None:
    cast = stand_up()
    drafts = [submitted(cast, key=key) for key in "ab"]

    in_threads(*(lambda one=one: bulletins.sign(bulletin=one, by=cast.leader, at=AT) for one in drafts))

    assert sorted(IssuedPaper.objects.values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_one_bulletin_signed_twice_at_once_takes_one_number() -> None:
    cast = stand_up()
    bulletin = submitted(cast)
    copies = [Bulletin.objects.get(pk=bulletin.pk) for _ in range(2)]

    outcomes = in_threads(
        *(lambda one=one: bulletins.sign(bulletin=one, by=cast.leader, at=AT) for one in copies)
    )

    assert sum(isinstance(outcome, MovedMeanwhile) for outcome in outcomes) == 1
    assert NumberSeries.objects.get(series=bulletins.SERIES).last == 1
