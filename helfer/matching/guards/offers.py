"""Helpers, their proofs, requests and the catalogue: what of them a match rests on."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.catalogue.models import RELIEF_AMOUNT, RESPITE_CARE
from helfer.core.guards import Guard, changed, sql

from .people import HOLDS_MODEL, HOLDS_PAIR, REFUSAL, hold_in_matches, keep_their_person
from .sentences import MODEL_SENTENCES, OTHER_PERSON, PAIR_SENTENCES

HELPERS = [
    # The helper's own row is written here, and by every match that comes to run: that is the meeting place.
    Guard(
        "max_people_covers_the_people_served",
        _("So vielen Menschen wird schon geholfen. Beenden Sie zuerst eine Vermittlung."),
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql("NEW.max_people < OLD.max_people"),
        func="IF helfer_people_served(NEW.id) > NEW.max_people THEN REFUSE; END IF;",
    ),
    Guard(
        "helper_change_leaves_matches_allowed",
        MODEL_SENTENCES | PAIR_SENTENCES | OTHER_PERSON,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("person_id")),
        declare=REFUSAL,
        func=keep_their_person("m.helper_id = NEW.id")
        + hold_in_matches(
            HOLDS_MODEL,
            "SELECT id FROM matching_match WHERE helper_id = NEW.id AND helfer_is_running(state)",
        )
        + hold_in_matches(
            HOLDS_PAIR, "SELECT id FROM matching_match WHERE helper_id = NEW.id AND helfer_is_open(state)"
        ),
    ),
]

CERTIFICATES = [
    # A further proof breaks no match; one that shrinks or goes must be seen by whoever approves right now.
    Guard(
        "certificate_change_writes_the_helpers_version",
        operation=pgtrigger.Update,
        condition=sql(changed("helper_id", "training_id", "issued_on", "valid_until", "verified_at")),
        func="UPDATE helpers_helperprofile SET version = version + 1 WHERE id = OLD.helper_id;",
    ),
    Guard(
        "certificate_removal_writes_the_helpers_version",
        operation=pgtrigger.Delete,
        func="UPDATE helpers_helperprofile SET version = version + 1 WHERE id = OLD.helper_id;",
    ),
]

_OF_REQUEST = "SELECT id FROM matching_match WHERE request_id = NEW.id AND "

REQUESTS = [
    Guard(
        "request_change_writes_the_helpers_versions",
        operation=pgtrigger.Update,
        condition=sql(changed("help_seeker_id", "office_id")),
        func="""
            UPDATE helpers_helperprofile SET version = version + 1
            WHERE id IN (
                SELECT helper_id FROM matching_match WHERE request_id = NEW.id AND helfer_is_open(state)
            );
        """,
    ),
    Guard(
        "request_change_leaves_matches_allowed",
        MODEL_SENTENCES | PAIR_SENTENCES | OTHER_PERSON,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("help_seeker_id", "office_id")),
        declare=REFUSAL,
        func="""
            IF EXISTS (
                SELECT 1
                FROM people_helpseeker before, people_helpseeker now
                WHERE before.id = OLD.help_seeker_id AND now.id = NEW.help_seeker_id
                    AND helfer_surviving_person(before.person_id) <> helfer_surviving_person(now.person_id)
            ) AND EXISTS (
                SELECT 1 FROM matching_match WHERE request_id = NEW.id AND helfer_is_signed(id)
            ) THEN
                REFUSE 'other_person';
            END IF;
        """
        + hold_in_matches(HOLDS_PAIR, _OF_REQUEST + "helfer_is_open(state)")
        + hold_in_matches(HOLDS_MODEL, _OF_REQUEST + "helfer_is_running(state)"),
    ),
]

_FIXED_SLUGS = f"('{RELIEF_AMOUNT}', '{RESPITE_CARE}')"

COMPENSATION_MODELS = [
    Guard(
        "financial_model_with_rules_keeps_its_name",
        _("An diesem Kurznamen hängen gesetzliche Regeln. Er wird nicht geändert."),
        operation=pgtrigger.Update,
        condition=sql(f"OLD.slug <> NEW.slug AND (OLD.slug IN {_FIXED_SLUGS} OR NEW.slug IN {_FIXED_SLUGS})"),
    ),
]
