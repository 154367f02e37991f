"""One finding walked from the observation to its closing."""

from __future__ import annotations

import pytest

from conduct import issuing
from findings.models import Finding, Rectification
from tests.factories import cast as people
from tests.factories.findings import Line, notice_of, report_of

pytestmark = pytest.mark.django_db


def test_a_finding_goes_from_observation_to_closing() -> None:
    cast = people.stand_up()

    finding = Line(cast).closed(names_person=True, person_post="窗口工作人员", persons=1)

    finding.refresh_from_db()
    assert finding.state == Finding.State.CLOSED
    assert finding.days_to_close == 0
    assert report_of(finding).state == Rectification.State.PASSED
    notice = notice_of(finding)
    assert notice.number == "安督整〔2026〕1号"
    assert issuing.pdf_of(notice.paper).startswith(b"%PDF")
