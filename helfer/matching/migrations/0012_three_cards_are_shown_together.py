"""What the public can ask for: three cards at a time, recalled when one of them is no longer true."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import helfer.core.guards

TRUTH = """
    CREATE VIEW matching_publicoffer_truth AS
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
        AND p.died_on IS NULL AND p.merged_into_id IS NULL AND p.district_id IS NOT DISTINCT FROM c.district_id
    JOIN helpers_helperprofile_roles r ON r.helperprofile_id = h.id AND r.role_id = ANY (c.role_ids)
"""
# Published offers of which somebody no longer says what they show.
UNTRUE = """
    CREATE VIEW matching_publicoffer_untrue AS
    SELECT o.id
    FROM matching_publicoffer o
    WHERE NOT COALESCE((
        SELECT count(*) = 3 AND array_agg(t.name ORDER BY t.name COLLATE "C") = o.names AND bool_and(
            (o.district_id IS NULL OR t.district_id = o.district_id)
            AND (o.quarter_id IS NULL OR t.quarter_id = o.quarter_id)
            AND o.half_days <@ t.half_days
            AND o.languages <@ t.languages
            AND o.model_ids <@ t.model_ids
            AND o.training_ids <@ t.training_ids
        )
        FROM matching_publicoffermember m
        JOIN matching_publicoffer_truth t ON t.helper_id = m.helper_id AND t.role_id = m.role_id
        WHERE m.offer_id = o.id AND m.role_id = o.role_id
    ), false)
"""
# Whoever publishes has written the same versions: then this waits, and sees what was published.
RECALL = """
    CREATE FUNCTION helfer_recall_public_offers(helper_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM matching_publicoffermember WHERE helper_id = ANY (helper_ids))
                AND NOT EXISTS (SELECT FROM helpers_publiccard WHERE helper_id = ANY (helper_ids))
            THEN
                RETURN;
            END IF;
            PERFORM helfer_write_offer_versions(1::smallint, helper_ids);
            WITH gone AS (
                DELETE FROM matching_publicoffer
                WHERE id IN (SELECT offer_id FROM matching_publicoffermember WHERE helper_id = ANY (helper_ids))
                    AND id IN (SELECT id FROM matching_publicoffer_untrue)
                RETURNING id
            )
            DELETE FROM matching_publicoffermember WHERE offer_id IN (SELECT id FROM gone);
        END
    $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_land_rules_are_loaded_from_defaults"),
        ("helpers", "0004_helpers_may_show_a_card"),
        ("matching", "0011_the_search_asks_what_is_rare_rarely"),
        ("people", "0009_the_yes_to_a_public_card_is_a_kind_of_its_own"),
        ("places", "0002_barriers_lengthen_the_way"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShownCard",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("helpers.publiccard",),
        ),
        migrations.CreateModel(
            name="ShownCertificate",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("helpers.certificate",),
        ),
        migrations.CreateModel(
            name="ShownConsent",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("people.consent",),
        ),
        migrations.CreateModel(
            name="ShownHelper",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("helpers.helperprofile",),
        ),
        migrations.CreateModel(
            name="ShownModel",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("helpers.helperprofile_compensation_models",),
        ),
        migrations.CreateModel(
            name="ShownPerson",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("people.person",),
        ),
        migrations.CreateModel(
            name="ShownRole",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("helpers.helperprofile_roles",),
        ),
        migrations.CreateModel(
            name="PublicOffer",
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
                (
                    "model_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="finanzielle Modelle"
                    ),
                ),
                (
                    "training_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="Schulungen"
                    ),
                ),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="gezeigte Namen"
                    ),
                ),
                ("published_on", models.DateField(verbose_name="veröffentlicht am")),
                (
                    "district",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="places.district",
                        verbose_name="Stadtbezirk",
                    ),
                ),
                (
                    "quarter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="places.quarter",
                        verbose_name="Quartier",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.role",
                        verbose_name="Tätigkeit",
                    ),
                ),
            ],
            options={
                "verbose_name": "öffentliches Angebot",
                "verbose_name_plural": "öffentliche Angebote",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PublicOfferMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpers.helperprofile",
                        verbose_name="Helferprofil",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="matching.publicoffer",
                        verbose_name="öffentliches Angebot",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.role",
                        verbose_name="Tätigkeit",
                    ),
                ),
            ],
            options={
                "verbose_name": "wer hinter einem öffentlichen Angebot steht",
                "verbose_name_plural": "wer hinter öffentlichen Angeboten steht",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(TRUTH, "DROP VIEW matching_publicoffer_truth"),
        migrations.RunSQL(UNTRUE, "DROP VIEW matching_publicoffer_untrue"),
        migrations.RunSQL(RECALL, "DROP FUNCTION helfer_recall_public_offers(bigint[])"),
        pgtrigger.migrations.AddTrigger(
            model_name="showncard",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_cards",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.helper_id IS DISTINCT FROM NEW.helper_id OR OLD.consent_id IS DISTINCT FROM NEW.consent_id OR OLD.name IS DISTINCT FROM NEW.name OR OLD.district_id IS DISTINCT FROM NEW.district_id OR OLD.quarter_id IS DISTINCT FROM NEW.quarter_id OR OLD.role_ids IS DISTINCT FROM NEW.role_ids OR OLD.half_days IS DISTINCT FROM NEW.half_days OR OLD.languages IS DISTINCT FROM NEW.languages OR OLD.model_ids IS DISTINCT FROM NEW.model_ids OR OLD.training_ids IS DISTINCT FROM NEW.training_ids)",
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helper_id]);\nRETURN NULL;",
                    hash="cee583b3ccd5622219789474aece2576d354c762",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_cards_c1b55",
                    table="helpers_publiccard",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="showncard",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_removed_cards",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helper_id]);\nRETURN NULL;",
                    hash="6e185f58c49620357625269d1d561b66fd7eadb9",
                    operation="DELETE",
                    pgid="pgtrigger_public_cards_follow_removed_cards_521bd",
                    table="helpers_publiccard",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="showncard",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_emptied_cards",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT helper_id FROM matching_publicoffermember));\nRETURN NULL;",
                    hash="e1180c2799b0e29dd5a5a4cbc48d8a9e21cf7f36",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_public_cards_follow_emptied_cards_c89e3",
                    table="helpers_publiccard",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="showncertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_proofs",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.helper_id IS DISTINCT FROM NEW.helper_id OR OLD.training_id IS DISTINCT FROM NEW.training_id OR OLD.verified_at IS DISTINCT FROM NEW.verified_at)",
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helper_id]);\nRETURN NULL;",
                    hash="b321f6760960a0e8d73adcdc5987bd5229435839",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_proofs_f6a79",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="showncertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_removed_proofs",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helper_id]);\nRETURN NULL;",
                    hash="09dd4c106e6b456a0ac9360e7c9fd33040be001d",
                    operation="DELETE",
                    pgid="pgtrigger_public_cards_follow_removed_proofs_ec725",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="showncertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_emptied_proofs",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT helper_id FROM matching_publicoffermember));\nRETURN NULL;",
                    hash="674024d8d8c109952d56d8fe953cb0c26f91ac80",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_public_cards_follow_emptied_proofs_6471b",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_consents",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)",
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT id FROM helpers_helperprofile WHERE person_id = OLD.person_id));\nRETURN NULL;",
                    hash="caf83164c5ffcebf8630c57832a99fb2f4273caf",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_consents_4fd60",
                    table="people_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownhelper",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_helpers",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.state IS DISTINCT FROM NEW.state OR OLD.only_for_id IS DISTINCT FROM NEW.only_for_id OR OLD.languages IS DISTINCT FROM NEW.languages OR OLD.times IS DISTINCT FROM NEW.times)",
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.id]);\nRETURN NULL;",
                    hash="8fb1836f2a15278c5368af07da1da34a2692598c",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_helpers_bb41a",
                    table="helpers_helperprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownhelper",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_removed_helpers",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.id]);\nRETURN NULL;",
                    hash="f1c2808dd548a8dbb3d5a0fc7485969306b5a65d",
                    operation="DELETE",
                    pgid="pgtrigger_public_cards_follow_removed_helpers_13d17",
                    table="helpers_helperprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_models",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.helperprofile_id IS DISTINCT FROM NEW.helperprofile_id OR OLD.compensationmodel_id IS DISTINCT FROM NEW.compensationmodel_id)",
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helperprofile_id]);\nRETURN NULL;",
                    hash="4efab4a876fe0603be24a9a1c57908b5a93701f0",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_models_2b4fb",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_removed_models",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helperprofile_id]);\nRETURN NULL;",
                    hash="61bb61be94b6b8a4295954d4d2f93ffdc33ed08c",
                    operation="DELETE",
                    pgid="pgtrigger_public_cards_follow_removed_models_72175",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_emptied_models",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT helper_id FROM matching_publicoffermember));\nRETURN NULL;",
                    hash="db379193518872d15caf551f002af67e782188fd",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_public_cards_follow_emptied_models_fb116",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownperson",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.died_on IS DISTINCT FROM NEW.died_on OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id OR OLD.district_id IS DISTINCT FROM NEW.district_id OR OLD.quarter_id IS DISTINCT FROM NEW.quarter_id)",
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT id FROM helpers_helperprofile WHERE person_id = OLD.id));\nRETURN NULL;",
                    hash="da7f5b0132723130e4f2d3b730cc0cd065c11ade",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_persons_ee3c7",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownrole",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_changed_roles",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (OLD.helperprofile_id IS DISTINCT FROM NEW.helperprofile_id OR OLD.role_id IS DISTINCT FROM NEW.role_id)",
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helperprofile_id]);\nRETURN NULL;",
                    hash="960e87950705205176974c5e490c63b12f2326a6",
                    operation="UPDATE",
                    pgid="pgtrigger_public_cards_follow_changed_roles_331b1",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownrole",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_removed_roles",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY[OLD.helperprofile_id]);\nRETURN NULL;",
                    hash="6643e394bd57d49ffb2af258e58f6ada7736218f",
                    operation="DELETE",
                    pgid="pgtrigger_public_cards_follow_removed_roles_92aef",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shownrole",
            trigger=pgtrigger.compiler.Trigger(
                name="public_cards_follow_emptied_roles",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_recall_public_offers(ARRAY(SELECT helper_id FROM matching_publicoffermember));\nRETURN NULL;",
                    hash="f13ba9b88fd88ac31fdb7d41c624df92da55b3c2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_public_cards_follow_emptied_roles_88980",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="publicoffer",
            index=models.Index(fields=["quarter", "district", "role"], name="public_offer_place"),
        ),
        migrations.AddIndex(
            model_name="publicoffer",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["languages", "half_days", "model_ids"], name="public_offer_says"
            ),
        ),
        migrations.AddConstraint(
            model_name="publicoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("names__len", 3)),
                name="public_offer_stands_for_three",
                violation_error_message="Öffentlich stehen immer drei Angebote zusammen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter", None), ("district__isnull", False), _connector="OR"),
                name="public_offer_in_a_quarter_names_its_district",
                violation_error_message="Zu einem Quartier gehört sein Stadtbezirk.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicoffermember",
            constraint=models.UniqueConstraint(
                fields=("helper", "role"),
                name="card_of_a_role_is_published_once",
                violation_error_message="Diese Karte ist schon veröffentlicht.",
            ),
        ),
    ]
