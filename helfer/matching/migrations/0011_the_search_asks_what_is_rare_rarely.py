"""What few requests need is read by functions: where nobody calls one, its plan is not even set up."""

from django.db import migrations

LANDS = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip

CREATED = {
    # What a Land demands under § 45b: with the trainings that it accepts, and those that include one of them over
    # any number of steps.
    "TYPE helfer_land_terms": """
        CREATE TYPE helfer_land_terms AS (
            id bigint, individuals_allowed boolean, max_people integer, min_age integer, qualifications bigint[]
        )
    """,
    # The rule on that day of the Land where somebody lives, else of the office, else of the installation.
    "FUNCTION helfer_land_rule(bigint, bigint, text, date)": f"""
        CREATE FUNCTION helfer_land_rule(lives_in bigint, office bigint, installation text, on_day date)
        RETURNS helfer_land_terms LANGUAGE plpgsql STABLE AS $$
            DECLARE
                terms helfer_land_terms;
            BEGIN
                SELECT rule.id, rule.individuals_allowed, rule.max_people, rule.min_age, ARRAY(
                        WITH RECURSIVE good (id) AS (
                            SELECT training_id FROM catalogue_landrule_qualifications
                             WHERE landrule_id = rule.id
                            UNION
                            SELECT step.from_training_id FROM catalogue_training_includes step
                              JOIN good ON good.id = step.to_training_id
                        ) SELECT good.id FROM good
                    )
                  INTO terms
                  FROM catalogue_landrule rule
                 WHERE rule.land = ('{{{",".join(LANDS.values())}}}'::text[])[
                           array_position('{{{",".join(LANDS)}}}'::text[], left(COALESCE(
                               (SELECT town.key FROM places_district district JOIN places_municipality town
                                    ON town.id = district.municipality_id WHERE district.id = lives_in),
                               (SELECT town.key FROM people_office theirs JOIN places_municipality town
                                    ON town.id = theirs.municipality_id WHERE theirs.id = office),
                               installation
                           ), 2))]
                   AND rule.valid_from <= on_day
                   AND (rule.valid_until IS NULL OR rule.valid_until >= on_day)
                 ORDER BY rule.valid_from DESC
                 LIMIT 1;
                RETURN terms;
            END
        $$
    """,  # noqa: S608 - our own words only
    # The persons whom this one has helped before, where it ended well.
    "FUNCTION helfer_helped_well(bigint)": """
        CREATE FUNCTION helfer_helped_well(person bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
            BEGIN
                RETURN ARRAY(
                    SELECT helped.person_id
                      FROM helpers_helperprofile mine
                      JOIN matching_match m ON m.helper_id = mine.id
                      JOIN help_requests_helprequest theirs ON theirs.id = m.request_id
                      JOIN people_helpseeker helped ON helped.id = theirs.help_seeker_id
                     WHERE mine.person_id = person AND m.state = 'ended' AND m.ended_well
                );
            END
        $$
    """,
}


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_land_rules_are_loaded_from_defaults"),
        ("matching", "0010_offers_follow_their_sources"),
    ]

    operations = [migrations.RunSQL(sql, f"DROP {created}") for created, sql in CREATED.items()]
