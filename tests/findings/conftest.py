"""The cast, and the line that carries findings to any step."""

from __future__ import annotations

import pytest

from tests.factories.cast import Cast
from tests.factories.findings import Line


@pytest.fixture
def line(cast: Cast) -> Line:
    return Line(cast)
