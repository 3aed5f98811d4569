"""What the search reads is kept in a table of its own: its rows, what they ought to hold, and who writes them."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import helfer.matching.models.offers

SLOTS = [f"{day}-{half}" for day in ("mo", "di", "mi", "do", "fr", "sa", "so") for half in ("vm", "nm", "ab")]
BITS = " | ".join(f"(('{slot}' = ANY (times))::int << {bit})" for bit, slot in enumerate(SLOTS))

# One expression each, so that PostgreSQL writes them into the view's own plan.
FUNCTIONS = {
    # Half-days as bits, Monday morning the lowest.
    "helfer_half_days(text[])": f"""
        CREATE FUNCTION helfer_half_days(times text[]) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
            SELECT {BITS}
        $$
    """,
    # Degrees of latitude that are surely as long as so many metres: nowhere is a degree shorter than 110,574 m.
    "helfer_degrees(integer)": """
        CREATE FUNCTION helfer_degrees(radius_m integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
            SELECT radius_m / 110574.0::double precision * 1.001
        $$
    """,
    # A box that surely contains the geodesic circle. Degrees of longitude are shortest at the circle's polar end;
    # on the ellipsoid they are never shorter there than 111,319 m times the cosine.
    "helfer_reach(geometry, integer)": """
        CREATE FUNCTION helfer_reach(home geometry, radius_m integer) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
            SELECT ST_MakeEnvelope(
                ST_X(home) - radius_m / (111319 * cosd(LEAST(abs(ST_Y(home)) + helfer_degrees(radius_m), 89.9)))
                    * 1.001,
                ST_Y(home) - helfer_degrees(radius_m),
                ST_X(home) + radius_m / (111319 * cosd(LEAST(abs(ST_Y(home)) + helfer_degrees(radius_m), 89.9)))
                    * 1.001,
                ST_Y(home) + helfer_degrees(radius_m),
                4326
            )
        $$
    """,
}

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


# What the offers ought to hold: one row per helper and role offered. Every part is grouped by helper, so that the
# planner carries a condition on one helper down into each of them, and reads all tables once where all helpers are
# asked for.
COLUMNS = """
    helper_id, role_id, person_id, office_id, only_for_id, home, reach, radius_m, gender, languages, times,
    no_pets, no_smokers, max_people, serves, relief_serves, last_proposed_on, away, qualified, models
"""
TRUTH = """
    CREATE VIEW matching_offer_truth AS
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

# Rows that are as they ought to be are not touched: nothing to write, nothing to clean up.
_NAMES = [name.strip() for name in COLUMNS.split(",")]
_KEPT = [name for name in _NAMES if name not in ("helper_id", "role_id")]
BRING_IN_LINE = f"""
    WITH truth AS MATERIALIZED (SELECT * FROM matching_offer_truth WHERE {{who}}),
    gone AS (
        DELETE FROM matching_offer WHERE {{who}}
            AND (helper_id, role_id) NOT IN (SELECT helper_id, role_id FROM truth)
    ),
    other AS (
        UPDATE matching_offer o SET {", ".join(f"{name} = truth.{name}" for name in _KEPT)}
        FROM truth
        WHERE o.helper_id = truth.helper_id AND o.role_id = truth.role_id
            AND ({", ".join(f"o.{name}" for name in _KEPT)})
                IS DISTINCT FROM ({", ".join(f"truth.{name}" for name in _KEPT)})
    )
    INSERT INTO matching_offer ({COLUMNS})
    SELECT {COLUMNS} FROM truth
    WHERE (helper_id, role_id) NOT IN (SELECT helper_id, role_id FROM matching_offer WHERE {{who}})
"""  # noqa: S608 - our own words only

# For one helper by indexes, whatever the statistics said when the session planned it: in a load that began with
# empty tables they would say "read them all". For a good part of all helpers in one go, by hashing.
FOR_ONE = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET work_mem = '256kB'"
FOR_MANY = "SET enable_nestloop = off SET work_mem = '128MB'"
# Each helper takes some 200 bytes: more than a quarter of them is a good part.
IS_FEW = "cardinality(helper_ids) <= GREATEST(50, pg_relation_size('helpers_helperprofile') / 800)"

KEEPING = {
    # Read the sources and write the offers. Only the function after them calls these two.
    "helfer_write_offers_of_one(bigint)": f"""
        CREATE FUNCTION helfer_write_offers_of_one(helper bigint) RETURNS void LANGUAGE plpgsql {FOR_ONE} AS $$
            BEGIN
                {BRING_IN_LINE.format(who="helper_id = helper")};
            END
        $$
    """,
    "helfer_write_offers_of_many(bigint[])": f"""
        CREATE FUNCTION helfer_write_offers_of_many(helper_ids bigint[])
        RETURNS void LANGUAGE plpgsql {FOR_MANY} AS $$
            BEGIN
                EXECUTE $query$ {BRING_IN_LINE.format(who="helper_id = ANY ($1)")} $query$ USING helper_ids;
            END
        $$
    """,
    # Whoever calls this one has met the others before.
    "helfer_write_offers(bigint[])": f"""
        CREATE FUNCTION helfer_write_offers(helper_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE
                helper bigint;
            BEGIN
                IF {IS_FEW} THEN
                    FOREACH helper IN ARRAY helper_ids LOOP
                        PERFORM helfer_write_offers_of_one(helper);
                    END LOOP;
                ELSE
                    PERFORM helfer_write_offers_of_many(helper_ids);
                END IF;
            END
        $$
    """,
    # Waits for a change of the catalogue that is under way; says whether offers are to be kept at all now.
    "helfer_offers_are_kept()": """
        CREATE FUNCTION helfer_offers_are_kept() RETURNS boolean LANGUAGE plpgsql AS $$
            DECLARE
                held_back boolean;
            BEGIN
                SELECT is_held_back INTO held_back FROM matching_offerkeeping WHERE id = 1 FOR SHARE;
                IF NOT FOUND THEN
                    INSERT INTO matching_offerkeeping (id, version, is_held_back) VALUES (1, 0, false)
                    ON CONFLICT DO NOTHING;
                    SELECT is_held_back INTO held_back FROM matching_offerkeeping WHERE id = 1 FOR SHARE;
                END IF;
                RETURN NOT held_back;
            END
        $$
    """,
    # Two sessions that change what the same things' offers rest on meet here, the lower id first. Planned once a
    # session: PostgreSQL plans the words of a function in SQL at every call.
    "helfer_write_offer_versions(smallint, bigint[])": """
        CREATE FUNCTION helfer_write_offer_versions(about smallint, refs bigint[])
        RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
            BEGIN
                IF cardinality(refs) = 1 AND refs[1] IS NOT NULL THEN
                    INSERT INTO matching_offerversion AS kept (about, ref, version) VALUES ($1, refs[1], 1)
                    ON CONFLICT ON CONSTRAINT matching_offerversion_pkey DO UPDATE SET version = kept.version + 1;
                ELSE
                    INSERT INTO matching_offerversion AS kept (about, ref, version)
                    SELECT DISTINCT $1, each.ref, 1 FROM unnest(refs) AS each (ref)
                    WHERE each.ref IS NOT NULL ORDER BY 2
                    ON CONFLICT ON CONSTRAINT matching_offerversion_pkey DO UPDATE SET version = kept.version + 1;
                END IF;
            END
        $$
    """,
    # Brings the offers of these helpers in line with their sources. Each statement of a function sees what was
    # committed before it began (under READ COMMITTED): so first everybody meets, and only then the sources are
    # read.
    "helfer_refresh_offers(bigint[])": """
        CREATE FUNCTION helfer_refresh_offers(helper_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF COALESCE(cardinality(helper_ids), 0) = 0 OR NOT helfer_offers_are_kept() THEN
                    RETURN;
                END IF;
                PERFORM helfer_write_offer_versions(1::smallint, helper_ids);
                PERFORM helfer_write_offers(helper_ids);
            END
        $$
    """,
}


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


# A part that is the same for all offers of a helper is read first, by itself.
BRING_ONE_IN_LINE = """
                SELECT {part}.* INTO fresh FROM matching_offer_{part} AS {part} WHERE helper_id = helper;
                {unless_gone}UPDATE matching_offer SET {changes}
                WHERE helper_id = helper AND ({names}) IS DISTINCT FROM ({values})"""


def _bring_one_in_line(part: str) -> str:
    if part == "qualified":
        return _bring_in_line(part, "= helper")
    values = {name: value.replace(name, f"fresh.{name}") for name, value in PARTS[part].items()}
    return BRING_ONE_IN_LINE.format(
        part=part,
        unless_gone="IF NOT FOUND THEN RETURN; END IF;\n                " if part == "profile" else "",
        changes=", ".join(f"{name} = {value}" for name, value in values.items()),
        names=", ".join(values),
        values=", ".join(values.values()),
    )


def _of_one(part: str) -> str:
    return f"""
        CREATE FUNCTION helfer_write_{part}_of_one(helper bigint) RETURNS void LANGUAGE plpgsql {FOR_ONE} AS $$
            DECLARE
                fresh record;
            BEGIN
                {_bring_one_in_line(part)};
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


# A further role: what is the helper's own stands in their other offers already, since whoever changed it has
# written them and the helper's version; what the same statement changed besides is followed by its own trigger.
_OF_ROLE = {"role_id": "offered.role_id", "qualified": "COALESCE(proven.qualified, '{(,)}')"}
ROLES = {
    "helfer_write_roles_of_one(bigint)": f"""
        CREATE FUNCTION helfer_write_roles_of_one(helper bigint) RETURNS void LANGUAGE plpgsql {FOR_ONE} AS $$
            BEGIN
                INSERT INTO matching_offer ({COLUMNS})
                SELECT {", ".join(_OF_ROLE.get(name, f"kept.{name}") for name in _NAMES)}
                FROM (SELECT * FROM matching_offer WHERE helper_id = helper LIMIT 1) AS kept
                JOIN helpers_helperprofile_roles offered ON offered.helperprofile_id = helper
                LEFT JOIN matching_offer_qualified proven
                    ON proven.helper_id = helper AND proven.role_id = offered.role_id
                WHERE NOT EXISTS (
                    SELECT 1 FROM matching_offer WHERE helper_id = helper AND role_id = offered.role_id
                );
                IF NOT FOUND THEN
                    PERFORM helfer_write_offers_of_one(helper);
                END IF;
            END
        $$
    """,  # noqa: S608 - our own words only
    "helfer_refresh_offers_roles(bigint[])": f"""
        CREATE FUNCTION helfer_refresh_offers_roles(helper_ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE
                helper bigint;
            BEGIN
                IF COALESCE(cardinality(helper_ids), 0) = 0 OR NOT helfer_offers_are_kept() THEN
                    RETURN;
                END IF;
                PERFORM helfer_write_offer_versions(1::smallint, helper_ids);
                IF {IS_FEW} THEN
                    FOREACH helper IN ARRAY helper_ids LOOP
                        PERFORM helfer_write_roles_of_one(helper);
                    END LOOP;
                ELSE
                    PERFORM helfer_write_offers_of_many(helper_ids);
                END IF;
            END
        $$
    """,
}


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_land_rules_are_loaded_from_defaults"),
        ("helpers", "0003_the_database_holds_lives_and_proofs"),
        ("matching", "0008_the_city_runs_at_once"),
        ("people", "0007_programs_have_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfferVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "about", "ref", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("about", models.SmallIntegerField(choices=[(1, "Helferprofil"), (2, "Person")])),
                ("ref", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "Version eines Angebots",
                "verbose_name_plural": "Versionen von Angeboten",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OfferKeeping",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(default=0)),
                ("is_held_back", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "Führung der Angebote",
                "verbose_name_plural": "Führung der Angebote",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="offers_are_kept_in_one_place",
                        violation_error_message="Davon gibt es nur eine Zeile.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "home",
                    django.contrib.gis.db.models.fields.PointField(
                        geography=True, null=True, spatial_index=False, srid=4326, verbose_name="Wohnort"
                    ),
                ),
                (
                    "reach",
                    django.contrib.gis.db.models.fields.PolygonField(
                        null=True, spatial_index=False, srid=4326, verbose_name="Einzugsgebiet"
                    ),
                ),
                ("radius_m", models.IntegerField(verbose_name="Umkreis (Meter)")),
                ("gender", models.CharField(blank=True, max_length=1, verbose_name="Geschlecht")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="Sprachen"
                    ),
                ),
                ("times", models.IntegerField(verbose_name="Zeiten")),
                ("no_pets", models.BooleanField(verbose_name="keine Haustiere")),
                ("no_smokers", models.BooleanField(verbose_name="keine Raucher")),
                ("max_people", models.SmallIntegerField(verbose_name="höchstens Personen")),
                ("serves", models.IntegerField(verbose_name="hilft")),
                ("relief_serves", models.IntegerField(verbose_name="hilft über den Entlastungsbetrag")),
                ("last_proposed_on", models.DateField(null=True, verbose_name="zuletzt vorgeschlagen am")),
                ("away", helfer.matching.models.offers.DateMultirangeField(verbose_name="abwesend")),
                ("qualified", helfer.matching.models.offers.DateMultirangeField(verbose_name="geeignet")),
                (
                    "models",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None, verbose_name="finanzielle Modelle"
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
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.office",
                        verbose_name="Seniorenbüro",
                    ),
                ),
                (
                    "only_for",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.helpseeker",
                        verbose_name="nur für diese Person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.person",
                        verbose_name="Person",
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
                "verbose_name": "Angebot",
                "verbose_name_plural": "Angebote",
                "default_permissions": (),
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["role", "reach"], name="offer_role_reach"
                    ),
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["role", "home"], name="offer_role_home"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("helper", "role"),
                        name="offer_of_a_role_is_kept_once",
                        violation_error_message="Dieses Angebot ist schon verzeichnet.",
                    )
                ],
            },
        ),
        migrations.RunSQL("ALTER TABLE matching_offer SET (fillfactor = 75)", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE matching_offerversion SET (fillfactor = 75)", migrations.RunSQL.noop),
        migrations.RunSQL("INSERT INTO matching_offerkeeping VALUES (1, 0, false)", migrations.RunSQL.noop),
        *(migrations.RunSQL(sql, f"DROP FUNCTION {signature}") for signature, sql in FUNCTIONS.items()),
        *(migrations.RunSQL(_view(part), f"DROP VIEW matching_offer_{part}") for part in VIEWS),
        migrations.RunSQL(TRUTH, "DROP VIEW matching_offer_truth"),
        *(migrations.RunSQL(sql, f"DROP FUNCTION {signature}") for signature, sql in KEEPING.items()),
        *(
            migrations.RunSQL(sql(part), f"DROP FUNCTION {name.format(part=part)}")
            for part in PARTS
            for sql, name in (
                (_of_one, "helfer_write_{part}_of_one(bigint)"),
                (_of_many, "helfer_write_{part}_of_many(bigint[])"),
                (_refresh, "helfer_refresh_offers_{part}(bigint[])"),
            )
        ),
        *(migrations.RunSQL(sql, f"DROP FUNCTION {signature}") for signature, sql in ROLES.items()),
    ]
