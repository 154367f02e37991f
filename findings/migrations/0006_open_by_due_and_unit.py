from django.db import migrations, models
from django.db.models import Q

OPEN = ["assigned", "received", "rectifying", "submitted", "awaiting_acceptance"]


class Migration(migrations.Migration):
    """Overdue findings of a branch are counted from the index alone."""

    dependencies = [("findings", "0005_tallies")]

    operations = [
        migrations.RemoveIndex("finding", "finding_open_by_due"),
        migrations.AddIndex(
            "finding",
            models.Index(
                fields=["due_on", "id", "unit"], name="finding_open_by_due", condition=Q(state__in=OPEN)
            ),
        ),
    ]
