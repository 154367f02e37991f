"""Five hundred findings issued at once: each with its outcome, numbers without a gap, in a time one can wait for."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from conduct.calendar import seed
from conduct.models import NumberSeries
from findings.actions import batches, notices
from findings.models import Finding, Notice, SideTerm, Term
from people.models import Unit
from tests.factories.cast import AT, Cast, make_unit
from tests.factories.findings import Line, again, routes

pytestmark = pytest.mark.django_db
UNITS, EACH = 23, 22  # more than one notice holds, so that every unit gets two
MOST_SECONDS = 60  # of the processor, under a loaded machine too; alone it takes some ten


def confirmed(cast: Cast, units: list[Unit]) -> list[Finding]:
    """As many findings as fit the units, all waiting to be issued."""
    pattern = again(Line(cast).confirmed())
    rows = [_copy(pattern, unit) for unit in units for _ in range(EACH)]
    return Finding.objects.bulk_create(rows)


def _copy(pattern: Finding, unit: Unit) -> Finding:
    columns = {field.attname: getattr(pattern, field.attname) for field in Finding._meta.concrete_fields}
    return Finding(**columns | {"id": uuid4(), "unit_id": unit.pk})


def test_five_hundred_at_once(cast: Cast) -> None:
    seed.ship(at=AT)
    rows = confirmed(cast, [make_unit(f"第{number}局", cast.city) for number in range(UNITS)])
    stale = rows[7]
    seen = {str(row.pk): str(row.version) for row in rows} | {str(stale.pk): str(stale.version + 1)}
    orders = batches.Orders(routes()["limited"], "立即整改，落实AB岗。", "督查一科 0000-1234567")
    begun = time.process_time()

    outcomes = batches.issue(rows=rows, seen=seen, orders=orders, by=cast.clerk, at=AT)

    assert time.process_time() - begun < MOST_SECONDS
    assert len(rows) > 500
    assert [outcome.row.pk for outcome in outcomes if not outcome.is_done] == [stale.pk]
    assert outcomes[7].said == batches.CHANGED
    numbers = sorted(Notice.objects.values_list("paper__seq", flat=True))
    assert numbers == list(range(1, 2 * UNITS + 1))
    assert NumberSeries.objects.get(series=notices.SERIES).last == 2 * UNITS
    assert Finding.objects.filter(state=Finding.State.ASSIGNED).count() == len(rows) - 1
    assert Term.objects.count() == len(rows) - 1
    assert SideTerm.objects.filter(of=SideTerm.Of.RECEIPT).count() == 2 * UNITS
