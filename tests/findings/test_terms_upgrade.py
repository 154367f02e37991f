"""An office that worked before terms were kept loses nothing on the way up, and can go back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from conduct.models import NumberSeries
from findings.models import Finding, Term
from tests.factories.cast import stand_up
from tests.factories.findings import Line

COLUMNS = ("state", "due_on", "first_due_on", "runs_until", "handed_in_on", "paused_on")


def clocks() -> dict[Any, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in Finding.objects.values_list("pk", *COLUMNS)}


@pytest.mark.drawn
@pytest.mark.django_db(transaction=True)
def test_the_clock_of_every_finding_is_found_again_from_what_is_on_record() -> None:
    NumberSeries.objects.all().delete()
    line = Line(stand_up())
    for step in (line.new, line.confirmed, line.assigned, line.rectifying, line.submitted, line.closed):
        step()
    before = clocks()
    terms = set(Term.objects.values_list("finding", "ordinal", "due_on"))

    call_command("migrate", "findings", "0009", verbosity=0)
    call_command("migrate", verbosity=0)

    assert clocks() == before
    assert set(Term.objects.values_list("finding", "ordinal", "due_on")) == terms
    assert set(Term.objects.values_list("rule", flat=True)) == {"整改通知书载明的期限"}
