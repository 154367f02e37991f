import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A verdict says when its giver looked on the spot, what is left, and shows photos side by side."""

    dependencies = [
        ("conduct", "0010_job_failed"),
        ("findings", "0014_served"),
        ("inspections", "0009_visit_state_reviewed"),
    ]

    operations = [
        migrations.AddField(
            model_name="acceptance",
            name="left_over",
            field=models.TextField(blank=True, default="", verbose_name="遗留事项"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="acceptance",
            name="seen_on",
            field=models.DateField(blank=True, null=True, verbose_name="现场查看日期"),
        ),
        migrations.AlterField(
            model_name="acceptance",
            name="verdict",
            field=models.CharField(
                choices=[("accept", "同意验收"), ("partly", "部分通过"), ("refuse", "不同意验收")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "partly"), models.Q(("left_over", ""), _negated=True)),
                    models.Q(models.Q(("verdict", "partly"), _negated=True), ("left_over", "")),
                    _connector="OR",
                ),
                name="acceptance_partly_says_what_is_left",
            ),
        ),
        migrations.CreateModel(
            name="PhotoPair",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("caption", models.CharField(blank=True, max_length=80, verbose_name="说明")),
                (
                    "acceptance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairs",
                        to="findings.acceptance",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_pairs",
                        to="conduct.storedfile",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_pairs",
                        to="inspections.evidence",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("acceptance", "before", "after"), name="photo_pair_once")
                ],
            },
        ),
    ]
