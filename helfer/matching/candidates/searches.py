"""The statements that search one request: who is eligible, best first; who nearly is, nearest first.

The questions, the gates and the score are written in ``questions.py`` and ``conditions.py``.
"""

from __future__ import annotations

from helfer.matching.candidates.conditions import (
    BEFORE_THE_WAY,
    CLOSED_GATE,
    OPEN_WHEN,
    SCORE,
    WEIGHTED_PARTS,
    all_open,
    number_closed,
    rounded,
)
from helfer.matching.candidates.questions import IS_EXACT, ONE_REQUEST, asked
from helfer.matching.gates import NEAR_MISS_WITHIN_M, NEVER_A_NEAR_MISS, Gate
from helfer.matching.ranking import WEIGHTS

# Whose own circle may reach the place: by the box around it, which the index finds.
IN_REACH = "o.role_id = a.role_id AND o.reach && a.point"
ANYWHERE = "o.role_id = a.role_id"
# A metre more than a near miss may be away, for rounding; the distance itself decides.
IN_SIGHT = f"o.role_id = a.role_id AND ST_DWithin(o.home, a.place, {NEAR_MISS_WITHIN_M + 1})"
OWN_OFFICE = "o.office_id IS NOT DISTINCT FROM a.office_id"


def offers(where: str, gates: str) -> str:
    """The offers there for which these gates are open, each with its distance, reckoned once and last."""
    return f"""(
    SELECT o.*, ST_Distance(o.home, a.place) AS metres
      FROM matching_offer o
     WHERE {where}
       AND {gates}
    OFFSET 0
) o"""


def eligible(where: str) -> str:
    """Everybody for whom every gate is open, with the weighted parts of the score."""
    return f"""asked a
CROSS JOIN LATERAL {offers(where, all_open(*BEFORE_THE_WAY))}
CROSS JOIN LATERAL (
    SELECT {WEIGHTED_PARTS}
    OFFSET 0
) part
WHERE {OPEN_WHEN[Gate.DISTANCE]}"""


def candidates(where: str) -> str:
    """The best of one request with what the sentences need, and how many there are.

    What is true of the request stands in every row (lists only in the first), and in the only one where
    nobody is eligible.
    """

    def first_row(column: str) -> str:
        return f"CASE WHEN COALESCE(nth, 1) = 1 THEN {column} END"

    parts = ", ".join(f"part.{name} AS {name}_part" for name in WEIGHTS)
    return f"""
WITH asked AS MATERIALIZED ({asked(ONE_REQUEST)}),
best AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY rank DESC, metres, helper_id) AS nth, found.*
      FROM (
        SELECT o.helper_id, o.office_id, o.metres, o.languages, o.times & a.times AS common_times,
               o.models, o.serves, o.max_people, a.asked_on - o.last_proposed_on AS days,
               o.no_pets AND a.has_pets = '' AS pets_unclear,
               o.no_smokers AND a.has_smokers = '' AS smokers_unclear,
               {parts}, {SCORE} AS score, {rounded(f"({SCORE})")} AS rank, count(*) OVER () AS eligible
          FROM {eligible(where)}
         ORDER BY rank DESC, o.metres, o.helper_id
         LIMIT %(limit)s
      ) found
)
SELECT COALESCE(best.eligible, 0), a.number, a.office_id, a.place IS NOT NULL,
       a.at_a_distance, a.home_is_exact, a.times,
       {first_row("a.languages")}, {first_row("a.models")}, {first_row("a.model_slugs")},
       best.helper_id, helper.number, person.given_name, person.family_name, COALESCE(district.name, ''),
       best.office_id, {IS_EXACT} AS home_is_exact,
       metres, best.languages, common_times, best.models, serves, best.max_people, days,
       continuity_part > 0 AS know_each_other, pets_unclear, smokers_unclear, score,
       {", ".join(f"{name}_part" for name in WEIGHTS)}
  FROM asked a
  LEFT JOIN (best
             JOIN helpers_helperprofile helper ON helper.id = best.helper_id
             JOIN people_person person ON person.id = helper.person_id
             LEFT JOIN places_district district ON district.id = person.district_id) ON TRUE
 ORDER BY nth
"""


# A near miss fails one gate besides the role and the pair; everybody in the table is active.
_MAY_MISS = tuple(gate for gate in BEFORE_THE_WAY if gate not in NEVER_A_NEAR_MISS)


def missed(where: str, *, nearest_first: bool = False) -> str:
    """The near misses there, each with its distance and the one gate that is closed."""
    return f"""asked a CROSS JOIN LATERAL (
    SELECT o.*, {CLOSED_GATE} AS gate FROM (
        SELECT o.*, ST_Distance(o.home, a.place) AS metres FROM (
            SELECT o.*, o.home <-> a.place AS round_m, {number_closed(*_MAY_MISS)} AS closed
              FROM matching_offer o
             WHERE {where}
               AND {all_open(*(NEVER_A_NEAR_MISS - {Gate.ROLE}))}
             {"ORDER BY o.home <-> a.place" if nearest_first else ""}
            OFFSET 0
        ) o WHERE o.closed <= 1 OFFSET 0
    ) o
    WHERE o.metres <= {NEAR_MISS_WITHIN_M} AND o.closed + {number_closed(Gate.DISTANCE)} = 1
    {"LIMIT %(limit)s" if nearest_first else ""}
) o"""


def nearest(where: str) -> str:
    """The ids of the first near misses of one request, in the order of the sphere."""
    return f"""
WITH asked AS MATERIALIZED ({asked(ONE_REQUEST)})
SELECT o.helper_id, o.metres, o.round_m FROM {missed(where, nearest_first=True)}
"""


CANDIDATES_IN_REACH = candidates(IN_REACH)
CANDIDATES_ANYWHERE = candidates(ANYWHERE)
NEAREST = nearest(IN_SIGHT)
NEAREST_OWN = nearest(f"{IN_SIGHT} AND {OWN_OFFICE}")
MISSED_ELSEWHERE = f"""
WITH asked AS MATERIALIZED ({asked(ONE_REQUEST)})
SELECT o.gate, count(*) FROM {missed(f"{IN_SIGHT} AND NOT {OWN_OFFICE}")} GROUP BY o.gate
"""
