from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0002_shipped_standards"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="number",
            field=models.CharField(blank=True, max_length=40, verbose_name="编号"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=~models.Q(number=""), fields=("number",), name="visit_number_once"
            ),
        ),
    ]
