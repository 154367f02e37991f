from django.db import migrations, models


class Migration(migrations.Migration):
    """Visits of a campaign are counted from the index alone."""

    dependencies = [("inspections", "0006_visit_tally")]

    operations = [
        migrations.AddIndex("visit", models.Index(fields=["campaign", "state"], name="visit_campaign_state"))
    ]
