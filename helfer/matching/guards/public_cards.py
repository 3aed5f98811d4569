"""Whatever a public card rests on: a change that it no longer agrees with takes it down at once.

A card goes with the two that stand beside it: one that vanishes alone would be told by the difference. The
two come back with others at the next publication. What ``helfer_recall_public_offers`` does stands in the
migration ``public_offers_are_recalled``.
"""

from __future__ import annotations

import pgtrigger

from helfer.core.guards import Guard, changed, sql

_OPERATIONS = {"changed": pgtrigger.Update, "removed": pgtrigger.Delete}
_ALL = "ARRAY(SELECT helper_id FROM matching_publicoffermember)"
_OF_PERSON = "ARRAY(SELECT id FROM helpers_helperprofile WHERE person_id = {person})"


def _recall(change: str, things: str, helper_ids: str, *columns: str) -> Guard:
    return Guard(
        f"public_cards_follow_{change}_{things}",
        when=pgtrigger.After,
        operation=_OPERATIONS[change],
        condition=sql(changed(*columns)) if columns else None,
        func=f"PERFORM helfer_recall_public_offers({helper_ids});",
    )


def _of_helper(things: str, column: str, *columns: str) -> list[Guard]:
    return [
        _recall("changed", things, f"ARRAY[OLD.{column}]", column, *columns),
        _recall("removed", things, f"ARRAY[OLD.{column}]"),
        Guard(
            f"public_cards_follow_emptied_{things}",
            when=pgtrigger.After,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func=f"PERFORM helfer_recall_public_offers({_ALL});",
        ),
    ]


CARDS = _of_helper(
    "cards",
    "helper_id",
    "consent_id",
    "name",
    "district_id",
    "quarter_id",
    "role_ids",
    "half_days",
    "languages",
    "model_ids",
    "training_ids",
)
ROLES = _of_helper("roles", "helperprofile_id", "role_id")
MODELS = _of_helper("models", "helperprofile_id", "compensationmodel_id")
CERTIFICATES = _of_helper("proofs", "helper_id", "training_id", "verified_at")
HELPERS = [
    _recall("changed", "helpers", "ARRAY[OLD.id]", "person_id", "state", "only_for_id", "languages", "times"),
    _recall("removed", "helpers", "ARRAY[OLD.id]"),
]
PERSONS = [
    _recall(
        "changed",
        "persons",
        _OF_PERSON.format(person="OLD.id"),
        "given_name",
        "died_on",
        "moved_on",
        "merged_into_id",
        "district_id",
        "quarter_id",
    )
]
CONSENTS = [
    _recall(
        "changed", "consents", _OF_PERSON.format(person="OLD.person_id"), "person_id", "kind", "withdrawn_at"
    )
]
