"""Persons follow polygons as before, but however stale the statistics are: nobody is joined with themselves."""

from django.db import migrations

# The ids come as an array and not as a join: which way they are joined, the planner would have to guess, and
# right after a large import it guesses badly. The function is asked only of those who may have to move.
LOOK_AGAIN = """
    UPDATE people_person person SET {column} = {function}(person.home)
    WHERE person.id = ANY (ARRAY(SELECT resident.id FROM people_person resident WHERE {whom}))
      AND person.{column} IS DISTINCT FROM {function}(person.home);
"""
LIVED_THERE = "resident.{column} IN (SELECT id FROM {rows} moved)"
LIVE_THERE = """EXISTS (
        SELECT 1 FROM {rows} polygon
        WHERE resident.home && polygon.area::geography
          AND ST_Covers(polygon.area, resident.home::geometry)
    )"""
MOVED = (
    """(SELECT n.* FROM old_rows o FULL JOIN new_rows n USING (id) WHERE o.area IS DISTINCT FROM n.area)"""
)


def follow(table: str, column: str, function: str) -> str:
    """What the three functions of a table of polygons do from now on."""

    def look_again(rows: str, *who: str) -> str:
        whom = " OR ".join(each.format(column=column, rows=rows) for each in who)
        return LOOK_AGAIN.format(column=column, function=function, whom=whom)

    bodies = {
        "insert": look_again("new_rows", LIVE_THERE),
        "delete": look_again("old_rows", LIVED_THERE, LIVE_THERE),
        "update": f"IF EXISTS {MOVED} THEN {look_again(MOVED, LIVED_THERE, LIVE_THERE)} END IF;",
    }
    return "\n".join(
        f"""
CREATE OR REPLACE FUNCTION persons_follow_{table}_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END
$$;
"""
        for operation, body in bodies.items()
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0007_programs_have_keys")]

    operations = [
        # Back: what was there gives the same answers.
        migrations.RunSQL(
            follow("places_district", "district_id", "helfer_district_of"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            follow("places_quarter", "quarter_id", "helfer_quarter_of"), migrations.RunSQL.noop
        ),
    ]
