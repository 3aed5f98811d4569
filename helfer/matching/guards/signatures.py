"""The tandem's yes: when it may be given, and that it stays."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.core.guards import Guard, never_truncated

from .sentences import SIGNATURE_SENTENCES


def _write_versions(row: str) -> str:
    return f"""
        PERFORM helfer_write_versions(helper_id, request_id)
        FROM matching_match WHERE id = {row}.match_id;
    """


GUARDS = [
    Guard("signature_birth_writes_the_versions", operation=pgtrigger.Insert, func=_write_versions("NEW")),
    Guard("signature_removal_writes_the_versions", operation=pgtrigger.Delete, func=_write_versions("OLD")),
    Guard(
        "signature_is_given_once_both_sides_agreed",
        SIGNATURE_SENTENCES,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("refusal", "text")],
        func="""
            IF (SELECT state FROM matching_match WHERE id = NEW.match_id) <> 'accepted' THEN
                REFUSE 'not_accepted';
            END IF;
            refusal := helfer_signature_refusal(NEW.id);
            IF refusal IS NOT NULL THEN
                REFUSE refusal;
            ELSIF helfer_is_concerned(NEW.user_id, NEW.match_id) THEN
                REFUSE 'concerned';
            END IF;
        """,
    ),
    Guard(
        "signature_is_never_changed",
        _("Eine Freigabe wird nicht geändert."),
        operation=pgtrigger.Update,
    ),
    Guard(
        "signature_stays_once_its_match_is_approved",
        _("Diese Freigabe kann nicht mehr zurückgenommen werden."),
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func="""
            IF (SELECT state FROM matching_match WHERE id = OLD.match_id) <> 'accepted' THEN
                REFUSE;
            END IF;
        """,
    ),
    never_truncated("signatures_are_never_truncated", _("Freigaben werden nie gelöscht.")),
]
