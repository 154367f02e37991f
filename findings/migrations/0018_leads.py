import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The lead channel's own tables: a sealed mark, and its own audit."""

    dependencies = [
        ("findings", "0017_complex_is_on_site"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("actor_id", models.CharField(max_length=64)),
                ("actor_name", models.CharField(max_length=100)),
                (
                    "verb",
                    models.CharField(
                        choices=[("mark", "标记问题线索"), ("read", "查看问题线索")], max_length=10
                    ),
                ),
                ("lead_id", models.CharField(max_length=64)),
                ("slot", models.CharField(max_length=64, unique=True)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="LeadMark",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("alg", models.CharField(max_length=40)),
                ("basis_sealed", models.BinaryField()),
                ("marked_at", models.DateTimeField()),
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="findings.finding"
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
