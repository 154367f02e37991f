from django.db import migrations, models


class Migration(migrations.Migration):
    """A way of putting right says whether it is accepted on the spot, and when it is looked at again."""

    dependencies = [("findings", "0015_acceptance")]

    operations = [
        migrations.AddField(
            model_name="route",
            name="on_site",
            field=models.BooleanField(default=False, verbose_name="须现场验收"),
        ),
        migrations.AddField(
            model_name="route",
            name="revisit_from_days",
            field=models.PositiveSmallIntegerField(default=30, verbose_name="回头看最早（销号后日历天）"),
        ),
        migrations.AddField(
            model_name="route",
            name="revisit_to_days",
            field=models.PositiveSmallIntegerField(default=90, verbose_name="回头看最晚（销号后日历天）"),
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revisit_from_days__gte", 1), ("revisit_to_days__gte", models.F("revisit_from_days"))
                ),
                name="route_revisit_days_in_order",
            ),
        ),
    ]
