"""Editors may translate pages into the languages of the site."""

from django.db import migrations

GROUP = "Redaktion"


def begin(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    group = Group.objects.get_or_create(name=GROUP)[0]
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtail_localize", codename="submit_translation")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0006_pages_in_several_languages"),
        ("wagtail_localize", "0006_create_submit_translation_permission"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
