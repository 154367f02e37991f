from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0003_visit_number"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(state__in=["planned", "departed", "on_site"]),
                fields=("campaign", "team", "unit"),
                name="visit_begun_once",
            ),
        ),
    ]
