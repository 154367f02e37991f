"""The cast, and a finding of the East that stands."""

from __future__ import annotations

import pytest

from findings.models import Finding
from tests.factories.cast import Cast
from tests.factories.findings import Line


@pytest.fixture
def finding(cast: Cast) -> Finding:
    """Confirmed, its notice on the way."""
    return Line(cast).assigned(person_post="窗口值班员")
