"""Confirmed in part: what stands is put to the unit, with the reason, and nothing more."""

from __future__ import annotations

import importlib
import re

import pytest
from django.apps import apps

from conduct.models import AuditEntry
from findings import gather
from findings.actions import findings, shaping, statements
from findings.models import Finding
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, again, notice_of, particulars
from tests.findings.browsing import get, post, printed, text_of

pytestmark = pytest.mark.django_db
STANDS = "2月26日上午9时10分，综合窗口无人在岗约十分钟。"
CUT = "3名群众等候"
WHY = "监控显示群众等候的是相邻窗口，该节不予认定。"
S = Finding.State


def confirm_part(cast: Cast, finding: Finding, *, facts: str = STANDS, reason: str = WHY) -> Finding:
    return findings.confirm_partly(finding=finding, by=cast.clerk, at=AT, reason=reason, facts=facts)


@pytest.fixture
def partly(cast: Cast, line: Line) -> Finding:
    return confirm_part(cast, line.verifying())


@pytest.fixture
def served(line: Line, partly: Finding) -> Finding:
    line.issue(partly)
    return again(partly)


class TestTheVerdict:
    def test_the_page_asks_what_stands_and_starts_from_the_present_wording(
        self, cast: Cast, line: Line
    ) -> None:
        finding = line.verifying()

        page = text_of(get(cast.clerk, "detail", finding.pk))

        assert re.search(rf'<textarea name="facts"[^>]*>\s*{re.escape(finding.facts)}</textarea>', page)

    def test_what_was_typed_stands(self, cast: Cast, line: Line) -> None:
        finding = line.verifying()

        post(cast.clerk, "move", finding.pk, "confirm_partly", reason=WHY, facts=STANDS)

        finding = again(finding)
        assert (finding.state, finding.facts, finding.verdict_reason) == (S.PARTLY, STANDS, WHY)

    @pytest.mark.parametrize("missing", ["facts", "reason"])
    def test_without_what_stands_or_why_it_is_not_given(self, cast: Cast, line: Line, missing: str) -> None:
        finding = line.verifying()
        typed = {"reason": WHY, "facts": STANDS, missing: ""}

        response = post(cast.clerk, "move", finding.pk, "confirm_partly", **typed)

        assert response.status_code == 422
        assert (STANDS if missing == "reason" else WHY) in text_of(response)
        assert again(finding).state == S.VERIFYING

    def test_the_office_goes_on_reading_the_earlier_wording(self, cast: Cast, partly: Finding) -> None:
        page = text_of(get(cast.clerk, "detail", partly.pk))

        timeline = page[page.index("办理经过") :]
        assert CUT in timeline
        assert WHY in timeline

    def test_the_earlier_wording_is_on_record(self, partly: Finding) -> None:
        step = AuditEntry.objects.get(verb="findings.confirm_partly")

        assert CUT in step.details["earlier_facts"]

    def test_the_content_can_be_mended_while_the_facts_are_checked(self, cast: Cast, line: Line) -> None:
        page = text_of(get(cast.clerk, "detail", line.verifying().pk))

        assert "修改研判内容" in page

    def test_several_are_merged_with_all_that_was_cut_and_why(self, cast: Cast, line: Line) -> None:
        first, second = (
            confirm_part(cast, line.verifying(facts=f"第{n}件。"), reason=f"第{n}条理由。") for n in "一二"
        )

        shaping.merge(into=first, others=[second], particulars=particulars(), by=cast.clerk, at=AT)

        merged = again(first)
        assert merged.verdict_reason == "第一条理由。\n第二条理由。"
        assert merged.earlier_facts == "第一件。\n第二件。"


class TestTheNotice:
    def test_the_paper_prints_what_stands_says_so_and_why(self, served: Finding) -> None:
        paper = printed(notice_of(served))

        assert STANDS in paper
        assert CUT not in paper
        assert f"认定情况：部分属实，以上为经核实属实的部分。理由：{WHY}" in paper

    def test_a_problem_confirmed_in_full_says_nothing_of_parts(self, line: Line) -> None:
        paper = printed(notice_of(line.assigned()))

        assert CUT in paper
        assert "部分属实" not in paper

    def test_the_clerk_sees_before_issuing_what_the_unit_will_read(self, cast: Cast, partly: Finding) -> None:
        page = text_of(get(cast.clerk, "notice_issue", finding=partly.pk))

        assert STANDS in page
        assert WHY in page

    @pytest.mark.parametrize("name", ["detail", "notice_detail"])
    def test_the_unit_reads_the_same_on_its_pages(self, cast: Cast, served: Finding, name: str) -> None:
        pk = served.pk if name == "detail" else served.notice_id

        page = text_of(get(cast.east_head, name, pk))

        assert STANDS in page and WHY in page and "部分属实" in page
        assert CUT not in page

    def test_a_notice_frozen_before_reads_as_it_did(self, served: Finding) -> None:
        kept = gather.paper_of(served.notice.paper).to_json()

        assert '"verdict":"部分属实"' in kept
        older = re.sub(r'"(verdict|verdict_reason|asked)":"[^"]*",', "", kept)
        again_read = type(gather.paper_of(served.notice.paper)).from_json(older)
        assert (again_read.asked, again_read.findings[0].verdict) == ("限期整改", "")


def test_until_the_notice_the_unit_reads_what_it_was_asked_about(cast: Cast, line: Line) -> None:
    finding = statements.ask(finding=line.verifying(), by=cast.clerk, at=AT)
    statements.file(finding=finding, text="当日外出取件。", speaker="主任", by=cast.east_head, at=AT)
    confirm_part(cast, again(finding))

    page = text_of(get(cast.east_head, "detail", finding.pk))

    assert CUT in page
    assert STANDS not in page and WHY not in page and "部分" not in page


def test_what_waits_for_its_notice_from_before_is_known_as_confirmed_in_part(partly: Finding) -> None:
    Finding.objects.filter(pk=partly.pk).update(earlier_facts="")
    migration = importlib.import_module("findings.migrations.0007_receipt_and_partly")

    migration.fill(apps, None)

    assert again(partly).is_partly
