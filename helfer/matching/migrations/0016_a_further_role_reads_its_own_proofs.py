"""A further role reads the proofs that this role requires, instead of those of all roles of the helper."""

from django.db import migrations

COLUMNS = """
    helper_id, role_id, person_id, office_id, only_for_id, home, reach, radius_m, gender, languages, times,
    no_pets, no_smokers, max_people, serves, relief_serves, last_proposed_on, away, qualified, models
"""
FOR_ONE = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET work_mem = '256kB'"


def _insert(values: dict[str, str], source: str) -> str:
    names = [name.strip() for name in COLUMNS.split(",")]
    return f"""
        INSERT INTO matching_offer ({COLUMNS})
        SELECT {", ".join(values.get(name, f"kept.{name}") for name in names)}
        FROM {source} AND NOT EXISTS (
            SELECT 1 FROM matching_offer WHERE helper_id = helper AND role_id = offered.role_id
        );
    """  # noqa: S608 - our own words only


# A role that requires nothing asks nobody. The part of the view is read inside a function, so that its plan is
# set up only where it is needed, and with the role at hand: then it looks at what this role requires alone.
QUALIFIED = """
    CREATE FUNCTION helfer_qualified(helper bigint, role bigint)
    RETURNS datemultirange LANGUAGE plpgsql STABLE AS $$
        BEGIN
            RETURN COALESCE(
                (SELECT qualified FROM matching_offer_qualified WHERE helper_id = $1 AND role_id = $2), '{(,)}'
            );
        END
    $$
"""
OF_ROLE = f"""
    CREATE OR REPLACE FUNCTION helfer_write_roles_of_one(helper bigint) RETURNS void LANGUAGE plpgsql {
    FOR_ONE
} AS $$
        DECLARE
            kept matching_offer;
        BEGIN
            SELECT * INTO kept FROM matching_offer WHERE helper_id = helper LIMIT 1;
            IF FOUND THEN
                {
    _insert(
        {
            "role_id": "offered.role_id",
            "qualified": '''CASE WHEN EXISTS (
                SELECT 1 FROM catalogue_role_required_trainings WHERE role_id = offered.role_id
            ) THEN helfer_qualified(helper, offered.role_id) ELSE '{(,)}' END''',
        },
        "helpers_helperprofile_roles offered WHERE offered.helperprofile_id = helper",
    )
}
            END IF;
            IF NOT FOUND THEN
                PERFORM helfer_write_offers_of_one(helper);
            END IF;
        END
    $$
"""  # noqa: S608 - our own words only
BEFORE = f"""
    CREATE OR REPLACE FUNCTION helfer_write_roles_of_one(helper bigint) RETURNS void LANGUAGE plpgsql {
    FOR_ONE
} AS $$
        BEGIN
            {
    _insert(
        {"role_id": "offered.role_id", "qualified": "COALESCE(proven.qualified, '{(,)}')"},
        '''(SELECT * FROM matching_offer WHERE helper_id = helper LIMIT 1) AS kept
        JOIN helpers_helperprofile_roles offered ON offered.helperprofile_id = helper
        LEFT JOIN matching_offer_qualified proven
            ON proven.helper_id = helper AND proven.role_id = offered.role_id
        WHERE TRUE''',
    )
}
            IF NOT FOUND THEN
                PERFORM helfer_write_offers_of_one(helper);
            END IF;
        END
    $$
"""  # noqa: S608 - our own words only


class Migration(migrations.Migration):
    dependencies = [("matching", "0015_drills_of_the_city_are_kept")]

    operations = [
        migrations.RunSQL(QUALIFIED, "DROP FUNCTION helfer_qualified(bigint, bigint)"),
        migrations.RunSQL(OF_ROLE, BEFORE),
    ]
