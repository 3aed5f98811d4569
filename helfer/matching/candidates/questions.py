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
from helfer.places.laender import LAND_BY_DIGITS
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
ONE_REQUEST = "request.id = %(request_id)s"
SEVERAL_REQUESTS = "request.id = ANY(%(request_ids)s)"

# Where the help seeker lives decides which Land's rule holds; else whose office, else whose installation.
_MUNICIPALITY_KEY = """COALESCE(
    (SELECT town.key FROM places_district district JOIN places_municipality town
         ON town.id = district.municipality_id WHERE district.id = person.district_id),
    (SELECT town.key FROM people_office office JOIN places_municipality town
         ON town.id = office.municipality_id WHERE office.id = COALESCE(seeker.office_id, request.office_id)),
    %(installation)s)"""

# The rule of that Land on D, of the request that is looked at.
IN_FORCE = f"""rule.land = ({array(LAND_BY_DIGITS.values())})[
               array_position({array(LAND_BY_DIGITS)}, left({_MUNICIPALITY_KEY}, 2))]
       AND rule.valid_from <= said.first_day
       AND (rule.valid_until IS NULL OR rule.valid_until >= said.first_day)
     ORDER BY rule.valid_from DESC
     LIMIT 1"""

_ASKED = f"""
SELECT request.id AS request_id, request.number, request.office_id, request.max_distance_m,
       request.wanted_gender, request.has_pets, request.has_smokers,
       seeker.id AS seeker_id, person.id AS seeker_person_id,
       person.home AS place, person.home::geometry AS point, {IS_EXACT} AS home_is_exact,
       role.id AS role_id, role.at_a_distance,
       said.*, common.*, rule.*, ties.*, past.*, known.*
  FROM help_requests_helprequest request
  JOIN people_helpseeker seeker ON seeker.id = request.help_seeker_id
  JOIN people_person person ON person.id = seeker.person_id
  JOIN catalogue_role role ON role.id = request.role_id
 CROSS JOIN LATERAL (
    SELECT %(on)s::date AS asked_on,
           GREATEST(%(on)s::date, request.starts_on) AS first_day,
           CASE request.languages WHEN '{{}}' THEN {array([DEFAULT_LANGUAGE])}
               ELSE request.languages::text[] END AS languages,
           COALESCE((SELECT bit_or(1 << array_position({array(SLOTS)}, wished) - 1)
                       FROM unnest(request.times) wished), 0) AS times,
           ARRAY(SELECT compensationmodel_id FROM catalogue_role_compensation_models
                  WHERE role_id = role.id) AS by_role,
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
  LEFT JOIN LATERAL (
    SELECT rule.id AS rule_id, rule.individuals_allowed AND seeker.lives_at_home AND seeker.care_level IN (
               {words(level for level in CareLevel if level.number)}) AS relief_is_possible,
           rule.max_people AS relief_people,
           date_part('year', said.first_day) - rule.min_age AS born_until,
           EXISTS (SELECT FROM catalogue_landrule_qualifications WHERE landrule_id = rule.id) AS is_qualified,
           ARRAY(WITH RECURSIVE good (id) AS (
                     SELECT training_id FROM catalogue_landrule_qualifications WHERE landrule_id = rule.id
                     UNION
                     SELECT step.from_training_id FROM catalogue_training_includes step
                       JOIN good ON good.id = step.to_training_id
                 ) SELECT id FROM good) AS qualifications
      FROM catalogue_landrule rule
     WHERE {{rule_matters}}
       AND {IN_FORCE}
 ) rule ON TRUE
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
 CROSS JOIN LATERAL (
    -- Whoever asks for help today may have been the helper then.
    SELECT ARRAY(SELECT helped.person_id
                   FROM helpers_helperprofile mine JOIN matching_match m ON m.helper_id = mine.id
                   JOIN help_requests_helprequest theirs ON theirs.id = m.request_id
                   JOIN people_helpseeker helped ON helped.id = theirs.help_seeker_id
                  WHERE mine.person_id = person.id
                    AND m.state = '{MatchState.ENDED}' AND m.ended_well) AS helped_well
    OFFSET 0
 ) known
 WHERE {{which}}
"""


# The Land's rule is looked up only where the Entlastungsbetrag is among the models that are left.
_RULE_MATTERS = "common.relief = ANY(common.models)"


def asked(which: str, *, rule_matters: str = _RULE_MATTERS) -> str:
    """The questions of these requests; ``rule_matters`` says when the Land's rule is looked up."""
    return _ASKED.replace("{which}", which).replace("{rule_matters}", rule_matters)
