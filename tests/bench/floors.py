"""The bare scans that everything is measured against: ids only, prepared, by the same connection.

Each question is asked in several forms; the fastest one counts. All forms find the same helpers.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from helfer.helpers.models import MAX_RADIUS_M
from tests.bench.databases import prepared
from tests.bench.measuring import Series, Work, in_turns
from tests.bench.places import Place

POINT = "%(point)s::geometry"
HOME = "%(point)s::geography"
# A second table with nothing but what the scan needs, found in the index alone.
LEAN = "helfer_bench_lean"
MAKE_LEAN = f"""
    CREATE UNLOGGED TABLE {LEAN} AS
        SELECT helper_id, role_id, radius_m, home, ST_X(home::geometry) AS lon, ST_Y(home::geometry) AS lat,
               box(point(ST_XMax(reach), ST_YMax(reach)), point(ST_XMin(reach), ST_YMin(reach))) AS reach
          FROM matching_offer WHERE home IS NOT NULL
"""
INDEX_LEAN = f"""
    CREATE INDEX ON {LEAN} USING gist (role_id, reach) INCLUDE (helper_id, radius_m, lon, lat)
"""
IN_LEAN = """role_id = %(role)s::bigint
    AND reach && box(point(ST_X(%(point)s::geometry), ST_Y(%(point)s::geometry)),
                     point(ST_X(%(point)s::geometry), ST_Y(%(point)s::geometry)))
    AND ST_Distance(ST_MakePoint(lon, lat)::geography, %(point)s::geography) <= radius_m"""


def farther(metres: int) -> dict[str, str]:
    """Whose own radius, so many metres wider, reaches the place."""
    wider = f"radius_m + {metres}" if metres else "radius_m"
    bound = MAX_RADIUS_M + metres
    forms = {
        "constant bound first (GiST role + home), then the own radius": f"""
            SELECT helper_id FROM matching_offer
             WHERE role_id = %(role)s::bigint AND ST_DWithin(home, {HOME}, {bound})
               AND ST_Distance(home, {HOME}) <= {wider}
        """,
    }
    if metres:
        forms["box of the radius and box of the metres (GiST role + reach), then ST_Distance"] = f"""
            SELECT helper_id FROM matching_offer
             WHERE role_id = %(role)s::bigint AND reach && helfer_reach({POINT}, {metres})
               AND ST_Distance(home, {HOME}) <= {wider}
        """
        return forms
    return forms | {
        "box of the radius (GiST role + reach), then ST_DWithin": f"""
            SELECT helper_id FROM matching_offer
             WHERE role_id = %(role)s::bigint AND reach && {POINT} AND ST_DWithin(home, {HOME}, radius_m)
        """,
        "box of the radius (GiST role + reach), then ST_Distance": f"""
            SELECT helper_id FROM matching_offer
             WHERE role_id = %(role)s::bigint AND reach && {POINT} AND ST_Distance(home, {HOME}) <= radius_m
        """,
        "table of its own, native boxes, from the index alone": f"""
            SELECT helper_id FROM {LEAN} WHERE {IN_LEAN}
        """,
    }


def within(metres: int) -> dict[str, str]:
    """Who of that role lives nearer than so many metres."""
    return {
        "ST_DWithin (GiST role + home)": f"""
            SELECT helper_id FROM matching_offer
             WHERE role_id = %(role)s::bigint AND ST_DWithin(home, {HOME}, {metres})
        """,
        "box around the place (GiST role + home), then ST_Distance": f"""
            SELECT helper_id FROM matching_offer
             WHERE role_id = %(role)s::bigint AND home && _ST_Expand({HOME}, {metres})
               AND ST_Distance(home, {HOME}) <= {metres}
        """,
    }


def make_lean() -> None:
    """The second table, if it is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [LEAN])
        is_there = cursor.fetchone() != (None,)
        if is_there:
            # Not logged: after a crash the server has emptied it.
            cursor.execute(f"SELECT EXISTS (SELECT FROM {LEAN})")
            is_there = cursor.fetchone() == (True,)
        if not is_there:
            cursor.execute(f"DROP TABLE IF EXISTS {LEAN}")
            cursor.execute(MAKE_LEAN)
            cursor.execute(INDEX_LEAN)
            # What the server would do by itself, sooner or later.
            cursor.execute("VACUUM ANALYZE")


def fastest(
    forms: Mapping[str, str], places: Sequence[Place], *, rng: random.Random, rounds: int = 3
) -> tuple[str, dict[str, Series]]:
    """The name of the form with the lowest median, and the times of all."""
    times = {name: Series() for name in forms}
    for place in places:
        found = {name: sorted(scan(sql, place)) for name, sql in forms.items()}
        if any(rows != next(iter(found.values())) for rows in found.values()):
            raise AssertionError("the forms of a bare scan find different helpers")
        works = {name: _scan(sql, place) for name, sql in forms.items()}
        for name, values in in_turns(works, rounds=rounds, rng=rng).items():
            times[name].values.extend(values)
    return min(times, key=lambda name: times[name].median), times


def scan(sql: str, place: Place) -> list[Any]:
    """The ids that one form finds."""
    return prepared(sql, place.parameters, from_index_alone=LEAN in sql)


def _scan(sql: str, place: Place) -> Work:
    return lambda: scan(sql, place)
