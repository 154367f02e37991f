from django.db import migrations, models


def spell(apps, schema_editor):
    """Give the names there are their pinyin."""
    from people.initials import pinyin_of, sounds_of_person

    for unit in apps.get_model("people", "Unit").objects.order_by("pk").iterator():
        unit.pinyin = pinyin_of(unit.name, unit.short_name, *unit.aliases)[:600]
        unit.save(update_fields=["pinyin"])
    for user in apps.get_model("people", "User").objects.order_by("pk").iterator():
        sounds = sounds_of_person(user.name)
        user.initials, user.pinyin = sounds["initials"], sounds["pinyin"]
        user.save(update_fields=["initials", "pinyin"])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_signing_in")]

    operations = [
        migrations.AddField("unit", "pinyin", models.CharField(blank=True, max_length=600)),
        migrations.AddField("user", "pinyin", models.CharField(blank=True, max_length=200)),
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
