"""Persons, ties, consents, seats and offices: what of them a match rests on."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.catalogue.models import RELIEF_AMOUNT
from helfer.core.guards import Guard, changed, never_truncated, sql
from helfer.people.models.ties import RELIEF_EXCLUDING, TieKind

from .sentences import MODEL_SENTENCES, OTHER_PERSON, PAIR_SENTENCES


def keep_their_person(matches: str) -> str:
    """What was signed was signed for these two people: only the record that stands for one may change."""
    return f"""
        IF helfer_surviving_person(OLD.person_id) <> helfer_surviving_person(NEW.person_id)
            AND EXISTS (SELECT 1 FROM matching_match m WHERE {matches} AND helfer_is_signed(m.id)) THEN
            REFUSE 'other_person';
        END IF;
    """


def hold_in_matches(function: str, matches: str) -> str:
    """Ask the SQL function about each of the matches (a query of their ids) and refuse with what it says."""
    return f"""
        SELECT min({function}) INTO refusal FROM ({matches}) AS found (match);
        IF refusal IS NOT NULL THEN REFUSE refusal; END IF;
    """


HOLDS_MODEL = "helfer_model_refusal(match, false)"
HOLDS_PAIR = "helfer_pair_refusal(match)"
REFUSAL = [("refusal", "text")]


def _between_the_two(state: str) -> str:
    """The matches of the tie's two people in either direction that are in such a ``state``.

    The helper's first, for they are few. As one join, old statistics would cross all matches with everybody.
    """
    return f"""
        WITH helped AS MATERIALIZED (
            SELECT m.id, m.request_id, h.person_id
            FROM matching_match m
            JOIN helpers_helperprofile h ON h.id = m.helper_id
            WHERE h.person_id IN (NEW.person_a_id, NEW.person_b_id) AND {state}
        )
        SELECT helped.id
        FROM helped
        JOIN help_requests_helprequest r ON r.id = helped.request_id
        JOIN people_helpseeker s ON s.id = r.help_seeker_id
        WHERE s.person_id IN (NEW.person_a_id, NEW.person_b_id) AND s.person_id <> helped.person_id
    """


TIES = [
    Guard(
        "tie_writes_the_helpers_versions",
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            PERFORM 1 FROM helpers_helperprofile WHERE person_id IN (NEW.person_a_id, NEW.person_b_id)
            ORDER BY id FOR NO KEY UPDATE;
            UPDATE helpers_helperprofile SET version = version + 1
            WHERE person_id IN (NEW.person_a_id, NEW.person_b_id);
        """,
    ),
    Guard(
        "pair_is_blocked_only_after_its_matches_ended",
        _("Beenden Sie zuerst die Vermittlungen zwischen diesen beiden."),
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=sql(f"NEW.kind = '{TieKind.BLOCK}'"),
        func=f"IF EXISTS ({_between_the_two('helfer_is_open(m.state)')}) THEN REFUSE; END IF;",
    ),
    Guard(
        "tie_does_not_enter_a_relief_match",
        _("Beenden Sie zuerst die Vermittlung über den Entlastungsbetrag zwischen diesen beiden."),
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=sql(
            "NEW.kind IN (" + ", ".join(f"'{kind}'" for kind in TieKind if kind in RELIEF_EXCLUDING) + ")"
        ),
        declare=REFUSAL,
        func=f"""
            IF 'tied' = ANY (ARRAY(
                SELECT {HOLDS_MODEL} FROM ({_between_the_two("helfer_is_running(m.state)")}) AS found (match)
            )) THEN
                REFUSE;
            END IF;
        """,
    ),
]

_CONSENT_COLUMNS = ("kind", "text_version", "channel", "given_at", "recorded_by_id")

CONSENTS = [
    Guard(
        "consent_change_writes_the_helpers_version",
        operation=pgtrigger.Update,
        condition=sql("OLD.* IS DISTINCT FROM NEW.*"),
        func="""
            UPDATE helpers_helperprofile SET version = version + 1
            WHERE id IN (
                SELECT helper_id FROM matching_match
                WHERE helper_consent_id = NEW.id OR seeker_consent_id = NEW.id
            );
        """,
    ),
    Guard(
        "consent_stays_as_it_was_given",
        {
            "approved": _("Auf dieser Einwilligung ruht eine Freigabe: Sie kann nur noch widerrufen werden."),
            "signed": _("Dazu gibt es schon eine Freigabe. Nehmen Sie zuerst die Freigabe zurück."),
        },
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql("OLD.* IS DISTINCT FROM NEW.*"),
        declare=[("other_words", "boolean")],
        # Added later may be: the withdrawal, the paper that followed a spoken yes, and the record that
        # stands for the same person; blanked may be the free words.
        func=f"""
            other_words := {changed(*_CONSENT_COLUMNS)}
                OR helfer_surviving_person(OLD.person_id) <> helfer_surviving_person(NEW.person_id)
                OR helfer_representing_person(OLD.representative_id)
                    IS DISTINCT FROM helfer_representing_person(NEW.representative_id)
                OR NEW.provisional_reason NOT IN ('', OLD.provisional_reason)
                OR (OLD.paper_seen_on IS NOT NULL AND {changed("paper_seen_on")});
            IF (other_words OR (OLD.withdrawn_at IS NOT NULL AND {changed("withdrawn_at")})) AND EXISTS (
                SELECT 1 FROM matching_match
                WHERE (helper_consent_id = NEW.id OR seeker_consent_id = NEW.id)
                    AND (helfer_is_running(state) OR state = 'ended')
            ) THEN
                REFUSE 'approved';
            ELSIF (other_words OR {changed("withdrawn_at")}) AND EXISTS (
                SELECT 1 FROM matching_match m JOIN matching_signature g ON g.match_id = m.id
                WHERE (m.helper_consent_id = NEW.id OR m.seeker_consent_id = NEW.id) AND m.state = 'accepted'
            ) THEN
                REFUSE 'signed';
            END IF;
        """,
    ),
    never_truncated("consents_are_never_truncated", _("Einwilligungen werden nie gelöscht.")),
]

SEATS = [
    Guard(
        "seat_keeps_covering_what_was_signed_on_it",
        _("Auf dieser Tandemstelle wurde schon etwas freigegeben. Seite und Zeitraum müssen dazu passen."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("office_id", "side", "user_id", "from_day", "until_day")),
        func="""
            IF EXISTS (
                SELECT 1 FROM matching_signature g JOIN matching_match m ON m.id = g.match_id
                WHERE g.seat_id = NEW.id AND (helfer_is_running(m.state) OR m.state = 'ended')
                    AND helfer_signature_refusal(g.id) IS NOT NULL
            ) THEN
                REFUSE;
            END IF;
        """,
    ),
]

_HOLDS_MODEL_IN_TOUCHED = hold_in_matches(
    HOLDS_MODEL, "SELECT id FROM matching_match WHERE id = ANY (touched) AND helfer_is_running(state)"
)

# Once for all rows of a statement: when the city's polygons change, everybody's district is written anew.
PERSONS = [
    Guard(
        "person_change_leaves_relief_matches_allowed",
        MODEL_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(  # type: ignore[no-untyped-call]
            old="old_rows", new="new_rows"
        ),
        declare=[("touched", "bigint[]"), *REFUSAL],
        func=f"""
            WITH changed AS (
                SELECT now.id FROM new_rows now JOIN old_rows before ON before.id = now.id
                WHERE before.birth_year IS DISTINCT FROM now.birth_year
                    OR before.district_id IS DISTINCT FROM now.district_id
            )
            SELECT array_agg(m.id) INTO touched
            FROM matching_match m
            JOIN catalogue_compensationmodel c ON c.id = m.compensation_model_id
            JOIN helpers_helperprofile h ON h.id = m.helper_id
            JOIN help_requests_helprequest r ON r.id = m.request_id
            JOIN people_helpseeker s ON s.id = r.help_seeker_id
            WHERE EXISTS (SELECT 1 FROM changed) AND helfer_is_open(m.state) AND c.slug = '{RELIEF_AMOUNT}'
                AND (h.person_id IN (SELECT id FROM changed) OR s.person_id IN (SELECT id FROM changed));

            IF touched IS NOT NULL THEN
                PERFORM helfer_write_versions(helper_id, request_id)
                FROM (SELECT * FROM matching_match WHERE id = ANY (touched) ORDER BY helper_id) AS found;
                {_HOLDS_MODEL_IN_TOUCHED}
            END IF;
        """,
    ),
]

HELP_SEEKERS = [
    # The help seeker's own row is written here, and by every match that comes to run: there they meet.
    Guard(
        "help_seeker_change_leaves_matches_allowed",
        MODEL_SENTENCES | PAIR_SENTENCES | OTHER_PERSON,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("care_level", "lives_at_home", "person_id")),
        declare=REFUSAL,
        func=keep_their_person(
            "m.request_id IN (SELECT id FROM help_requests_helprequest WHERE help_seeker_id = NEW.id)"
        )
        + hold_in_matches(
            HOLDS_MODEL,
            """
            SELECT m.id FROM matching_match m JOIN help_requests_helprequest r ON r.id = m.request_id
            WHERE r.help_seeker_id = NEW.id AND helfer_is_running(m.state)
            """,
        )
        + hold_in_matches(
            HOLDS_PAIR,
            """
            SELECT m.id FROM matching_match m JOIN help_requests_helprequest r ON r.id = m.request_id
            WHERE r.help_seeker_id = NEW.id AND helfer_is_open(m.state)
            """,
        ),
    ),
]

_ALL_RUNNING = "SELECT m.id FROM matching_match m WHERE helfer_is_running(m.state)"

OFFICES = [
    Guard(
        "office_change_leaves_relief_matches_allowed",
        MODEL_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("municipality_id")),
        declare=REFUSAL,
        func=hold_in_matches(HOLDS_MODEL, _ALL_RUNNING),
    ),
]
DISTRICTS = [
    Guard(
        "district_change_leaves_relief_matches_allowed",
        MODEL_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("municipality_id")),
        declare=REFUSAL,
        func=hold_in_matches(HOLDS_MODEL, _ALL_RUNNING),
    ),
]
