from __future__ import annotations

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q


def fill(apps: Any, schema_editor: Any) -> None:
    """Bulletins made before: counted when they were drafted, and their cases found again by what they print."""
    rows, kept = apps.get_model("reports", "Bulletin").objects, apps.get_model("reports", "MetFinding").objects
    findings = apps.get_model("findings", "Finding").objects
    rows.update(gathered_at=F("drafted_at"))
    for bulletin in rows.all():
        taken: list[Any] = []
        for place, case in enumerate(bulletin.facts.get("content", {}).get("cases", []), start=1):
            told = Q(facts=case["facts"]) | Q(earlier_facts=case["facts"])
            finding = (
                findings.filter(
                    told,
                    title=case["heading"],
                    unit__name=case["unit"],
                    visited_on__range=(bulletin.period_from, bulletin.period_to),
                )
                .exclude(pk__in=taken)
                .first()
            )
            if finding is not None:
                taken.append(finding.pk)
                kept.create(bulletin=bulletin, finding=finding, place=place)


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0022_extensions_and_objections"),
        ("reports", "0003_bulletin_sender"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulletin",
            name="gathered_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="MetFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "left_out_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_served", "整改通知书还没有送达单位"),
                            ("term", "单位提出异议的期限未过"),
                            ("objection", "单位的异议正在办理"),
                        ],
                        max_length=10,
                    ),
                ),
                ("left_out_until", models.DateField(blank=True, null=True)),
                ("is_estimate", models.BooleanField(default=False)),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="met",
                        to="reports.bulletin",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="findings.finding",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("bulletin", "finding"), name="met_once_a_bulletin"),
                    models.UniqueConstraint(fields=("bulletin", "place"), name="met_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_out_for", ""), ("place__isnull", False)),
                            models.Q(("place__isnull", True), models.Q(("left_out_for", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="met_is_printed_or_left_out",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
