from django.db import migrations, models


def install(apps, schema_editor):
    """The engine's own tables, which no model describes."""
    if schema_editor.connection.vendor == "sqlite":
        from conduct.search import sqlite as engine
    else:
        from conduct.search import postgres as engine
    engine.install(schema_editor.execute)


def remove(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS conduct_searchgram")
    schema_editor.execute("DROP TABLE IF EXISTS conduct_searchblock")


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0006_chain"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchPending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=36)),
            ],
            options={"verbose_name_plural": "search pending"},
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=36)),
                ("keys", models.TextField()),
                ("folded", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "subject_id"), name="search_text_once")
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
