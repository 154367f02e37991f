"""The clock of every finding that has a deadline, from what is on record about it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import TruncDate

WITH_UNIT = ["assigned", "received", "rectifying"]
HANDED_IN = ["submitted", "awaiting_acceptance", "closed"]
RULE = "整改通知书载明的期限"


def fill(apps: Any, schema_editor: Any) -> None:
    """Let the clock run where the unit has the matter; take the day of handing in from the signed report."""
    findings = apps.get_model("findings", "Finding").objects
    reports = apps.get_model("findings", "Rectification").objects
    signed = reports.filter(finding=OuterRef("pk"), signed_at__isnull=False).order_by("-round")
    day = signed.annotate(day=TruncDate("signed_at", tzinfo=ZoneInfo("Asia/Shanghai"))).values("day")[:1]
    findings.filter(due_on__isnull=False).update(first_due_on=F("due_on"))
    findings.filter(state__in=WITH_UNIT).update(runs_until=F("due_on"))
    findings.filter(state__in=HANDED_IN).update(handed_in_on=Subquery(day))
    schema_editor.execute(
        "INSERT INTO findings_term (finding_id, ordinal, kind, at, rule, due_on, is_estimate, calendar_version) "
        "SELECT f.id, 1, 'issued', n.issued_at, %s, f.due_on, f.due_is_estimate, f.calendar_version "
        "FROM findings_finding f JOIN findings_notice n ON n.id = f.notice_id WHERE f.due_on IS NOT NULL",
        [RULE],
    )


def empty(apps: Any, schema_editor: Any) -> None:
    """Terms went with no column of the finding."""
    schema_editor.execute("DELETE FROM findings_term")


class Migration(migrations.Migration):
    dependencies = [("findings", "0010_terms")]

    operations = [
        migrations.RunPython(fill, empty),
    ]
