"""What came of putting right is counted: places looked at, rules made, money returned, people dealt with, causes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from conduct.errors import Refused
from findings.actions import acceptances, rectifications, reviews
from findings.models import Finding, PersonsDealt, Rectification, RuleBuilt
from findings.queries.outcomes import outcomes
from findings.rules.outcome import Rule, objection_to_rules, rules_of, written
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, full_texts, outcome, report_of, upload
from tests.findings.browsing import get, post, text_of

pytestmark = pytest.mark.django_db
TWO_RULES = (Rule("窗口值守办法", "安审办〔2026〕3号"), Rule("顶岗清单"))
MUCH = outcome(
    places_checked=12,
    places_found=3,
    money_returned=Decimal("1260.50"),
    rules=TWO_RULES,
    dealt={"criticism": 2, "admonishment": 1},
)


def typed(**changes: object) -> dict[str, object]:
    """The report as a browser sends it."""
    told = {"places_checked": "12", "places_found": "3", "money_returned": "1260.50"}
    lists = {
        "rules": "《窗口值守办法》，安审办〔2026〕3号\n顶岗清单",
        "dealt_criticism": "2",
        "dealt_admonishment": "1",
    }
    return {**full_texts().__dict__, **told, **lists, "caption": "", "version": "", **changes}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("窗口值守办法，安审办〔2026〕3号", [Rule("窗口值守办法", "安审办〔2026〕3号")]),
        ("《窗口值守办法》|安审办〔2026〕3号\n\n顶岗清单；", [*TWO_RULES]),
        ("接待、咨询，投诉办法，安办〔2026〕1号", [Rule("接待、咨询，投诉办法", "安办〔2026〕1号")]),
        ("无", []),
        ("", []),
    ],
)
def test_rules_are_read_one_a_line(text: str, rules: list[Rule]) -> None:
    assert rules_of(text) == rules
    assert rules_of(written(rules)) == rules


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([Rule("办法")] * 21, "最多列 20 件"),
        ([Rule("", "安办〔2026〕1号")], "没有名称"),
        ([Rule("长" * 121)], "写得太长"),
    ],
)
def test_a_list_of_rules_that_cannot_be_kept_is_refused_in_words(rules: list[Rule], words: str) -> None:
    assert words in objection_to_rules(rules)


def test_what_is_typed_is_kept_as_rows(cast: Cast, line: Line) -> None:
    finding = line.received()

    post(cast.east_head, "rectify", finding.pk, **typed())

    report = report_of(finding)
    assert (report.places_checked, report.places_found, report.money_returned) == (12, 3, Decimal("1260.50"))
    assert list(report.rules.order_by("ordinal").values_list("title", "number")) == [
        ("窗口值守办法", "安审办〔2026〕3号"),
        ("顶岗清单", ""),
    ]
    assert dict(report.dealt.values_list("kind", "number")) == {"criticism": 2, "admonishment": 1}


def test_the_form_shows_again_what_was_kept(cast: Cast, line: Line) -> None:
    finding = line.received()
    post(cast.east_head, "rectify", finding.pk, **typed())

    page = text_of(get(cast.east_head, "rectify", finding.pk))

    assert "窗口值守办法，安审办〔2026〕3号" in page
    assert 'value="1260.50"' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"places_found": "13"}, "不能多于排查的处数"),
        ({"places_checked": "-1"}, "不能是负数"),
        ({"places_checked": "很多"}, "请填写整数"),
        ({"money_returned": "一千元"}, "请填写金额"),
        ({"money_returned": "1.234"}, "最多两位小数"),
        ({"money_returned": "-5"}, "不能是负数"),
        ({"money_returned": "9999999999999"}, "金额太大"),
        ({"rules": "，安办〔2026〕1号"}, "没有名称"),
        ({"dealt_talk": "1.5"}, "请填写整数"),
    ],
)
def test_a_figure_that_cannot_be_is_named_and_nothing_is_lost(
    cast: Cast, line: Line, wrong: dict[str, str], words: str
) -> None:
    finding = line.received()

    response = post(cast.east_head, "rectify", finding.pk, **typed(**wrong))

    assert response.status_code == 422
    assert words in text_of(response)
    assert full_texts().measures in text_of(response)
    assert not Rectification.objects.exists()


def test_a_report_without_its_figures_is_not_signed(cast: Cast, line: Line) -> None:
    finding = line.received()
    post(cast.east_head, "rectify", finding.pk, **typed(money_returned="", files=[upload()]))

    assert "清退金额（元）（没有的填 0）" in rectifications.missing_of(report_of(finding))
    with pytest.raises(Refused, match="清退金额"):
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)


def test_a_nought_is_an_answer(line: Line) -> None:
    assert rectifications.missing_of(report_of(line.rectifying())) == []


def test_saving_again_puts_the_lists_in_place_of_the_old_ones(cast: Cast, line: Line) -> None:
    finding = line.rectifying()
    report = report_of(finding)

    rectifications.draft(
        finding=finding,
        texts=full_texts(),
        outcome=MUCH,
        expected=report.version,
        by=cast.east_head,
        at=AT,
    )

    assert [str(row) for row in report.rules.order_by("ordinal")] == [
        "《窗口值守办法》安审办〔2026〕3号",
        "《顶岗清单》",
    ]
    assert {str(row) for row in report.dealt.all()} == {"批评教育 2 人", "诫勉 1 人"}


def test_a_returned_report_goes_on_from_its_figures(cast: Cast, line: Line) -> None:
    finding = line.submitted()

    new = reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。")

    assert rectifications.outcome_of(new) == rectifications.outcome_of(finding.rectifications.get(round=1))
    assert new.rules.count() == 1


def test_the_page_tells_the_figures_to_both_sides(cast: Cast, line: Line) -> None:
    finding = line.submitted()

    for person in (cast.east_head, cast.clerk):
        page = text_of(get(person, "detail", finding.pk))
        for words in (
            "6 处，发现同类问题 0 处",
            "0.00 元",
            "1 件：《窗口值守办法》安审办〔2026〕3号",
            "批评教育 1 人",
        ):
            assert words in page


def test_sums_count_what_was_handed_in(cast: Cast, line: Line) -> None:
    line.submitted()
    line.rectifying()

    found = outcomes(findings=Finding.objects.visible_to(cast.clerk))

    assert (found.reports, found.places_checked, found.rules_built) == (1, 6, 1)
    assert (found.persons_dealt, found.dealt) == (1, {"批评教育": 1})
    assert list(found.causes.values()) == [1]


def test_what_was_returned_is_not_counted_twice(cast: Cast, line: Line) -> None:
    finding = line.submitted()
    new = reviews.send_back(finding=finding, by=cast.second_clerk, at=AT, reason="缺少排查情况。")
    rectifications.sign(rectification=new, by=cast.east_head, at=AT)

    assert outcomes(findings=Finding.objects.visible_to(cast.clerk)).places_checked == 6


def test_what_was_refused_at_acceptance_counts_once_it_is_handed_in_again(cast: Cast, line: Line) -> None:
    finding = line.awaiting()
    new = acceptances.refuse(finding=finding, by=cast.leader, at=AT, opinion="现场仍无人值守。")
    rectifications.sign(rectification=new, by=cast.east_head, at=AT)

    found = outcomes(findings=Finding.objects.visible_to(cast.clerk))

    assert (found.reports, found.places_checked, found.persons_dealt) == (1, 6, 1)


def test_sums_are_those_of_the_findings_asked_for(cast: Cast, line: Line) -> None:
    line.submitted()

    assert outcomes(findings=Finding.objects.visible_to(cast.west_head)).reports == 0
    assert outcomes(findings=Finding.objects.none()).money_returned == 0


BROKEN = {
    "found among checked": lambda row: Rectification.objects.update(places_checked=1, places_found=2),
    "no debt": lambda row: Rectification.objects.update(money_returned=Decimal("-1")),
    "a rule has a title": lambda row: RuleBuilt.objects.create(rectification=row, ordinal=9, title=""),
    "a rule stands once": lambda row: RuleBuilt.objects.create(rectification=row, ordinal=1, title="办法"),
    "somebody": lambda row: PersonsDealt.objects.create(rectification=row, kind="talk", number=0),
    "a kind once": lambda row: PersonsDealt.objects.create(rectification=row, kind="criticism", number=2),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_cannot_be(line: Line, name: str) -> None:
    row = report_of(line.submitted())

    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name](row)
