"""The register as people meet it: on a finding's page, as a form, as a list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accountability.actions import measures
from accountability.models import Measure
from conduct import clock
from conduct.audit import SystemActor
from conduct.models import ReadEntry
from findings.models import Finding
from people.roles import Role
from tests.factories.cast import AT, Cast, give_post, make_user, signed_in
from tests.factories.findings import Line, upload
from tests.factories.measures import NAME, POST, REASON, measure_on, of_unit

pytestmark = pytest.mark.django_db
TYPED = {
    "target": "person",
    "person_post": POST,
    "person_kind": "both",
    "name": NAME,
    "level": "direct",
    "leader_side": "not_held",
    "leader_reason": "领导已履行管理责任。",
    "origin": "superior",
    "kind": "Z-WARN",
    "authority": "安平市监委",
    "decided_on": "2026-03-02",
    "decision_number": "安监政〔2026〕5号",
    "heard_on": "2026-03-01",
}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


def get(user: Any, door: str, /, *place: object, **query: object) -> Any:
    return signed_in(user).get(reverse(f"accountability:{door}", args=place), query)


def post(user: Any, door: str, /, *place: object, **data: object) -> Any:
    return signed_in(user).post(reverse(f"accountability:{door}", args=place), data)


def text(answer: Any) -> str:
    return str(answer.content.decode())


class TestOnTheFinding:
    """A part of the page above, loaded by address, with a plain link for browsers without script."""

    @pytest.mark.parametrize(("who", "shown"), [("clerk", True), ("leader", True), ("reader", False)])
    def test_the_page_of_the_finding_leads_to_the_register(
        self, cast: Cast, finding: Finding, who: str, shown: bool
    ) -> None:
        page = text(signed_in(getattr(cast, who)).get(reverse("findings:detail", args=[finding.pk])))

        address = reverse("accountability:of_finding", args=[finding.pk])
        assert (f'href="{address}"' in page and f'hx-get="{address}"' in page) == shown
        assert ("责任追究" in page) == shown

    def test_the_unit_sees_nothing_of_it(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding)

        page = text(signed_in(cast.east_head).get(reverse("findings:detail", args=[finding.pk])))

        assert "责任追究" not in page and "诫勉" not in page
        assert get(cast.east_head, "of_finding", finding.pk).status_code == 403

    def test_it_tells_measure_post_period_and_state(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding)

        page = text(get(cast.leader, "of_finding", finding.pk))

        for words in ("诫勉", POST, "2026年3月2日至2026年9月2日", "影响期内", "不追究领导责任，因为"):
            assert words in page

    def test_it_comes_as_a_part_when_a_script_asks(self, cast: Cast, finding: Finding) -> None:
        address = reverse("accountability:of_finding", args=[finding.pk])

        part = text(signed_in(cast.clerk).get(address, headers={"HX-Request": "true"}))

        assert "<html" not in part and "责任追究登记" in part

    def test_it_tells_that_a_period_has_ended(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding)
        measures.end_due(by=SystemActor(), at=clock.moment(date(2026, 9, 3)))

        assert "影响期已于2026年9月2日（周三）届满" in text(get(cast.clerk, "of_finding", finding.pk))

    def test_it_tells_that_a_leader_is_still_to_be_recorded(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding, leader_side="held", leader_reason="")

        assert "对领导的处理还没有登记" in text(get(cast.clerk, "of_finding", finding.pk))

    def test_a_clerk_with_another_post_sees_no_register_by_it(self, cast: Cast, finding: Finding) -> None:
        """Clerk of the West, liaison of the East: the finding is theirs to see, the register is not."""
        both = make_user("both", "兼职人员", home=cast.west)
        give_post(both, cast.west, Role.OFFICE_CLERK)
        give_post(both, cast.east, Role.UNIT_LIAISON)

        assert get(both, "of_finding", finding.pk).status_code == 403
        assert get(both, "record", finding.pk).status_code == 403


class TestForm:
    """Filled in, tried, sent."""

    def test_a_decision_is_recorded_by_form(self, cast: Cast, finding: Finding) -> None:
        answer = post(cast.clerk, "record", finding.pk, **TYPED, attachment=upload("决定书.jpg"))

        measure = Measure.objects.get()
        assert answer.url == reverse("accountability:detail", args=[measure.pk])
        assert (measure.kind.code, measure.origin, measure.has_name) == ("Z-WARN", "superior", True)
        page = text(get(cast.clerk, "detail", measure.pk))
        for words in (
            "政务处分法第7、8、19条",
            "2026年9月2日止",
            "安监政〔2026〕5号",
            "决定书.jpg",
            "上级检查",
        ):
            assert words in page

    def test_tried_first_it_shows_the_period_and_records_nothing(self, cast: Cast, finding: Finding) -> None:
        answer = post(cast.clerk, "record", finding.pk, **TYPED, then="try")

        assert answer.status_code == 200
        assert "影响期：2026年3月2日至2026年9月2日" in text(answer)
        assert "没有需要核对的地方" in text(answer)
        assert not Measure.objects.exists()

    def test_tried_first_it_shows_what_is_to_be_looked_at(self, cast: Cast, finding: Finding) -> None:
        answer = post(cast.clerk, "record", finding.pk, **TYPED | {"person_kind": "other"}, then="try")

        assert "“政务警告”适用于公职人员" in text(answer)

    def test_a_caution_keeps_everything_typed_and_asks_for_a_reason(
        self, cast: Cast, finding: Finding
    ) -> None:
        typed = TYPED | {"person_kind": "other"}
        answer = post(cast.clerk, "record", finding.pk, **typed)

        assert answer.status_code == 422
        assert "核对无误仍要登记的" in text(answer)
        assert 'value="安监政〔2026〕5号"' in text(answer)

        assert post(cast.clerk, "record", finding.pk, **typed, reason=REASON).status_code == 302
        assert REASON in text(get(cast.clerk, "detail", Measure.objects.get().pk))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"leader_side": ""}, "须同时答复领导责任"),
            ({"kind": "Q-NONE"}, "Q-NONE"),
            ({"decided_on": "二月"}, "日期请写成"),
            ({"probation_months": "99999"}, "120"),
            ({"unit": "没有的单位"}, "没有找到“没有的单位”"),
        ],
    )
    def test_bad_input_is_named_and_nothing_is_lost(
        self, cast: Cast, finding: Finding, changes: dict[str, str], words: str
    ) -> None:
        answer = post(cast.clerk, "record", finding.pk, **TYPED | changes)

        assert answer.status_code == 422
        assert words in text(answer)
        assert f'value="{POST}"' in text(answer)

    def test_a_file_of_the_wrong_kind_is_named(self, cast: Cast, finding: Finding) -> None:
        wrong = upload("决定书.exe")
        wrong.file.seek(0)
        wrong.file.write(b"MZ" + b"\0" * 200)
        wrong.file.seek(0)

        answer = post(cast.clerk, "record", finding.pk, **TYPED, attachment=wrong)

        assert answer.status_code == 422
        assert "类型不能接收" in text(answer)
        assert not Measure.objects.exists()

    def test_the_same_form_sent_twice_records_once(self, cast: Cast, finding: Finding) -> None:
        key = "7d0f7a5e-3c0e-4f0e-9d0e-0a0a0a0a0a0a"
        for _ in range(2):
            assert post(cast.clerk, "record", finding.pk, **TYPED, made_key=key).status_code == 302

        assert Measure.objects.count() == 1

    def test_the_leader_reads_and_does_not_record(self, cast: Cast, finding: Finding) -> None:
        assert get(cast.leader, "record", finding.pk).status_code == 403
        assert "登记责任追究</a>" not in text(get(cast.leader, "of_finding", finding.pk))

    def test_while_the_facts_are_open_no_form_is_offered(self, cast: Cast) -> None:
        verifying = Line(cast).verifying()

        assert "登记责任追究</a>" not in text(get(cast.clerk, "of_finding", verifying.pk))


class TestWrongEntry:
    """Withdrawn or corrected; both stay to be read."""

    def test_a_correction_leads_from_the_wrong_entry_to_the_right_one(
        self, cast: Cast, finding: Finding
    ) -> None:
        wrong = measure_on(cast, finding)
        typed = TYPED | {"why": "措施选错。", "version": wrong.version, "name": ""}

        answer = post(cast.clerk, "correct", wrong.pk, **typed)

        right = Measure.objects.in_force().get()
        assert answer.url == reverse("accountability:detail", args=[right.pk])
        assert str(right.pk) in text(get(cast.clerk, "detail", wrong.pk))
        assert "已由另一条更正" in text(get(cast.clerk, "detail", wrong.pk))
        assert str(wrong.pk) in text(answer.client.get(answer.url))

    def test_the_form_of_a_correction_shows_the_entry_as_it_stands(
        self, cast: Cast, finding: Finding
    ) -> None:
        wrong = measure_on(cast, finding)

        page = text(get(cast.clerk, "correct", wrong.pk))

        assert 'value="P-ADMON" selected' in page
        assert f'value="{POST}"' in page

    def test_a_correction_of_an_old_page_is_told(self, cast: Cast, finding: Finding) -> None:
        wrong = measure_on(cast, finding)

        answer = post(cast.clerk, "correct", wrong.pk, **TYPED, why="措施选错。", version=wrong.version + 1)

        assert answer.status_code == 409
        assert "刚被别人办理过" in text(answer)

    def test_an_entry_is_withdrawn_by_form(self, cast: Cast, finding: Finding) -> None:
        measure = measure_on(cast, finding)

        assert post(cast.clerk, "withdraw", measure.pk, reason="登记错了问题。").status_code == 302

        page = text(get(cast.clerk, "detail", measure.pk))
        assert "已撤销登记" in page and "登记错了问题。" in page
        assert "更正登记" not in page

    def test_withdrawing_without_a_reason_says_so_on_the_page(self, cast: Cast, finding: Finding) -> None:
        answer = post(cast.clerk, "withdraw", measure_on(cast, finding).pk, reason="")

        assert answer.status_code == 422
        assert "撤销理由" in text(answer)

    def test_what_was_withdrawn_has_no_form_of_correction(self, cast: Cast, finding: Finding) -> None:
        measure = measure_on(cast, finding)
        post(cast.clerk, "withdraw", measure.pk, reason="登记错了问题。")

        assert get(cast.clerk, "correct", measure.pk).status_code == 302


class TestList:
    """The register of the office."""

    @pytest.fixture(autouse=True)
    def two(self, cast: Cast, finding: Finding) -> None:
        measure_on(cast, finding)
        other = Line(cast).assigned(unit=cast.west)
        measures.record(finding=other, entry=of_unit(), by=cast.clerk, at=AT)

    def rows(self, cast: Cast, **query: object) -> list[str]:
        return [line.kind for line in get(cast.clerk, "list", **query).context["listed"].lines]

    @pytest.mark.parametrize(
        ("query", "kinds"),
        [
            ({}, {"诫勉", "通报批评"}),
            ({"target": "person"}, {"诫勉"}),
            ({"category": "工作处置"}, {"通报批评"}),
            ({"state": "in_force"}, {"诫勉"}),
            ({"unit": "西区"}, {"通报批评"}),
            ({"decided_from": "2026-03-03"}, set()),
            ({"decided_to": "2026-03-02", "level": "direct"}, {"诫勉", "通报批评"}),
            ({"origin": "superior"}, set()),
        ],
    )
    def test_it_is_narrowed_by_its_address(self, cast: Cast, query: dict[str, str], kinds: set[str]) -> None:
        assert set(self.rows(cast, **query)) == kinds

    def test_a_filter_that_cannot_be_read_is_named_and_the_rest_counts(self, cast: Cast) -> None:
        answer = get(cast.clerk, "list", unit="没有的单位", target="person")

        assert "没有找到“没有的单位”" in text(answer)
        assert [line.kind for line in answer.context["listed"].lines] == ["诫勉"]

    def test_an_office_of_the_west_sees_the_west_alone(self, cast: Cast) -> None:
        west = make_user("west_clerk", "西区经办", home=cast.west)
        give_post(west, cast.west, Role.OFFICE_CLERK)

        assert [line.kind for line in get(west, "list").context["listed"].lines] == ["通报批评"]

    def test_it_asks_the_same_few_questions_however_long_it_is(
        self, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        like = Measure.objects.filter(target="person").get()
        kept = {field.attname: getattr(like, field.attname) for field in Measure._meta.concrete_fields}
        Measure.objects.bulk_create(
            Measure(**kept | {"id": uuid4(), "made_key": uuid4()}) for _ in range(120)
        )
        client = signed_in(cast.clerk)
        client.get(reverse("accountability:list"))

        with django_assert_max_num_queries(5):
            page = client.get(reverse("accountability:list"))

        assert len(page.context["listed"].lines) == 50
        assert "筛出 122 条登记" in text(page)

    @pytest.mark.parametrize("who", ["east_head", "east_liaison", "reader", "inspector", "auditor"])
    def test_nobody_else_opens_it(self, cast: Cast, who: str) -> None:
        assert get(getattr(cast, who), "list").status_code == 403


def test_who_opens_an_entry_leaves_a_line(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)

    get(cast.leader, "detail", measure.pk)

    assert ReadEntry.objects.get().label == "查看责任追究登记"


def test_the_end_of_a_period_is_in_my_work(
    cast: Cast, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure_on(cast, finding)
    after = clock.moment(date(2026, 9, 3)) + timedelta(hours=9)
    measures.end_due(by=SystemActor(), at=after)
    monkeypatch.setattr(clock, "now", lambda: after)

    page = text(signed_in(cast.clerk).get(reverse("reports:home")))

    assert "知悉影响期满" in page
