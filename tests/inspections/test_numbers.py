"""Verification names the first record sheet whose number was given and whose visit is gone."""

from __future__ import annotations

import pytest

from inspections.models import Visit
from inspections.queries import numbers
from tests.factories.cast import AT, Cast
from tests.factories.inspections import locked_visit, seen_playing

pytestmark = pytest.mark.django_db


def fault() -> str:
    return numbers.check(at=AT, on_step=lambda done, total: None).fault


def test_numbers_that_run_on_are_fine(cast: Cast) -> None:
    for _ in range(2):
        locked_visit(cast, seen_playing())

    assert fault() == ""


def test_a_number_that_is_gone_is_named(cast: Cast) -> None:
    first, _ = (locked_visit(cast, seen_playing()) for _ in range(2))
    Visit.objects.filter(pk=first.pk).update(number="")

    assert fault() == f"现场记录表{first.number}缺号，记录不在库中。"


def test_the_last_number_gone_is_named_too(cast: Cast) -> None:
    only = locked_visit(cast, seen_playing())
    Visit.objects.filter(pk=only.pk).update(number="")

    assert fault() == f"现场记录表{only.number}缺号，记录不在库中。"
