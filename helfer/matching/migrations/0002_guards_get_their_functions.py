"""What the guards ask, as SQL functions of their own: each answers one question of the domain.

They read stored days only and never the clock, and they are called from triggers that have written the
version columns before.
"""

from django.db import migrations

FUNCTIONS = {
    "helfer_is_running(text)": """
        CREATE FUNCTION helfer_is_running(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
            SELECT state IN ('approved', 'trial', 'active', 'paused')
        $$
    """,
    "helfer_is_open(text)": """
        CREATE FUNCTION helfer_is_open(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
            SELECT state IN ('proposed', 'accepted') OR helfer_is_running(state)
        $$
    """,
    "helfer_berlin_day(timestamptz)": """
        CREATE FUNCTION helfer_berlin_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
            SELECT (moment AT TIME ZONE 'Europe/Berlin')::date
        $$
    """,
    # The record that stands for a person after two records of the same person were merged.
    "helfer_surviving_person(bigint)": """
        CREATE FUNCTION helfer_surviving_person(person bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
            WITH RECURSIVE chain AS (
                SELECT id, merged_into_id, 0 AS step FROM people_person WHERE id = person
                UNION ALL
                SELECT p.id, p.merged_into_id, chain.step + 1
                FROM people_person p JOIN chain ON p.id = chain.merged_into_id
                WHERE chain.step < 20
            )
            SELECT id FROM chain ORDER BY step DESC LIMIT 1
        $$
    """,
    "helfer_persons_are_tied(bigint, bigint, text[])": """
        CREATE FUNCTION helfer_persons_are_tied(one bigint, other bigint, kinds text[])
        RETURNS boolean LANGUAGE sql STABLE AS $$
            SELECT EXISTS (
                SELECT 1 FROM people_tie
                WHERE person_a_id = LEAST(one, other) AND person_b_id = GREATEST(one, other)
                    AND kind = ANY (kinds)
            )
        $$
    """,
    # Guards that depend on other rows write here first: two sessions then meet, and one of them sees the other
    # or fails. Always in this order, the order of locks: helper, help seeker, request.
    "helfer_write_versions(bigint, bigint)": """
        CREATE FUNCTION helfer_write_versions(helper bigint, request bigint) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE helpers_helperprofile SET version = version + 1 WHERE id = helper;
                UPDATE people_helpseeker SET version = version + 1
                WHERE id = (SELECT help_seeker_id FROM help_requests_helprequest WHERE id = request);
                UPDATE help_requests_helprequest SET version = version + 1 WHERE id = request;
            END
        $$
    """,
    # Distinct help seekers whom the helper serves in running matches.
    "helfer_people_served(bigint)": """
        CREATE FUNCTION helfer_people_served(helper bigint) RETURNS integer LANGUAGE sql STABLE AS $$
            SELECT count(DISTINCT r.help_seeker_id)::integer
            FROM matching_match m JOIN help_requests_helprequest r ON r.id = m.request_id
            WHERE m.helper_id = helper AND helfer_is_running(m.state)
        $$
    """,
    # The same, counting only matches covered by the Entlastungsbetrag.
    "helfer_relief_people_served(bigint)": """
        CREATE FUNCTION helfer_relief_people_served(helper bigint) RETURNS integer LANGUAGE sql STABLE AS $$
            SELECT count(DISTINCT r.help_seeker_id)::integer
            FROM matching_match m
            JOIN help_requests_helprequest r ON r.id = m.request_id
            JOIN catalogue_compensationmodel c ON c.id = m.compensation_model_id
            WHERE m.helper_id = helper AND helfer_is_running(m.state) AND c.slug = 'entlastungsbetrag'
        $$
    """,
    # Whether the helper's proof of the training, or of one that includes it, counts on the day.
    "helfer_training_counts(bigint, bigint, date)": """
        CREATE FUNCTION helfer_training_counts(helper bigint, training bigint, day date)
        RETURNS boolean LANGUAGE sql STABLE AS $$
            WITH RECURSIVE proves AS (
                SELECT training AS id
                UNION
                SELECT i.from_training_id
                FROM catalogue_training_includes i JOIN proves ON i.to_training_id = proves.id
            )
            SELECT EXISTS (
                SELECT 1
                FROM helpers_certificate c
                JOIN proves ON proves.id = c.training_id
                JOIN catalogue_training t ON t.id = c.training_id
                WHERE c.helper_id = helper AND c.verified_at IS NOT NULL AND c.issued_on <= day
                    AND (c.valid_until IS NULL OR day <= c.valid_until + t.grace_days)
            )
        $$
    """,
    # Whether every training that the role requires counts on the day.
    "helfer_trainings_count(bigint, bigint, date)": """
        CREATE FUNCTION helfer_trainings_count(helper bigint, role bigint, day date)
        RETURNS boolean LANGUAGE sql STABLE AS $$
            SELECT NOT EXISTS (
                SELECT 1 FROM catalogue_role_required_trainings required
                WHERE required.role_id = role
                    AND NOT helfer_training_counts(helper, required.training_id, day)
            )
        $$
    """,
    # The Land of the help seeker's municipality: that of the home's district, else of the request's office.
    "helfer_land_of_request(bigint)": """
        CREATE FUNCTION helfer_land_of_request(request bigint) RETURNS text LANGUAGE sql STABLE AS $$
            SELECT land.code
            FROM help_requests_helprequest r
            JOIN people_helpseeker s ON s.id = r.help_seeker_id
            JOIN people_person p ON p.id = s.person_id
            LEFT JOIN places_district d ON d.id = p.district_id
            LEFT JOIN people_office o ON o.id = r.office_id
            JOIN places_municipality m ON m.id = COALESCE(d.municipality_id, o.municipality_id)
            JOIN (
                VALUES ('01', 'SH'), ('02', 'HH'), ('03', 'NI'), ('04', 'HB'), ('05', 'NW'), ('06', 'HE'),
                    ('07', 'RP'), ('08', 'BW'), ('09', 'BY'), ('10', 'SL'), ('11', 'BE'), ('12', 'BB'),
                    ('13', 'MV'), ('14', 'SN'), ('15', 'ST'), ('16', 'TH')
            ) AS land (digits, code) ON land.digits = left(m.key, 2)
            WHERE r.id = request
        $$
    """,
    # What the two persons of a match forbid, as the key of a sentence; NULL where nothing does.
    "helfer_pair_refusal(bigint)": """
        CREATE FUNCTION helfer_pair_refusal(match bigint) RETURNS text LANGUAGE sql STABLE AS $$
            SELECT CASE
                WHEN helfer_surviving_person(h.person_id) = helfer_surviving_person(s.person_id)
                    THEN 'same_person'
                WHEN helfer_persons_are_tied(h.person_id, s.person_id, '{block}') THEN 'blocked'
            END
            FROM matching_match m
            JOIN helpers_helperprofile h ON h.id = m.helper_id
            JOIN help_requests_helprequest r ON r.id = m.request_id
            JOIN people_helpseeker s ON s.id = r.help_seeker_id
            WHERE m.id = match
        $$
    """,
    # What a match's financial model forbids, as the key of a sentence; NULL where nothing does.
    # The qualification is asked for at the approval only: what lapses later is found by the daily tick.
    "helfer_model_refusal(bigint, boolean)": """
        CREATE FUNCTION helfer_model_refusal(match bigint, at_approval boolean)
        RETURNS text LANGUAGE plpgsql STABLE AS $$
            DECLARE
                it record;
                rule catalogue_landrule;
            BEGIN
                SELECT m.helper_id, m.request_id, m.approved_on, m.starts_on, c.slug AS model,
                    h.person_id AS helper_person, s.person_id AS seeker_person,
                    p.birth_year, s.care_level, s.lives_at_home
                INTO it
                FROM matching_match m
                JOIN catalogue_compensationmodel c ON c.id = m.compensation_model_id
                JOIN helpers_helperprofile h ON h.id = m.helper_id
                JOIN people_person p ON p.id = h.person_id
                JOIN help_requests_helprequest r ON r.id = m.request_id
                JOIN people_helpseeker s ON s.id = r.help_seeker_id
                WHERE m.id = match;

                IF it.model = 'verhinderungspflege' THEN
                    RETURN CASE WHEN it.care_level NOT IN ('2', '3', '4', '5') THEN 'respite_care_level' END;
                ELSIF it.model <> 'entlastungsbetrag' THEN
                    RETURN NULL;
                END IF;

                IF helfer_persons_are_tied(
                    it.helper_person, it.seeker_person, '{relative,in_law,household,caregiver}'
                ) THEN
                    RETURN 'tied';
                ELSIF it.care_level NOT IN ('1', '2', '3', '4', '5') THEN
                    RETURN 'care_level';
                ELSIF NOT it.lives_at_home THEN
                    RETURN 'not_at_home';
                END IF;

                SELECT * INTO rule FROM catalogue_landrule
                WHERE land = helfer_land_of_request(it.request_id) AND valid_from <= it.approved_on
                    AND (valid_until IS NULL OR it.approved_on <= valid_until)
                ORDER BY valid_from DESC LIMIT 1;
                IF rule.id IS NULL THEN
                    RETURN 'no_rule';
                ELSIF NOT rule.individuals_allowed THEN
                    RETURN 'no_individuals';
                ELSIF it.birth_year IS NULL
                    OR extract(year FROM it.approved_on) - it.birth_year < rule.min_age THEN
                    RETURN 'age';
                ELSIF helfer_relief_people_served(it.helper_id) > rule.max_people THEN
                    RETURN 'too_many_people';
                ELSIF at_approval AND EXISTS (
                    SELECT 1 FROM catalogue_landrule_qualifications q WHERE q.landrule_id = rule.id
                ) AND EXISTS (
                    SELECT 1 FROM unnest(ARRAY[it.approved_on, it.starts_on]) AS asked (day)
                    WHERE NOT EXISTS (
                        SELECT 1 FROM catalogue_landrule_qualifications q
                        WHERE q.landrule_id = rule.id
                            AND helfer_training_counts(it.helper_id, q.training_id, asked.day)
                    )
                ) THEN
                    RETURN 'qualification';
                END IF;
                RETURN NULL;
            END
        $$
    """,
    # What is wrong with the two yeses of a match, as the key of a sentence; NULL where nothing is.
    "helfer_consent_refusal(bigint)": """
        CREATE FUNCTION helfer_consent_refusal(match bigint) RETURNS text LANGUAGE sql STABLE AS $$
            SELECT CASE
                WHEN hc.id IS NULL OR sc.id IS NULL THEN 'missing'
                WHEN hc.kind <> 'match' OR sc.kind <> 'match' THEN 'other_purpose'
                WHEN hc.withdrawn_at IS NOT NULL OR sc.withdrawn_at IS NOT NULL THEN 'withdrawn'
                WHEN hc.representative_id IS NOT NULL
                    OR helfer_surviving_person(hc.person_id) <> helfer_surviving_person(h.person_id)
                    THEN 'not_the_helper'
                WHEN helfer_surviving_person(sc.person_id) <> helfer_surviving_person(s.person_id)
                    THEN 'not_the_seeker'
                WHEN sc.representative_id IS NOT NULL AND (
                    by.help_seeker_id <> s.id OR NOT by.may_consent OR by.area NOT IN ('all', 'health')
                    OR helfer_berlin_day(sc.given_at) > by.until_day
                ) THEN 'may_not_consent'
                WHEN sc.representative_id IS NOT NULL AND (
                    helfer_surviving_person(by.person_id) = helfer_surviving_person(h.person_id)
                    OR helfer_persons_are_tied(by.person_id, h.person_id, '{household}')
                ) THEN 'helper_for_the_seeker'
                WHEN GREATEST(helfer_berlin_day(hc.given_at), helfer_berlin_day(sc.given_at)) > m.approved_on
                    THEN 'given_later'
            END
            FROM matching_match m
            JOIN helpers_helperprofile h ON h.id = m.helper_id
            JOIN help_requests_helprequest r ON r.id = m.request_id
            JOIN people_helpseeker s ON s.id = r.help_seeker_id
            LEFT JOIN people_consent hc ON hc.id = m.helper_consent_id
            LEFT JOIN people_consent sc ON sc.id = m.seeker_consent_id
            LEFT JOIN people_representative by ON by.id = sc.representative_id
            WHERE m.id = match
        $$
    """,
    # What is wrong with one signature, as the key of a sentence; NULL where nothing is.
    "helfer_signature_refusal(bigint)": """
        CREATE FUNCTION helfer_signature_refusal(signature bigint) RETURNS text LANGUAGE sql STABLE AS $$
            SELECT CASE
                WHEN seat.user_id <> g.user_id THEN 'not_their_seat'
                WHEN seat.side <> g.side THEN 'other_side'
                WHEN seat.office_id <> m.office_id THEN 'other_office'
                WHEN g.signed_on < seat.from_day OR g.signed_on > seat.until_day THEN 'seat_not_valid'
                WHEN g.signed_on <> helfer_berlin_day(g.signed_at) THEN 'other_day'
            END
            FROM matching_signature g
            JOIN matching_match m ON m.id = g.match_id
            JOIN people_seat seat ON seat.id = g.seat_id
            WHERE g.id = signature
        $$
    """,
    # Whether the account's person is, or is close to, one of those whom the match concerns.
    "helfer_is_concerned(bigint, bigint)": """
        CREATE FUNCTION helfer_is_concerned(account bigint, match bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
            WITH concerned AS (
                SELECT h.person_id FROM matching_match m JOIN helpers_helperprofile h ON h.id = m.helper_id
                WHERE m.id = match
                UNION
                SELECT s.person_id
                FROM matching_match m
                JOIN help_requests_helprequest r ON r.id = m.request_id
                JOIN people_helpseeker s ON s.id = r.help_seeker_id
                WHERE m.id = match
                UNION
                SELECT by.person_id
                FROM matching_match m
                JOIN help_requests_helprequest r ON r.id = m.request_id
                JOIN people_representative by ON by.help_seeker_id = r.help_seeker_id
                WHERE m.id = match
            )
            SELECT EXISTS (
                SELECT 1 FROM people_user u JOIN concerned ON
                    helfer_surviving_person(concerned.person_id) = helfer_surviving_person(u.person_id)
                    OR helfer_persons_are_tied(concerned.person_id, u.person_id, '{relative,in_law,household}')
                WHERE u.id = account
            )
        $$
    """,
}


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0001_initial"),
        ("people", "0002_seats_carry_a_version"),
        ("places", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("helpers", "0001_initial"),
        ("help_requests", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(sql, f"DROP FUNCTION {signature}") for signature, sql in FUNCTIONS.items()
    ]
