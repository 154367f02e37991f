from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0004_file_thumb"),
    ]

    operations = [
        migrations.AddField(
            model_name="office",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
