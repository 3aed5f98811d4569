"""Everybody who is eligible for many requests at once: the pairs from which a city-wide run chooses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from helfer.matching.candidates.conditions import BEFORE_THE_WAY, SCORE, all_open, rounded
from helfer.matching.candidates.database import copied, read
from helfer.matching.candidates.questions import SEVERAL_REQUESTS, asked
from helfer.matching.candidates.searches import ANYWHERE, IN_REACH, IN_SIGHT, eligible, missed
from helfer.matching.gates import NEAR_MISS_WITHIN_M, Gate

# A city-wide run rounds more than a shortlist, so that sums of scores are whole numbers.
EDGE_DECIMALS = 6

# Only the Entlastungsbetrag is left, and for a further person: such a pair takes one of the Land's places.
_TAKES_RELIEF = """(NOT o.models && array_remove(a.models, a.relief)
       AND o.helper_id <> ALL(a.relief_served_by))"""


def _asked(which: str) -> str:
    # Neighbours one after the other: what was read for one is still at hand for the next.
    return f"{asked(f'{SEVERAL_REQUESTS} AND {which}')} ORDER BY role.id, person.home::geometry"


def _pairs(where: str) -> str:
    return f"""
SELECT a.request_id, o.helper_id, {rounded(f"({SCORE})", EDGE_DECIMALS)} AS score, {_TAKES_RELIEF},
       CASE WHEN {_TAKES_RELIEF} THEN COALESCE((a.rule).max_people, 0) ELSE 0 END::int,
       GREATEST(o.max_people - o.serves, 0), o.relief_serves
  FROM {eligible(f"{where} AND o.helper_id <> ALL(%(excluded)s::bigint[])")}"""


_NEARBY = f"""
COPY (
WITH asked AS MATERIALIZED ({_asked("NOT role.at_a_distance")}) {_pairs(IN_REACH)}
) TO STDOUT (FORMAT binary)
"""
# For a role at a distance a whole country comes into question, for each request anew.
_AT_A_DISTANCE = f"""
COPY (
WITH every AS MATERIALIZED ({_asked("role.at_a_distance")})
SELECT best.*
  FROM every
 CROSS JOIN LATERAL (
    WITH asked AS (SELECT every.*) {_pairs(ANYWHERE)}
     ORDER BY o.serves < o.max_people DESC, score DESC, o.helper_id
     LIMIT %(most)s
 ) best
) TO STDOUT (FORMAT binary)
"""

_NOT_EXCLUDED = "o.helper_id NOT IN (SELECT unnest(%(excluded)s::bigint[]))"
# Whoever only another gate keeps away is in reach.
_MISSED_IN_REACH = f"""
WITH asked AS MATERIALIZED ({_asked("NOT role.at_a_distance")})
SELECT a.request_id, o.gate, count(*)
  FROM {missed(f"{IN_REACH} AND {_NOT_EXCLUDED}")}
 WHERE o.gate <> '{Gate.DISTANCE}'
 GROUP BY a.request_id, o.gate
"""
_MISSED_AT_A_DISTANCE = f"""
WITH asked AS MATERIALIZED ({_asked("role.at_a_distance")})
SELECT a.request_id, o.gate, count(*)
  FROM {missed(f"{IN_SIGHT} AND {_NOT_EXCLUDED}")}
 GROUP BY a.request_id, o.gate
"""


def _too_far(found: str) -> str:
    """Those among the offers found for whom every gate is open but that of the distance."""
    return f"""
SELECT request_id, '{Gate.DISTANCE}', count(*)
  FROM (
    SELECT a.request_id, a.max_distance_m, o.radius_m, ST_Distance(o.home, a.place) AS metres
      FROM {found} AND {all_open(*BEFORE_THE_WAY)}
    OFFSET 0
  ) far
 WHERE metres <= {NEAR_MISS_WITHIN_M} AND metres > LEAST(radius_m, max_distance_m)
 GROUP BY request_id
"""


_TOO_FAR = f"""
WITH asked AS MATERIALIZED ({_asked("NOT role.at_a_distance")}) {
    _too_far(f"asked a JOIN matching_offer o ON {IN_SIGHT} AND {_NOT_EXCLUDED}")
}"""


def _cell(role: str, x: str, y: str) -> str:
    """A fifth of a degree each way and role, as one number: by several the planner would rather sort."""
    return f"(({role} * 10000 + floor({x})::int + 5000) * 10000 + floor({y})::int + 5000)"


def _fifths(low: str, high: str) -> str:
    """So many cells from one border of the box to the other; as an array, of which few are expected."""
    return f"unnest(ARRAY(SELECT generate_series(floor({low} * 5)::int, floor({high} * 5)::int)))"


_FIFTHS_OF_HOME = ("ST_X(o.home::geometry) * 5", "ST_Y(o.home::geometry) * 5")
# Every offer is read once, one after the other, and meets the requests whose sight touches its cell.
_TOO_FAR_OF_MANY = f"""
WITH asked AS MATERIALIZED ({_asked("NOT role.at_a_distance")}),
in_sight AS MATERIALIZED (
    SELECT a.request_id, {_cell("a.role_id", "x", "y")} AS cell
      FROM asked a
     CROSS JOIN LATERAL (SELECT helfer_reach(a.point, {NEAR_MISS_WITHIN_M + 1}) AS box OFFSET 0) sight
     CROSS JOIN LATERAL {_fifths("ST_XMin(box)", "ST_XMax(box)")} x
     CROSS JOIN LATERAL {_fifths("ST_YMin(box)", "ST_YMax(box)")} y
) {
    _too_far(
        f'''(
        SELECT o.*, unnest(request_ids) AS request_id
          FROM (
            SELECT o.*, {_cell("o.role_id", *_FIFTHS_OF_HOME)} AS cell
              FROM matching_offer o
             WHERE {_NOT_EXCLUDED}
            OFFSET 0
          ) o
          JOIN (SELECT cell, array_agg(request_id) AS request_ids FROM in_sight GROUP BY cell) requests
            ON requests.cell = o.cell
        OFFSET 0
      ) o JOIN asked a ON a.request_id = o.request_id'''
    )
}"""

# From so many requests on, reading all offers once is quicker than finding each one's neighbours.
MANY = 100

# PostgreSQL's binary form: a header, rows (number of fields, then each field's length and value), an end.
_HEADER, _END = 19, 2
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("length_1", ">i4"), ("request_id", ">i8"),
        ("length_2", ">i4"), ("helper_id", ">i8"),
        ("length_3", ">i4"), ("score", ">i8"),
        ("length_4", ">i4"), ("takes_relief", "?"),
        ("length_5", ">i4"), ("relief_limit", ">i4"),
        ("length_6", ">i4"), ("free_places", ">i4"),
        ("length_7", ">i4"), ("relief_serves", ">i4"),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Edges:
    """Eligible pairs as columns, in the order of request and helper."""

    request_ids: npt.NDArray[np.int64]
    helper_ids: npt.NDArray[np.int64]
    # Rounded to six decimals, in millionths.
    scores: npt.NDArray[np.int64]
    # Whether the pair needs one of the helper's places under § 45b; how many the Land gives (0: no limit).
    takes_relief: npt.NDArray[np.bool_]
    relief_limit: npt.NDArray[np.int32]
    # Of the helper, the same in each pair: places left, and people served under § 45b.
    free_places: npt.NDArray[np.int32]
    relief_serves: npt.NDArray[np.int32]

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.request_ids)


def edges(
    *,
    on: date,
    request_ids: Sequence[int],
    excluding_helpers: Collection[int] = (),
    most: int | None = None,
) -> Edges:
    """All pairs of these requests for which every gate is open on that day, with their scores.

    Requests that name their helper are not searched and must not be among them. With ``most``, of a request
    for a role at a distance only the best so many: with as many requests in a run, no optimum can need more,
    since the other requests leave at least one of them free.
    """
    values = {**_values(on, request_ids), "excluded": list(excluding_helpers), "most": most}
    rows = np.concatenate([_copied(statement, values) for statement in (_NEARBY, _AT_A_DISTANCE)])
    rows = rows[np.lexsort((rows["helper_id"], rows["request_id"]))]
    return Edges(
        request_ids=rows["request_id"].astype(np.int64),
        helper_ids=rows["helper_id"].astype(np.int64),
        scores=rows["score"].astype(np.int64),
        takes_relief=rows["takes_relief"].astype(np.bool_),
        relief_limit=rows["relief_limit"].astype(np.int32),
        free_places=rows["free_places"].astype(np.int32),
        relief_serves=rows["relief_serves"].astype(np.int32),
    )


def near_miss_gates(
    *,
    on: date,
    request_ids: Sequence[int],
    excluding_helpers: Collection[int] = (),
    many: int = MANY,
) -> dict[int, dict[Gate, int]]:
    """How many near misses these requests have, by gate; a request without any is left out.

    Best asked once for all of them: from ``many`` on, all offers are read one after the other.
    """
    counts: dict[int, dict[Gate, int]] = {}
    values = {**_values(on, request_ids), "excluded": list(excluding_helpers)}
    too_far = _TOO_FAR if len(request_ids) < many else _TOO_FAR_OF_MANY
    for statement in (_MISSED_IN_REACH, too_far, _MISSED_AT_A_DISTANCE):
        for request_id, gate, number in read(statement, values):
            counts.setdefault(request_id, {})[Gate(gate)] = number
    return counts


def _values(on: date, request_ids: Sequence[int]) -> dict[str, Any]:
    return {
        "on": on,
        "request_ids": list(request_ids),
        "installation": settings.HELFER_MUNICIPALITY[0],
    }


def _copied(statement: str, values: dict[str, Any]) -> npt.NDArray[np.void]:
    """The rows of a COPY, without a Python object for each value."""
    content = copied(statement, values)
    count, rest = divmod(len(content) - _HEADER - _END, _ROW.itemsize)
    if rest:
        raise AssertionError("a row that is longer or shorter than the others")
    return np.frombuffer(content, dtype=_ROW, count=count, offset=_HEADER)
