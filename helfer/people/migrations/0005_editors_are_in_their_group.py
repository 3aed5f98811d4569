"""Wagtail asks for groups: whoever is an editor is in the editors' group, and nobody else."""

from django.db import migrations

FORWARDS = """
INSERT INTO auth_group (name) VALUES ('Redaktion') ON CONFLICT (name) DO NOTHING;

CREATE FUNCTION editors_are_in_their_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 'editor' = ANY (NEW.kinds) THEN
        INSERT INTO people_user_groups (user_id, group_id)
        SELECT NEW.id, id FROM auth_group WHERE name = 'Redaktion'
        ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM people_user_groups WHERE user_id = NEW.id
        AND group_id IN (SELECT id FROM auth_group WHERE name = 'Redaktion');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER editors_are_in_their_group
AFTER INSERT OR UPDATE OF kinds ON people_user
FOR EACH ROW EXECUTE FUNCTION editors_are_in_their_group();

INSERT INTO people_user_groups (user_id, group_id)
SELECT people_user.id, auth_group.id FROM people_user, auth_group
WHERE 'editor' = ANY (people_user.kinds) AND auth_group.name = 'Redaktion'
ON CONFLICT DO NOTHING;
"""

BACKWARDS = """
DROP TRIGGER editors_are_in_their_group ON people_user;
DROP FUNCTION editors_are_in_their_group();
DELETE FROM people_user_groups WHERE group_id IN (SELECT id FROM auth_group WHERE name = 'Redaktion');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_nobody_is_a_superuser"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
