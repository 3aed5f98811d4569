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
from helfer.matching.candidates.questions import GIVEN, ONE_REQUEST, array, asked
from helfer.matching.facts import DEFAULT_LANGUAGE
from helfer.matching.gates import NEAR_MISS_WITHIN_M, NEVER_A_NEAR_MISS, Gate
from helfer.matching.ranking import WEIGHTS

# Whose own circle may reach the place: by the box around it, which the index finds.
IN_REACH = "o.role_id = a.role_id AND o.reach && a.point"
ANYWHERE = "o.role_id = a.role_id"
# A metre more than a near miss may be away, for rounding; the distance itself decides.
IN_SIGHT = f"o.role_id = a.role_id AND ST_DWithin(o.home, a.place, {NEAR_MISS_WITHIN_M + 1})"
OWN_OFFICE = "o.office_id IS NOT DISTINCT FROM a.office_id"


# What is told of the request in one column, part after part.
BETWEEN = "|"


def offers(where: str, gates: str) -> str:
    """The offers there for which these gates are open, each with its distance, reckoned once and last."""
    return f"""(
    SELECT o.*, ST_Distance(o.home, a.place) AS metres
      FROM matching_offer o
     WHERE {where}
       AND {gates}
    OFFSET 0
) o"""


def scored(where: str) -> str:
    """The offers there for which every gate is open, with the weighted parts of the score."""
    return f"""{offers(where, all_open(*BEFORE_THE_WAY))}
CROSS JOIN LATERAL (
    SELECT {WEIGHTED_PARTS}
    OFFSET 0
) part
WHERE {OPEN_WHEN[Gate.DISTANCE]}"""


def eligible(where: str) -> str:
    """Everybody for whom every gate is open, for each request that is asked."""
    return f"asked a CROSS JOIN LATERAL {scored(where)}"


def candidates(where: str) -> str:
    """The best of one request with what the sentences need, and how many there are.

    What is true of the request stands in every row, and in the only one where nobody is eligible. Setting a
    plan up takes longer than searching by it, so this one has as few steps and columns as may be; lists are
    sent only where something is said of them.
    """
    parts = ", ".join(f"part.{name}" for name in WEIGHTS)
    told = f", '{BETWEEN}', ".join(
        [
            "asked.place IS NOT NULL",
            "asked.times",
            f"array_to_string(NULLIF(asked.languages, {array([DEFAULT_LANGUAGE])}), ',')",
            "array_to_string(asked.models, ',')",
            "array_to_string(asked.model_slugs, ',')",
            "asked.number",
        ]
    )
    return f"""
SELECT COALESCE(best.eligible, 0), a.told,
       best.helper_id, best.number, best.given_name, best.family_name, COALESCE(district.name, ''),
       best.own_office, a.home_is_exact AND best.home_is_exact,
       best.metres, best.languages, best.common_times, best.models, best.serves, best.max_people, best.days,
       best.pets_unclear, best.smokers_unclear, best.score, {", ".join(f"best.{name}" for name in WEIGHTS)}
  FROM (
    SELECT asked.*,
           asked.languages <> {array([DEFAULT_LANGUAGE])} AS languages_matter,
           concat({told}) AS told,
           cardinality(asked.models) > 1 AS models_differ
      FROM ({asked(ONE_REQUEST)}) asked
    OFFSET 0
  ) a
  LEFT JOIN LATERAL (
    SELECT o.helper_id, COALESCE(NULLIF(o.number, ''), o.helper_id::text) AS number,
           o.given_name, o.family_name, o.district_id, o.home_is_exact,
           o.office_id IS NOT DISTINCT FROM a.office_id AS own_office, o.metres,
           CASE WHEN a.languages_matter THEN array_to_string(o.languages, ',') END AS languages,
           o.times & a.times AS common_times, CASE WHEN a.models_differ THEN o.models END AS models,
           o.serves, o.max_people, a.asked_on - o.last_proposed_on AS days,
           o.no_pets AND a.has_pets = '' AS pets_unclear,
           o.no_smokers AND a.has_smokers = '' AS smokers_unclear,
           {parts}, {SCORE} AS score, {rounded(f"({SCORE})")} AS rank, count(*) OVER () AS eligible
      FROM {scored(where)}
     ORDER BY rank DESC, o.metres, o.helper_id
     LIMIT %(limit)s
  ) best ON TRUE
  LEFT JOIN places_district district ON district.id = best.district_id
 ORDER BY best.rank DESC, best.metres, best.helper_id
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
WITH asked AS MATERIALIZED ({GIVEN})
SELECT o.helper_id, o.metres, o.round_m FROM {missed(where, nearest_first=True)}
"""


CANDIDATES_IN_REACH = candidates(IN_REACH)
CANDIDATES_ANYWHERE = candidates(ANYWHERE)
NEAREST = nearest(IN_SIGHT)
NEAREST_OWN = nearest(f"{IN_SIGHT} AND {OWN_OFFICE}")
MISSED_ELSEWHERE = f"""
WITH asked AS MATERIALIZED ({GIVEN})
SELECT o.gate, count(*) FROM {missed(f"{IN_SIGHT} AND NOT {OWN_OFFICE}")} GROUP BY o.gate
"""
