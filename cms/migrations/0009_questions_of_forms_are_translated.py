"""Each question of a form belongs to a language, as its page does."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


def begin(apps, schema_editor):
    # Not by way of the form: its model of that day cannot be made (it asks itself for its template).
    locales = dict(apps.get_model("wagtailcore", "Page").objects.values_list("pk", "locale"))
    for field in apps.get_model("cms", "FormField").objects.all():
        field.translation_key, field.locale_id = uuid.uuid4(), locales[field.page_id]
        field.save(update_fields=["translation_key", "locale"])


class Migration(migrations.Migration):
    dependencies = [("cms", "0008_where_to_complain"), ("wagtailcore", "0094_alter_page_locale")]

    operations = [
        migrations.AddField("formfield", "translation_key", models.UUIDField(null=True, editable=False)),
        migrations.AddField(
            "formfield",
            "locale",
            models.ForeignKey(
                "wagtailcore.Locale",
                null=True,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                verbose_name="locale",
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        # Else PostgreSQL does not change a table whose references wait to be looked at.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "formfield", "translation_key", models.UUIDField(default=uuid.uuid4, editable=False)
        ),
        migrations.AlterField(
            "formfield",
            "locale",
            models.ForeignKey(
                "wagtailcore.Locale",
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                verbose_name="locale",
            ),
        ),
        migrations.AlterUniqueTogether("formfield", {("translation_key", "locale")}),
    ]
