"""What is sought in public: three requests at a time, recalled when one of them is no longer true."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import helfer.core.guards

# What a listed request still says; a role that names an illness is shown as another one.
TRUTH = """
    CREATE VIEW matching_publicwanted_truth AS
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
        AND p.died_on IS NULL AND p.merged_into_id IS NULL AND p.district_id = l.district_id
    JOIN catalogue_role asked ON asked.id = q.role_id
    JOIN catalogue_role shown ON shown.id = l.role_id
        AND shown.slug = CASE asked.slug WHEN 'demenz' THEN 'besuch' ELSE asked.slug END
"""
UNTRUE = """
    CREATE VIEW matching_publicwanted_untrue AS
    SELECT w.id
    FROM matching_publicwanted w
    WHERE NOT COALESCE((
        SELECT (count(*) = 3 OR (w.number = 0 AND count(*) > 0))
            AND count(*) = (SELECT count(*) FROM matching_publicwantedmember m WHERE m.wanted_id = w.id)
            AND bool_and(
                t.role_id = w.role_id AND t.district_id = w.district_id
                AND w.half_days <@ t.half_days AND w.languages <@ t.languages
            )
        FROM matching_publicwantedmember m
        JOIN matching_publicwanted_truth t ON t.request_id = m.request_id
        WHERE m.wanted_id = w.id
    ), false)
"""
# Whoever publishes has written the same requests: then this waits, and sees what was published.
RECALL = """
    CREATE FUNCTION helfer_recall_public_wanted(request_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM matching_publicwantedmember WHERE request_id = ANY (request_ids))
                AND NOT EXISTS (SELECT FROM help_requests_requestlisting WHERE request_id = ANY (request_ids))
            THEN
                RETURN;
            END IF;
            PERFORM FROM help_requests_helprequest WHERE id = ANY (request_ids) ORDER BY id FOR UPDATE;
            UPDATE help_requests_helprequest SET version = version + 1 WHERE id = ANY (request_ids);
            WITH gone AS (
                DELETE FROM matching_publicwanted
                WHERE id IN (SELECT wanted_id FROM matching_publicwantedmember WHERE request_id = ANY (request_ids))
                    AND id IN (SELECT id FROM matching_publicwanted_untrue)
                RETURNING id
            )
            DELETE FROM matching_publicwantedmember WHERE wanted_id IN (SELECT id FROM gone);
        END
    $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_land_rules_are_loaded_from_defaults"),
        ("help_requests", "0004_a_request_may_be_listed"),
        ("helpers", "0004_helpers_may_show_a_card"),
        ("matching", "0013_ties_look_at_their_two_people_first"),
        ("people", "0009_the_yes_to_a_public_card_is_a_kind_of_its_own"),
        ("places", "0002_barriers_lengthen_the_way"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said_at", models.DateTimeField(verbose_name="gesagt am")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="erledigt am")),
            ],
            options={
                "verbose_name": "Interesse",
                "verbose_name_plural": "Interessen",
            },
        ),
        migrations.CreateModel(
            name="PublicWanted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="öffentliche Nummer"
                    ),
                ),
                ("number", models.SmallIntegerField(verbose_name="wie viele")),
                (
                    "half_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="Tageszeiten"
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="Sprachen"
                    ),
                ),
                ("published_on", models.DateField(verbose_name="veröffentlicht am")),
            ],
            options={
                "verbose_name": "öffentlich gesuchte Hilfe",
                "verbose_name_plural": "öffentlich gesuchte Hilfen",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PublicWantedMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "wer hinter einer öffentlichen Suche steht",
                "verbose_name_plural": "wer hinter öffentlichen Suchen steht",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ShownListing",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("help_requests.requestlisting",),
        ),
        migrations.CreateModel(
            name="ShownRequest",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("help_requests.helprequest",),
        ),
        migrations.CreateModel(
            name="ShownSeeker",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("people.helpseeker",),
        ),
        migrations.AddField(
            model_name="interest",
            name="helper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="interests",
                to="helpers.helperprofile",
                verbose_name="Helferprofil",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="interests",
                to="help_requests.helprequest",
                verbose_name="Hilfeanfrage",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="erledigt von",
            ),
        ),
        migrations.AddField(
            model_name="publicwanted",
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
            model_name="publicwanted",
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
            model_name="publicwantedmember",
            name="request",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="help_requests.helprequest",
                verbose_name="Hilfeanfrage",
            ),
        ),
        migrations.AddField(
            model_name="publicwantedmember",
            name="wanted",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="matching.publicwanted",
                verbose_name="öffentlich gesuchte Hilfe",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.UniqueConstraint(
                fields=("helper", "request"),
                name="interest_in_a_request_is_said_once",
                violation_error_message="Das haben Sie dem Seniorenbüro schon gesagt.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicwanted",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", 3),
                    models.Q(("half_days__len", 0), ("languages__len", 0), ("number", 0)),
                    _connector="OR",
                ),
                name="public_wanted_says_more_only_of_three",
                violation_error_message="Einzelheiten stehen öffentlich nur, wo drei dasselbe suchen.",
            ),
        ),
        migrations.RunSQL(TRUTH, "DROP VIEW matching_publicwanted_truth"),
        migrations.RunSQL(UNTRUE, "DROP VIEW matching_publicwanted_untrue"),
        migrations.RunSQL(RECALL, "DROP FUNCTION helfer_recall_public_wanted(bigint[])"),
        pgtrigger.migrations.AddTrigger(
            model_name="shownconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_changed_consents",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY(SELECT q.id FROM help_requests_helprequest q JOIN people_helpseeker s ON s.id = q.help_seeker_id WHERE s.person_id = OLD.person_id ORDER BY q.id));\nRETURN NULL;",
                    hash="060aa813b411b05b05ecadf3b87d2e985bc60e7d",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_changed_consents_1b680",
                    table="people_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownperson",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.died_on IS DISTINCT FROM NEW.died_on OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id OR OLD.district_id IS DISTINCT FROM NEW.district_id)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY(SELECT q.id FROM help_requests_helprequest q JOIN people_helpseeker s ON s.id = q.help_seeker_id WHERE s.person_id = OLD.id ORDER BY q.id));\nRETURN NULL;",
                    hash="06c721c48e1fecbd21cce7249a37f4c747e0e818",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_changed_persons_7ac97",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownlisting",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_changed_listings",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.request_id IS DISTINCT FROM NEW.request_id OR OLD.consent_id IS DISTINCT FROM NEW.consent_id OR OLD.role_id IS DISTINCT FROM NEW.role_id OR OLD.district_id IS DISTINCT FROM NEW.district_id OR OLD.half_days IS DISTINCT FROM NEW.half_days OR OLD.languages IS DISTINCT FROM NEW.languages)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY[OLD.request_id]);\nRETURN NULL;",
                    hash="5a63742416ad3e1ce2bfc97c332a9d293c77a472",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_changed_listings_9bb1b",
                    table="help_requests_requestlisting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownlisting",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_removed_listings",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_wanted(ARRAY[OLD.request_id]);\nRETURN NULL;",
                    hash="df5486ceb109363fa403a64dd2c7f8d7625320de",
                    operation="DELETE",
                    pgid="pgtrigger_public_wanted_follows_removed_listings_f67d9",
                    table="help_requests_requestlisting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownlisting",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_emptied_listings",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_wanted(ARRAY(SELECT request_id FROM matching_publicwantedmember ORDER BY request_id));\nRETURN NULL;",
                    hash="c54f5fa46d8ecfe9dfddc7814236c8404dd18850",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_public_wanted_follows_emptied_listings_e7dde",
                    table="help_requests_requestlisting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_changed_requests",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.role_id IS DISTINCT FROM NEW.role_id OR OLD.help_seeker_id IS DISTINCT FROM NEW.help_seeker_id OR OLD.languages IS DISTINCT FROM NEW.languages OR OLD.times IS DISTINCT FROM NEW.times OR OLD.named_helper_id IS DISTINCT FROM NEW.named_helper_id OR OLD.import_digest IS DISTINCT FROM NEW.import_digest)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY[OLD.id]);\nRETURN NULL;",
                    hash="cb87ab747d7212b48f281353395dab399ce9fb51",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_changed_requests_bc292",
                    table="help_requests_helprequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownseeker",
            trigger=pgtrigger.compiler.Trigger(
                name="public_wanted_follows_changed_seekers",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id)",
                    func="PERFORM helfer_recall_public_wanted(ARRAY(SELECT q.id FROM help_requests_helprequest q JOIN people_helpseeker s ON s.id = q.help_seeker_id WHERE s.person_id = OLD.person_id ORDER BY q.id));\nRETURN NULL;",
                    hash="2b15d5186675fa8b99a8c98835b75f12a72f4e2e",
                    operation="UPDATE",
                    pgid="pgtrigger_public_wanted_follows_changed_seekers_4fc65",
                    table="people_helpseeker",
                    when="AFTER",
                ),
            ),
        ),
    ]
