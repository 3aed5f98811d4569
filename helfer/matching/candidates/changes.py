"""The statements behind what-if: how many more would pass if one thing about a request were different.

Each reads those within reach whom nothing keeps away but the gates that the change touches (within a wider
reach, where the way is what changes), and asks these gates once more.
"""

from __future__ import annotations

from helfer.matching.candidates.conditions import (
    BEFORE_THE_WAY,
    OPEN_WHEN,
    PROOFS,
    REACH_M,
    all_open,
    relief_holds,
    relief_is_open,
)
from helfer.matching.candidates.questions import GIVEN
from helfer.matching.candidates.searches import ANYWHERE, IN_REACH, offers
from helfer.matching.gates import Gate

FARTHER_M = (200, 400, 800)


def _kept_away_by(*touched: Gate, where: str, beside: str = "") -> str:
    """Those whom nothing but these gates keeps away, ``beside`` something else that is read of each."""
    others = (gate for gate in BEFORE_THE_WAY if gate not in touched)
    return f"""asked a
 CROSS JOIN LATERAL {offers(where, f"{all_open(*others)} AND NOT ({all_open(*touched)})")} {beside}
 WHERE {OPEN_WHEN[Gate.DISTANCE]}"""


def _farther() -> str:
    """How many are too far by no more than each of ``FARTHER_M``."""
    # Where the own circle does not reach the place, but some place so much nearer.
    wider = f"o.role_id = a.role_id AND o.reach && helfer_reach(a.point, {max(FARTHER_M)})"
    counts = ", ".join(f"count(*) FILTER (WHERE o.metres - {REACH_M} <= {metres})" for metres in FARTHER_M)
    return f"""
WITH asked AS MATERIALIZED ({GIVEN})
SELECT {counts}
  FROM asked a CROSS JOIN LATERAL {offers(wider, all_open(*BEFORE_THE_WAY))}
 WHERE NOT {OPEN_WHEN[Gate.DISTANCE]}
"""


def _courses(where: str) -> str:
    """For each training that the role requires or the Land accepts: how many lack only that one.

    A training counts for what it includes, over any number of steps.
    """
    return f"""
WITH RECURSIVE asked AS MATERIALIZED ({GIVEN}),
wanted AS MATERIALIZED (
    SELECT training_id, bool_or(is_required) AS is_required
      FROM (SELECT training_id, TRUE AS is_required
              FROM asked a JOIN catalogue_role_required_trainings USING (role_id)
            UNION ALL
            SELECT training_id, FALSE
              FROM asked a JOIN catalogue_landrule_qualifications ON landrule_id = (a.rule).id) named
     GROUP BY training_id
),
good_for (training_id, proof_id) AS (
    SELECT training_id, training_id FROM wanted WHERE is_required
    UNION
    SELECT good_for.training_id, step.from_training_id
      FROM good_for JOIN catalogue_training_includes step ON step.to_training_id = good_for.proof_id
),
kept_away AS MATERIALIZED (
    SELECT (a.rule).qualifications,
           CASE WHEN {OPEN_WHEN[Gate.TRAININGS]} THEN '{{}}'::bigint[] ELSE ARRAY(
               SELECT training_id FROM wanted WHERE is_required
               EXCEPT
               SELECT good_for.training_id FROM good_for WHERE good_for.proof_id IN (
                   SELECT proof.training_id FROM {PROOFS})
           ) END AS lacking,
           {OPEN_WHEN[Gate.RELIEF_AMOUNT]} AS relief_is_open,
           {relief_is_open(relief_holds("TRUE"))} AS relief_needs_no_more
      FROM {_kept_away_by(Gate.TRAININGS, Gate.RELIEF_AMOUNT, where=where)}
)
SELECT training.slug, training.name, count(*)
  FROM wanted
  JOIN catalogue_training training ON training.id = wanted.training_id
  JOIN kept_away ON lacking <@ ARRAY(SELECT training_id FROM good_for WHERE proof_id = training.id)
   AND (relief_is_open OR relief_needs_no_more AND training.id = ANY(qualifications))
 GROUP BY wanted.is_required, training.id
 ORDER BY wanted.is_required DESC, training.id
"""


def _half_days(where: str) -> str:
    """For each further half-day, by its number in the week: how many have it."""
    return f"""
WITH asked AS MATERIALIZED ({GIVEN}),
kept_away AS (SELECT o.times FROM {_kept_away_by(Gate.TIMES, where=where)})
SELECT slot, count(*) FROM kept_away JOIN generate_series(0, 20) slot ON times >> slot & 1 = 1 GROUP BY slot
"""


def _models(where: str) -> str:
    """For each further financial model that the role allows: how many accept it, its conditions fulfilled."""
    each_model = "CROSS JOIN LATERAL unnest(o.models) further (model)"
    return f"""
WITH asked AS MATERIALIZED ({GIVEN}),
kept_away AS MATERIALIZED (
    SELECT a.relief, further.model,
           further.model IS DISTINCT FROM a.relief OR {relief_holds()} AS fits
      FROM {_kept_away_by(Gate.COMPENSATION, Gate.RELIEF_AMOUNT, where=where, beside=each_model)}
       AND further.model = ANY(a.allowed) AND further.model <> ALL(a.models)
)
SELECT model.slug, model.name, count(*)
  FROM kept_away JOIN catalogue_compensationmodel model ON model.id = kept_away.model
 WHERE fits
 GROUP BY model.id
"""


# Each by whether the role is one at a distance.
FARTHER = _farther()
COURSES = {False: _courses(IN_REACH), True: _courses(ANYWHERE)}
HALF_DAYS = {False: _half_days(IN_REACH), True: _half_days(ANYWHERE)}
MODELS = {False: _models(IN_REACH), True: _models(ANYWHERE)}
