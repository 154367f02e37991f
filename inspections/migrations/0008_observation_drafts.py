import django.core.serializers.json
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0007_visit_campaign_state'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldPhoto',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('photo', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='observation',
            name='observation_has_facts',
        ),
        migrations.AddField(
            model_name='observation',
            name='is_draft',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='observation',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='inspections.problemcategory', verbose_name='问题指标'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='facts',
            field=models.TextField(blank=True, verbose_name='事实经过'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('is_draft', True), models.Q(('category__isnull', False), models.Q(('facts', ''), _negated=True)), _connector='OR'), name='observation_says_what'),
        ),
        migrations.AddField(
            model_name='heldphoto',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_photos', to=settings.AUTH_USER_MODEL),
        ),
    ]
