"""Whatever a listed request rests on: a change that it no longer agrees with takes it down at once.

Three go together; of one or two that are left over, the line stays as long as one is there. What
``helfer_recall_public_wanted`` does stands in the migrations.
"""

from __future__ import annotations

import pgtrigger

from helfer.core.guards import Guard, changed, sql

_OF_PERSON = (
    "ARRAY(SELECT q.id FROM help_requests_helprequest q JOIN people_helpseeker s ON s.id = q.help_seeker_id"
    " WHERE s.person_id = {person} ORDER BY q.id)"
)


def _recall(name: str, operation: pgtrigger.Operation, request_ids: str, *columns: str) -> Guard:
    return Guard(
        name,
        when=pgtrigger.After,
        operation=operation,
        condition=sql(changed(*columns)) if columns else None,
        func=f"PERFORM helfer_recall_public_wanted({request_ids});",
    )


LISTINGS = [
    _recall(
        "public_wanted_follows_changed_listings",
        pgtrigger.Update,
        "ARRAY[OLD.request_id]",
        "request_id",
        "consent_id",
        "role_id",
        "district_id",
        "half_days",
        "languages",
    ),
    _recall("public_wanted_follows_removed_listings", pgtrigger.Delete, "ARRAY[OLD.request_id]"),
    Guard(
        "public_wanted_follows_emptied_listings",
        when=pgtrigger.After,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func=(
            "PERFORM helfer_recall_public_wanted("
            "ARRAY(SELECT request_id FROM matching_publicwantedmember ORDER BY request_id));"
        ),
    ),
]
REQUESTS = [
    _recall(
        "public_wanted_follows_changed_requests",
        pgtrigger.Update,
        "ARRAY[OLD.id]",
        "state",
        "role_id",
        "help_seeker_id",
        "languages",
        "times",
        "named_helper_id",
        "import_digest",
    ),
]
PERSONS = [
    _recall(
        "public_wanted_follows_changed_persons",
        pgtrigger.Update,
        _OF_PERSON.format(person="OLD.id"),
        "died_on",
        "moved_on",
        "merged_into_id",
        "district_id",
    )
]
ROLES = [
    _recall(
        "public_wanted_follows_how_roles_are_shown",
        pgtrigger.Update,
        "ARRAY(SELECT id FROM help_requests_helprequest WHERE role_id = OLD.id ORDER BY id)",
        "shown_publicly_as_id",
    )
]
CONSENTS = [
    _recall(
        "public_wanted_follows_changed_consents",
        pgtrigger.Update,
        _OF_PERSON.format(person="OLD.person_id"),
        "person_id",
        "kind",
        "withdrawn_at",
    )
]
SEEKERS = [
    _recall(
        "public_wanted_follows_changed_seekers",
        pgtrigger.Update,
        _OF_PERSON.format(person="OLD.person_id"),
        "person_id",
    )
]
