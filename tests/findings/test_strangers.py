"""For the head of another unit nothing of a finding exists: every address answers as if there were none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.urls import reverse

from findings.models import Finding, TransferRequest
from findings.policy import DOORS
from findings.urls import urlpatterns
from people.roles import Role
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line, add_evidence, ask_extension, notice_of, object_to, report_of
from tests.factories.revisits import put_side_by_side
from tests.factories.supervisions import signed_on
from tests.findings.browsing import browser

pytestmark = [pytest.mark.django_db, pytest.mark.drawn]


def doors_of_a_head() -> Iterator[tuple[str, str]]:
    """Every door to one row that a unit head may knock at: its name, and how."""
    for pattern in urlpatterns:
        door = DOORS[f"findings:{pattern.name}"]
        if "<uuid:" not in str(pattern.pattern):
            continue
        if Role.UNIT_HEAD in door.get:
            yield str(pattern.name), "get"
        if Role.UNIT_HEAD in door.post:
            yield str(pattern.name), "post"


def arguments(line: Line, name: str) -> list[object]:
    """What leads to a row of the eastern unit."""
    finding = line.submitted() if name == "attachment" else line.rectifying()
    if name.startswith("notice") or name == "receive":
        return [notice_of(finding).pk]
    if name.startswith("attachment"):
        return [report_of(finding).files.get().pk]
    if name == "plan_move":
        return [finding.pk, "submit"]
    if name in ("transfer", "transfer_move"):
        request = transfer_of(line.cast, finding)
        return [request.pk, "withdraw"] if name == "transfer_move" else [request.pk]
    if name in ("supervision", "supervision_pdf"):
        return [signed_on(line.cast, finding).pk]
    if name == "extension":
        return [ask_extension(line.cast, finding).pk]
    if name in ("objection", "objection_evidence"):
        piece = object_to(line.cast, finding)
        return [piece.objection_id if name == "objection" else piece.pk]
    if name == "pair_photo":
        evidence = add_evidence(line.cast, finding.observations.get())
        return [finding.pk, put_side_by_side(line.cast, finding, evidence).pk]
    if name == "evidence":
        return [finding.pk, add_evidence(line.cast, finding.observations.get()).pk]
    return [finding.pk]


@pytest.mark.parametrize(("name", "method"), list(doors_of_a_head()))
def test_a_foreign_row_and_one_that_never_was_look_the_same(
    cast: Cast, line: Line, name: str, method: str
) -> None:
    foreign = arguments(line, name)
    ask = getattr(browser(cast.west_head), method)

    at_foreign = ask(reverse(f"findings:{name}", args=foreign))
    at_nothing = ask(reverse(f"findings:{name}", args=[uuid4() for _ in foreign]))

    assert (at_foreign.status_code, at_nothing.status_code) == (404, 404)
    assert plain(at_foreign) == plain(at_nothing)


def plain(response: object) -> str:
    """The page without what differs from one request to the next."""
    text = str(response.content.decode())  # type: ignore[attr-defined]
    return re.sub(r'(csrf\w*"|nonce|X-CSRFToken)[^>]*', "", text)


@pytest.mark.parametrize("step", ["assigned", "submitted", "closed"])
def test_no_list_names_a_finding_of_another_unit(cast: Cast, line: Line, step: str) -> None:
    finding = getattr(line, step)(title="东区窗口脱岗")
    seen = browser(cast.west_head)

    for name in ("list", "filters", "notice_list"):
        page = seen.get(reverse(f"findings:{name}")).content.decode()
        assert finding.title not in page
        assert notice_of(finding).number not in page


def test_a_number_of_another_unit_filters_nothing_out(cast: Cast, line: Line) -> None:
    number = notice_of(line.assigned(title="东区窗口脱岗")).number

    page = browser(cast.west_head).get(reverse("findings:list"), {"number": number}).content.decode()

    assert "东区窗口脱岗" not in page


def transfer_of(cast: Cast, finding: Finding) -> TransferRequest:
    """A request of the unit, to be decided."""
    return TransferRequest.objects.create(
        finding=finding,
        notice=notice_of(finding),
        unit=finding.unit,
        reason="不属本单位职责。",
        asked_by=cast.east_head,
        asked_at=AT,
        due_on=AT.date(),
    )
