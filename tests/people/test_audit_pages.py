"""The audit as the auditor reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from conduct import audit
from conduct.models import AuditEntry, JobRun
from people.models import User
from tests.factories.cast import AT, Cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


def record(
    cast: Cast, *, by: User, verb: str = "people.x", label: str = "授予岗位", **changes: object
) -> AuditEntry:
    given = {"at": AT, "by": by, "verb": verb, "label": label, "subject": cast.east}
    return audit.record(**given | changes)


def listed(cast: Cast, **query: object) -> list[str]:
    page = signed_in(cast.auditor).get(reverse("people:audit"), query)
    return [entry.row.label for entry in page.context["entries"]]


def test_the_auditor_reads_what_happened_the_newest_first(cast: Cast) -> None:
    record(cast, by=cast.clerk, label="先")
    record(cast, by=cast.clerk, label="后", at=AT + timedelta(minutes=1))

    assert listed(cast) == ["后", "先"]


def test_the_audit_is_filtered_by_person_action_subject_and_day(cast: Cast) -> None:
    record(cast, by=cast.clerk, label="甲事")
    record(cast, by=cast.leader, label="乙事", subject=cast.leader, at=AT + timedelta(days=1))

    assert listed(cast, actor="经办甲（clerk）") == ["甲事"]
    assert listed(cast, actor_id=str(cast.leader.pk)) == ["乙事"]
    assert listed(cast, verb="乙事") == ["乙事"]
    assert listed(cast, subject_type="people.unit", subject_id=str(cast.east.pk)) == ["甲事"]
    assert listed(cast, module="people", first="2026-03-03", last="2026-03-03") == ["乙事"]
    assert listed(cast, module="findings") == []


def test_states_are_shown_by_their_names(cast: Cast) -> None:
    run = JobRun.objects.create(
        job="reports.draft",
        label="起草通报",
        state=JobRun.State.FAILED,
        problem="字体缺失",
        tries=5,
        created_at=AT,
    )
    record(cast, by=cast.clerk, subject=run, before="failed", after="waiting")

    page = signed_in(cast.auditor).get(reverse("people:audit")).content.decode()

    assert "未办成 → 等待办理" in page


def test_a_bad_day_is_said_and_the_rest_still_shown(cast: Cast) -> None:
    answer = signed_in(cast.auditor).get(
        reverse("people:audit"), {"first": "2026-03-05", "last": "2026-03-01"}
    )

    assert answer.status_code == 422
    assert "截止日早于起始日" in answer.content.decode()


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "clerk", "leader", "east_head"])
def test_nobody_but_the_auditor_reads_the_audit(cast: Cast, who: str) -> None:
    assert signed_in(getattr(cast, who)).get(reverse("people:audit")).status_code == 403
