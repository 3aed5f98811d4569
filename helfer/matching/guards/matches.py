"""The life of a match: how it is born, moves, is approved, and what of it never changes."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.core.guards import Guard, changed, never_deleted, never_truncated, one_of, sql
from helfer.matching.lifecycle import (
    BEFORE_APPROVAL,
    CLOSED,
    REFUSED,
    RUNNING,
    RUNNING_NOT_PAUSED,
    TRANSITIONS,
    MatchState,
)

from .sentences import CONSENT_SENTENCES, MODEL_SENTENCES, PAIR_SENTENCES, SIGNATURE_SENTENCES

# What was agreed and signed: role, model, first day, way of the first contact, and the two yeses.
TERMS = (
    "role_id",
    "compensation_model_id",
    "starts_on",
    "first_contact",
    "helper_consent_id",
    "seeker_consent_id",
)
FROZEN_AT_PROPOSAL = (
    "request_id",
    "helper_id",
    "office_id",
    "lending_office_id",
    "signatures_required",
    "is_named_pair",
    "extends_id",
    "substitutes_for_id",
    "proposed_by_id",
    "proposed_at",
)
EMPTY_AT_BIRTH = (
    "approved_on",
    "first_contact_on",
    "active_on",
    "trial_confirmed_by_helper_on",
    "trial_confirmed_by_seeker_on",
    "paused_on",
    "closed_on",
    "ended_well",
)
# Free words about people may be blanked when their data are erased, even where all else stays.
FREE_WORDS = ("first_contact_note", "closing_note")


def _states(states: frozenset[MatchState]) -> str:
    return one_of(states, MatchState)


def _arrows() -> str:
    pairs = [(before, after) for before in MatchState for after in MatchState if after in TRANSITIONS[before]]
    return ", ".join(f"('{before}', '{after}')" for before, after in pairs)


def _columns_but(*left_out: str) -> str:
    return " - ".join(["to_jsonb({row})", *(f"'{column}'" for column in left_out)])


_IS_APPROVED_NOW = "OLD.state = 'accepted' AND NEW.state = 'approved'"
_WITHOUT_FREE_WORDS = _columns_but(*FREE_WORDS)
_REFUSE_IF_FOUND = "IF refusal IS NOT NULL THEN REFUSE refusal; END IF;"

OWN_ROW = [
    Guard(
        "match_is_born_proposed",
        _("Eine Vermittlung beginnt als Vorschlag, ohne Freigabe."),
        operation=pgtrigger.Insert,
        condition=sql(
            " OR ".join(
                ["NEW.state <> 'proposed'", *(f"NEW.{column} IS NOT NULL" for column in EMPTY_AT_BIRTH)]
            )
        ),
    ),
    Guard(
        "match_asks_for_the_signatures_of_its_role",
        _("Diese Tätigkeit verlangt mehr Freigaben, als für die Vermittlung vorgesehen sind."),
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("role_id"),  # type: ignore[no-untyped-call]
        func="""
            IF (TG_OP = 'INSERT' OR OLD.role_id IS DISTINCT FROM NEW.role_id) AND NEW.signatures_required < (
                SELECT signatures_required FROM catalogue_role WHERE id = NEW.role_id
            ) THEN
                REFUSE;
            END IF;
        """,
    ),
    Guard(
        "match_moves_only_along_the_arrows",
        {
            "no_arrow": _("Diesen Schritt gibt es im Leben einer Vermittlung nicht."),
            "paused_from": _("Eine pausierte Vermittlung kehrt nur dorthin zurück, wo sie war."),
        },
        operation=pgtrigger.Update,
        condition=sql(changed("state", "paused_from")),
        func=f"""
            IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_arrows()}) THEN
                REFUSE 'no_arrow';
            ELSIF NEW.state = 'paused' AND NEW.paused_from
                <> (CASE WHEN OLD.state = 'paused' THEN OLD.paused_from ELSE OLD.state END) THEN
                REFUSE 'paused_from';
            ELSIF OLD.state = 'paused' AND NEW.state NOT IN ('paused', 'ended', OLD.paused_from) THEN
                REFUSE 'paused_from';
            END IF;
        """,
    ),
    Guard(
        "match_that_is_over_stays_as_it_was",
        _("Eine abgeschlossene Vermittlung wird nicht mehr geändert."),
        operation=pgtrigger.Update,
        condition=sql(f"OLD.state IN {_states(CLOSED)} AND OLD.* IS DISTINCT FROM NEW.*"),
        func=f"""
            IF {_WITHOUT_FREE_WORDS.format(row="OLD")} <> {_WITHOUT_FREE_WORDS.format(row="NEW")}
                OR NEW.first_contact_note NOT IN ('', OLD.first_contact_note)
                OR NEW.closing_note NOT IN ('', OLD.closing_note) THEN
                REFUSE;
            END IF;
        """,
    ),
    Guard(
        "match_keeps_what_was_frozen_at_the_proposal",
        _("Das steht seit dem Vorschlag fest. Bitte ziehen Sie zurück und schlagen Sie neu vor."),
        operation=pgtrigger.Update,
        condition=sql(changed(*FROZEN_AT_PROPOSAL)),
    ),
    Guard(
        "match_keeps_its_terms_once_approved",
        _("Was freigegeben ist, wird nicht mehr geändert."),
        operation=pgtrigger.Update,
        condition=sql(f"OLD.state IN {_states(RUNNING)} AND ({changed(*TERMS, 'approved_on')})"),
    ),
    Guard(
        "match_has_its_day_of_approval_from_approval_on",
        _("Der Tag der Freigabe wird mit der Freigabe eingetragen."),
        operation=pgtrigger.Update,
        condition=sql(f"NEW.approved_on IS NOT NULL AND NEW.state IN {_states(BEFORE_APPROVAL | REFUSED)}"),
    ),
    never_deleted("match_is_never_deleted", _("Eine Vermittlung wird beendet, nie gelöscht.")),
    never_truncated("matches_are_never_truncated", _("Vermittlungen werden nie gelöscht.")),
]

# Two sessions that both change what a helper does meet here: one waits, or fails and may try again.
MEETING_PLACE = [
    Guard(
        "match_birth_writes_the_versions",
        operation=pgtrigger.Insert,
        func="PERFORM helfer_write_versions(NEW.helper_id, NEW.request_id);",
    ),
    Guard(
        "match_change_writes_the_versions",
        operation=pgtrigger.Update,
        condition=sql(changed("state", *TERMS)),
        func="PERFORM helfer_write_versions(NEW.helper_id, NEW.request_id);",
    ),
]

OTHER_ROWS = [
    Guard(
        "blocked_pair_is_never_open",
        PAIR_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("refusal", "text")],
        func=f"refusal := helfer_pair_refusal(NEW.id); {_REFUSE_IF_FOUND}",
    ),
    Guard(
        "match_extends_or_replaces_only_what_fits",
        {
            "extends": _("Erweitern lässt sich nur eine laufende Vermittlung desselben Paares."),
            "substitutes": _("Vertreten wird die Vermittlung derselben Anfrage durch jemand anderen."),
        },
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=sql("NEW.extends_id IS NOT NULL OR NEW.substitutes_for_id IS NOT NULL"),
        func="""
            IF NEW.extends_id IS NOT NULL AND NOT EXISTS (
                SELECT 1
                FROM matching_match other
                JOIN help_requests_helprequest theirs ON theirs.id = other.request_id
                JOIN help_requests_helprequest mine ON mine.id = NEW.request_id
                WHERE other.id = NEW.extends_id AND other.helper_id = NEW.helper_id
                    AND theirs.help_seeker_id = mine.help_seeker_id AND helfer_is_running(other.state)
            ) THEN
                REFUSE 'extends';
            ELSIF NEW.substitutes_for_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM matching_match principal
                WHERE principal.id = NEW.substitutes_for_id AND principal.request_id = NEW.request_id
                    AND principal.helper_id <> NEW.helper_id AND principal.substitutes_for_id IS NULL
            ) THEN
                REFUSE 'substitutes';
            END IF;
        """,
    ),
    Guard(
        "match_drops_signatures_before_its_terms_change",
        _("Dazu gibt es schon eine Freigabe. Sie gilt nur für das, was freigegeben wurde."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(f"OLD.state IN {_states(BEFORE_APPROVAL)} AND ({changed(*TERMS)})"),
        func="IF EXISTS (SELECT 1 FROM matching_signature WHERE match_id = NEW.id) THEN REFUSE; END IF;",
    ),
    Guard(
        "match_counts_only_the_yes_of_its_own_people",
        CONSENT_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(
            f"OLD.state IN {_states(BEFORE_APPROVAL)} AND NEW.state IN ('accepted', 'approved')"
            " AND OLD.state <> NEW.state"
        ),
        declare=[("refusal", "text")],
        func=f"refusal := helfer_consent_refusal(NEW.id); {_REFUSE_IF_FOUND}",
    ),
    Guard(
        "match_runs_only_when_signed",
        SIGNATURE_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(_IS_APPROVED_NOW),
        declare=[("given", "record"), ("refusal", "text")],
        # The seats are written, so that nobody shortens one's period at the same moment.
        func=f"""
            UPDATE people_seat SET version = version + 1
            WHERE id IN (SELECT seat_id FROM matching_signature WHERE match_id = NEW.id);

            SELECT count(DISTINCT user_id) AS people, count(DISTINCT side) AS sides, max(signed_on) AS last_on
            INTO given FROM matching_signature WHERE match_id = NEW.id;
            IF LEAST(given.people, given.sides) < NEW.signatures_required THEN
                REFUSE 'missing';
            ELSIF given.last_on > NEW.approved_on THEN
                REFUSE 'approved_earlier';
            END IF;
            SELECT min(helfer_signature_refusal(id)) INTO refusal
            FROM matching_signature WHERE match_id = NEW.id;
            {_REFUSE_IF_FOUND}
            IF EXISTS (
                SELECT 1 FROM matching_signature
                WHERE match_id = NEW.id AND helfer_is_concerned(user_id, NEW.id)
            ) THEN
                REFUSE 'concerned';
            END IF;
        """,
    ),
    Guard(
        "helper_serves_no_more_people_than_agreed",
        _("Diese Helferin oder dieser Helfer hilft schon so vielen Menschen wie vereinbart."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(_IS_APPROVED_NOW),
        func="""
            IF helfer_people_served(NEW.helper_id)
                > (SELECT max_people FROM helpers_helperprofile WHERE id = NEW.helper_id) THEN
                REFUSE;
            END IF;
        """,
    ),
    Guard(
        "certificates_count_at_approval_and_at_the_start",
        _("Ein nötiger Eignungsnachweis fehlt, ist nicht geprüft oder zählt nicht an beiden Tagen."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(_IS_APPROVED_NOW),
        func="""
            IF NOT helfer_trainings_count(NEW.helper_id, NEW.role_id, NEW.approved_on)
                OR NOT helfer_trainings_count(NEW.helper_id, NEW.role_id, NEW.starts_on) THEN
                REFUSE;
            END IF;
        """,
    ),
    Guard(
        "match_obeys_the_rules_of_its_financial_model",
        MODEL_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(_IS_APPROVED_NOW),
        declare=[("refusal", "text")],
        func=f"refusal := helfer_model_refusal(NEW.id, true); {_REFUSE_IF_FOUND}",
    ),
    Guard(
        "substitute_runs_only_while_its_principal_rests",
        _("Eine Vertretung läuft nur, solange die vertretene Vermittlung pausiert."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(f"{_IS_APPROVED_NOW} AND NEW.substitutes_for_id IS NOT NULL"),
        func="""
            IF (SELECT state FROM matching_match WHERE id = NEW.substitutes_for_id) <> 'paused' THEN
                REFUSE;
            END IF;
        """,
    ),
    Guard(
        "match_leaves_its_pause_after_its_substitute",
        _("Beenden Sie zuerst die Vertretung."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql("OLD.state = 'paused' AND NEW.state <> 'paused'"),
        func="""
            IF EXISTS (
                SELECT 1 FROM matching_match WHERE substitutes_for_id = NEW.id AND helfer_is_running(state)
            ) THEN
                REFUSE;
            END IF;
        """,
    ),
    Guard(
        "match_goes_on_only_while_both_agree",
        _("Eine Einwilligung wurde widerrufen. Die Vermittlung kann nur noch ruhen oder enden."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(
            f"OLD.state <> NEW.state AND OLD.state IN {_states(RUNNING)}"
            f" AND NEW.state IN {_states(RUNNING_NOT_PAUSED)}"
        ),
        func="""
            IF EXISTS (
                SELECT 1 FROM people_consent
                WHERE id IN (NEW.helper_consent_id, NEW.seeker_consent_id) AND withdrawn_at IS NOT NULL
            ) THEN
                REFUSE;
            END IF;
        """,
    ),
]

GUARDS = [*OWN_ROW, *MEETING_PLACE, *OTHER_ROWS]
