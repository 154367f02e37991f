"""What no page of ours sends, where it is answered in a word of its own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.cast import Cast, signed_in, stand_up
from tests.findings.browsing import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return stand_up()


def test_a_way_of_putting_right_nobody_knows_is_not_found(cast: Cast) -> None:
    assert post(cast.clerk, "routes", code="a\0b", working_days=20).status_code == 404


def test_a_sitting_nobody_has_ends_none(cast: Cast) -> None:
    client, elsewhere = signed_in(cast.clerk), signed_in(cast.clerk)

    client.post(reverse("people:sittings"), {"sitting": "\0"})

    assert elsewhere.get(reverse("people:sittings")).status_code == 200
