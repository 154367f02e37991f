from django.db import migrations, models
from django.db.models import F, Q

WITH_UNIT = ["assigned", "received", "rectifying"]


class Migration(migrations.Migration):
    """The database holds the clock to the state. Apart from the filling: PostgreSQL alters no table just written."""

    dependencies = [("findings", "0011_terms_filled")]

    operations = [
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=Q(runs_until__isnull=True)
                | Q(state__in=WITH_UNIT, paused_on__isnull=True, runs_until=F("due_on")),
                name="finding_term_runs_with_unit",
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=~Q(state__in=WITH_UNIT) | Q(runs_until__isnull=False) | Q(paused_on__isnull=False),
                name="finding_with_unit_has_running_term",
            ),
        ),
        migrations.AddIndex(
            "finding",
            models.Index(
                fields=["runs_until", "id", "unit"],
                name="finding_running",
                condition=Q(runs_until__isnull=False),
            ),
        ),
    ]
