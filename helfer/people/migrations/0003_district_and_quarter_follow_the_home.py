"""Every person's district and quarter come from the home and the polygons, whoever writes either of them."""

# Only names written below are put into these statements:
# ruff: noqa: S608

from django.db import migrations

# A point on a border belongs to the polygon with the lower id.
FUNCTIONS = """
CREATE FUNCTION helfer_district_of(home geography) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT id FROM places_district WHERE ST_Covers(area, home::geometry) ORDER BY id LIMIT 1
$$;

CREATE FUNCTION helfer_quarter_of(home geography) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT id FROM places_quarter WHERE ST_Covers(area, home::geometry) ORDER BY id LIMIT 1
$$;

CREATE FUNCTION person_lives_where_the_home_is() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    has_moved boolean := TG_OP = 'INSERT' OR NEW.home IS DISTINCT FROM OLD.home;
BEGIN
    -- The statement on the polygons has looked already.
    IF pg_trigger_depth() > 1 AND NOT has_moved THEN
        RETURN NEW;
    END IF;
    -- Whatever is written here, the home decides: a stale copy saved in full blanks nothing. When a polygon
    -- goes away, the statement on the polygons looks again.
    IF has_moved OR NEW.district_id IS DISTINCT FROM OLD.district_id THEN
        NEW.district_id := helfer_district_of(NEW.home);
    END IF;
    IF has_moved OR NEW.quarter_id IS DISTINCT FROM OLD.quarter_id THEN
        NEW.quarter_id := helfer_quarter_of(NEW.home);
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER person_lives_where_the_home_is
BEFORE INSERT OR UPDATE OF home, district_id, quarter_id ON people_person
FOR EACH ROW EXECUTE FUNCTION person_lives_where_the_home_is();
"""

DROP_FUNCTIONS = """
DROP TRIGGER person_lives_where_the_home_is ON people_person;
DROP FUNCTION person_lives_where_the_home_is();
DROP FUNCTION helfer_quarter_of(geography);
DROP FUNCTION helfer_district_of(geography);
"""


def follow(table: str, column: str, function: str) -> str:
    """Let the persons follow when polygons come, move or go: one statement each, not one per person."""
    look_again = f"""
        UPDATE people_person person SET {column} = found.id
        FROM (
            SELECT resident.id AS person_id, {function}(resident.home) AS id
            FROM people_person resident
            WHERE {{whom}}
        ) found
        WHERE person.id = found.person_id AND person.{column} IS DISTINCT FROM found.id;
    """
    lived_there = f"resident.{column} IN (SELECT id FROM {{rows}})"
    live_there = """EXISTS (
                SELECT 1 FROM {rows} polygon
                WHERE resident.home && polygon.area::geography
                  AND ST_Covers(polygon.area, resident.home::geometry)
            )"""
    moved = """SELECT {one}.* FROM old_rows o FULL JOIN new_rows n USING (id)
               WHERE o.area IS DISTINCT FROM n.area"""
    bodies = {
        "insert": look_again.format(whom=live_there.format(rows="new_rows")),
        "delete": look_again.format(
            whom=lived_there.format(rows="old_rows") + " OR " + live_there.format(rows="old_rows")
        ),
        "update": "IF EXISTS ("
        + moved.format(one="n")
        + ") THEN\n"
        + look_again.format(
            whom=lived_there.format(rows=f"({moved.format(one='n')}) moved")
            + " OR "
            + live_there.format(rows=f"({moved.format(one='n')})")
        )
        + "END IF;",
    }
    tables = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    return "\n".join(
        f"""
CREATE FUNCTION persons_follow_{table}_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END
$$;
CREATE TRIGGER persons_follow_{operation}
AFTER {operation.upper()} ON {table} REFERENCING {tables[operation]}
FOR EACH STATEMENT EXECUTE FUNCTION persons_follow_{table}_{operation}();
"""
        for operation, body in bodies.items()
    )


def unfollow(table: str) -> str:
    return "\n".join(
        f"""
DROP TRIGGER persons_follow_{operation} ON {table};
DROP FUNCTION persons_follow_{table}_{operation}();
"""
        for operation in ("insert", "update", "delete")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_seats_carry_a_version"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(
            follow("places_district", "district_id", "helfer_district_of"), unfollow("places_district")
        ),
        migrations.RunSQL(
            follow("places_quarter", "quarter_id", "helfer_quarter_of"), unfollow("places_quarter")
        ),
    ]
