"""Changes that concern one part of the offers, or none of them, cost less; so do those that concern all."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import helfer.core.guards

# What a row ought to hold, part by part: so that a change of one part reads nothing of the others.
VIEWS = {
    # Who has offers at all, and what of profile and person stands in them.
    "profile": """
        SELECT h.id AS helper_id, h.person_id, h.office_id, h.only_for_id, p.home,
            helfer_reach(p.home::geometry, h.radius_m) AS reach, h.radius_m, p.gender,
            h.languages::text[] AS languages, helfer_half_days(h.times::text[]) AS times,
            h.no_pets, h.no_smokers, h.max_people
        FROM helpers_helperprofile h
        JOIN people_person p ON p.id = h.person_id
        WHERE h.state = 'active' AND num_nonnulls(p.died_on, p.merged_into_id) = 0
    """,
    "models": """
        SELECT helperprofile_id AS helper_id, array_agg(compensationmodel_id ORDER BY compensationmodel_id) AS models
        FROM helpers_helperprofile_compensation_models GROUP BY helperprofile_id
    """,
    "away": """
        SELECT helper_id, range_agg(daterange(from_day, until_day)) AS away FROM helpers_pause GROUP BY helper_id
    """,
    "matches": """
        SELECT m.helper_id, helfer_berlin_day(max(m.proposed_at)) AS last_proposed_on,
            (count(DISTINCT r.help_seeker_id) FILTER (WHERE helfer_is_running(m.state)))::integer AS serves,
            (count(DISTINCT r.help_seeker_id) FILTER (
                WHERE helfer_is_running(m.state) AND c.slug = 'entlastungsbetrag'
            ))::integer AS relief_serves
        FROM matching_match m
        JOIN help_requests_helprequest r ON r.id = m.request_id
        JOIN catalogue_compensationmodel c ON c.id = m.compensation_model_id
        GROUP BY m.helper_id
    """,
    # Every required training must count; for each, any proof that is good for it does, while it counts.
    "qualified": """
        WITH RECURSIVE good_for (training_id, proof_id) AS (
            SELECT training_id, training_id FROM catalogue_role_required_trainings
            UNION
            SELECT g.training_id, i.from_training_id
            FROM good_for g JOIN catalogue_training_includes i ON i.to_training_id = g.proof_id
        )
        SELECT helper_id, role_id, range_intersect_agg(days) AS qualified
        FROM (
            SELECT o.helperprofile_id AS helper_id, o.role_id, required.training_id,
                COALESCE(
                    range_agg(daterange(c.issued_on, c.valid_until + t.grace_days, '[]'))
                        FILTER (WHERE t.id IS NOT NULL),
                    '{}'
                ) AS days
            FROM helpers_helperprofile_roles o
            JOIN catalogue_role_required_trainings required ON required.role_id = o.role_id
            JOIN good_for ON good_for.training_id = required.training_id
            LEFT JOIN helpers_certificate c ON c.helper_id = o.helperprofile_id
                AND c.training_id = good_for.proof_id AND c.verified_at IS NOT NULL
            LEFT JOIN catalogue_training t ON t.id = c.training_id
            GROUP BY o.helperprofile_id, o.role_id, required.training_id
        ) each
        GROUP BY helper_id, role_id
    """,
}
# Most changes concern one part of the offers that are there, and neither bring nor take any. Each column with
# what it holds where the part says nothing of a helper.
PARTS = {
    "profile": {
        name: name
        for name in (
            "office_id",
            "only_for_id",
            "home",
            "reach",
            "radius_m",
            "gender",
            "languages",
            "times",
            "no_pets",
            "no_smokers",
            "max_people",
        )
    },
    "models": {"models": "COALESCE(models, '{}')"},
    "away": {"away": "COALESCE(away, '{}')"},
    "qualified": {"qualified": "COALESCE(qualified, '{(,)}')"},
    "matches": {
        "serves": "COALESCE(serves, 0)",
        "relief_serves": "COALESCE(relief_serves, 0)",
        "last_proposed_on": "last_proposed_on",
    },
}


def _view(part: str) -> str:
    return f"CREATE VIEW matching_offer_{part} AS {VIEWS[part]}"


# As in 0009, of the parts.
TRUTH = """
    CREATE OR REPLACE VIEW matching_offer_truth AS
    SELECT helper_id, offered.role_id, person_id, office_id, only_for_id, home, reach, radius_m, gender, languages,
        times, no_pets, no_smokers, max_people, COALESCE(serves, 0) AS serves,
        COALESCE(relief_serves, 0) AS relief_serves, last_proposed_on, COALESCE(away, '{}') AS away,
        COALESCE(qualified, '{(,)}') AS qualified, COALESCE(models, '{}') AS models
    FROM matching_offer_profile
    JOIN helpers_helperprofile_roles offered ON offered.helperprofile_id = helper_id
    LEFT JOIN matching_offer_models USING (helper_id)
    LEFT JOIN matching_offer_away USING (helper_id)
    LEFT JOIN matching_offer_matches USING (helper_id)
    LEFT JOIN matching_offer_qualified USING (helper_id, role_id)
"""
TRUTH_BEFORE = """
    CREATE OR REPLACE VIEW matching_offer_truth AS
    WITH RECURSIVE good_for (training_id, proof_id) AS (
        SELECT training_id, training_id FROM catalogue_role_required_trainings
        UNION
        SELECT g.training_id, i.from_training_id
        FROM good_for g JOIN catalogue_training_includes i ON i.to_training_id = g.proof_id
    )
    SELECT h.id AS helper_id, offered.role_id, h.person_id, h.office_id, h.only_for_id,
        p.home, helfer_reach(p.home::geometry, h.radius_m) AS reach, h.radius_m, p.gender,
        h.languages::text[] AS languages, helfer_half_days(h.times::text[]) AS times, h.no_pets, h.no_smokers,
        h.max_people, COALESCE(matches.serves, 0) AS serves, COALESCE(matches.relief_serves, 0) AS relief_serves,
        helfer_berlin_day(matches.last_proposed_at) AS last_proposed_on,
        COALESCE(pauses.days, '{}') AS away, COALESCE(qualified.days, '{(,)}') AS qualified,
        COALESCE(accepted.models, '{}') AS models
    FROM helpers_helperprofile h
    JOIN people_person p ON p.id = h.person_id
    JOIN helpers_helperprofile_roles offered ON offered.helperprofile_id = h.id
    LEFT JOIN (
        SELECT helperprofile_id, array_agg(compensationmodel_id ORDER BY compensationmodel_id) AS models
        FROM helpers_helperprofile_compensation_models GROUP BY helperprofile_id
    ) accepted ON accepted.helperprofile_id = h.id
    LEFT JOIN (
        SELECT helper_id, range_agg(daterange(from_day, until_day)) AS days
        FROM helpers_pause GROUP BY helper_id
    ) pauses ON pauses.helper_id = h.id
    LEFT JOIN (
        SELECT m.helper_id, max(m.proposed_at) AS last_proposed_at,
            (count(DISTINCT r.help_seeker_id) FILTER (WHERE helfer_is_running(m.state)))::integer AS serves,
            (count(DISTINCT r.help_seeker_id) FILTER (
                WHERE helfer_is_running(m.state) AND c.slug = 'entlastungsbetrag'
            ))::integer AS relief_serves
        FROM matching_match m
        JOIN help_requests_helprequest r ON r.id = m.request_id
        JOIN catalogue_compensationmodel c ON c.id = m.compensation_model_id
        GROUP BY m.helper_id
    ) matches ON matches.helper_id = h.id
    LEFT JOIN (
        -- Every required training must count; for each, any proof that is good for it does, while it counts.
        SELECT helperprofile_id, role_id, range_intersect_agg(days) AS days
        FROM (
            SELECT o.helperprofile_id, o.role_id, required.training_id,
                COALESCE(
                    range_agg(daterange(c.issued_on, c.valid_until + t.grace_days, '[]'))
                        FILTER (WHERE t.id IS NOT NULL),
                    '{}'
                ) AS days
            FROM helpers_helperprofile_roles o
            JOIN catalogue_role_required_trainings required ON required.role_id = o.role_id
            JOIN good_for ON good_for.training_id = required.training_id
            LEFT JOIN helpers_certificate c ON c.helper_id = o.helperprofile_id
                AND c.training_id = good_for.proof_id AND c.verified_at IS NOT NULL
            LEFT JOIN catalogue_training t ON t.id = c.training_id
            GROUP BY o.helperprofile_id, o.role_id, required.training_id
        ) each
        GROUP BY helperprofile_id, role_id
    ) qualified ON qualified.helperprofile_id = h.id AND qualified.role_id = offered.role_id
    WHERE h.state = 'active' AND num_nonnulls(p.died_on, p.merged_into_id) = 0
"""

# As in 0009, but planned once a session: PostgreSQL plans the words of a function in SQL at every call.
VERSIONS = """
    CREATE OR REPLACE FUNCTION helfer_write_offer_versions(about smallint, refs bigint[])
    RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
        BEGIN
            INSERT INTO matching_offerversion AS kept (about, ref, version)
            SELECT DISTINCT $1, each.ref, 1 FROM unnest(refs) AS each (ref) WHERE each.ref IS NOT NULL ORDER BY 2
            ON CONFLICT ON CONSTRAINT matching_offerversion_pkey DO UPDATE SET version = kept.version + 1;
        END
    $$
"""
VERSIONS_BEFORE = """
    CREATE OR REPLACE FUNCTION helfer_write_offer_versions(about smallint, refs bigint[])
    RETURNS void LANGUAGE sql AS $$
        INSERT INTO matching_offerversion AS kept (about, ref, version)
        SELECT DISTINCT about, ref, 1 FROM unnest(refs) AS each (ref) WHERE ref IS NOT NULL ORDER BY ref
        ON CONFLICT (about, ref) DO UPDATE SET version = kept.version + 1
    $$
"""


def _bring_in_line(part: str, which: str) -> str:
    names = PARTS[part]
    # Nobody is in the profile's part whose offers must go: that is not for here to do.
    join, of_role = (
        ("JOIN" if part == "profile" else "LEFT JOIN"),
        (", role_id" if part == "qualified" else ""),
    )
    return f"""
        WITH now AS MATERIALIZED (
            SELECT helper_id, role_id, {", ".join(f"{value} AS {name}" for name, value in names.items())}
            FROM (SELECT helper_id, role_id FROM matching_offer WHERE helper_id {which}) AS kept
            {join} matching_offer_{part} USING (helper_id{of_role})
        )
        UPDATE matching_offer o SET {", ".join(f"{name} = now.{name}" for name in names)}
        FROM now
        WHERE o.helper_id {which} AND o.helper_id = now.helper_id AND o.role_id = now.role_id
            AND ({", ".join(f"o.{name}" for name in names)}) IS DISTINCT FROM ({", ".join(f"now.{name}" for name in names)})
    """  # noqa: S608 - our own words only


# As in 0009: for one helper by indexes, for a good part of all of them by hashing.
FOR_ONE = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET work_mem = '256kB'"
FOR_MANY = "SET enable_nestloop = off SET work_mem = '128MB'"
IS_FEW = "cardinality(helper_ids) <= GREATEST(50, pg_relation_size('helpers_helperprofile') / 800)"


def _of_one(part: str) -> str:
    return f"""
        CREATE FUNCTION helfer_write_{part}_of_one(helper bigint) RETURNS void LANGUAGE plpgsql {FOR_ONE} AS $$
            BEGIN
                {_bring_in_line(part, "= helper")};
            END
        $$
    """


def _of_many(part: str) -> str:
    return f"""
        CREATE FUNCTION helfer_write_{part}_of_many(helper_ids bigint[])
        RETURNS void LANGUAGE plpgsql {FOR_MANY} AS $$
            BEGIN
                EXECUTE $query$ {_bring_in_line(part, "= ANY ($1)")} $query$ USING helper_ids;
            END
        $$
    """


def _refresh(part: str) -> str:
    return f"""
        CREATE FUNCTION helfer_refresh_offers_{part}(helper_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE
                helper bigint;
            BEGIN
                IF COALESCE(cardinality(helper_ids), 0) = 0 OR NOT helfer_offers_are_kept() THEN
                    RETURN;
                END IF;
                PERFORM helfer_write_offer_versions(1::smallint, helper_ids);
                IF {IS_FEW} THEN
                    FOREACH helper IN ARRAY helper_ids LOOP
                        PERFORM helfer_write_{part}_of_one(helper);
                    END LOOP;
                ELSE
                    PERFORM helfer_write_{part}_of_many(helper_ids);
                END IF;
            END
        $$
    """


OF_PERSONS = """
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0010_offers_follow_their_sources"),
    ]

    operations = [
        *(migrations.RunSQL(_view(part), f"DROP VIEW matching_offer_{part}") for part in VIEWS),
        migrations.RunSQL(TRUTH, TRUTH_BEFORE),
        migrations.RunSQL(VERSIONS, VERSIONS_BEFORE),
        *(
            migrations.RunSQL(sql(part), f"DROP FUNCTION {name.format(part=part)}")
            for part in PARTS
            for sql, name in (
                (_of_one, "helfer_write_{part}_of_one(bigint)"),
                (_of_many, "helfer_write_{part}_of_many(bigint[])"),
                (_refresh, "helfer_refresh_offers_{part}(bigint[])"),
            )
        ),
        migrations.RunSQL(OF_PERSONS, "DROP FUNCTION helfer_refresh_profiles_of_persons(bigint[])"),
        pgtrigger.migrations.RemoveTrigger(
            model_name="acceptedmodel",
            name="offers_follow_new_models",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="acceptedmodel",
            name="offers_follow_changed_models",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="acceptedmodel",
            name="offers_follow_removed_models",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedcertificate",
            name="offers_follow_new_proofs",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedcertificate",
            name="offers_follow_changed_proofs",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedcertificate",
            name="offers_follow_removed_proofs",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedhelper",
            name="offers_follow_changed_helpers",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedpause",
            name="offers_follow_new_pauses",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedpause",
            name="offers_follow_changed_pauses",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedpause",
            name="offers_follow_removed_pauses",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedperson",
            name="offers_follow_changed_persons",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedrequest",
            name="offers_follow_changed_requests",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedtraining",
            name="offers_follow_changed_trainings",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="includedtraining",
            name="offers_follow_changed_inclusions",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="match",
            name="offers_follow_new_matches",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="match",
            name="offers_follow_changed_matches",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="offeredrole",
            name="offers_follow_changed_roles",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="requiredtraining",
            name="offers_follow_changed_requirements",
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
            model_name="guardedperson",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    func="PERFORM helfer_refresh_offers_of_persons(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.died_on, before.merged_into_id) IS DISTINCT FROM (now.id, now.died_on, now.merged_into_id)) AS differing WHERE id IS NOT NULL ORDER BY 1));\n        PERFORM helfer_refresh_profiles_of_persons(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.home, before.gender) IS DISTINCT FROM (now.home, now.gender)) AS differing WHERE id IS NOT NULL ORDER BY 1));\nRETURN NULL;",
                    hash="9e175a94e2e70f17f55c54bb342f4cb1d73c5b9a",
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
    ]
