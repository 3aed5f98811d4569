"""Helpers, their proofs, requests and the catalogue: what of them a match rests on."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.catalogue.models import RELIEF_AMOUNT, RESPITE_CARE
from helfer.core.guards import Guard, changed, sql

from .people import HOLDS_MODEL, HOLDS_PAIR, REFUSAL, hold_in_matches
from .sentences import MODEL_SENTENCES, PAIR_SENTENCES

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
        MODEL_SENTENCES | PAIR_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("person_id")),
        declare=REFUSAL,
        func=hold_in_matches(
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
        MODEL_SENTENCES
        | PAIR_SENTENCES
        | {"max_people": _("Die Helferin oder der Helfer hilft schon so vielen Menschen wie vereinbart.")},
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=sql(changed("help_seeker_id", "office_id")),
        declare=REFUSAL,
        func=hold_in_matches(HOLDS_PAIR, _OF_REQUEST + "helfer_is_open(state)")
        + hold_in_matches(HOLDS_MODEL, _OF_REQUEST + "helfer_is_running(state)")
        + """
            IF EXISTS (
                SELECT 1 FROM helpers_helperprofile h
                WHERE h.id IN (
                    SELECT helper_id FROM matching_match
                    WHERE request_id = NEW.id AND helfer_is_running(state)
                ) AND helfer_people_served(h.id) > h.max_people
            ) THEN
                REFUSE 'max_people';
            END IF;
        """,
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
