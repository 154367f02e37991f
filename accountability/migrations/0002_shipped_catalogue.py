from __future__ import annotations

from typing import Any

from django.db import migrations

from accountability.actions.catalogue import load_shipped


def load(apps: Any, schema_editor: Any) -> None:
    load_shipped(get_model=apps.get_model)


class Migration(migrations.Migration):
    """The catalogue as version 1. Not taken back: what was recorded may stand on it."""

    dependencies = [("accountability", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
