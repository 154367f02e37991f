from django.db import migrations


def install(apps, schema_editor):
    """On PostgreSQL the blocks of the search are asked by functions."""
    if schema_editor.connection.vendor != "sqlite":
        from conduct.search import postgres

        postgres.install_functions(schema_editor.execute)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION IF EXISTS conduct_searchblocks_down")
        schema_editor.execute("DROP FUNCTION IF EXISTS conduct_searchblocks_up")


class Migration(migrations.Migration):
    dependencies = [("conduct", "0007_search_text")]

    operations = [migrations.RunPython(install, remove)]
