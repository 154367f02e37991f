"""What the tests of people stand on besides the cast."""

from __future__ import annotations

import pytest
from django.test import Client

from conduct.calendar import seed
from tests.factories.cast import AT, Cast, signed_in


@pytest.fixture
def calendar(db: None) -> None:
    """The published years, as an upgrade ships them."""
    seed.ship(at=AT)


@pytest.fixture
def admin(cast: Cast) -> Client:
    """The system administrator, signed in."""
    return signed_in(cast.system_admin)
