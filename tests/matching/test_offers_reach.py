"""Whose circle reaches where: the box that the search looks into first holds the whole circle."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db

LATITUDES = st.floats(47.2, 55.1)
LONGITUDES = st.floats(5.8, 15.1)


@given(
    LONGITUDES,
    LATITUDES,
    st.integers(100, 20_000),
    st.lists(st.tuples(st.integers(0, 360).map(float), st.floats(0.9, 1)), min_size=20, max_size=20),
)
def test_no_point_within_the_radius_is_outside_of_the_reach(
    longitude: float, latitude: float, radius_m: int, ways: list[tuple[float, float]]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE ST_DWithin(home, place, %(radius)s)),
                count(*) FILTER (
                    WHERE ST_DWithin(home, place, %(radius)s)
                        AND NOT helfer_reach(home::geometry, %(radius)s) && place::geometry
                )
            FROM (SELECT ST_MakePoint(%(lon)s, %(lat)s)::geography) AS home (home),
                LATERAL (
                    SELECT ST_Project(home, %(radius)s * share, radians(towards))
                    FROM unnest(%(towards)s::float[], %(shares)s::float[]) AS way (towards, share)
                ) AS place (place)
            """,
            {
                "lon": longitude,
                "lat": latitude,
                "radius": radius_m,
                "towards": [0.0, 90.0, 180.0, 270.0, 89.9, *(towards for towards, _ in ways)],
                "shares": [0.9999999] * 5 + [share for _, share in ways],
            },
        )
        within, outside = cursor.fetchone()
    assert within > 5
    assert outside == 0
