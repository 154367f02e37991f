from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conduct", "0002_shipped_calendar")]
    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at", "id"], name="audit_at"),
        ),
    ]
