import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0004_statement_due_estimate"),
        ("inspections", "0005_campaign_drafted_once"),
        ("people", "0003_post_is_revoked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CategoryDue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch", models.CharField(max_length=60)),
                ("top", models.CharField(max_length=4)),
                ("month", models.DateField()),
                ("span", models.CharField(choices=[("month", "Month"), ("day", "Day")], max_length=5)),
                ("due_on", models.DateField()),
                ("findings", models.IntegerField()),
                ("problems", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CategoryTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch", models.CharField(max_length=60)),
                ("top", models.CharField(max_length=4)),
                ("month", models.DateField()),
                ("in_state", models.CharField(max_length=20)),
                ("findings", models.IntegerField()),
                ("problems", models.IntegerField()),
                ("persons", models.IntegerField()),
                ("impersonal", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CrossTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("top", models.CharField(max_length=4)),
                ("month", models.DateField()),
                ("problems", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Turnover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch", models.CharField(max_length=60)),
                (
                    "event",
                    models.CharField(choices=[("issued", "Issued"), ("closed", "Closed")], max_length=6),
                ),
                ("month", models.DateField()),
                ("findings", models.IntegerField()),
                ("closed", models.IntegerField()),
                ("days", models.IntegerField()),
                ("timed", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="UnitDue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("span", models.CharField(choices=[("month", "Month"), ("day", "Day")], max_length=5)),
                ("due_on", models.DateField()),
                ("problems", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="UnitTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("in_state", models.CharField(max_length=20)),
                ("findings", models.IntegerField()),
                ("problems", models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("issued_on__isnull", False)),
                fields=["issued_on"],
                name="finding_issued_on",
            ),
        ),
        migrations.AddIndex(
            model_name="categorydue",
            index=models.Index(fields=["branch", "span", "due_on"], name="category_due_branch"),
        ),
        migrations.AddIndex(
            model_name="categorytally",
            index=models.Index(fields=["branch", "month"], name="category_tally_branch"),
        ),
        migrations.AddField(
            model_name="crosstally",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="turnover",
            index=models.Index(fields=["branch", "month"], name="turnover_branch"),
        ),
        migrations.AddField(
            model_name="unitdue",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddField(
            model_name="unittally",
            name="unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="crosstally",
            index=models.Index(fields=["unit", "month"], name="cross_tally_unit"),
        ),
        migrations.AddIndex(
            model_name="unitdue",
            index=models.Index(fields=["span", "due_on", "unit"], name="unit_due_span"),
        ),
        migrations.AddIndex(
            model_name="unittally",
            index=models.Index(fields=["unit", "month"], name="unit_tally_unit"),
        ),
    ]
