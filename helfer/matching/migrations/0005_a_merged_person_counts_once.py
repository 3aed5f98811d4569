"""Two records of one human being count as one, and what was signed stays with those for whom it was signed."""

from django.db import migrations

NEW = {
    # Whether a match is signed or has been: what it says about its two people stays.
    "helfer_is_signed(bigint)": """
        CREATE FUNCTION helfer_is_signed(match bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
            SELECT helfer_is_running(m.state) OR (
                m.state = 'accepted' AND EXISTS (SELECT 1 FROM matching_signature g WHERE g.match_id = m.id)
            )
            FROM matching_match m WHERE m.id = match
        $$
    """,
    "helfer_representing_person(bigint)": """
        CREATE FUNCTION helfer_representing_person(representative bigint)
        RETURNS bigint LANGUAGE sql STABLE AS $$
            SELECT helfer_surviving_person(person_id) FROM people_representative WHERE id = representative
        $$
    """,
}

# Distinct people whom the helper serves in running matches, by the record that stands for each.
SERVED = """
    CREATE OR REPLACE FUNCTION helfer_people_served(helper bigint) RETURNS integer LANGUAGE sql STABLE AS $$
        SELECT count(DISTINCT {person})::integer
        FROM matching_match m
        JOIN help_requests_helprequest r ON r.id = m.request_id
        JOIN people_helpseeker s ON s.id = r.help_seeker_id
        WHERE m.helper_id = helper AND helfer_is_running(m.state)
    $$
"""
SERVED_UNDER_RELIEF = """
    CREATE OR REPLACE FUNCTION helfer_relief_people_served(helper bigint)
    RETURNS integer LANGUAGE sql STABLE AS $$
        SELECT count(DISTINCT {person})::integer
        FROM matching_match m
        JOIN help_requests_helprequest r ON r.id = m.request_id
        JOIN people_helpseeker s ON s.id = r.help_seeker_id
        JOIN catalogue_compensationmodel c ON c.id = m.compensation_model_id
        WHERE m.helper_id = helper AND helfer_is_running(m.state) AND c.slug = 'entlastungsbetrag'
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_history_is_kept")]

    operations = [
        *(migrations.RunSQL(sql, f"DROP FUNCTION {signature}") for signature, sql in NEW.items()),
        *(
            migrations.RunSQL(
                counts.format(person="helfer_surviving_person(s.person_id)"), counts.format(person="s.id")
            )
            for counts in (SERVED, SERVED_UNDER_RELIEF)
        ),
    ]
