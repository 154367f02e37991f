from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0003_audit_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="thumb_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
