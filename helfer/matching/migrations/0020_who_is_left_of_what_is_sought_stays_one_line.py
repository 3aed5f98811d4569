"""Up to two who are left of what is sought are one line that stays, and none where three were taken down lately.

Who has moved away, or shows a given name that is no longer theirs, is not read any more.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import helfer.core.guards

# What a listed request still says; a role that names an illness is shown as another one.
WANTED = """
    CREATE OR REPLACE VIEW matching_publicwanted_truth AS
    SELECT
        l.request_id,
        q.help_seeker_id,
        l.role_id,
        l.district_id,
        ARRAY(
            SELECT half::text FROM unnest(l.half_days) AS half
            WHERE EXISTS (SELECT FROM unnest(q.times) AS slot WHERE right(slot, 2) = half)
        ) AS half_days,
        ARRAY(SELECT spoken::text FROM unnest(l.languages) AS spoken WHERE spoken = ANY (q.languages)) AS languages
    FROM help_requests_requestlisting l
    JOIN people_consent y ON y.id = l.consent_id AND y.kind = 'public_listing' AND y.withdrawn_at IS NULL
    JOIN help_requests_helprequest q ON q.id = l.request_id
        AND q.state = 'open' AND q.import_digest = '' AND q.named_helper_id IS NULL
    JOIN people_helpseeker s ON s.id = q.help_seeker_id
    JOIN people_person p ON p.id = s.person_id AND p.id = y.person_id
        AND p.died_on IS NULL AND p.moved_on IS NULL AND p.merged_into_id IS NULL AND p.district_id = l.district_id
    JOIN catalogue_role asked ON asked.id = q.role_id
    JOIN catalogue_role shown ON shown.id = l.role_id
        AND shown.id = COALESCE(asked.shown_publicly_as_id, asked.id)
"""
# What a card still says, as long as it shows no former name.
CARDS = """
    CREATE OR REPLACE VIEW matching_publicoffer_truth AS
    SELECT
        c.helper_id,
        r.role_id,
        c.district_id,
        CASE WHEN c.quarter_id = p.quarter_id THEN c.quarter_id END AS quarter_id,
        c.name::text AS name,
        ARRAY(
            SELECT half::text FROM unnest(c.half_days) AS half
            WHERE EXISTS (SELECT FROM unnest(h.times) AS slot WHERE right(slot, 2) = half)
        ) AS half_days,
        ARRAY(SELECT spoken::text FROM unnest(c.languages) AS spoken WHERE spoken = ANY (h.languages)) AS languages,
        ARRAY(
            SELECT x.compensationmodel_id FROM helpers_helperprofile_compensation_models x
            WHERE x.helperprofile_id = h.id AND x.compensationmodel_id = ANY (c.model_ids)
        ) AS model_ids,
        ARRAY(
            SELECT DISTINCT x.training_id FROM helpers_certificate x
            WHERE x.helper_id = h.id AND x.training_id = ANY (c.training_ids) AND x.verified_at IS NOT NULL
        ) AS training_ids
    FROM helpers_publiccard c
    JOIN people_consent y ON y.id = c.consent_id AND y.kind = 'public_card' AND y.withdrawn_at IS NULL
    JOIN helpers_helperprofile h ON h.id = c.helper_id AND h.state = 'active' AND h.only_for_id IS NULL
    JOIN people_person p ON p.id = h.person_id AND p.id = y.person_id
        AND p.died_on IS NULL AND p.moved_on IS NULL AND p.merged_into_id IS NULL
        AND p.district_id IS NOT DISTINCT FROM c.district_id
        AND c.name IN ('', left(btrim(p.given_name), 60), left(btrim(p.given_name), 1) || '.')
    JOIN helpers_helperprofile_roles r ON r.helperprofile_id = h.id AND r.role_id = ANY (c.role_ids)
"""
UNTRUE = """
    CREATE OR REPLACE VIEW matching_publicwanted_untrue AS
    SELECT w.id
    FROM matching_publicwanted w
    CROSS JOIN LATERAL (
        SELECT count(*) AS true_ones, bool_and(w.half_days <@ t.half_days AND w.languages <@ t.languages) AS say_it
        FROM matching_publicwantedmember m
        JOIN matching_publicwanted_truth t ON t.request_id = m.request_id
            AND t.role_id = w.role_id AND t.district_id = w.district_id
        WHERE m.wanted_id = w.id
    ) behind
    WHERE behind.true_ones = 0 OR (w.number = 3 AND NOT (behind.true_ones = 3 AND behind.say_it))
"""
# Whoever publishes has written the same requests: then this waits, and sees what was published. Two who are
# left and go at the same time meet at their line: else each would leave it there for the other.
RECALL = """
    CREATE OR REPLACE FUNCTION helfer_recall_public_wanted(request_ids bigint[])
    RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            lines bigint[];
        BEGIN
            IF NOT EXISTS (SELECT FROM matching_publicwantedmember WHERE request_id = ANY (request_ids))
                AND NOT EXISTS (SELECT FROM help_requests_requestlisting WHERE request_id = ANY (request_ids))
            THEN
                RETURN;
            END IF;
            PERFORM FROM help_requests_helprequest WHERE id = ANY (request_ids) ORDER BY id FOR UPDATE;
            UPDATE help_requests_helprequest SET version = version + 1 WHERE id = ANY (request_ids);
            lines := ARRAY(
                SELECT wanted_id FROM matching_publicwantedmember WHERE request_id = ANY (request_ids)
            );
            PERFORM FROM matching_publicwanted WHERE id = ANY (lines) ORDER BY id FOR UPDATE;
            DELETE FROM matching_publicwantedmember m USING matching_publicwanted w
            WHERE w.id = m.wanted_id AND w.number = 0 AND m.request_id = ANY (request_ids)
                AND NOT EXISTS (
                    SELECT FROM matching_publicwanted_truth t
                    WHERE t.request_id = m.request_id AND t.role_id = w.role_id AND t.district_id = w.district_id
                );
            WITH gone AS (
                DELETE FROM matching_publicwanted
                WHERE id = ANY (lines) AND id IN (SELECT id FROM matching_publicwanted_untrue)
                RETURNING id, role_id, district_id, number
            ), noted AS (
                INSERT INTO matching_publicwantedpause (role_id, district_id)
                SELECT DISTINCT role_id, district_id FROM gone WHERE number = 3
                ON CONFLICT (role_id, district_id) DO UPDATE SET until = NULL
            )
            DELETE FROM matching_publicwantedmember WHERE wanted_id IN (SELECT id FROM gone);
        END
    $$
"""
VOLUNTEERINGS = """
    INSERT INTO matching_volunteering (helper_id, said_at)
    SELECT DISTINCT helper_id, said_at FROM matching_interest
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_dementia_is_shown_as_a_visit"),
        ("helpers", "0004_helpers_may_show_a_card"),
        ("matching", "0019_roles_that_require_the_same_share_their_days"),
        ("places", "0002_barriers_lengthen_the_way"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicWantedPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateField(null=True, verbose_name="bis")),
            ],
            options={
                "verbose_name": "Pause einer öffentlichen Suche",
                "verbose_name_plural": "Pausen öffentlicher Suchen",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Volunteering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said_at", models.DateTimeField(verbose_name="gesagt am")),
            ],
            options={
                "verbose_name": "gesagtes „Das kann ich“",
                "verbose_name_plural": "gesagte „Das kann ich“",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ShownCatalogueRole",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("catalogue.role",),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="shownperson",
            name="public_cards_follow_changed_persons",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="shownperson",
            name="public_wanted_follows_changed_persons",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownperson",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.given_name IS DISTINCT FROM NEW.given_name OR OLD.died_on IS DISTINCT FROM NEW.died_on OR OLD.moved_on IS DISTINCT FROM NEW.moved_on OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id OR OLD.district_id IS DISTINCT FROM NEW.district_id OR OLD.quarter_id IS DISTINCT FROM NEW.quarter_id)",
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT id FROM helpers_helperprofile WHERE person_id = OLD.id));\nRETURN NULL;",
                    hash="13ff61d0fe89aef710c99facb5b1722192d30dfa",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_persons_ee3c7",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownperson",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.died_on IS DISTINCT FROM NEW.died_on OR OLD.moved_on IS DISTINCT FROM NEW.moved_on OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id OR OLD.district_id IS DISTINCT FROM NEW.district_id)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY(SELECT q.id FROM help_requests_helprequest q JOIN people_helpseeker s ON s.id = q.help_seeker_id WHERE s.person_id = OLD.id ORDER BY q.id));\nRETURN NULL;",
                    hash="7e64f6d1fc1107e8b581efa15700783c0195aff4",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_changed_persons_7ac97",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="publicwanted",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", 0)),
                fields=("role", "district"),
                name="public_wanted_has_one_line_for_who_is_left",
                violation_error_message="Diese Zeile steht schon da.",
            ),
        ),
        migrations.AddField(
            model_name="publicwantedpause",
            name="district",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="places.district",
                verbose_name="Stadtbezirk",
            ),
        ),
        migrations.AddField(
            model_name="publicwantedpause",
            name="role",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="catalogue.role",
                verbose_name="Tätigkeit",
            ),
        ),
        migrations.AddField(
            model_name="volunteering",
            name="helper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="volunteerings",
                to="helpers.helperprofile",
                verbose_name="Helferprofil",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="showncataloguerole",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_how_roles_are_shown",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.shown_publicly_as_id IS DISTINCT FROM NEW.shown_publicly_as_id)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY(SELECT id FROM help_requests_helprequest WHERE role_id = OLD.id ORDER BY id));\nRETURN NULL;",
                    hash="dab891fec4815721fbb88ffacd9b85e993152154",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_how_roles_are_shown_7bb33",
                    table="catalogue_role",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="publicwantedpause",
            constraint=models.UniqueConstraint(
                fields=("role", "district"),
                name="public_wanted_pauses_once_at_a_time",
                violation_error_message="Hier wird schon pausiert.",
            ),
        ),
        migrations.RunSQL([WANTED, CARDS, UNTRUE, RECALL, VOLUNTEERINGS]),
    ]
