"""What the office records of decisions, and what it says before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accountability.actions import measures
from accountability.actions.measures import Cautioned, Entry
from accountability.models import Measure
from conduct import audit
from conduct.errors import Forbidden, MovedMeanwhile, NotFromHere, Refused
from findings.models import Finding
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, upload
from tests.factories.measures import DECIDED, NAME, POST, REASON, entry, measure_on, of_leader, of_unit

pytestmark = pytest.mark.django_db
S = Measure.State


def record(cast: Cast, finding: Finding, wanted: Entry) -> Measure:
    return measures.record(finding=finding, entry=wanted, by=cast.clerk, at=AT)


def test_a_measure_against_a_person_is_recorded_with_its_period(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)

    assert measure.state == S.IN_FORCE
    assert (measure.effect_first_on, measure.effect_last_on) == (DECIDED, date(2026, 9, 2))
    assert "6个月" in measure.effect_how
    assert measure.unit == finding.unit


def test_a_measure_against_a_unit_is_recorded(cast: Cast, finding: Finding) -> None:
    measure = record(cast, finding, of_unit())

    assert (measure.state, measure.who, measure.has_name) == (S.NO_PERIOD, "东区", False)


def test_a_dismissal_for_good_lasts(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding, "Z-EXPEL")

    assert (measure.state, measure.effect_first_on, measure.effect_last_on) == (S.LASTING, DECIDED, None)


def test_probation_puts_the_period_off(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding, "D-PROB", probation_months=12)

    assert (measure.effect_first_on, measure.effect_last_on) == (date(2027, 3, 2), date(2029, 3, 2))


def test_several_sanctions_decided_as_one_have_the_months_the_decision_says(
    cast: Cast, finding: Finding
) -> None:
    measure = measure_on(cast, finding, "Z-DEMERIT", merged=2, decided_months=20)

    assert measure.effect_last_on == date(2027, 11, 2)


def test_recording_is_in_the_audit_without_the_name(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)

    line = audit.history_of(subject=measure).get()
    assert (line.actor_name, line.label, line.subject_name) == (
        "经办甲",
        "登记责任追究",
        f"诫勉（东区 {POST}）",
    )
    assert NAME not in str(vars(line))


def test_the_decision_itself_is_kept(cast: Cast, finding: Finding) -> None:
    measure = record(cast, finding, entry(upload=upload("决定书.jpg")))

    assert measure.attachment and measure.attachment.original_name == "决定书.jpg"


def test_the_leader_of_another_unit_may_be_held(cast: Cast, finding: Finding) -> None:
    measure = record(cast, finding, of_leader(unit=cast.city))

    assert measure.who == "安平市 局长"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"leader_side": ""}, "须同时答复领导责任"),
        ({"leader_reason": " "}, "不追究领导责任的，请写明理由"),
        ({"person_post": " "}, "写明岗位"),
        ({"person_kind": ""}, "选择身份"),
        ({"decided_on": date(2026, 3, 3)}, "决定日期不能晚于今天"),
        ({"heard_on": date(2026, 3, 3)}, "听取陈述申辩日期不能晚于今天"),
        ({"probation_months": 12}, "没有察看期"),
        ({"target": "unit"}, "请不要填写姓名"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused(
    cast: Cast, finding: Finding, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        record(cast, finding, entry(**changes))

    assert not Measure.objects.exists()


def test_leaders_not_held_because_is_an_answer(cast: Cast, finding: Finding) -> None:
    assert measure_on(cast, finding).leader_reason.startswith("领导已履行管理责任")


@pytest.mark.parametrize("state", ["new", "verifying"])
def test_nothing_is_recorded_while_the_facts_are_open(cast: Cast, state: str) -> None:
    open_finding = getattr(Line(cast), state)()

    with pytest.raises(Refused, match="事实认定后才能登记"):
        measure_on(cast, open_finding)


@pytest.mark.parametrize("who", ["leader", "reader", "east_head", "inspector", "auditor", "system_admin"])
def test_only_a_clerk_records(cast: Cast, finding: Finding, who: str) -> None:
    with pytest.raises(Forbidden):
        measures.record(finding=finding, entry=entry(), by=getattr(cast, who), at=AT)


def test_the_same_form_sent_twice_records_once(cast: Cast, finding: Finding) -> None:
    key = uuid4()

    first, second = (
        measures.record(finding=finding, entry=entry(reason=REASON), by=cast.clerk, at=AT, made_key=key)
        for _ in range(2)
    )

    assert first == second == Measure.objects.get()


class TestCautions:
    """Warned about, recorded with a reason, never forbidden."""

    def test_the_wrong_kind_of_target_needs_a_reason(self, cast: Cast, finding: Finding) -> None:
        with pytest.raises(Cautioned, match="“通报批评”适用于单位，登记的处理对象是个人"):
            measure_on(cast, finding, "UNIT-CRITIC")

        assert measure_on(cast, finding, "UNIT-CRITIC", reason=REASON).cautions_reason == REASON

    def test_a_decision_before_the_statement_was_heard_needs_a_reason(
        self, cast: Cast, finding: Finding
    ) -> None:
        early = {"decided_on": DECIDED - timedelta(days=1), "heard_on": None}
        with pytest.raises(Cautioned, match="2026年3月1日早于听取陈述申辩的日期2026年3月2日"):
            measure_on(cast, finding, **early)

        kept = measure_on(cast, finding, **early, reason=REASON)
        assert [caution["code"] for caution in kept.cautions] == ["unheard"]

    def test_the_statement_of_the_unit_on_the_finding_counts(self, cast: Cast, finding: Finding) -> None:
        """Line.confirmed hears the unit of a finding that points at a person."""
        line = Line(cast)
        heard = line.confirmed(names_person=True)

        assert measure_on(cast, heard, heard_on=None).cautions == []

    def test_nobody_heard_at_all_needs_a_reason(self, cast: Cast) -> None:
        unheard = Line(cast).confirmed()

        with pytest.raises(Cautioned, match="没有听取陈述申辩的记录"):
            measure_on(cast, unheard, heard_on=None)

    def test_two_sanctions_for_one_fact_need_a_reason(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding, "Z-WARN")

        with pytest.raises(Cautioned, match="同一事实不得重复给予处分"):
            measure_on(cast, finding, "Z-DEMERIT")
        assert measure_on(cast, finding, "Z-DEMERIT", reason=REASON).is_cautioned

    def test_somebody_else_is_another_matter(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding, "Z-WARN")

        assert measure_on(cast, finding, "Z-DEMERIT", name="戊某", person_post="值班员").cautions == []

    def test_the_same_person_is_known_by_name_under_another_post(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding, "Z-WARN")

        with pytest.raises(Cautioned):
            measure_on(cast, finding, "Z-DEMERIT", person_post="副科长")

    def test_where_no_name_is_recorded_the_post_tells(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding, "Z-WARN", name="")

        with pytest.raises(Cautioned):
            measure_on(cast, finding, "Z-DEMERIT")

    def test_what_was_withdrawn_is_no_first_sanction(self, cast: Cast, finding: Finding) -> None:
        first = measure_on(cast, finding, "Z-WARN")
        measures.withdraw(measure=first, reason="登记错了人。", by=cast.clerk, at=AT)

        assert measure_on(cast, finding, "Z-DEMERIT").cautions == []

    def test_facts_that_were_made_one_are_one_fact(self, cast: Cast, finding: Finding) -> None:
        other = Line(cast).confirmed()
        measure_on(cast, other, "Z-WARN")
        Finding.objects.filter(pk=other.pk).update(state="merged", merged_into=finding)

        with pytest.raises(Cautioned):
            measure_on(cast, finding, "Z-DEMERIT")

    def test_all_there_is_to_look_at_is_said_at_once(self, cast: Cast, finding: Finding) -> None:
        with pytest.raises(Cautioned, match="有 2 处需要核对"):
            measure_on(cast, finding, "D-WARN", person_kind="official", decided_on=date(2026, 3, 1))

    def test_a_reason_without_anything_to_look_at_is_not_kept(self, cast: Cast, finding: Finding) -> None:
        assert measure_on(cast, finding, reason=REASON).cautions_reason == ""


class TestWrongEntries:
    """Nothing is written over."""

    def test_a_wrong_entry_is_withdrawn_with_its_reason(self, cast: Cast, finding: Finding) -> None:
        measure = measure_on(cast, finding)

        measures.withdraw(measure=measure, reason="登记错了问题。", by=cast.second_clerk, at=AT)

        measure.refresh_from_db()
        assert (measure.state, measure.withdrawn_reason) == (S.WITHDRAWN, "登记错了问题。")
        assert measure.kind.code == "P-ADMON"
        last = audit.history_of(subject=measure).last()
        assert last and (last.verb, last.reason) == ("accountability.withdraw", "登记错了问题。")

    def test_withdrawing_needs_a_reason(self, cast: Cast, finding: Finding) -> None:
        with pytest.raises(Refused, match="须写明理由"):
            measures.withdraw(measure=measure_on(cast, finding), reason=" ", by=cast.clerk, at=AT)

    def test_what_was_withdrawn_is_not_withdrawn_again(self, cast: Cast, finding: Finding) -> None:
        measure = measure_on(cast, finding)
        measures.withdraw(measure=measure, reason="登记错了问题。", by=cast.clerk, at=AT)

        with pytest.raises(NotFromHere):
            measures.withdraw(measure=measure, reason="再撤一次。", by=cast.clerk, at=AT)

    def test_the_leader_withdraws_nothing(self, cast: Cast, finding: Finding) -> None:
        with pytest.raises(Forbidden):
            measures.withdraw(measure=measure_on(cast, finding), reason="不同意。", by=cast.leader, at=AT)

    def test_a_correction_is_a_further_entry(self, cast: Cast, finding: Finding) -> None:
        wrong = measure_on(cast, finding, upload=upload("决定书.jpg"))

        right = correct(cast, wrong, entry("Z-WARN", name=""))

        wrong.refresh_from_db()
        assert (wrong.state, wrong.kind.code, wrong.withdrawn_reason) == (
            S.WITHDRAWN,
            "P-ADMON",
            "措施选错。",
        )
        assert (right.kind.code, right.corrects) == ("Z-WARN", wrong)
        assert right.attachment == wrong.attachment

    def test_the_entry_it_replaces_is_no_first_sanction(self, cast: Cast, finding: Finding) -> None:
        assert correct(cast, measure_on(cast, finding, "Z-WARN"), entry("Z-DEMERIT")).cautions == []

    def test_correcting_needs_a_reason_and_leaves_nothing_without(self, cast: Cast, finding: Finding) -> None:
        wrong = measure_on(cast, finding)

        with pytest.raises(Refused, match="须写明理由"), transaction.atomic():
            correct(cast, wrong, entry("Z-WARN"), why="")
        assert Measure.objects.get().state == S.IN_FORCE

    def test_of_two_who_correct_at_once_one_is_told(self, cast: Cast, finding: Finding) -> None:
        wrong = measure_on(cast, finding)
        as_the_second_saw_it = Measure.objects.select_related("finding__unit", "kind").get(pk=wrong.pk)
        correct(cast, wrong, entry("Z-WARN"))

        with pytest.raises((MovedMeanwhile, NotFromHere)), transaction.atomic():
            correct(cast, as_the_second_saw_it, entry("Z-DEMERIT", reason=REASON))
        assert Measure.objects.in_force().count() == 1


def correct(cast: Cast, wrong: Measure, right: Entry, *, why: str = "措施选错。") -> Measure:
    return measures.correct(measure=wrong, entry=right, why=why, by=cast.clerk, at=AT)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"person_post": ""}, "measure_person_by_post"),
        ({"leader_side": "", "leader_reason": ""}, "measure_leader_side_answered"),
        ({"leader_reason": ""}, "measure_leader_not_held_says_why"),
        ({"is_cautioned": True}, "measure_cautions_answered"),
        ({"effect_last_on": None}, "measure_period_by_state"),
        ({"effect_last_on": date(2026, 3, 1)}, "measure_period_runs_forward"),
        ({"withdrawn_reason": "理由。"}, "measure_withdrawn_says_why"),
        ({"merged": 0}, "measure_of_one_at_least"),
    ],
)
def test_the_database_keeps_entries_whole(
    cast: Cast, finding: Finding, changes: dict[str, object], name: str
) -> None:
    measure = measure_on(cast, finding)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(**changes)
