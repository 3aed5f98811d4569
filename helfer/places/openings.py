"""Where a barrier can be passed: gaps in its drawing, between two ends that face each other. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import cos, hypot, radians
from typing import NamedTuple

import shapely

from helfer.places.lines import Corners, DrawnLine

# Wider than this, the file merely stops here and goes on there.
WIDEST_GAP_M = 100.0
# Two ends face each other when the gap goes on, within 60 degrees, where each line was going.
FACING = 0.5
METRES_PER_DEGREE = 111_320.0


class End(NamedTuple):
    """One end of a line, and the direction in which it was going, as a unit vector in metres."""

    x: float
    y: float
    towards: tuple[float, float]


class Gap(NamedTuple):
    """A gap between two ends, in degrees."""

    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def middle(self) -> tuple[float, float]:
        """Where one passes."""
        return (self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2

    def inner(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The gap without its rims: nothing may lie across it."""
        (x, y), (to_x, to_y) = self.start, self.end
        return (
            (x + 0.1 * (to_x - x), y + 0.1 * (to_y - y)),
            (x + 0.9 * (to_x - x), y + 0.9 * (to_y - y)),
        )


def ends_of(line: DrawnLine) -> tuple[End, End]:
    """The line's first and last end."""
    return _end(line.corners[::-1]), _end(line.corners)


def gaps_between(ends: Iterable[End]) -> Iterator[Gap]:
    """The gaps between free ends that face each other; an end where two lines meet is not free."""
    all_ends = list(ends)
    meeting = Counter((end.x, end.y) for end in all_ends)
    free = [end for end in all_ends if meeting[(end.x, end.y)] == 1]
    if len(free) < 2:
        return
    reach = WIDEST_GAP_M / (METRES_PER_DEGREE * cos(radians(max(abs(end.y) for end in free))))
    points = shapely.points([(end.x, end.y) for end in free])
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach)
    for i, j in sorted(zip(one.tolist(), other.tolist(), strict=True)):
        if i < j and _face_each_other(free[i], free[j]):
            yield Gap((free[i].x, free[i].y), (free[j].x, free[j].y))


def _end(corners: Corners) -> End:
    (from_x, from_y), (x, y) = corners[-2].tolist(), corners[-1].tolist()
    across, up = _in_metres(from_x, from_y, x, y)
    length = hypot(across, up)
    return End(x, y, (across / length, up / length))


def _face_each_other(one: End, other: End) -> bool:
    across, up = _in_metres(one.x, one.y, other.x, other.y)
    length = hypot(across, up)
    if not 0 < length <= WIDEST_GAP_M:
        return False
    onwards = (across / length, up / length)
    return (
        onwards[0] * one.towards[0] + onwards[1] * one.towards[1] >= FACING
        and -onwards[0] * other.towards[0] - onwards[1] * other.towards[1] >= FACING
    )


def _in_metres(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    return (to_x - x) * METRES_PER_DEGREE * cos(radians(y)), (to_y - y) * METRES_PER_DEGREE
