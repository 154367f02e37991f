from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("findings", "0025_side_terms")]

    operations = [
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("state__in", ["new", "verifying", "confirmed", "partly"])),
                fields=["raised_at", "id", "unit"],
                name="finding_before_notice",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("statement_due_on__isnull", False)),
                fields=["statement_due_on", "id"],
                name="finding_statement_due",
            ),
        ),
    ]
