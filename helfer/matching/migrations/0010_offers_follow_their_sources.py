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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="2aff613855696c3244d83acbf80e49824d55bc4a",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM ((SELECT helper_id, training_id, issued_on, valid_until, (verified_at IS NOT NULL) FROM old_rows EXCEPT SELECT helper_id, training_id, issued_on, valid_until, (verified_at IS NOT NULL) FROM new_rows) UNION ALL (SELECT helper_id, training_id, issued_on, valid_until, (verified_at IS NOT NULL) FROM new_rows EXCEPT SELECT helper_id, training_id, issued_on, valid_until, (verified_at IS NOT NULL) FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="200485df44b297371ad03de97df7a3d11de0d7d9",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="e24648b8d3c46bda1e7b7ccbeed92bf1d4067342",
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
                    func="PERFORM helfer_meet_about_persons(ARRAY(SELECT DISTINCT person_id FROM ((SELECT id, person_id FROM old_rows EXCEPT SELECT id, person_id FROM new_rows) UNION ALL (SELECT id, person_id FROM new_rows EXCEPT SELECT id, person_id FROM old_rows)) AS differing ORDER BY 1));\n        PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT id FROM ((SELECT id, person_id, state, office_id, only_for_id, radius_m, languages, times, max_people, no_pets, no_smokers FROM old_rows EXCEPT SELECT id, person_id, state, office_id, only_for_id, radius_m, languages, times, max_people, no_pets, no_smokers FROM new_rows) UNION ALL (SELECT id, person_id, state, office_id, only_for_id, radius_m, languages, times, max_people, no_pets, no_smokers FROM new_rows EXCEPT SELECT id, person_id, state, office_id, only_for_id, radius_m, languages, times, max_people, no_pets, no_smokers FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="6d5381176c58cfb2ac6722c10d46ca71fa62e485",
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
                    func="PERFORM helfer_refresh_offers_of_persons(ARRAY(SELECT DISTINCT id FROM ((SELECT id, home, gender, died_on, merged_into_id FROM old_rows EXCEPT SELECT id, home, gender, died_on, merged_into_id FROM new_rows) UNION ALL (SELECT id, home, gender, died_on, merged_into_id FROM new_rows EXCEPT SELECT id, home, gender, died_on, merged_into_id FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="b63474da3c651b3ed26b5c9a38ac6064447803aa",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT m.helper_id FROM ((SELECT id, help_seeker_id FROM old_rows EXCEPT SELECT id, help_seeker_id FROM new_rows) UNION ALL (SELECT id, help_seeker_id FROM new_rows EXCEPT SELECT id, help_seeker_id FROM old_rows)) AS differing JOIN matching_match m ON m.request_id = differing.id ORDER BY 1));\nRETURN NULL;",
                    hash="84e836b45394047c06293e638d8c2386b5a17c11",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="44e31722e2afff5835db02e72d4d82af6c0b04c0",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM ((SELECT helper_id, id, request_id, compensation_model_id, proposed_at, helfer_is_running(state) FROM old_rows EXCEPT SELECT helper_id, id, request_id, compensation_model_id, proposed_at, helfer_is_running(state) FROM new_rows) UNION ALL (SELECT helper_id, id, request_id, compensation_model_id, proposed_at, helfer_is_running(state) FROM new_rows EXCEPT SELECT helper_id, id, request_id, compensation_model_id, proposed_at, helfer_is_running(state) FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="88c39e989ebdddb71ed1fdc325a59ab5fa259974",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="01a94680392dea779b55e0787c042307f57202c6",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM ((SELECT helperprofile_id, compensationmodel_id FROM old_rows EXCEPT SELECT helperprofile_id, compensationmodel_id FROM new_rows) UNION ALL (SELECT helperprofile_id, compensationmodel_id FROM new_rows EXCEPT SELECT helperprofile_id, compensationmodel_id FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="dca30fe761ee65e067070202fea6c5601f3df2b3",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="20e62c7d3f6292513357b6f797cb488a86a60932",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="7a8cc715e3cfed6f67a48baada9596e5ea4cb71a",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM ((SELECT helper_id, from_day, until_day FROM old_rows EXCEPT SELECT helper_id, from_day, until_day FROM new_rows) UNION ALL (SELECT helper_id, from_day, until_day FROM new_rows EXCEPT SELECT helper_id, from_day, until_day FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="9e6772bd02681aecc08d2fe4b9cb16c19e79114b",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helper_id FROM old_rows ORDER BY 1));\nRETURN NULL;",
                    hash="c01feff74c1b62ead2083310bbee34962844a866",
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
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT id FROM ((SELECT id, grace_days FROM old_rows EXCEPT SELECT id, grace_days FROM new_rows) UNION ALL (SELECT id, grace_days FROM new_rows EXCEPT SELECT id, grace_days FROM old_rows)) AS differing ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_changed_trainings';\n        END IF;\nRETURN NULL;",
                    hash="6c5e15c19960181a7ad0071d3f77ff797d7c0c22",
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
                    func="IF NOT helfer_refresh_offers_needing(ARRAY(SELECT DISTINCT to_training_id FROM ((SELECT from_training_id, to_training_id FROM old_rows EXCEPT SELECT from_training_id, to_training_id FROM new_rows) UNION ALL (SELECT from_training_id, to_training_id FROM new_rows EXCEPT SELECT from_training_id, to_training_id FROM old_rows)) AS differing ORDER BY 1), '{}'::bigint[]) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_changed_inclusions';\n        END IF;\nRETURN NULL;",
                    hash="72f15a28c4de2e88ad4eafc3f20c0f1e2d6cc82a",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM new_rows ORDER BY 1));\nRETURN NULL;",
                    hash="459d70a50c9c161d08a3bdb46c7eac901ee8f1fc",
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
                    func="PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT helperprofile_id FROM ((SELECT helperprofile_id, role_id FROM old_rows EXCEPT SELECT helperprofile_id, role_id FROM new_rows) UNION ALL (SELECT helperprofile_id, role_id FROM new_rows EXCEPT SELECT helperprofile_id, role_id FROM old_rows)) AS differing ORDER BY 1));\nRETURN NULL;",
                    hash="a15facfa26b7023cab8f64723639049ad8d36685",
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
                    func="IF NOT helfer_refresh_offers_needing('{}'::bigint[], ARRAY(SELECT DISTINCT role_id FROM ((SELECT role_id, training_id FROM old_rows EXCEPT SELECT role_id, training_id FROM new_rows) UNION ALL (SELECT role_id, training_id FROM new_rows EXCEPT SELECT role_id, training_id FROM old_rows)) AS differing ORDER BY 1)) THEN\n            RAISE EXCEPTION USING MESSAGE = 'Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen.', ERRCODE = 'check_violation', CONSTRAINT = 'offers_follow_changed_requirements';\n        END IF;\nRETURN NULL;",
                    hash="d6d68ba295c4fe5b82f082fd6c8ce475bc0006bc",
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
