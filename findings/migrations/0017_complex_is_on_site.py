from typing import Any

from django.db import migrations


def ask(apps: Any, schema_editor: Any) -> None:
    apps.get_model("findings", "Route").objects.filter(code="complex").update(on_site=True)


class Migration(migrations.Migration):
    """What took thirty days to put right is looked at where it is. The office may change it."""

    dependencies = [("findings", "0016_route_acceptance")]
    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
