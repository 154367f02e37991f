from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0007_receipt_and_partly"),
        ("people", "0006_held_first"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="categorydue",
            name="category_due_branch",
        ),
        migrations.RemoveIndex(
            model_name="crosstally",
            name="cross_tally_unit",
        ),
        migrations.RemoveIndex(
            model_name="unitdue",
            name="unit_due_span",
        ),
        migrations.RemoveIndex(
            model_name="unittally",
            name="unit_tally_unit",
        ),
        migrations.AddIndex(
            model_name="categorydue",
            index=models.Index(
                fields=["branch", "span", "due_on", "month", "top", "findings", "problems"],
                name="category_due_branch",
            ),
        ),
        migrations.AddIndex(
            model_name="crosstally",
            index=models.Index(fields=["unit", "month", "top", "problems"], name="cross_tally_unit"),
        ),
        migrations.AddIndex(
            model_name="unitdue",
            index=models.Index(fields=["span", "due_on", "unit", "month", "problems"], name="unit_due_span"),
        ),
        migrations.AddIndex(
            model_name="unittally",
            index=models.Index(fields=["unit", "month", "in_state", "problems"], name="unit_tally_unit"),
        ),
    ]
