"""Which loaded barriers lie between a place and others: one query for all of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.gis.geos import Point
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from helfer.places.walking.estimate import Crossed

# A gap farther from the straight line than this is no help to somebody on foot.
OPENING_REACH_M = 2_000
NEAREST_OPENINGS = 20

# The line is straight in degrees: over twenty kilometres a few metres beside the geodesic.
_CROSSED = """
WITH way AS MATERIALIZED (
    SELECT n, ST_MakeLine(
               ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), ST_SetSRID(ST_MakePoint(lon, lat), 4326)
           ) AS line
      FROM unnest(%(ns)s::bigint[], %(lons)s::float8[], %(lats)s::float8[]) AS far (n, lon, lat)
     WHERE (lon, lat) <> (%(lon)s::float8, %(lat)s::float8)
), crossed AS MATERIALIZED (
    SELECT way.n, barrier.kind, barrier.name,
           min(ST_LineLocatePoint(way.line, ST_ClosestPoint(barrier.line, way.line))) AS after
      FROM way JOIN places_barrier barrier ON ST_Intersects(barrier.line, way.line)
     GROUP BY way.n, barrier.kind, barrier.name
)
SELECT crossed.n, crossed.kind, crossed.name, near.lons, near.lats
  FROM crossed
  JOIN way ON way.n = crossed.n
 CROSS JOIN LATERAL (
       SELECT array_agg(ST_X(point)) AS lons, array_agg(ST_Y(point)) AS lats
         FROM (
              SELECT opening.point::geometry AS point
                FROM places_barrieropening opening
               WHERE opening.kind = crossed.kind AND opening.name = crossed.name
                 AND ST_DWithin(opening.point, way.line::geography, %(reach_m)s)
               ORDER BY ST_Distance(opening.point, way.line::geography), opening.id
               LIMIT %(nearest)s
              ) AS opening
       ) AS near
 ORDER BY crossed.n, crossed.after, crossed.kind, crossed.name
"""


def crossed_barriers(
    start: Point, ends: Mapping[int, Point], *, using: str = DEFAULT_DB_ALIAS
) -> dict[int, list[Crossed]]:
    """The barriers between the start and each end, in their order; stretches of one name count once."""
    found: dict[int, list[Crossed]] = {}
    if not ends:
        return found
    with connections[using].cursor() as cursor:
        cursor.execute(
            _CROSSED,
            {
                "lon": start.x,
                "lat": start.y,
                "ns": list(ends),
                "lons": [end.x for end in ends.values()],
                "lats": [end.y for end in ends.values()],
                "reach_m": OPENING_REACH_M,
                "nearest": NEAREST_OPENINGS,
            },
        )
        for key, kind, name, lons, lats in cursor.fetchall():
            openings = tuple(zip(lons or (), lats or (), strict=True))
            found.setdefault(key, []).append(Crossed(kind, name, openings))
    return found
