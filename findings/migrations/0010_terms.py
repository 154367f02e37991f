import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Deadlines with their origin, and the clock of the unit as a column of its own."""

    dependencies = [("findings", "0009_merged_into")]

    operations = [
        migrations.AddField(
            "finding",
            "first_due_on",
            models.DateField(blank=True, null=True, verbose_name="原定期限"),
        ),
        migrations.AddField("finding", "runs_until", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "finding",
            "handed_in_on",
            models.DateField(blank=True, null=True, verbose_name="报送日期"),
        ),
        migrations.AddField(
            "finding",
            "paused_on",
            models.DateField(blank=True, null=True, verbose_name="暂停计时"),
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issued", "交办"),
                            ("extended", "延期"),
                            ("after_pause", "异议办结后续计"),
                            ("after_return", "退回后续计"),
                            ("relapsed", "反弹后重新整改"),
                            ("handed_on", "改由其他单位办理"),
                            ("calendar", "放假安排调整"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rule", models.CharField(max_length=120)),
                ("counts_from", models.DateField(blank=True, null=True)),
                ("working_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("due_before", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField()),
                ("is_estimate", models.BooleanField(default=False)),
                ("calendar_version", models.CharField(blank=True, max_length=200)),
                ("skipped", models.JSONField(blank=True, null=True)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="findings.finding",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "term",
            models.UniqueConstraint(fields=("finding", "ordinal"), name="term_ordinal_once"),
        ),
        migrations.AddConstraint(
            "term",
            models.CheckConstraint(condition=~Q(rule=""), name="term_says_by_what_rule"),
        ),
    ]
