from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_post_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='heldform',
            name='page_key',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]
