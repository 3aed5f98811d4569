"""What was known by its short name is now said of the role; the defaults say it too."""

from django.db import migrations

SHOWN_AS = """
    UPDATE catalogue_role SET shown_publicly_as_id = (SELECT id FROM catalogue_role WHERE slug = 'besuch')
    WHERE slug = 'demenz'
"""
# Else every role would look as if an office had changed it.
LOADED = """
    UPDATE catalogue_role SET loaded_values = loaded_values || jsonb_build_object(
        'shown_publicly_as', CASE slug WHEN 'demenz' THEN 'besuch' ELSE '' END
    )
    WHERE loaded_values IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_a_role_may_be_shown_as_another"),
    ]

    operations = [
        migrations.RunSQL([SHOWN_AS, LOADED], migrations.RunSQL.noop),
    ]
