"""Two at the same second: the second is told of the first."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from accountability.actions import measures
from accountability.models import Measure
from conduct.audit import SystemActor
from conduct.models import AuditEntry
from findings.models import Finding
from tests.factories.cast import AT, Cast
from tests.factories.findings import Line
from tests.factories.measures import entry, measure_on
from tests.faults.test_concurrent_moves import at_once

from .test_ending import LAST, on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def finding(cast: Cast) -> Finding:
    return Line(cast).assigned()


def kinds_of(outcomes: list[BaseException | None]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_clerks_who_record_a_sanction_for_one_fact(cast: Cast, finding: Finding) -> None:
    wanted = [entry("Z-WARN"), entry("Z-DEMERIT")]

    outcomes = at_once(
        *(
            partial(measures.record, finding=finding, entry=one, by=by, at=AT)
            for one, by in zip(wanted, (cast.clerk, cast.second_clerk), strict=True)
        )
    )

    assert kinds_of(outcomes) == ["Cautioned", "NoneType"]
    assert Measure.objects.count() == 1


def test_one_form_sent_four_times(cast: Cast, finding: Finding) -> None:
    wanted, key = entry(), uuid4()

    outcomes = at_once(
        *(
            partial(measures.record, finding=finding, entry=wanted, by=cast.clerk, at=AT, made_key=key)
            for _ in range(4)
        )
    )

    assert kinds_of(outcomes) == ["NoneType"] * 4
    assert Measure.objects.count() == 1


def test_two_workers_end_a_period_once(cast: Cast, finding: Finding) -> None:
    measure = measure_on(cast, finding)
    at = on(LAST).replace(day=LAST.day + 1)

    outcomes = at_once(*[partial(measures.end_due, by=SystemActor(), at=at)] * 3)

    assert kinds_of(outcomes) == ["NoneType"] * 3
    assert AuditEntry.objects.filter(subject_id=str(measure.pk), label="影响期满").count() == 1
