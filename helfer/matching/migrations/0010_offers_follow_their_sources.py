"""Whatever an offer rests on, a change of it brings the offers in line; those that ought to be are written."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import helfer.core.guards

FUNCTIONS = {
    # Two sessions meet where one writes a person and the other a profile of this person that the first cannot see.
    "helfer_meet_about_persons(bigint[])": """
        CREATE FUNCTION helfer_meet_about_persons(person_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF cardinality(person_ids) > 0 AND helfer_offers_are_kept() THEN
                    PERFORM helfer_write_offer_versions(2::smallint, person_ids);
                END IF;
            END
        $$
    """,
    "helfer_refresh_offers_of_persons(bigint[])": """
        CREATE FUNCTION helfer_refresh_offers_of_persons(person_ids bigint[])
        RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF cardinality(person_ids) > 0 THEN
                    PERFORM helfer_meet_about_persons(person_ids);
                    PERFORM helfer_refresh_offers(
                        ARRAY(SELECT id FROM helpers_helperprofile WHERE person_id = ANY (person_ids) ORDER BY id)
                    );
                END IF;
            END
        $$
    """,
    "helfer_refresh_profiles_of_persons(bigint[])": """
        CREATE FUNCTION helfer_refresh_profiles_of_persons(person_ids bigint[])
        RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF cardinality(person_ids) > 0 THEN
                    PERFORM helfer_meet_about_persons(person_ids);
                    PERFORM helfer_refresh_offers_profile(
                        ARRAY(SELECT id FROM helpers_helperprofile WHERE person_id = ANY (person_ids) ORDER BY id)
                    );
                END IF;
            END
        $$
    """,
    # Waits until nobody else keeps offers, and makes everybody wait who wants to, until the transaction ends.
    # Under REPEATABLE READ this session would still not see what the others have just done: then it says no.
    "helfer_take_all_offers()": """
        CREATE FUNCTION helfer_take_all_offers() RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF current_setting('transaction_isolation') <> 'read committed' THEN
                    RETURN false;
                END IF;
                INSERT INTO matching_offerkeeping AS kept (id, version, is_held_back) VALUES (1, 1, false)
                ON CONFLICT (id) DO UPDATE SET version = kept.version + 1;
                RETURN true;
            END
        $$
    """,
    # The offers of whoever offers one of these roles, or a role that requires one of these trainings or what
    # they include.
    "helfer_refresh_offers_needing(bigint[], bigint[])": """
        CREATE FUNCTION helfer_refresh_offers_needing(training_ids bigint[], role_ids bigint[])
        RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF cardinality(training_ids) + cardinality(role_ids) = 0 THEN
                    RETURN true;
                ELSIF NOT helfer_take_all_offers() THEN
                    RETURN false;
                ELSIF helfer_offers_are_kept() THEN
                    PERFORM helfer_write_offers(ARRAY(
                        WITH RECURSIVE contained (id) AS (
                            SELECT unnest(training_ids)
                            UNION
                            SELECT i.to_training_id
                            FROM catalogue_training_includes i JOIN contained ON contained.id = i.from_training_id
                        )
                        SELECT DISTINCT helperprofile_id FROM helpers_helperprofile_roles
                        WHERE role_id = ANY (role_ids) OR role_id IN (
                            SELECT role_id FROM catalogue_role_required_trainings
                            WHERE training_id IN (SELECT id FROM contained)
                        )
                        ORDER BY 1
                    ));
                END IF;
                RETURN true;
            END
        $$
    """,
    # Brings every offer in line, whatever happened.
    "helfer_rebuild_offers()": """
        CREATE FUNCTION helfer_rebuild_offers() RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT helfer_take_all_offers() THEN
                    RETURN false;
                ELSIF helfer_offers_are_kept() THEN
                    PERFORM helfer_write_offers(ARRAY(
                        SELECT id FROM helpers_helperprofile UNION SELECT helper_id FROM matching_offer ORDER BY 1
                    ));
                END IF;
                RETURN true;
            END
        $$
    """,
    # For loads of very many rows: until the transaction ends, or catches up, nothing is kept.
    "helfer_hold_offers_back()": """
        CREATE FUNCTION helfer_hold_offers_back() RETURNS boolean LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT helfer_take_all_offers() THEN
                    RETURN false;
                END IF;
                UPDATE matching_offerkeeping SET is_held_back = true;
                RETURN true;
            END
        $$
    """,
    "helfer_catch_offers_up()": """
        CREATE FUNCTION helfer_catch_offers_up() RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE matching_offerkeeping SET is_held_back = false WHERE is_held_back;
                IF FOUND THEN
                    PERFORM helfer_rebuild_offers();
                END IF;
            END
        $$
    """,
}


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_land_rules_are_loaded_from_defaults"),
        ("helpers", "0003_the_database_holds_lives_and_proofs"),
        ("matching", "0009_offers_are_kept"),
    ]

    operations = [
        *(migrations.RunSQL(sql, f"DROP FUNCTION {signature}") for signature, sql in FUNCTIONS.items()),
        migrations.CreateModel(
            name="AcceptedModel",
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
            name="GuardedPause",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("helpers.pause",),
        ),
        migrations.CreateModel(
            name="GuardedTraining",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("catalogue.training",),
        ),
        migrations.CreateModel(
            name="IncludedTraining",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("catalogue.training_includes",),
        ),
        migrations.CreateModel(
            name="OfferedRole",
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
            name="RequiredTraining",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("catalogue.role_required_trainings",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedcertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_proofs",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_qualified(ARRAY(SELECT DISTINCT helper_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="d54c41be9d8aa3d9992d7f55d36ca9cc0ed21fa7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_proofs_1cff1",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedcertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_proofs",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_qualified(ARRAY(SELECT DISTINCT helper_id FROM (SELECT unnest(ARRAY[before.helper_id, now.helper_id]) AS helper_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.helper_id, before.training_id, before.issued_on, before.valid_until, before.verified_at IS NOT NULL) IS DISTINCT FROM (now.helper_id, now.training_id, now.issued_on, now.valid_until, now.verified_at IS NOT NULL)) AS differing WHERE helper_id IS NOT NULL ORDER BY 1));\nRETURN NULL;",
                    hash="1514049b6a954fe78964a7c9210e297335e92e0a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_proofs_16201",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedcertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_proofs",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_qualified(ARRAY(SELECT DISTINCT helper_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="317fd43c0aeddb108abbff2d652a147d52231135",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_proofs_b591a",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedcertificate",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_emptied_proofs",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_rebuild_offers() THEN RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_emptied_proofs'; END IF;\nRETURN NULL;",
                    hash="df7972d5cb92dcec40c5d8bad3ea5fcd815601c8",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_offers_follow_emptied_proofs_8f94d",
                    table="helpers_certificate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedhelper",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_helpers",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_meet_about_persons(ARRAY(SELECT DISTINCT person_id FROM new_rows ORDER BY 1));\n        PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT new_rows.id FROM new_rows JOIN helpers_helperprofile_roles role ON role.helperprofile_id = new_rows.id ORDER BY 1));\nRETURN NULL;",
                    hash="755cc61b3ca4c510aed6fb3392954698461e2892",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_helpers_55926",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="helpers_helperprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedhelper",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_helpers",
                sql=helfer.core.guards.GuardSql(
                    func="IF EXISTS (SELECT 1 FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.person_id, before.state, before.office_id, before.only_for_id, before.radius_m, before.languages, before.times, before.max_people, before.no_pets, before.no_smokers) IS DISTINCT FROM (now.id, now.person_id, now.state, now.office_id, now.only_for_id, now.radius_m, now.languages, now.times, now.max_people, now.no_pets, now.no_smokers)) AS differing) THEN\n            PERFORM helfer_meet_about_persons(ARRAY(SELECT DISTINCT person_id FROM (SELECT unnest(ARRAY[before.person_id, now.person_id]) AS person_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.person_id) IS DISTINCT FROM (now.person_id)) AS differing WHERE person_id IS NOT NULL ORDER BY 1));\n            PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.person_id, before.state) IS DISTINCT FROM (now.id, now.person_id, now.state)) AS differing WHERE id IS NOT NULL ORDER BY 1));\n            PERFORM helfer_refresh_offers_profile(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.office_id, before.only_for_id, before.radius_m, before.languages, before.times, before.max_people, before.no_pets, before.no_smokers) IS DISTINCT FROM (now.office_id, now.only_for_id, now.radius_m, now.languages, now.times, now.max_people, now.no_pets, now.no_smokers)) AS differing WHERE id IS NOT NULL ORDER BY 1));\n        END IF;\nRETURN NULL;",
                    hash="265304e6ba2f66ade2fc4247a7acd2eb1f74f576",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_helpers_b7885",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="helpers_helperprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedhelper",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_helpers",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="e63c8b08a37c5ee7009aa3a4d3da2a5595e6fb04",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_helpers_64674",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="helpers_helperprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedperson",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_persons",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper.id FROM new_rows JOIN helpers_helperprofile helper ON helper.person_id = new_rows.id ORDER BY 1));\nRETURN NULL;",
                    hash="a3d376bf6ceeb02faac46bf58e08e0813b4cf724",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_persons_ab0bf",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedperson",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    declare="DECLARE lives bigint[]; profiles bigint[];",
                    func="SELECT array_agg(DISTINCT each.id) FILTER (WHERE (before.id, before.died_on, before.merged_into_id) IS DISTINCT FROM (now.id, now.died_on, now.merged_into_id)),\n            array_agg(DISTINCT each.id) FILTER (WHERE (before.home, before.gender) IS DISTINCT FROM (now.home, now.gender))\n        INTO lives, profiles\n        FROM old_rows before FULL JOIN new_rows now ON now.id = before.id CROSS JOIN LATERAL unnest(ARRAY[before.id, now.id]) AS each (id)\n        WHERE each.id IS NOT NULL;\n        PERFORM helfer_refresh_offers_of_persons(lives);\n        PERFORM helfer_refresh_profiles_of_persons(profiles);\nRETURN NULL;",
                    hash="8ee044b6a593843f7721abdcdfee88aa7e7e92db",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_persons_8762f",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_requests",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_matches(ARRAY(SELECT DISTINCT m.helper_id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.help_seeker_id) IS DISTINCT FROM (now.id, now.help_seeker_id)) AS differing JOIN matching_match m ON m.request_id = differing.id ORDER BY 1));\nRETURN NULL;",
                    hash="b4b6343e6bf8194ebf165189dc13567da6c42645",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_requests_534fa",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="help_requests_helprequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="match",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_matches",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_matches(ARRAY(SELECT DISTINCT helper_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="26af2499979a16cc0a211631b09e7e3cb750deae",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_matches_3cca8",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="matching_match",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="match",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_matches",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_matches(ARRAY(SELECT DISTINCT helper_id FROM (SELECT unnest(ARRAY[before.helper_id, now.helper_id]) AS helper_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.helper_id, before.request_id, before.compensation_model_id, before.proposed_at, helfer_is_running(before.state)) IS DISTINCT FROM (now.helper_id, now.request_id, now.compensation_model_id, now.proposed_at, helfer_is_running(now.state))) AS differing WHERE helper_id IS NOT NULL ORDER BY 1));\nRETURN NULL;",
                    hash="9d6856e030a177ad2bba0409da80417f4dab95a3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_matches_bab2f",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="matching_match",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offerkeeping",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_held_back_are_kept_in_the_end",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (NEW.is_held_back)",
                    constraint="CONSTRAINT",
                    func="PERFORM helfer_catch_offers_up();\nRETURN NULL;",
                    hash="f78ed9c753b2247b7c662d51147a8f4e344920ca",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_offers_held_back_are_kept_in_the_end_735c7",
                    table="matching_offerkeeping",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acceptedmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_models",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_models(ARRAY(SELECT DISTINCT helperprofile_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="049b0e18c12b0156f33ed4c4b9b92b0ed5a7981a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_models_fb355",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acceptedmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_models",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_models(ARRAY(SELECT DISTINCT helperprofile_id FROM (SELECT unnest(ARRAY[before.helperprofile_id, now.helperprofile_id]) AS helperprofile_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.helperprofile_id, before.compensationmodel_id) IS DISTINCT FROM (now.helperprofile_id, now.compensationmodel_id)) AS differing WHERE helperprofile_id IS NOT NULL ORDER BY 1));\nRETURN NULL;",
                    hash="93e09683f304697bbf26a960bf56b762867d01be",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_models_9b3df",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acceptedmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_models",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_models(ARRAY(SELECT DISTINCT helperprofile_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="7c6d7aa4709dc74fa51253c96b584da30af4eedf",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_models_d2b58",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acceptedmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_emptied_models",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_rebuild_offers() THEN RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_emptied_models'; END IF;\nRETURN NULL;",
                    hash="e1daac8f421256b5dd3c0ef8ba881b672c6e16a4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_offers_follow_emptied_models_9fb7d",
                    table="helpers_helperprofile_compensation_models",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedpause",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_pauses",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_away(ARRAY(SELECT DISTINCT helper_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="17198d2725852956b49e5b8c1679f1621c615b2c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_pauses_1ca32",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="helpers_pause",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedpause",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_pauses",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_away(ARRAY(SELECT DISTINCT helper_id FROM (SELECT unnest(ARRAY[before.helper_id, now.helper_id]) AS helper_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.helper_id, before.from_day, before.until_day) IS DISTINCT FROM (now.helper_id, now.from_day, now.until_day)) AS differing WHERE helper_id IS NOT NULL ORDER BY 1));\nRETURN NULL;",
                    hash="8e1c83bce9255be3e6c237d6cb01ca6ed78c26c0",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_pauses_1ed18",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="helpers_pause",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedpause",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_pauses",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_away(ARRAY(SELECT DISTINCT helper_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="d10eb6b010707f9140bce5835b387bdfb0e75ba5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_pauses_aea76",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="helpers_pause",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedpause",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_emptied_pauses",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_rebuild_offers() THEN RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_emptied_pauses'; END IF;\nRETURN NULL;",
                    hash="34650eda782c1f506486b00562d87e41a3067292",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_offers_follow_emptied_pauses_8d162",
                    table="helpers_pause",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_trainings",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT new_rows.id FROM new_rows JOIN helpers_certificate c ON c.training_id = new_rows.id ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_new_trainings';\n        END IF;\nRETURN NULL;",
                    hash="5f9234d7824e760385c9a9577d089a738ee8bdc5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_trainings_47d38",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="catalogue_training",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_trainings",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.grace_days) IS DISTINCT FROM (now.id, now.grace_days)) AS differing WHERE id IS NOT NULL ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_changed_trainings';\n        END IF;\nRETURN NULL;",
                    hash="675879274e05c1e4fdd87358bc134958749e8469",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_trainings_d3f29",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="catalogue_training",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="includedtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_inclusions",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT to_training_id FROM new_rows ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_new_inclusions';\n        END IF;\nRETURN NULL;",
                    hash="db824b8843eddbe5a1877307185b2de184bf0d92",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_inclusions_6a063",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="catalogue_training_includes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="includedtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_inclusions",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT to_training_id FROM (SELECT unnest(ARRAY[before.to_training_id, now.to_training_id]) AS to_training_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.from_training_id, before.to_training_id) IS DISTINCT FROM (now.from_training_id, now.to_training_id)) AS differing WHERE to_training_id IS NOT NULL ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_changed_inclusions';\n        END IF;\nRETURN NULL;",
                    hash="321d5d498d9281881b363ca6e6cf89e98d7ed0f4",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_inclusions_99aa0",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="catalogue_training_includes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="includedtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_inclusions",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT to_training_id FROM old_rows ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_removed_inclusions';\n        END IF;\nRETURN NULL;",
                    hash="bedc33cb90cc3678bcf0913c72836a2b1eeb8584",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_inclusions_3a5a4",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="catalogue_training_includes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="includedtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_emptied_inclusions",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_rebuild_offers() THEN RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_emptied_inclusions'; END IF;\nRETURN NULL;",
                    hash="85dda8a5020049b3412d0e74f43759ab6b3b19fc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_offers_follow_emptied_inclusions_f55bf",
                    table="catalogue_training_includes",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offeredrole",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_roles",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_roles(ARRAY(SELECT DISTINCT helperprofile_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="4262b45ef0b064363c4ea7911ae2a7df9478fbe1",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_roles_1e871",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offeredrole",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_roles",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM (SELECT unnest(ARRAY[before.helperprofile_id, now.helperprofile_id]) AS helperprofile_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.helperprofile_id, before.role_id) IS DISTINCT FROM (now.helperprofile_id, now.role_id)) AS differing WHERE helperprofile_id IS NOT NULL ORDER BY 1));\nRETURN NULL;",
                    hash="f3b0a63d33fb47d3cc9a37711df92566ccd4fbb4",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_roles_94b84",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offeredrole",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_roles",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="08c987f55af4144b1b77aea47e4a2ebc582bec6a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_roles_a229c",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offeredrole",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_emptied_roles",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_rebuild_offers() THEN RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_emptied_roles'; END IF;\nRETURN NULL;",
                    hash="4eb0d886ba9fa0a1eb41a17d3532e58cfe454349",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_offers_follow_emptied_roles_c0ed8",
                    table="helpers_helperprofile_roles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requiredtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_new_requirements",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing('{}'::bigint[], ARRAY(SELECT DISTINCT role_id FROM new_rows ORDER BY 1)) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_new_requirements';\n        END IF;\nRETURN NULL;",
                    hash="08823a01a15804a59199694d77e16d28ca5363d2",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_offers_follow_new_requirements_18781",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="catalogue_role_required_trainings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requiredtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_requirements",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing('{}'::bigint[], ARRAY(SELECT DISTINCT role_id FROM (SELECT unnest(ARRAY[before.role_id, now.role_id]) AS role_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.role_id, before.training_id) IS DISTINCT FROM (now.role_id, now.training_id)) AS differing WHERE role_id IS NOT NULL ORDER BY 1)) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_changed_requirements';\n        END IF;\nRETURN NULL;",
                    hash="a70244b828f5b80d2ffc3146a8a5bcba99fb0bdd",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_requirements_891f3",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="catalogue_role_required_trainings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requiredtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_removed_requirements",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_refresh_offers_needing('{}'::bigint[], ARRAY(SELECT DISTINCT role_id FROM old_rows ORDER BY 1)) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_removed_requirements';\n        END IF;\nRETURN NULL;",
                    hash="d1e89c682ebc15a3c2b72bb0f099dcd3e17d7bfa",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_offers_follow_removed_requirements_c4319",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="catalogue_role_required_trainings",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requiredtraining",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_emptied_requirements",
                sql=helfer.core.guards.GuardSql(
                    func="IF NOT helfer_rebuild_offers() THEN RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_emptied_requirements'; END IF;\nRETURN NULL;",
                    hash="065e3003b2ab3c6d46ecf9eaefff19077c5b0c2f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_offers_follow_emptied_requirements_5116d",
                    table="catalogue_role_required_trainings",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL("SELECT helfer_rebuild_offers()", migrations.RunSQL.noop),
    ]
