"""What the database itself holds about proofs: of an inspection there is never a file."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.core.guards import Guard, changed, sql

# Whoever changes a training's evidence type waits for this lock, and whoever waits here reads anew.
_EVIDENCE_TYPE = """
    SELECT evidence_type INTO STRICT evidence FROM catalogue_training WHERE id = NEW.training_id FOR SHARE;
"""
_DECLARE = [("evidence", "TEXT")]
_SENTENCES = {
    "file": _("Von einer Einsichtnahme wird nie eine Datei aufbewahrt."),
    "seen": _("Zu einer Einsichtnahme gehört, wer wann gesehen hat und bis wann das vermerkt bleibt."),
}
_HOLD_INSPECTION = (
    _EVIDENCE_TYPE
    + """
    IF evidence = 'inspection' AND NEW.file <> '' THEN REFUSE 'file'; END IF;
    IF evidence = 'inspection'
        AND (NEW.seen_on IS NULL OR NEW.seen_by_id IS NULL OR NEW.delete_by IS NULL)
    THEN
        REFUSE 'seen';
    END IF;
"""
)

CERTIFICATES = [
    Guard(
        "inspection_is_noted_without_a_file",
        _SENTENCES,
        operation=pgtrigger.Insert,
        declare=_DECLARE,
        func=_HOLD_INSPECTION,
    ),
    Guard(
        "inspection_stays_without_a_file",
        _SENTENCES,
        operation=pgtrigger.Update,
        condition=sql(changed("training_id", "file", "seen_on", "seen_by_id", "delete_by")),
        declare=_DECLARE,
        func=_HOLD_INSPECTION,
    ),
]

TRAININGS = [
    Guard(
        "training_becomes_inspection_only_without_files",
        {
            "kept": _("Zu dieser Schulung gibt es Nachweise, die keine Einsichtnahmen sind."),
            "isolation": _("Die Art des Nachweises lässt sich so nicht ändern. Bitte noch einmal versuchen."),
        },
        operation=pgtrigger.Update,
        condition=sql("OLD.evidence_type <> 'inspection' AND NEW.evidence_type = 'inspection'"),
        # In another isolation the look below would miss proofs that were being written a moment ago.
        func="""
            IF current_setting('transaction_isolation') <> 'read committed' THEN REFUSE 'isolation'; END IF;
            IF EXISTS (
                SELECT 1 FROM helpers_certificate
                WHERE training_id = NEW.id
                    AND (file <> '' OR seen_on IS NULL OR seen_by_id IS NULL OR delete_by IS NULL)
            ) THEN
                REFUSE 'kept';
            END IF;
        """,
    ),
]
