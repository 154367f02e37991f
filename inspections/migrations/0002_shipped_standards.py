from __future__ import annotations

from typing import Any

from django.db import migrations

from inspections.actions.standards import load_shipped


def load(apps: Any, schema_editor: Any) -> None:
    load_shipped(get_model=apps.get_model)


class Migration(migrations.Migration):
    """Both schemes as version 1. Not taken back: findings may stand on them."""

    dependencies = [("inspections", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
