from django.db import migrations

from conduct import clock
from conduct.calendar import seed


def ship(apps, schema_editor):
    seed.ship(
        at=clock.now(),
        year_model=apps.get_model("conduct", "CalendarYear"),
        day_model=apps.get_model("conduct", "CalendarDay"),
    )


class Migration(migrations.Migration):
    """Enter the years of days off that come with the product; an office may have changed them, so none is taken back."""

    dependencies = [("conduct", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
