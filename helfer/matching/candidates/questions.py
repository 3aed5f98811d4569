"""What a search asks of the helpers, in SQL: one row for each request, read in the statement that searches.

It says the same as ``ask()``, which answers for one pair and for the sentences; the tests hold them together.
"""

from __future__ import annotations

from collections.abc import Iterable

from helfer.catalogue.models import RELIEF_AMOUNT, UNPAID
from helfer.core.slots import SLOTS
from helfer.matching.facts import DEFAULT_LANGUAGE
from helfer.matching.lifecycle import OPEN, REFUSED, RUNNING, MatchState
from helfer.people.models import CareLevel, TieKind
from helfer.people.models.ties import RELIEF_EXCLUDING
from helfer.places.models import LocationQuality


def words(values: Iterable[str]) -> str:
    """Words of the code as a list in SQL; never anything that somebody typed."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def array(values: Iterable[str]) -> str:
    """Words of the code as an array in SQL, in this order."""
    return f"'{{{','.join(values)}}}'::text[]"


# A home that is known to the house, so that its distance may be told to the metre.
IS_EXACT = f"""(person.location_quality IN ({words([LocationQuality.ADDRESS, LocationQuality.MANUAL])})
       AND NOT person.location_to_confirm)"""
ONE_REQUEST = "request.id = %(request_id)s AND request.role_id IS NOT NULL"
SEVERAL_REQUESTS = "request.id = ANY(%(request_ids)s)"

# Where the help seeker lives decides which Land's rule holds; else whose office, else whose installation.
WHERE_THE_LAND_IS = """person.district_id, COALESCE(seeker.office_id, request.office_id), %(installation)s"""

_ASKED = f"""
SELECT request.id AS request_id, request.number, request.office_id, request.max_distance_m,
       request.wanted_gender, request.has_pets, request.has_smokers,
       seeker.id AS seeker_id, person.id AS seeker_person_id,
       person.home AS place, person.home::geometry AS point, {IS_EXACT} AS home_is_exact,
       request.role_id, {{at_a_distance}} AS at_a_distance,
       said.asked_on, said.first_day,
       CASE request.languages WHEN '{{}}' THEN {array([DEFAULT_LANGUAGE])}
           ELSE request.languages::text[] END AS languages,
       said.times, common.*, ties.*, past.*,
       -- Whoever asks for help today may have been the helper then.
       CASE WHEN EXISTS (SELECT FROM helpers_helperprofile WHERE person_id = person.id)
           THEN helfer_helped_well(person.id) ELSE '{{}}' END AS helped_well,
       seeker.lives_at_home AND seeker.care_level IN (
           {words(level for level in CareLevel if level.number)}) AS has_relief,
       CASE WHEN {{rule_matters}}
           THEN helfer_land_rule({WHERE_THE_LAND_IS}, said.first_day) END AS rule
  FROM help_requests_helprequest request
  JOIN people_helpseeker seeker ON seeker.id = request.help_seeker_id
  JOIN people_person person ON person.id = seeker.person_id
  {{role}}
 CROSS JOIN LATERAL (
    SELECT %(on)s::date AS asked_on,
           GREATEST(%(on)s::date, request.starts_on) AS first_day,
           COALESCE((SELECT bit_or(1 << array_position({array(SLOTS)}, wished) - 1)
                       FROM unnest(request.times) wished), 0) AS times,
           ARRAY(SELECT compensationmodel_id FROM catalogue_role_compensation_models
                  WHERE role_id = request.role_id) AS by_role,
           ARRAY(SELECT compensationmodel_id FROM help_requests_helprequest_compensation_models
                  WHERE helprequest_id = request.id) AS named
    OFFSET 0
 ) said
 CROSS JOIN LATERAL (
    SELECT array_agg(id) FILTER (WHERE is_allowed) AS allowed,
           COALESCE(array_agg(id) FILTER (WHERE is_allowed AND is_possible), '{{}}') AS models,
           array_agg(slug::text) FILTER (WHERE is_allowed AND is_possible) AS model_slugs,
           max(id) FILTER (WHERE slug = '{RELIEF_AMOUNT}') AS relief
      FROM (SELECT id, slug, id = ANY(said.by_role) AS is_allowed,
                   CASE said.named WHEN '{{}}' THEN slug = '{UNPAID}'
                        ELSE id = ANY(said.named) END AS is_possible
              FROM catalogue_compensationmodel) model
 ) common
 CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(other) FILTER (WHERE kind = '{TieKind.BLOCK}'), '{{}}') AS blocked,
           COALESCE(array_agg(other) FILTER (WHERE kind IN ({words(RELIEF_EXCLUDING)})), '{{}}') AS tied
      FROM (SELECT person_b_id AS other, kind FROM people_tie WHERE person_a_id = person.id
            UNION ALL
            SELECT person_a_id, kind FROM people_tie WHERE person_b_id = person.id) tie
 ) ties
 CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(m.helper_id) FILTER (
               WHERE m.request_id = request.id AND m.state IN ({words(OPEN | REFUSED)})), '{{}}') AS tried,
           COALESCE(array_agg(m.helper_id) FILTER (
               WHERE m.state IN ({words(RUNNING)})), '{{}}') AS served_by,
           COALESCE(array_agg(m.helper_id) FILTER (
               WHERE m.state IN ({words(RUNNING)}) AND m.compensation_model_id = common.relief), '{{}}')
               AS relief_served_by,
           COALESCE(array_agg(m.helper_id) FILTER (
               WHERE m.state = '{MatchState.ENDED}' AND m.ended_well), '{{}}') AS went_well_with
      FROM help_requests_helprequest theirs JOIN matching_match m ON m.request_id = theirs.id
     WHERE theirs.help_seeker_id = seeker.id
 ) past
 WHERE {{which}}
"""


# The Land's rule is looked up only where the Entlastungsbetrag is among the models that are left.
_RULE_MATTERS = "common.relief = ANY(common.models)"


def asked(which: str, *, rule_matters: str = _RULE_MATTERS) -> str:
    """The questions of these requests; ``rule_matters`` says when the Land's rule is looked up."""
    if which == ONE_REQUEST:
        # Whoever surveys one request has its role at hand.
        role, at_a_distance = "", "%(at_a_distance)s::boolean"
    else:
        role, at_a_distance = "JOIN catalogue_role role ON role.id = request.role_id", "role.at_a_distance"
    return (
        _ASKED.replace("{which}", which)
        .replace("{rule_matters}", rule_matters)
        .replace("{role}", role)
        .replace("{at_a_distance}", at_a_distance)
    )


# What the gates ask, as a program keeps it that has read it once: in the database's own words.
_KEPT = {
    "role_id": "bigint", "at_a_distance": "boolean", "office_id": "bigint", "first_day": "date",
    "place": "geography", "point": "geometry", "max_distance_m": "integer",
    "wanted_gender": "text", "has_pets": "text", "has_smokers": "text",
    "languages": "text[]", "times": "integer",
    "seeker_id": "bigint", "seeker_person_id": "bigint", "blocked": "bigint[]", "tied": "bigint[]",
    "tried": "bigint[]", "served_by": "bigint[]", "relief_served_by": "bigint[]",
    "allowed": "bigint[]", "models": "bigint[]", "relief": "bigint", "has_relief": "boolean",
    "rule": "helfer_land_terms",
}  # fmt: skip
KEPT = tuple(_KEPT)
# Read once for everything that is asked after the candidates …
ASKED_ONCE = f"""
SELECT {", ".join(f"a.{name}::text" for name in _KEPT)}
  FROM ({asked(ONE_REQUEST, rule_matters="TRUE")} OFFSET 0) a
"""
# … and told to each of these statements.
GIVEN = f"SELECT {', '.join(f'%({name})s::{kind} AS {name}' for name, kind in _KEPT.items())}"
