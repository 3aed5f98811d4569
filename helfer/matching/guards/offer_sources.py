"""Whatever an offer rests on: a change of it brings the offers in line, in the same statement.

Every trigger looks at a statement's rows as a whole, and asks for nothing where no column changed that an
offer holds. What the functions do that are called here stands in migrations 0009, 0010 and 0021.
"""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger
from django.utils.translation import gettext_noop as _

from helfer.core.guards import Guard, sql

CHANGES = {
    "new": (pgtrigger.Insert, pgtrigger.Referencing(new="new_rows")),  # type: ignore[no-untyped-call]
    "changed": (
        pgtrigger.Update,
        pgtrigger.Referencing(old="old_rows", new="new_rows"),  # type: ignore[no-untyped-call]
    ),
    "removed": (pgtrigger.Delete, pgtrigger.Referencing(old="old_rows")),  # type: ignore[no-untyped-call]
    "emptied": (pgtrigger.Truncate, None),
}
# A change of the catalogue must see every helper that is being entered at this moment.
ISOLATION = _(
    "Was viele Angebote auf einmal betrifft, lässt sich so nicht ändern. Bitte noch einmal versuchen."
)


def _follow(
    change: str, things: str, func: str, sentence: str = "", declare: Iterable[tuple[str, str]] = ()
) -> Guard:
    operation, referencing = CHANGES[change]
    return Guard(
        f"offers_follow_{change}_{things}",
        sentence,
        when=pgtrigger.After,
        operation=operation,
        level=pgtrigger.Statement,
        referencing=referencing,
        declare=declare,
        func=func,
    )


_BEFORE_AND_NOW = "FROM old_rows before FULL JOIN new_rows now ON now.id = before.id"


def _differ(*columns: str) -> str:
    """Whether a statement wrote other values into a row."""
    before, now = (
        ", ".join(column.format(row=row) if "{" in column else f"{row}.{column}" for column in columns)
        for row in ("before", "now")
    )
    return f"({before}) IS DISTINCT FROM ({now})"


def _differing(result: str, *columns: str) -> str:
    """What the rows hold in a column that a statement wrote with other values, before and after."""
    return (
        f"(SELECT unnest(ARRAY[before.{result}, now.{result}]) AS {result} {_BEFORE_AND_NOW}"
        f" WHERE {_differ(*columns)}) AS differing"
    )


def _rows(change: str, result: str, *columns: str) -> str:
    tables = {
        "new": "new_rows",
        "removed": "old_rows",
        "changed": f"{_differing(result, *columns)} WHERE {result} IS NOT NULL",
    }
    return tables[change]


def _ids(expression: str, source: str) -> str:
    """An array of ids, ascending, as everybody writes them."""
    return f"ARRAY(SELECT DISTINCT {expression} FROM {source} ORDER BY 1)"


def _refresh(helper_ids: str, part: str = "") -> str:
    """Bring the helpers' offers in line: all of them, or one part of those that are there."""
    return f"PERFORM helfer_refresh_offers{part and '_'}{part}({helper_ids});"


def _refresh_needing(training_ids: str, role_ids: str) -> str:
    return f"""
        IF NOT helfer_refresh_offers_needing({training_ids}, {role_ids}) THEN
            REFUSE;
        END IF;
    """


EVERYBODY = "IF NOT helfer_rebuild_offers() THEN REFUSE; END IF;"


def of_helpers(things: str, helper: str, *columns: str, part: str = "", new: str = "") -> list[Guard]:
    """Rows that belong to a helper, of which these columns matter, for this part of the offers."""
    return [
        *(
            _follow(
                change,
                things,
                _refresh(
                    _ids(helper, _rows(change, helper, helper, *columns)),
                    part if change != "new" else new or part,
                ),
            )
            for change in ("new", "changed", "removed")
        ),
        _follow("emptied", things, EVERYBODY, ISOLATION),
    ]


# Whether a helper has offers at all, and whose; what else of the profile stands in them.
BEING_THERE = ("id", "person_id", "state")
PROFILE = (
    "office_id",
    "only_for_id",
    "radius_m",
    "languages",
    "times",
    "max_people",
    "no_pets",
    "no_smokers",
    "number",
)
OF_PERSON = (
    "home",
    "gender",
    "given_name",
    "family_name",
    "district_id",
    "location_quality",
    "location_to_confirm",
)

HELPERS = [
    # Whoever changes this person right now, and cannot see the new profile, is met at the person's version.
    _follow(
        "new",
        "helpers",
        f"""
        PERFORM helfer_meet_about_persons({_ids("person_id", "new_rows")});
        {
            _refresh(
                _ids(
                    "new_rows.id",
                    "new_rows JOIN helpers_helperprofile_roles role ON role.helperprofile_id = new_rows.id",
                )
            )
        }
        """,
    ),
    _follow(
        "changed",
        "helpers",
        f"""
        IF EXISTS (SELECT 1 FROM {_differing("id", *BEING_THERE, *PROFILE)}) THEN
            PERFORM helfer_meet_about_persons({
            _ids("person_id", _rows("changed", "person_id", "person_id"))
        });
            {_refresh(_ids("id", _rows("changed", "id", *BEING_THERE)))}
            {_refresh(_ids("id", _rows("changed", "id", *PROFILE)), "profile")}
        END IF;
        """,
    ),
    _follow("removed", "helpers", _refresh(_ids("id", "old_rows"))),
]

PERSONS = [
    # Only where a profile was written before its person, within one transaction.
    _follow(
        "new",
        "persons",
        _refresh(
            _ids("helper.id", "new_rows JOIN helpers_helperprofile helper ON helper.person_id = new_rows.id")
        ),
    ),
    _follow(
        "changed",
        "persons",
        f"""
        SELECT array_agg(DISTINCT each.id) FILTER (WHERE {_differ("id", "died_on", "merged_into_id")}),
            array_agg(DISTINCT each.id) FILTER (WHERE {_differ(*OF_PERSON)})
        INTO lives, profiles
        {_BEFORE_AND_NOW} CROSS JOIN LATERAL unnest(ARRAY[before.id, now.id]) AS each (id)
        WHERE each.id IS NOT NULL;
        PERFORM helfer_refresh_offers_of_persons(lives);
        PERFORM helfer_refresh_profiles_of_persons(profiles);
        """,
        declare=[("lives", "bigint[]"), ("profiles", "bigint[]")],
    ),
]

ROLES = of_helpers("roles", "helperprofile_id", "role_id", new="roles")
MODELS = of_helpers("models", "helperprofile_id", "compensationmodel_id", part="models")
PAUSES = of_helpers("pauses", "helper_id", "from_day", "until_day", part="away")
CERTIFICATES = of_helpers(
    "proofs",
    "helper_id",
    "training_id",
    "issued_on",
    "valid_until",
    "{row}.verified_at IS NOT NULL",
    part="qualified",
)

# Matches are never deleted; neither are helpers, persons, roles or requests emptied, which would take matches
# along.
MATCHES = [
    _follow("new", "matches", _refresh(_ids("helper_id", "new_rows"), "matches")),
    _follow(
        "changed",
        "matches",
        _refresh(
            _ids(
                "helper_id",
                _rows(
                    "changed",
                    "helper_id",
                    "helper_id",
                    "request_id",
                    "compensation_model_id",
                    "proposed_at",
                    "helfer_is_running({row}.state)",
                ),
            ),
            "matches",
        ),
    ),
]
REQUESTS = [
    # Whoever changes a match of this request right now has written the request's version and is met there.
    _follow(
        "changed",
        "requests",
        _refresh(
            _ids(
                "m.helper_id",
                _differing("id", "id", "help_seeker_id")
                + " JOIN matching_match m ON m.request_id = differing.id",
            ),
            "matches",
        ),
    ),
]

_NONE = "'{}'::bigint[]"

TRAININGS = [
    # Only where a proof was written before its training, within one transaction.
    _follow(
        "new",
        "trainings",
        _refresh_needing(
            _ids("new_rows.id", "new_rows JOIN helpers_certificate c ON c.training_id = new_rows.id"), _NONE
        ),
        ISOLATION,
    ),
    _follow(
        "changed",
        "trainings",
        _refresh_needing(_ids("id", _rows("changed", "id", "id", "grace_days")), _NONE),
        ISOLATION,
    ),
]
INCLUDED_TRAININGS = [
    *(
        _follow(
            change,
            "inclusions",
            _refresh_needing(
                _ids("to_training_id", _rows(change, "to_training_id", "from_training_id", "to_training_id")),
                _NONE,
            ),
            ISOLATION,
        )
        for change in ("new", "changed", "removed")
    ),
    _follow("emptied", "inclusions", EVERYBODY, ISOLATION),
]
REQUIRED_TRAININGS = [
    *(
        _follow(
            change,
            "requirements",
            _refresh_needing(_NONE, _ids("role_id", _rows(change, "role_id", "role_id", "training_id"))),
            ISOLATION,
        )
        for change in ("new", "changed", "removed")
    ),
    _follow("emptied", "requirements", EVERYBODY, ISOLATION),
]

KEEPING = [
    # The net below helfer_hold_offers_back(): whatever happens, the offers are right in the end.
    Guard(
        "offers_held_back_are_kept_in_the_end",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        condition=sql("NEW.is_held_back"),
        func="PERFORM helfer_catch_offers_up();",
    ),
]
