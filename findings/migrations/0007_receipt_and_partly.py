"""By when a notice is to be signed for, as its paper says, and the wording before a partial verdict."""

from datetime import date
from typing import Any

from django.db import migrations, models
from django.db.models import F


def fill(apps: Any, schema_editor: Any) -> None:
    """Take the day of receipt from the paper that went out; keep the wording of what waits for its notice."""
    notices = apps.get_model("findings", "Notice").objects
    for notice in notices.select_related("paper").order_by("pk").iterator():
        content = notice.paper.facts.get("content", {})
        day = content.get("receipt_until")
        notice.receipt_due_on = date.fromisoformat(day) if day else notice.issued_on
        notice.receipt_due_is_estimate = bool(content.get("is_estimated"))
        notice.save(update_fields=["receipt_due_on", "receipt_due_is_estimate"])
    findings = apps.get_model("findings", "Finding").objects
    findings.filter(state="partly").update(earlier_facts=F("facts"))


class Migration(migrations.Migration):
    dependencies = [("findings", "0006_open_by_due_and_unit")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="earlier_facts",
            field=models.TextField(blank=True, default="", verbose_name="认定前的表述"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="notice",
            name="receipt_due_on",
            field=models.DateField(null=True, verbose_name="签收期限"),
        ),
        migrations.AddField(
            model_name="notice",
            name="receipt_due_is_estimate",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="notice",
            name="receipt_due_on",
            field=models.DateField(verbose_name="签收期限"),
        ),
    ]
