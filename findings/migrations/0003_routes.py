from __future__ import annotations

from typing import Any

from django.db import migrations

from findings.actions.routes import load_shipped


def load(apps: Any, schema_editor: Any) -> None:
    load_shipped(get_model=apps.get_model)


class Migration(migrations.Migration):
    """The three ways of putting right with their days. Not taken back: findings may stand on them."""

    dependencies = [("findings", "0002_finding_merged")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
