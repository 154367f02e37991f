"""A unit is merged or closed: its successor answers for what is open, and history keeps the old name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conduct.errors import Forbidden, NotFromHere, Refused
from conduct.models import AuditEntry, Message
from findings.actions import co_units, notices, rectifications, revisits
from findings.models import CoUnit, Finding, Revisit
from people import inheriting
from people.actions import mergers, units
from people.models import Unit, User
from tests.factories.cast import AT, Cast, make_unit, signed_in
from tests.factories.findings import Line, again, notice_of, report_of
from tests.factories.revisits import LATER, looked_again

pytestmark = pytest.mark.django_db
WHY = "机构改革方案（安办发〔2026〕1号）"


@pytest.fixture
def line(cast: Cast) -> Line:
    Unit.objects.filter(pk=cast.east_bureau.pk).update(is_active=False)
    return Line(cast)


def merge(cast: Cast, unit: Unit, heir: Unit, *, reason: str = WHY, by: User | None = None) -> Unit:
    unit.refresh_from_db()
    act = {"reason": reason, "expected": unit.version, "by": by or cast.system_admin, "at": AT}
    return mergers.merge(unit=unit, heir=heir, **act)


def test_the_successor_inherits_what_is_open_and_its_terms_stand(cast: Cast, line: Line) -> None:
    begun, unsigned, asked = line.rectifying(), line.assigned(), line.verifying()
    due = again(begun).due_on

    merge(cast, cast.east, cast.west)

    for finding in (begun, unsigned, asked):
        assert again(finding).unit == cast.west
    assert (again(begun).due_on, again(begun).runs_until) == (due, due)
    assert notice_of(begun).unit == notice_of(unsigned).unit == cast.west
    notices.receive(notice=notice_of(unsigned), by=cast.west_head, at=AT)
    signed = rectifications.sign(rectification=report_of(begun), by=cast.west_head, at=AT)
    assert (signed.drafted_by, signed.signed_by) == (cast.east_head, cast.west_head)


def test_the_old_head_answers_for_it_no_longer(cast: Cast, line: Line) -> None:
    finding = line.rectifying()

    merge(cast, cast.east, cast.west)

    assert not Finding.objects.visible_to(cast.east_head).filter(pk=finding.pk).exists()
    with pytest.raises(Forbidden):
        rectifications.sign(rectification=report_of(finding), by=cast.east_head, at=AT)


def test_history_keeps_the_old_name(cast: Cast, line: Line) -> None:
    closed, begun = line.closed(), line.rectifying()

    merge(cast, cast.east, cast.west)

    assert again(closed).unit == notice_of(closed).unit == cast.east
    assert "东区" in str(notice_of(begun).paper.facts)
    entry = AuditEntry.objects.get(verb="findings.succeed", subject_id=str(begun.pk))
    assert (entry.label, entry.reason) == (
        "责任单位由东区变更为西区",
        "东区撤并，由西区承接，期限不变。",
    )


def test_parts_in_matters_of_others_go_on_with_the_successor(cast: Cast, line: Line) -> None:
    heir = make_unit("南区", cast.city)
    leading = line.received()
    part = given(cast, leading, cast.west)

    merge(cast, cast.west, heir)

    part.refresh_from_db()
    assert (part.unit, part.state) == (heir, CoUnit.State.OPEN)


def test_a_part_in_a_matter_the_successor_leads_is_done_with(cast: Cast, line: Line) -> None:
    part = given(cast, line.received(), cast.west)

    merge(cast, cast.west, cast.east)

    part.refresh_from_db()
    assert (part.unit, part.state) == (cast.west, CoUnit.State.RELEASED)
    assert part.returned_reason == "西区撤并，东区已在办理同一事项，不再另行协办。"


def given(cast: Cast, finding: Finding, unit: Unit) -> CoUnit:
    return co_units.give(
        finding=again(finding),
        unit=unit,
        task="配合核对窗口排班。",
        contact="督查一科",
        working_days=3,
        by=cast.clerk,
        at=AT,
    )


def test_what_comes_back_after_the_merger_comes_back_to_the_successor(cast: Cast, line: Line) -> None:
    row = looked_again(cast, line.closed())
    merge(cast, cast.east, cast.west)

    row = Revisit.objects.get(pk=row.pk)
    finding = again(revisits.relapse(revisit=row, by=cast.second_clerk, at=LATER, reason="又无人值守。"))

    assert (finding.unit, notice_of(finding).unit) == (cast.west, cast.west)
    assert Finding.objects.visible_to(cast.west_head).filter(pk=finding.pk).exists()


def test_the_office_and_the_successor_are_told(cast: Cast, line: Line) -> None:
    line.rectifying()

    merge(cast, cast.east, cast.west)

    told = Message.objects.filter(kind="people.unit_merged")
    assert {cast.clerk.pk, cast.west_head.pk} <= {message.recipient for message in told}
    assert told[0].words == "东区已并入西区，未办结问题 1 件由承接单位继续办理，期限不变。"


def test_a_unit_with_open_matters_is_not_simply_switched_off(cast: Cast, line: Line) -> None:
    line.rectifying()

    with pytest.raises(Refused) as refusal:
        switch_off(cast)

    assert str(refusal.value) == (
        "“东区”还有未办结的事项：未办结问题 1 件。请用“并入其他单位”，由承接单位继续办理。"
    )


def switch_off(cast: Cast, *, active: bool = False) -> Unit:
    unit = Unit.objects.get(pk=cast.east.pk)
    given = {"name": unit.name, "short_name": "", "aliases": [], "kind": unit.kind, "is_active": active}
    return units.revise(unit=unit, expected=unit.version, by=cast.system_admin, at=AT, **given)


def test_a_merged_unit_is_closed_for_good(cast: Cast, line: Line) -> None:
    merge(cast, cast.east, cast.west)

    east = Unit.objects.get(pk=cast.east.pk)
    assert (east.is_active, east.successor, east.closed_on) == (False, cast.west, AT.date())
    with pytest.raises(Refused, match="“东区”已并入“西区”，不能再启用"):
        switch_off(cast, active=True)
    with pytest.raises(NotFromHere, match="“东区”已经停用，不能再撤并"):
        merge(cast, east, cast.west)


def test_a_unit_takes_over_neither_itself_nor_from_above_nor_closed(cast: Cast, line: Line) -> None:
    closed = make_unit("旧局", cast.city, is_active=False)

    for heir, why in (
        (cast.east, "承接单位不能是"),
        (cast.east_bureau, "承接单位不能是"),
        (closed, "已停用"),
    ):
        with pytest.raises(Refused, match=why):
            merge(cast, cast.east, heir)
    with pytest.raises(Refused, match="请写明撤并的依据"):
        merge(cast, cast.east, cast.west, reason=" ")
    Unit.objects.filter(pk=cast.east_bureau.pk).update(is_active=True)
    with pytest.raises(Refused, match="下面还有启用的单位"):
        merge(cast, cast.east, cast.west)


def test_only_who_keeps_the_units_merges_them(cast: Cast, line: Line) -> None:
    with pytest.raises(Forbidden):
        merge(cast, cast.east, cast.west, by=cast.clerk)


def test_what_goes_over_is_shown_before_it_does(cast: Cast, line: Line) -> None:
    line.rectifying()
    line.assigned()
    client, url = signed_in(cast.system_admin), reverse("people:unit_merge", args=[cast.east.pk])
    assert inheriting.waiting(cast.east) == {"未办结问题": 2, "待签收通知书": 1}

    page = client.get(url).content.decode()
    assert "由承接单位继续办理" in page
    assert "<dt>待签收通知书</dt><dd>1 件</dd>" in page
    wrong = client.post(url, {"unit": "东区", "reason": WHY, "version": 1})
    assert (wrong.status_code, "承接单位不能是" in wrong.content.decode()) == (422, True)
    done = client.post(url, {"unit": "西区", "reason": WHY, "version": 1})

    assert done.url == reverse("people:unit_detail", args=[cast.west.pk])
    page = client.get(reverse("people:unit_detail", args=[cast.east.pk])).content.decode()
    assert "东区（已并入西区）" in page
